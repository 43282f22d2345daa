"""The frameworks whose stored answers are most like those of one framework, and the questions that set them apart."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from comparisons.domain import alike
from comparisons.domain.alike import Neighbour, SetApart, farthest
from comparisons.models import Cell, remembered

#: Answers of a framework that are looked at. Of more than these, a sample spread over all questions says enough: the
#: share of 500 is known within about four per cent, and costs the same whatever there is.
MOST: Final = 500
#: Multiplied by it, neighbouring keys come to stand far apart (Knuth 1973, "Sorting and Searching", 6.4).
SPREAD: Final = 40_503
#: The way from a cell of the framework to those of the others on the same question.
OTHER = "criterion__cells__"


class Near(NamedTuple):
    """A neighbour, and the questions that set it apart most."""

    neighbour: Neighbour
    apart: list[SetApart]


def _beside_others(framework: int) -> QuerySet[Any]:
    """The cells of a framework with a level, each beside those of all frameworks, itself among them."""
    own = Cell.objects.filter(framework=framework, level__isnull=False)
    looked_at = own.order_by((F("criterion_id") * SPREAD) % 65_536, "criterion_id").values("pk")[:MOST]
    # One call of `filter`, so that all conditions are about one cell; `exclude` would ask about any.
    return Cell.objects.filter(
        **{"pk__in": looked_at},
        **{f"{OTHER}level__isnull": False, f"{OTHER}framework__is_draft": False},
    ).order_by()


class Nearest(NamedTuple):
    """The nearest frameworks. too_few: others that share too few answers to say. sample: how many were looked at of
    more answers; 0 if all were.
    """

    near: list[Near]
    too_few: int
    sample: int


def nearest(framework: int) -> Nearest:
    """The frameworks that answer most like one; two queries, or one without neighbours; the first is remembered."""
    is_alike = Q(level=F(f"{OTHER}level"))
    names = [f"{OTHER}framework__{name}" for name in ("pk", "slug", "name", "order")]
    rows = _beside_others(framework).values_list(*names).annotate(alike=Count("pk", filter=is_alike), both=Count("pk"))
    pks, others, sample = {}, [], 0
    for pk, slug, name, place, same, both in remembered.rows(rows):
        if pk == framework:
            sample = both if both == MOST else 0
        else:
            pks[slug] = pk
            others.append(Neighbour(slug, name, place, same, both))
    found = alike.neighbours(others)
    apart = _apart(framework, [pks[one.slug] for one in found.nearest])
    return Nearest([Near(one, apart[pks[one.slug]]) for one in found.nearest], found.too_few, sample)


def _apart(framework: int, others: list[int]) -> dict[int, list[SetApart]]:
    """What sets each of these others apart from a framework most; one query."""
    found: dict[int, list[SetApart]] = {other: [] for other in others}
    if not others:
        return found
    rows = (
        _beside_others(framework)
        .alias(other_level=F(f"{OTHER}level"))
        .annotate(other=F(f"{OTHER}framework"), firm=F("points") + F(f"{OTHER}points"))
        .filter(~Q(level=F("other_level")), other__in=others, criterion__is_draft=False)
        .order_by("criterion__group__order", "criterion__order", "criterion_id")
    )
    said = [f"{cell}level__{name}" for name in ("label", "meaning") for cell in ("", OTHER)]
    for other, *difference in rows.values_list("other", "criterion__slug", "criterion__name", *said, "firm"):
        found[other].append(SetApart(*difference))
    return {other: farthest(differences) for other, differences in found.items()}
