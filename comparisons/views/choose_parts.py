"""The result of a choice as the page shows it: the ranking, the points behind it, and what would turn it round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.urls import reverse

from comparisons import filters
from comparisons.domain.benchmarks import BenchmarkView
from comparisons.domain.choosing import AnswerTurn, Factor, Placing
from comparisons.domain.matrix import CellView, Column
from comparisons.domain.vocabulary import Importance
from comparisons.evidence.choosing import ChoiceOutcome, Question, claims_behind

from . import choose_words
from .choose_query import AskedChoice
from .paging import Paging

#: Frameworks whose points are told one by one; turns of single answers that are told.
COLUMNS, ANSWERS = 5, 3


class Segment(NamedTuple):
    """The points of one criterion in the bar of a framework: where they begin and how many they are, of 100."""

    x: float
    width: float


class RankedRow(NamedTuple):
    """A framework at its rank. is_level: whether it cannot be told apart from the one above it."""

    rank: int
    column: Column
    placing: Placing
    segments: list[Segment]
    is_level: bool


class ReasonCell(NamedTuple):
    """The points that an answer adds, as a share of the most that it could, in per cent. href: its cell."""

    points: float
    share: float
    cell: CellView | None
    is_known: bool
    href: str


class ReasonRow(NamedTuple):
    """A question with the points that it adds to each framework. test: the benchmark of its figures."""

    question: Question
    cells: list[ReasonCell]
    test: BenchmarkView | None = None


class ReasonGroup(NamedTuple):
    """What has one weight: a criterion, or a group with `size` criteria, some of which are its rows here.

    most: the points that it adds at the most.
    """

    name: str
    weight: Importance
    most: float
    rows: list[ReasonRow]
    is_group: bool
    size: int


class ReasonsTable(NamedTuple):
    """The points behind the first frameworks of a page."""

    columns: list[tuple[Column, Placing]]
    groups: list[ReasonGroup]


class Turn(NamedTuple):
    """Something that would put another framework first. kind: weight, disputed, thin, unknown or must.

    what, then: what changes, and what comes of it. name: what a must-have asks. back: how many come back without it.
    href: the cell of the answer. claim: the key of one that says otherwise. try_it: the query string of such a choice.
    """

    kind: str
    what: str
    then: str
    name: str = ""
    back: int = 0
    href: str = ""
    claim: str = ""
    try_it: str = ""

    @property
    def said(self) -> str:
        """Both in one sentence."""
        return f"{self.what} {self.then}" if self.kind == "weight" else f"{self.what}, {self.then}"


def ranked_rows(result: ChoiceOutcome, shown: Sequence[Placing], first: int) -> list[RankedRow]:
    """The frameworks of a page of the ranking; no query. first: the rank of the first of them."""
    choice = result.weighing
    by_id = {column.id: column for column in result.answers.columns}
    found = []
    for at, placing in enumerate(shown):
        rank = first + at
        above = choice.ranking[rank - 2] if rank > 1 else None
        segments, x = [], 0.0
        for criterion in choice.weights:
            width = choice.points(placing.framework, criterion)
            if width:
                segments.append(Segment(round(x, 2), round(width, 2)))
                x += width
        is_level = above is not None and not choice.can_be_told_apart(above, placing)
        found.append(RankedRow(rank, by_id[placing.framework]._replace(place=rank), placing, segments, is_level))
    return found


def count_reasons(result: ChoiceOutcome) -> int:
    """How many questions have a weight."""
    return sum(len(factor.criteria) for factor in _weighed(result))


def _weighed(result: ChoiceOutcome) -> list[Factor]:
    return [factor for factor in result.weighing.factors if factor.weight != Importance.NONE]


def reasons_table(
    result: ChoiceOutcome, asked: AskedChoice, shown: Sequence[Placing], paging: Paging | None = None
) -> ReasonsTable:
    """The points of the first frameworks of a page, question by question; no query. paging: of the questions."""
    by_id = {column.id: column for column in result.answers.columns}
    columns = [(by_id[one.framework], one) for one in shown[:COLUMNS]]
    # To `reverse` the address of each cell would be slow.
    addresses = [reverse("comparisons:framework", args=[column.slug]) for column, _placing in columns]
    questions = {question.line.id: question for question in asked.every}
    places = [(factor, criterion) for factor in _weighed(result) for criterion in factor.criteria]
    groups = [
        ReasonGroup(
            _name(factor, asked),
            factor.weight,
            result.weighing.most(factor),
            [_reasons(questions[criterion], factor, result, columns, addresses) for _factor, criterion in members],
            factor.key.startswith("group:"),
            len(factor.criteria),
        )
        for factor, members in groupby(paging.cut(places) if paging else places, key=itemgetter(0))
    ]
    return ReasonsTable(columns, groups)


def _reasons(
    question: Question,
    factor: Factor,
    result: ChoiceOutcome,
    columns: Sequence[tuple[Column, Placing]],
    addresses: Sequence[str],
) -> ReasonRow:
    criterion, choice = question.line.id, result.weighing
    most = choice.most(factor) / len(factor.criteria)
    cells = []
    for (column, _placing), address in zip(columns, addresses, strict=True):
        points = choice.points(column.id, criterion)
        cells.append(
            ReasonCell(
                points,
                round(100 * points / most, 1) if most else 0,
                result.answers.cell(column.id, criterion),
                choice.answer(column.id, criterion).is_known,
                f"{address}{question.line.slug}/",
            )
        )
    row = result.answers.figures.get(criterion)
    return ReasonRow(question, cells, row.benchmark if row else None)


def _cell(column: Column, question: Question) -> str:
    return reverse("comparisons:cell", args=[column.slug, question.line.slug])


def _name(factor: Factor, asked: AskedChoice) -> str:
    names = {f"group:{group.slug}": group.name for group in asked.groups}
    return names.get(factor.key) or next(q.line.name for q in asked.every if q.line.slug == factor.key)


def turns(query: filters.ChooseForm, result: ChoiceOutcome, asked: AskedChoice) -> list[Turn]:
    """What would put another framework first: a weight, single answers, a must-have; at most one query."""
    return [
        *_weight_turns(query, result, asked),
        *_answer_turns(result, asked),
        *_must_turns(query, result, asked),
    ]


def _weight_turns(query: filters.ChooseForm, result: ChoiceOutcome, asked: AskedChoice) -> list[Turn]:
    found = result.weighing.weight_turn()
    if found is None:
        return []
    factor = next(one for one in result.weighing.factors if one.key == found.factor)
    slug = found.factor.removeprefix("group:")
    name = "weigh" if slug == found.factor else "weigh_group"
    texts = [f"{slug}:{found.weight}" if text.partition(":")[0] == slug else text for text in query.texts[name]]
    first = result.column(found.first).name
    said = choose_words.turn_of_weight(_name(factor, asked), found.weight, first, found.lead)
    return [
        Turn("weight", *said, try_it=query.string(page=None, reasons_page=None, q=None, group=None, **{name: texts}))
    ]


def _address(query: filters.ChooseForm, **changes: list[str]) -> str:
    """The query string of a choice that differs in these parameters."""
    return query.string(page=None, reasons_page=None, q=None, group=None, **changes)


def _answer_turns(result: ChoiceOutcome, asked: AskedChoice) -> list[Turn]:
    questions = {question.line.id: question for question in asked.every}
    found = result.weighing.answer_turns()[:ANSWERS]
    cells = {one: result.answers.cell(one.framework, one.criterion) for one in found}
    disputed = claims_behind([cell for cell in cells.values() if cell and cell.is_open], instead=True)
    turned = []
    for one in found:
        column, question = result.column(one.framework), questions[one.criterion]
        kind, first = _kind(one, cells[one], result), result.column(one.first).name
        said = choose_words.turn_of_answer(kind, column.name, question.line.name, first, one.lead)
        claim = disputed.get((one.framework, one.criterion), "")
        turned.append(Turn(kind, *said, href=_cell(column, question), claim=claim))
    return turned


def _kind(turn: AnswerTurn, cell: CellView | None, result: ChoiceOutcome) -> str:
    if not result.weighing.answer(turn.framework, turn.criterion).is_known:
        return "unknown"
    return "disputed" if cell and cell.is_open else "thin"


def _must_turns(query: filters.ChooseForm, result: ChoiceOutcome, asked: AskedChoice) -> list[Turn]:
    lines = {question.line.id: question.line for question in asked.every}
    turned = []
    for one in result.weighing.must_turns(result.failed):
        line, first = lines[one.criterion], result.column(one.first).name if one.first is not None else ""
        texts = [text for text in query.texts["must"] if text.partition(":")[0] != line.slug]
        said = choose_words.turn_of_must(line.name, len(one.back), first)
        try_it = _address(query, must=texts)
        turned.append(Turn("must", *said, name=line.name, back=len(one.back), try_it=try_it))
    return turned
