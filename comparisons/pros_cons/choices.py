"""The choice that a reader makes among pros and cons, and the claims that meet it: counted, in pages, with advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_
from typing import NamedTuple

from comparisons.filters import Option

from .index import Index
from .sets import NONE, Places, after, union


class Choice(NamedTuple):
    """The filters that a reader sets: values by facet, of which a claim has one; years of a source; words."""

    chosen: Mapping[str, Sequence[str]]
    year_from: int | None = None
    year_to: int | None = None
    words: str = ""


class ClaimPage(NamedTuple):
    """Some claims in order, by their primary keys. first: the place of the first in the whole, from 1."""

    claims: tuple[int, ...]
    first: int
    has_more: bool


class FoundClaims:
    """The claims that meet a choice, and the counts of what other choices would find.

    parts: the claims that meet each part of the choice by itself: each facet, "years" and "words".
    """

    def __init__(self, index: Index, choice: Choice):
        self.index, self.choice = index, choice
        self.parts: dict[str, Places] = {
            name: union(index.sets[name].get(value, NONE) for value in values)
            for name, values in choice.chosen.items()
            if values
        }
        if choice.year_from is not None or choice.year_to is not None:
            self.parts["years"] = self._between(choice.year_from, choice.year_to)
        if choice.words:
            self.parts["words"] = index.words.find(choice.words) & index.shown
        self.all = self.without()
        self.total = len(self.all)

    def _between(self, first: int | None, last: int | None) -> Places:
        return union(
            found
            for year, found in self.index.years.items()
            if (first is None or year >= first) and (last is None or year <= last)
        )

    def without(self, *names: str) -> Places:
        """The claims that meet the choice, with these parts left out of it."""
        parts = sorted((part for name, part in self.parts.items() if name not in names), key=len)
        return reduce(and_, parts) if parts else self.index.shown

    def options(self, name: str, most: int | None = None, named: str = "") -> list[Option]:
        """The options of a facet: values that some claim has, or that are chosen, each with its count.

        most: of more than these, those with the highest counts, the highest first; chosen ones always.
        named: words that all stand in the names of the options, those of chosen ones aside.
        """
        index, chosen = self.index, self.choice.chosen.get(name, ())
        words, names = named.casefold().split(), index.names[name]
        rest = self.without(name)
        added = rest - self.parts[name] if name in self.parts else rest
        is_cut = False
        if most is not None and not words and index.in_use[name] > most:
            is_cut, counts = True, index.most_found(name, added, most)
        else:
            counts = index.counts(name, added)
        for value in chosen:
            counts[value] = rest.intersection_cardinality(index.sets[name][value])
        values: Iterable[str] = counts
        if not is_cut:
            values = [v for v in names if v in counts and (not words or v in chosen or _has_all(names[v], words))]
            is_cut = most is not None and len(values) > most
        if is_cut:
            best = sorted((value for value in values if counts[value]), key=lambda v: (-counts[v], v))
            values = dict.fromkeys([*chosen, *best[:most]])
        return [
            Option(value, names[value], counts[value], value in chosen, bool(chosen) and value not in chosen)
            for value in values
        ]

    def years(self) -> tuple[list[Option], list[Option]]:
        """The options for the first and for the last year of a source, the latest years first."""
        rest, choice, known = self.without("years"), self.choice, self.index.years.items()
        froms, untils = [], []
        left = rest
        for year, found in known:
            if choice.year_to is None or year <= choice.year_to:
                left -= found
                froms.append(Option(str(year), str(year), len(rest) - len(left), year == choice.year_from))
        left = rest
        for year, found in reversed(known):
            if choice.year_from is None or year >= choice.year_from:
                left -= found
                untils.append(Option(str(year), str(year), len(rest) - len(left), year == choice.year_to))
        return froms, untils[::-1]

    def advice(self) -> list[tuple[tuple[str, ...], int]]:
        """The fewest parts to leave out so that claims are found, with the number of claims, the highest first."""
        for size in range(1, len(self.parts) + 1):
            found = [(names, len(self.without(*names))) for names in combinations(self.parts, size)]
            if any(count for _names, count in found):
                return sorted((one for one in found if one[1]), key=lambda one: -one[1])
        return []

    def page(self, sort: str, size: int, place: int | None = None) -> ClaimPage:
        """A page of the claims in an order; if a place is given, of those after the claim at that place."""
        index = self.index
        left = self.all
        if place is not None:
            left = after(left, index.orders[sort], place)
        places = index.first(left, size, sort)
        return ClaimPage(
            tuple(index.claim_sets.claims[place] for place in places),
            self.total - len(left) + 1,
            len(left) > len(places),
        )


def _has_all(name: object, words: Iterable[str]) -> bool:
    """Whether all of some words, in lower case, stand in a name."""
    text = str(name).casefold()
    return all(word in text for word in words)
