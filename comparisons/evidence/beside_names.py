"""The signs of life that stand beside the name of a framework: its newest release, and answers to a few criteria.

Which criteria those are, such as how often it is released, is for the editors to say (`Criterion.beside_name`). The
answers are stored cells like any other: with their sources, and the day that these speak for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from comparisons.domain.freshness import version_numbers
from comparisons.domain.matrix import CellView, Line
from comparisons.models import Cell, Criterion, Framework, Release, remembered

from . import assessing, rows
from .cell_reads import view_of
from .criterion_pages import BY_PLACE

#: The most criteria that are shown beside names; there is no room for more.
MOST: Final = 4


def _criteria() -> QuerySet[Any]:
    return Criterion.objects.published().filter(beside_name=True).order_by(*BY_PLACE)


def criteria() -> list[Line]:
    """The criteria that stand beside names, in order; one query at most."""
    return rows.remembered_lines(_criteria()[:MOST])


def answers(frameworks: Collection[int], lines: Collection[Line]) -> dict[int, list[tuple[Line, CellView | None]]]:
    """The cells of frameworks on these criteria, in their order; one query, and none without criteria."""
    ids = [line.id for line in lines]
    views = Cell.objects.filter(framework__in=frameworks, criterion__in=ids).views() if ids and frameworks else []
    found = {(cell.framework_id, cell.criterion_id): cell for cell in views}
    return {pk: [(line, found.get((pk, line.id))) for line in lines] for pk in frameworks}


class Signs(NamedTuple):
    """The signs of life of a framework: its newest release, and its answers that stand beside names."""

    newest: Release | None
    answers: list[tuple[Line, CellView | None]]


def signs_of(frameworks: Collection[int], today: date) -> dict[int, Signs]:
    """The signs of life of some frameworks by their primary keys; three queries, none without frameworks."""
    if not frameworks:
        return {}
    found, newest = answers(frameworks, criteria()), newest_releases(frameworks, today)
    return {pk: Signs(newest.get(pk), found[pk]) for pk in frameworks}


def of(framework: Framework) -> list[tuple[Line, CellView | None]]:
    """The answers of one framework; one query."""
    here = FilteredRelation("cells", condition=Q(cells__framework=framework.pk))
    rows = _criteria().annotate(here=here).select_related("group", "here__level", "here__benchmark")[:MOST]
    return [(assessing.line_of(row), view_of(getattr(row, "here", None))) for row in rows]


def newest_first(releases: Iterable[Release]) -> list[Release]:
    """Releases by day, and those of one day by the numbers of their versions, the newest first."""
    return sorted(releases, key=lambda one: (one.released_on, version_numbers(one.version_number)), reverse=True)


def newest_releases(frameworks: Collection[int], today: date) -> dict[int, Release]:
    """The newest release of each framework that is out by a day; one query at most. Not to be changed."""
    out = Release.objects.filter(released_on__lte=today)
    newer = out.filter(framework=OuterRef("framework"), released_on__gt=OuterRef("released_on"))
    found = out.filter(~Exists(newer), framework__in=frameworks).order_by()
    releases = remembered.read(found, newest_first)
    return {one.framework_id: one for one in reversed(releases)}
