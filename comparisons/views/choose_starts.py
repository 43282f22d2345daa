"""Kinds of project to start a choice from: the must-haves and weights that each brings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from comparisons import filters
from comparisons.domain.vocabulary import Importance, Meaning, ValueType
from comparisons.models import StartingNeed, remembered

#: Kinds of project that are shown.
STARTS = 40


class StartingSet(NamedTuple):
    """A kind of project to start from. href: brings its needs. is_chosen: they are asked, and nothing else is."""

    name: str
    href: str
    is_chosen: bool


def starting_sets(query: filters.ChooseForm) -> list[StartingSet]:
    """The kinds of project with what they ask; two queries, none until something that they read is written.

    For one of which editors say nothing, what sources recommend for it weighs most.
    """
    use_cases = filters.UseCaseFilter.all_rows().filter(levels__meaning=Meaning.YES).distinct()
    shown = remembered.read(use_cases.values_list("pk", "slug", "name")[:STARTS], _recommended)
    needs = starting_needs(shown).values_list("use_case_id", *_NEED)
    asked: Mapping[int, _Start] = remembered.read(needs, _asked)
    chosen = {(name, text) for name in ("must", "weigh") for text in query.texts[name]}
    starts = [(name, asked.get(pk, recommended)) for pk, (name, recommended) in shown.items()]
    return [StartingSet(name, start.address, start.pairs == chosen) for name, start in starts]


def starting_needs(use_cases: Collection[int]) -> QuerySet[StartingNeed]:
    """What use cases ask, in order."""
    # Said of the criterion it names: against the set of `askable`, every criterion would be read.
    rows = StartingNeed.objects.filter(use_case__in=list(use_cases), criterion__is_draft=False)
    return rows.exclude(criterion__value_type=ValueType.TEXT).order_by("order", "pk")


def starting_address(slug: str, needs: Iterable[StartingNeed]) -> str:
    """The query string with which a choice starts for a use case that asks this; no query."""
    levels = [(need, need.level.slug if need.level else None) for need in needs]
    asked = [_Need(need.criterion.slug, level, need.bound, need.weight) for need, level in levels]
    return _start(_pairs(asked) or _most(slug)).address


class _Need(NamedTuple):
    """A need of a kind of project. level, bound: what it has to be at least; None without."""

    criterion: str
    level: str | None
    bound: Decimal | None
    weight: str


_NEED = ("criterion__slug", "level__slug", "bound", "weight")
#: Parameters of a choice with their values.
_Pairs = Sequence[tuple[str, str]]


class _Start(NamedTuple):
    """What a kind of project asks: as parameters with their values, and as a query string."""

    pairs: Set[tuple[str, str]]
    address: str


def _start(pairs: _Pairs) -> _Start:
    texts = {name: [text for named, text in pairs if named == name] for name in ("must", "weigh")}
    return _Start(frozenset(pairs), filters.ChooseForm.address(**texts))


def _recommended(use_cases: Iterable[tuple[int, str, str]]) -> dict[int, tuple[str, _Start]]:
    """The names of use cases by primary key, with a choice by what sources recommend."""
    return {pk: (name, _start(_most(slug))) for pk, slug, name in use_cases}


def _asked(needs: Iterable[tuple[Any, ...]]) -> dict[int, _Start]:
    """What use cases ask, by primary key; those that ask nothing are left out."""
    found = {
        use_case: _pairs([_Need(*need) for _use_case, *need in rows])
        for use_case, rows in groupby(sorted(needs, key=itemgetter(0)), key=itemgetter(0))
    }
    return {use_case: _start(pairs) for use_case, pairs in found.items() if pairs}


def _most(slug: str) -> _Pairs:
    return [("weigh", f"{slug}:{Importance.MOST}")]


def _pairs(needs: Iterable[_Need]) -> _Pairs:
    pairs = []
    for need in needs:
        least = f"{need.bound.normalize():f}" if need.level is None and need.bound is not None else need.level
        if least is not None:
            pairs.append(("must", f"{need.criterion}:{least}"))
        if need.weight != Importance.NONE:
            pairs.append(("weigh", f"{need.criterion}:{need.weight}"))
    return pairs
