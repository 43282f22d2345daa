"""The form of a choice: its questions and groups with their weights, what is on offer, and sets to start from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from comparisons import filters
from comparisons.domain.benchmarks import BenchmarkView, FigureRow, middle
from comparisons.domain.vocabulary import Importance, Meaning
from comparisons.evidence.choosing import ChoiceOutcome, Question
from comparisons.evidence.rows import GroupCount
from comparisons.language import values
from comparisons.language.labels import Text, label

#: Groups that are listed with a weight, besides those that have one.
GROUPS = 14
#: Levels that nobody would require.
_NOTHING = (Meaning.NO, Meaning.NOT_APPLICABLE)


class WeightOption(NamedTuple):
    """A weight that a question can have. value: how the form sends it, "" for none."""

    word: Importance
    value: str
    label: Text


WEIGHTS = [WeightOption(word, "" if word == Importance.NONE else word.value, label(word)) for word in Importance]


class LevelOption(NamedTuple):
    """An answer that can be required. remaining: how many frameworks there are then, under all other must-haves."""

    slug: str
    label: str
    is_least: bool
    remaining: int
    is_chosen: bool


class QuestionRow(NamedTuple):
    """A question of the form. must: what it has to be at least. without: the query string that no longer asks it.

    tests: the benchmarks that a figure may be taken from, each with how many frameworks it covers. test: the one that
    counts. measured: the least and the greatest figure of it.
    """

    question: Question
    options: list[LevelOption]
    must: str
    weight: str
    without: str
    tests: Sequence[tuple[BenchmarkView, int]] = ()
    test: BenchmarkView | None = None
    measured: str = ""


class GroupRow(NamedTuple):
    """A group of the form, with its weight."""

    slug: str
    name: str
    criteria: int
    weight: str


class Finder(NamedTuple):
    """The questions on offer, of `total`; the groups to look in. is_asked: whether anything was looked for."""

    rows: list[QuestionRow]
    total: int
    groups: list[GroupCount]
    is_asked: bool


def question_rows(query: filters.ChooseForm, own: Sequence[Question], result: ChoiceOutcome) -> list[QuestionRow]:
    """The questions that are asked, in the order of the address; no query."""
    musts, weights = dict(query.params["must"]), dict(query.params["weigh"])
    # To make each of these query strings from nothing would take as long as everything else here.
    pieces = [(name, urlencode([(name, value)])) for name, value in query.hidden(*filters.PAGING)]
    return [
        _row(
            question,
            result,
            musts.get(question.line.slug, ""),
            weights.get(question.line.slug, Importance.NONE),
            _without(pieces, question.line.slug),
        )
        for question in own
    ]


def _row(question: Question, result: ChoiceOutcome, must: str, weight: str, without: str) -> QuestionRow:
    remaining = result.remain_with(question)
    options = [
        LevelOption(
            level.slug, level.label, len(question.enough(level.slug)) > 1, remaining[level.slug], level.slug == must
        )
        for level in question.levels
        if level.slug == must or level.meaning not in _NOTHING
    ]
    row = result.answers.figures.get(question.line.id)
    tests, test = (row.choices, row.benchmark) if row else ((), None)
    return QuestionRow(question, options, must, weight, without, tests, test, _measured(row))


def _measured(row: FigureRow | None) -> str:
    """The least and the greatest figure of a row that may be compared; "" without any."""
    found = [middle(cell.figure.value) for cell in row.cells if cell.figure and cell.figure.is_compared] if row else []
    return " – ".join(dict.fromkeys(map(values.number, (min(found), max(found))))) if found else ""


def _without(pieces: Sequence[tuple[str, str]], slug: str) -> str:
    """The query string that no longer asks a question. pieces: names and encoded pairs of all parameters."""
    asked = {f"must.{slug}", f"weigh.{slug}"}
    kept = "&".join(piece for name, piece in pieces if name not in asked)
    return f"?{kept}" if kept else ""


def other_tests(query: filters.ChooseForm, shown: Sequence[QuestionRow]) -> list[str]:
    """The benchmarks that were picked for questions which the form does not show, such as those of a group."""
    offered = {one.slug for row in shown for one, _covers in row.tests}
    return [slug for slug in query.params["benchmark"] if slug not in offered]


def group_rows(query: filters.ChooseForm, groups: Sequence[GroupCount]) -> list[GroupRow]:
    """The groups with their weights: those that have one, and the first others."""
    weights = dict(query.params["weigh_group"])
    first = {group.slug for group in groups[:GROUPS]}
    return [
        GroupRow(group.slug, group.name, group.criteria, weights.get(group.slug, Importance.NONE))
        for group in groups
        if group.slug in weights or group.slug in first
    ]


def finder(
    query: filters.ChooseForm, found: Sequence[Question], total: int, groups: list[GroupCount], result: ChoiceOutcome
) -> Finder:
    """The questions that words or a group find, without those that are asked already; no query."""
    asked = {text.partition(":")[0] for name in ("must", "weigh") for text in query.texts[name]}
    offered = [_row(question, result, "", Importance.NONE, "") for question in found if question.line.slug not in asked]
    return Finder(offered, total, groups, bool(query.params["q"] or query.params["group"]))
