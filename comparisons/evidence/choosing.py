"""What a reader who chooses among frameworks gets: who remains and why the others do not, and the ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from comparisons.domain.benchmarks import FigureCell, FigureRow, middle
from comparisons.domain.choosing import NOBODY, Answer, Factor, Place, Weighing, answer_of, answer_of_figure
from comparisons.domain.matrix import CellView, Column, LevelView, Line
from comparisons.domain.must_haves import Must
from comparisons.domain.scoring import QUARTERS, feeds_score, moved_by, need_in
from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.vocabulary import Direction, Meaning, Strength, ValueType
from comparisons.models import Article, Cell, Citation, Claim, Criterion, Level, remembered
from comparisons.models.claims import visible

from .matrix import Perspective, figure_rows, laid_out
from .rows import remembered_lines

#: Sources that a reader can trust or distrust, those cited most first.
SOURCES = 40
#: Claims that are looked through for those behind an answer.
MOST_CLAIMS = 2_000
#: Most cells that a process remembers for choices.
MOST_CELLS = 5_000


class Question(NamedTuple):
    """A criterion as something to choose by, with its levels, the most favourable first."""

    line: Line
    levels: tuple[LevelView, ...]

    @property
    def can_be_weighed(self) -> bool:
        """Whether some of its answers are better than others."""
        if self.line.value_type == ValueType.NUMBER:
            return self.line.direction != Direction.NONE
        return any(level.meaning in QUARTERS for level in self.levels)

    @property
    def is_number(self) -> bool:
        return self.line.value_type == ValueType.NUMBER

    @property
    def wants_less(self) -> bool:
        return self.line.direction == Direction.LOWER

    def enough(self, slug: str) -> frozenset[str]:
        """The levels that are at least as good as one; that one alone where none is better than another."""
        least = next(level for level in self.levels if level.slug == slug)
        if least.meaning not in QUARTERS:
            return frozenset({slug})
        worth = QUARTERS[Meaning(least.meaning)]
        return frozenset(
            level.slug
            for level in self.levels
            if level.meaning in QUARTERS and (QUARTERS[Meaning(level.meaning)], -level.place) >= (worth, -least.place)
        )


def askable() -> QuerySet[Criterion]:
    """The criteria that a choice can turn on, in order: those whose answers are levels or numbers."""
    return Criterion.objects.published().exclude(value_type=ValueType.TEXT)


def questions(criteria: QuerySet[Criterion]) -> list[Question]:
    """Criteria with their levels; two queries at most."""
    lines = remembered_lines(criteria)
    levels: dict[int, list[LevelView]] = {}
    if lines:
        rows = Level.objects.filter(criterion__in=[line.id for line in lines]).order_by("criterion", "order")
        for criterion, *level in remembered.rows(rows.values_list("criterion", "slug", "label", "meaning", "order")):
            levels.setdefault(criterion, []).append(LevelView(*level))
    return [Question(line, tuple(levels.get(line.id, ()))) for line in lines]


@dataclass(frozen=True)
class Leave:
    """The evidence that a reader leaves out: an answer that rests on it counts as none."""

    thin: bool = False
    outdated: bool = False

    def takes(self, cell: CellView, today: date) -> bool:
        return (self.thin and cell.strength(today) == Strength.THIN) or (self.outdated and cell.needs_recheck(today))


@dataclass(frozen=True)
class Answers:
    """All that the frameworks answer to some questions, as far as a reader lets it count."""

    columns: tuple[Column, ...]
    cells: Mapping[Place, CellView]
    figures: Mapping[int, FigureRow]
    leave: Leave
    today: date

    def cell(self, framework: int, criterion: int) -> CellView | None:
        """The cell, if it counts."""
        found = self.cells.get((framework, criterion))
        return None if found is None or self.leave.takes(found, self.today) else found

    @cached_property
    def _at(self) -> dict[int, int]:
        return {column.id: at for at, column in enumerate(self.columns)}

    def figure(self, framework: int, criterion: int) -> FigureCell | None:
        """The figure in the benchmark that the row shows, if it may be compared."""
        row = self.figures.get(criterion)
        found = row.cells[self._at[framework]] if row and row.benchmark else None
        return found if found and found.figure and found.figure.is_compared else None

    def level(self, framework: int, criterion: int) -> str | None:
        """The level that a framework is at, if that counts."""
        cell = self.cell(framework, criterion)
        return cell.level_slug if cell and cell.has_value and feeds_score(cell) else None

    def is_met(self, must: Must, framework: int) -> bool | None:
        """Whether a framework meets a must-have; None where nothing that counts tells."""
        if must.levels:
            return must.is_met(self.level(framework, must.criterion), None)
        shown = self.figure(framework, must.criterion)
        return must.is_met(None, middle(shown.figure.value) if shown and shown.figure else None)

    def answer(self, question: Question, framework: int) -> Answer:
        """What a framework gets for a question."""
        place = (framework, question.line.id)
        cell = self.cell(*place)
        if not question.is_number:
            return answer_of(need_in(cell, self.today))
        shown = self.figure(*place)
        if shown is None or (cell is None and place in self.cells):
            return NOBODY
        return answer_of_figure(shown.nearness, moved_by(cell, self.today) if cell else 0)


def answers(
    columns: Sequence[Column],
    asked: Iterable[Question],
    perspective: Perspective,
    leave: Leave,
    today: date,
    benchmarks: Collection[str] = (),
) -> Answers:
    """The answers of frameworks to questions; three queries, up to six where sources are left out.

    benchmarks: the slugs of those that a reader picked; of other criteria the best for the columns counts.

    Figures belong to their benchmarks, which have one source each. Where sources are left out, no figure counts.
    """
    lines = [question.line for question in asked]
    cells: Mapping[Place, CellView] = {}
    figures: Mapping[int, FigureRow] = {}
    if lines:
        cells = _cells(columns, lines, perspective)
        figures = {} if perspective.is_narrowed else figure_rows(columns, lines, benchmarks)
    return Answers(tuple(columns), cells, figures, leave, today)


def _cells(columns: Sequence[Column], lines: Sequence[Line], perspective: Perspective) -> Mapping[Place, CellView]:
    """What frameworks answer, by framework and criterion.

    Choices come in ever new combinations, which no kept page answers: all cells of a small site are remembered.
    """
    if perspective.is_narrowed or not remembered.is_watching() or _are_many():
        matrix = laid_out(columns, lines, perspective)
        return {(c.framework_id, c.criterion_id): c for row in matrix.rows for c in row.cells if c is not None}
    return Cell.objects.all().remembered_views()


def _are_many() -> bool:
    return bool(remembered.rows(Cell.objects.order_by().values_list("pk")[MOST_CELLS : MOST_CELLS + 1]))


class Shortfall(NamedTuple):
    """A must-have that is not met. lacks: False if nobody can tell. claim: the key of one that says so."""

    question: Question
    cell: CellView | None
    figure: FigureCell | None
    lacks: bool
    claim: str = ""


class SetAside(NamedTuple):
    """A framework that does not remain, with all the must-haves that it does not meet."""

    column: Column
    shortfalls: tuple[Shortfall, ...]

    @property
    def lacks_any(self) -> bool:
        return any(one.lacks for one in self.shortfalls)


@dataclass(frozen=True)
class ChoiceOutcome:
    """What comes out of a choice. remaining: the frameworks in their own order. aside: the others."""

    answers: Answers
    musts: tuple[Must, ...]
    remaining: tuple[Column, ...]
    aside: tuple[SetAside, ...]
    weighing: Weighing

    @cached_property
    def failed(self) -> dict[int, list[int]]:
        """The criteria of the must-haves that each framework set aside does not meet."""
        return {one.column.id: [short.question.line.id for short in one.shortfalls] for one in self.aside}

    @cached_property
    def _columns(self) -> dict[int, Column]:
        return {column.id: column for column in self.answers.columns}

    def column(self, framework: int) -> Column:
        """A framework by its primary key."""
        return self._columns[framework]

    def remain_with(self, question: Question) -> dict[str, int]:
        """How many frameworks remain if a question has to be answered at each of its levels, under the other needs."""
        own = question.line.id
        short = {framework for framework, criteria in self.failed.items() if set(criteria) - {own}}
        found = Counter(
            level
            for column in self.answers.columns
            if column.id not in short and (level := self.answers.level(column.id, own))
        )
        return {level.slug: sum(found[slug] for slug in question.enough(level.slug)) for level in question.levels}


def outcome(
    found: Answers, asked: Sequence[Question], musts: Sequence[Must], factors: Sequence[Factor]
) -> ChoiceOutcome:
    """Set aside what does not meet the must-haves, and weigh the rest; one query if any is set aside."""
    by_id = {question.line.id: question for question in asked}
    remaining, aside = [], []
    for column in found.columns:
        short = [(must, is_met) for must in musts if not (is_met := found.is_met(must, column.id))]
        if not short:
            remaining.append(column)
            continue
        shortfalls = tuple(
            Shortfall(
                by_id[must.criterion],
                found.cell(column.id, must.criterion),
                found.figure(column.id, must.criterion),
                lacks=is_met is False,
            )
            for must, is_met in short
        )
        aside.append(SetAside(column, shortfalls))
    weighed = {criterion for factor in factors for criterion in factor.criteria}
    table = {
        (column.id, question.line.id): found.answer(question, column.id)
        for question in asked
        if question.line.id in weighed
        for column in found.columns
    }
    weighing = Weighing(tuple(column.id for column in remaining), tuple(factors), table)
    return ChoiceOutcome(found, tuple(musts), tuple(remaining), tuple(_with_claims(aside)), weighing)


def _with_claims(aside: Sequence[SetAside]) -> list[SetAside]:
    """Name the claim behind each answer that set a framework aside."""
    cells = [short.cell for one in aside for short in one.shortfalls if short.cell and short.lacks]
    keys = claims_behind(cells)
    return [
        one._replace(
            shortfalls=tuple(
                short._replace(claim=_claim_of(short, keys.get((one.column.id, short.question.line.id), "")))
                for short in one.shortfalls
            )
        )
        for one in aside
    ]


def _claim_of(short: Shortfall, found: str) -> str:
    """The claim that sets a framework aside: that of the figure, or the one found behind its level."""
    return short.figure.figure.claim if short.lacks and short.figure and short.figure.figure else found


def claims_behind(cells: Collection[CellView], *, instead: bool = False) -> dict[Place, str]:
    """The key of a claim that gives the value of each cell; one query, none without a cell.

    instead: of a claim that gives another value.
    """
    if not cells:
        return {}
    values = {(cell.framework_id, cell.criterion_id): (cell.level_slug, cell.number) for cell in cells}
    claims = Claim.objects.published().filter(
        framework__in={framework for framework, _criterion in values},
        criterion__in={criterion for _framework, criterion in values},
    )
    rows = claims.exclude(verdict__in=sorted(NOT_COUNTED)).filter(Q(level__isnull=False) | Q(number__isnull=False))
    found: dict[Place, str] = {}
    columns = ("framework_id", "criterion_id", "level__slug", "number", "key")
    for framework, criterion, level, number, key in rows.order_by("key").values_list(*columns)[:MOST_CLAIMS]:
        place = (framework, criterion)
        if place in values and ((level, number) != values[place]) == instead:
            found.setdefault(place, key)
    return found


def cited_most(criteria: Collection[int]) -> list[tuple[str, str]]:
    """The sources that are cited most on some criteria, (slug, title); two queries at most, none for none."""
    if not criteria:
        return []
    counted = Citation.objects.filter(visible("claim__"), claim__criterion__in=criteria).order_by()
    rows = counted.values_list("article").annotate(n=Count("pk")).order_by("-n", "article")
    most = [article for article, _n in remembered.rows(rows[:SOURCES])]
    return list(remembered.rows(Article.objects.filter(pk__in=most).order_by("title").values_list("slug", "title")))
