"""Who recommends what: the sources behind each answer to a scenario, and where they clash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from comparisons.domain.matrix import Line
from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.vocabulary import Agreement, Meaning, RulingState, Stance
from comparisons.models import Cell, Citation, remembered
from comparisons.models.claims import visible

#: The meanings of the levels of a scenario, in the order in which they are shown.
ANSWERS = (Meaning.YES, Meaning.PARTIAL, Meaning.NO)
#: Citations read for each answer to a scenario, and clashes named beside it; its own page has them all.
MOST_VOTES, MOST_CLASHES = 12, 4


class NumberedSource(NamedTuple):
    """An article as a page numbers it, from 1."""

    number: int
    slug: str
    title: str
    publisher: str

    @property
    def name(self) -> str:
        return self.publisher or self.title


class Backed(NamedTuple):
    """A framework with the sources that give one answer for it."""

    slug: str
    name: str
    sources: tuple[NumberedSource, ...]


class Clash(NamedTuple):
    """A framework about which the sources contradict one another."""

    slug: str
    name: str
    is_ruled: bool


@dataclass(frozen=True)
class Scenario:
    """A use case with what its sources answer.

    answers: the frameworks under each of ANSWERS. cut: whether some were left out. more_clashes: how many clashes were.
    """

    line: Line
    answers: tuple[tuple[Backed, ...], ...]
    cut: bool
    clashes: tuple[Clash, ...]
    more_clashes: int

    @property
    def picks_differ(self) -> bool:
        """Whether several frameworks are recommended, and none of them by every source that recommends one."""
        picks = [set(backed.sources) for backed in self.answers[0]]
        everybody = set().union(*picks)
        return len(picks) > 1 and everybody not in picks


def answered(
    lines: Sequence[Line], frameworks: Iterable[int] | None = None
) -> tuple[list[Scenario], list[NumberedSource]]:
    """These scenarios with their votes, and the sources in the order in which they are met; two queries.

    Claims that do not count give no vote. frameworks: None for all.
    """
    here = {"claim__criterion__in": [line.id for line in lines]}
    if frameworks is not None:
        here["claim__framework__in"] = list(frameworks)
    votes, cut, sources = _votes(here)
    clashes, totals = _clashes(lines, frameworks)
    found = [
        Scenario(
            line,
            tuple(
                tuple(Backed(*one, tuple(sorted(by))) for one, by in votes.get((line.id, answer), {}).items())
                for answer in ANSWERS
            ),
            line.id in cut,
            tuple(clashes.get(line.id, ())),
            max(0, totals.get(line.id, 0) - MOST_CLASHES),
        )
        for line in lines
    ]
    return found, sources


Votes = dict[tuple[int, str], dict[tuple[str, str], list[NumberedSource]]]


def _votes(here: dict[str, list[int]]) -> tuple[Votes, set[int], list[NumberedSource]]:
    """Sources by (criterion, answer) and framework, the criteria of which some were left out, and all sources."""
    answer = [F("claim__criterion"), F("claim__level__meaning")]
    order = ("claim__framework__order", "claim__framework__name", "article__title", "pk")
    citations = Citation.objects.filter(
        visible("claim__"), stance=Stance.SUPPORTS, claim__framework__isnull=False, **here
    )
    rows = (
        citations.filter(claim__level__meaning__in=ANSWERS)
        .exclude(claim__verdict__in=sorted(NOT_COUNTED))
        .annotate(place=Window(RowNumber(), partition_by=answer, order_by=[F(name).asc() for name in order]))
        .filter(place__lte=MOST_VOTES + 1)
        .order_by("claim__criterion__group__order", "claim__criterion__order", "claim__criterion", "place", answer[1])
        .values_list(
            *("claim__criterion", "claim__level__meaning", "claim__framework__slug", "claim__framework__name"),
            *("place", "article__slug", "article__title", "article__publisher"),
        )
    )
    votes: Votes = {}
    cut: set[int] = set()
    sources: dict[str, NumberedSource] = {}
    for criterion, meaning, slug, name, place, article, title, publisher in remembered.rows(rows):
        if place > MOST_VOTES:
            cut.add(criterion)
            continue
        source = sources.setdefault(article, NumberedSource(len(sources) + 1, article, title, publisher or ""))
        by = votes.setdefault((criterion, meaning), {}).setdefault((slug, name), [])
        if source not in by:
            by.append(source)
    return votes, cut, list(sources.values())


def _clashes(lines: Sequence[Line], frameworks: Iterable[int] | None) -> tuple[dict[int, list[Clash]], dict[int, int]]:
    """The first disputed cells of each scenario, and how many there are."""
    cells = Cell.objects.filter(agreement=Agreement.DISPUTED, criterion__in=[line.id for line in lines])
    if frameworks is not None:
        cells = cells.filter(framework__in=list(frameworks))
    order = [F("framework__order").asc(), F("framework__name").asc()]
    rows = (
        cells.annotate(
            total=Window(Count("pk"), partition_by=[F("criterion")]),
            place=Window(RowNumber(), partition_by=[F("criterion")], order_by=order),
        )
        .filter(place__lte=MOST_CLASHES)
        .order_by("criterion", "place")
        .values_list("criterion", "framework__slug", "framework__name", "ruling", "total")
    )
    found: dict[int, list[Clash]] = {}
    totals: dict[int, int] = {}
    for criterion, slug, name, ruling, total in remembered.rows(rows):
        found.setdefault(criterion, []).append(Clash(slug, name, ruling == RulingState.RULED))
        totals[criterion] = total
    return found, totals
