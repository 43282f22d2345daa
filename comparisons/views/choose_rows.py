"""The form of a choice: its questions and groups with their weights, what is on offer, and sets to start from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from comparisons import filters
from comparisons.domain.vocabulary import Importance, Meaning
from comparisons.evidence.choosing import ChoiceOutcome, Question
from comparisons.evidence.rows import GroupCount
from comparisons.models import Criterion

#: Groups that are listed with a weight, besides those that have one; sets to start from.
GROUPS, STARTS = 14, 12
#: Levels that nobody would require.
_NOTHING = (Meaning.NO, Meaning.NOT_APPLICABLE)


class LevelOption(NamedTuple):
    """An answer that can be required. remaining: how many frameworks there are then, under all other must-haves."""

    slug: str
    label: str
    is_least: bool
    remaining: int
    is_chosen: bool


class QuestionRow(NamedTuple):
    """A question of the form. must: what it has to be at least. without: the query string that no longer asks it."""

    question: Question
    options: list[LevelOption]
    must: str
    weight: str
    without: str


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


class StartingSet(NamedTuple):
    """A kind of project to start from. href: the query string that brings its needs."""

    name: str
    href: str


def question_rows(query: filters.ChooseForm, own: Sequence[Question], result: ChoiceOutcome) -> list[QuestionRow]:
    """The questions that are asked, in the order of the address; no query."""
    musts, weights = dict(query.params["must"]), dict(query.params["weigh"])
    return [
        _row(
            question,
            result,
            musts.get(question.line.slug, ""),
            weights.get(question.line.slug, Importance.NONE),
            _without(query, question.line.slug),
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
    return QuestionRow(question, options, must, weight, without)


def _without(query: filters.ChooseForm, slug: str) -> str:
    kept = {name: [text for text in query.texts[name] if text.partition(":")[0] != slug] for name in ("must", "weigh")}
    return query.string(page=None, **kept)


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
    offered = [_row(question, result, "", "", "") for question in found if question.line.slug not in asked]
    return Finder(offered, total, groups, bool(query.params["q"] or query.params["group"]))


def starting_sets() -> list[StartingSet]:
    """The kinds of project that sources speak of: what they recommend for one weighs most; one query."""
    scenarios = filters.UseCaseFilter.all_rows().filter(levels__meaning=Meaning.YES).distinct()
    return [_start(scenario) for scenario in scenarios[:STARTS]]


def _start(scenario: Criterion) -> StartingSet:
    return StartingSet(scenario.name, f"?weigh.{scenario.slug}={Importance.MOST}")
