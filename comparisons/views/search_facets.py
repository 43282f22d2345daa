"""Narrow the results of a search down: by framework, fact check and strength of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Any

from comparisons import filters
from comparisons.domain.strength import strength_of
from comparisons.models import Cell, Claim, Framework, remembered
from comparisons.models.prepared import ByKeys
from comparisons.search.find import Hits

#: Most frameworks that are offered, those with the most results.
MOST_FRAMEWORKS = 20
#: Records of each kind whose facts are remembered.
MOST_REMEMBERED = 20_000

#: Values of the facets of a record, "" for those that it has not: framework, verdict, strength.
Facts = tuple[str, str, str]
_NO_FACTS: Facts = ("", "", "")


@dataclass(frozen=True)
class Narrowed:
    """Results of a search that meet what is chosen in facets. facets: those that would narrow them further.

    chosen: how many values are chosen; if any are, only records with such values remain.
    """

    hits: tuple[Hits, ...]
    facets: tuple[filters.Facet, ...]
    chosen: int


def narrowed(found: filters.SearchFilter, hits: Sequence[Hits], today: date) -> Narrowed:
    """Leave the hits that meet the facets of a search, and count the values of all; at most three queries."""
    if not any(one.pks for one in hits) and not any(found.params[name] for name in found.counted):
        return Narrowed(tuple(hits), (), 0)
    names, facts = _facts_of(hits, today)
    chosen = [frozenset(found.params[name]) for name in found.counted]
    only = found.params["kind"]
    counts: list[Counter[str]] = [Counter() for _ in chosen]
    # Hundreds of records have the same few values.
    alike = Counter(values for (kind, _pk), values in facts.items() if only in (None, kind))
    for values, count in alike.items():
        unmet = {place for place, wanted in enumerate(chosen) if wanted and values[place] not in wanted}
        for place, value in enumerate(values):
            if value and unmet <= {place}:
                counts[place][value] += count
    frameworks = [
        filters.Option(slug, names.get(slug, slug), counts[0][slug], slug in chosen[0])
        for slug in (*names, *(slug for slug in found.params["framework"] if slug not in names))
        if counts[0][slug] or slug in chosen[0]
    ]
    offered = sorted(frameworks, key=lambda option: (not option.is_chosen, -option.count))[:MOST_FRAMEWORKS]
    most = {option.value for option in offered}
    facets = [
        filters.Facet("framework", found.title("framework"), [option for option in frameworks if option.value in most]),
        *(_used(found.facet(name, count)) for name, count in zip(found.counted[1:], counts[1:], strict=True)),
    ]
    return Narrowed(
        tuple(_meeting(one, facts, chosen) for one in hits) if any(chosen) else tuple(hits),
        tuple(one for one in facets if len(one.options) > 1 or any(option.is_chosen for option in one.options)),
        sum(map(len, chosen)),
    )


def _used(facet: filters.Facet) -> filters.Facet:
    """A facet without the values that no result has."""
    return facet._replace(options=[option for option in facet.options if option.count or option.is_chosen])


def _meeting(hits: Hits, facts: Mapping[tuple[str, int], Facts], chosen: Sequence[frozenset[str]]) -> Hits:
    def meets(pk: int) -> bool:
        values = facts.get((hits.kind, pk), _NO_FACTS)
        return all(not wanted or value in wanted for value, wanted in zip(values, chosen, strict=True))

    return replace(hits, pks=tuple(filter(meets, hits.pks)))


def _facts_of(hits: Sequence[Hits], today: date) -> tuple[dict[str, str], dict[tuple[str, int], Facts]]:
    """The names of the frameworks of these records by slug, in order, and the facts of each record."""
    frameworks: dict[str, tuple[int, str]] = {}
    facts: dict[tuple[str, int], Facts] = {}
    for one in hits:
        if one.kind not in _FACTS or not one.pks:
            continue
        told = remembered.each(("facts", one.kind), one.pks, partial(_told, one.kind), MOST_REMEMBERED)
        for pk, (slug, order, name, points, newest, verdict) in told.items():
            if slug:
                frameworks[slug] = (order, name)
            strength = strength_of(points, newest, today) if points is not None else ""
            facts[one.kind, pk] = (slug or "", verdict, strength)
    ordered = sorted(frameworks.items(), key=lambda one: (one[1], one[0]))
    return {slug: name for slug, (_order, name) in ordered}, facts


_ABOUT = ("framework__slug", "framework__order", "framework__name")
#: The kinds of records that have facts, and where each is found from them; the last two may be missing.
_FACTS: dict[str, tuple[str, ...]] = {
    "frameworks": ("slug", "order", "name"),
    "cells": (*_ABOUT, "points", "supported_on"),
    "claims": (*_ABOUT, "summary__points", "summary__supported_on", "verdict"),
}


def _told(kind: str, pks: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What records are told by, those that they have not as None or "": one query."""
    missing = (None, None, "")[len(_FACTS[kind]) - 3 :]
    return {row[0]: row[1:] + missing for row in _facts_by_key(kind)(pks)}


@cache
def _facts_by_key(kind: str) -> ByKeys:
    found = {"frameworks": Framework.objects.published, "cells": Cell.objects.all, "claims": Claim.objects.published}
    return ByKeys(lambda pks: found[kind]().filter(pk__in=pks).order_by().values_list("pk", *_FACTS[kind]))
