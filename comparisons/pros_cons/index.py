"""Count and order pros and cons under any choice of filters, at a cost that hardly grows with their number.

Every value of every facet is a set of claims, by their places (models.ClaimSummary). The sets are compressed bitmaps
(Roaring): one of a few claims costs what few claims cost, one of many a bit for each, and how many two of them share
is counted without making a third. To choose is `&` and `|`, to count is `len`. An order is a row of sets too, one
for each binary digit of a claim's rank, the highest first, so that the next claims of any page are found by halving
and never by sorting.

A process keeps one such index. It compares the stamp of the edition at every request (one row) and takes in what
has changed since. An index is never changed once it is made: who reads one sees one moment, in any thread.
"""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from heapq import nlargest
from itertools import combinations, islice
from operator import and_
from typing import Any, NamedTuple

from django.db.models import QuerySet
from pyroaring import FrozenBitMap as Places

from comparisons.domain.freshness import old_before
from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import ClaimKind, Polarity, Strength, Verdict
from comparisons.evidence.assessing import Witnesses
from comparisons.models import Article, ClaimSummary, Criterion, CriterionGroup, Edition, Framework

#: The facets whose values are words of a closed list.
CLOSED: dict[str, tuple[str, ...]] = {
    "polarity": (Polarity.PRO, Polarity.CON),
    "strength": tuple(Strength),
    "kind": tuple(ClaimKind),
    "verdict": tuple(Verdict),
}
#: What claims are ordered by, the most telling first; what is left equal keeps the order of publication.
SORTS = {
    "strength": ("counts", "strength", "witnesses", "newest"),
    "newest": ("newest", "counts", "strength", "witnesses"),
    "framework": ("framework", "counts", "strength", "witnesses", "newest"),
    "criterion": ("criterion", "counts", "strength", "witnesses", "newest"),
}
#: Claims whose words have changed before the words of all are read anew.
CHANGED_WORDS = 2_000

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text, without case."""
    return _WORD.findall(text.casefold())


# ── Sets ─────────────────────────────────────────────────────────────


NONE = Places()


def union(sets: Iterable[Places]) -> Places:
    return NONE.union(*sets)


def sharing(found: Places, within: Places) -> Callable[[Places], int]:
    """How many claims a set shares with `found`. Both lie within a third set, of nearly all places.

    A set that holds a claim in some 8 to 300 is a list, and two lists are merged; what it lacks is a bitmap, in which
    a place is looked up, in a quarter of the time.
    """
    if found is within:
        return len
    if len(found) * 300 < len(within) or len(found) * 8 > len(within):
        return found.intersection_cardinality
    lacking = within - found
    return lambda other: len(other) - other.intersection_cardinality(lacking)


def ranked(sets: Sequence[Places]) -> list[Places]:
    """Sets in the order in which their claims come, as sets of binary digits: the first has the highest number."""
    ranks = range(len(sets), 0, -1)
    return [
        union(found for rank, found in zip(ranks, sets, strict=True) if rank >> digit & 1)
        for digit in reversed(range(len(sets).bit_length()))
    ]


def take(found: Places, slices: Iterable[Places], most: int) -> Places:
    """The `most` claims of a set that come first in an order. Source: bit-sliced indexes (O'Neil and Quass 1997)."""
    first, ties = NONE, found
    for at in slices:
        higher = ties & at
        if len(first) + len(higher) > most:
            ties = higher
        else:
            first, ties = first | higher, ties - higher
    return first | Places(islice(ties, most - len(first)))


def beyond(found: Places, slices: Iterable[Places], place: int) -> Places:
    """The claims of a set that come after the one at this place in an order."""
    later, ties = NONE, found
    for at in slices:
        if place in at:
            later, ties = later | (ties - at), ties & at
        else:
            ties = ties - at
    return later | (ties - Places(range(place + 1)))


# ── What is known of every claim ─────────────────────────────────────


class Row(NamedTuple):
    """A summary as the index takes it."""

    place: int
    claim: int
    is_shown: bool
    framework: int | None
    criterion: int
    polarity: str
    kind: str
    verdict: str
    articles: Sequence[int]
    points: int | None
    supported_on: date | None
    newest_on: date | None
    witnesses: int


_COLUMNS = (
    *("place", "claim_id", "is_shown", "claim__framework_id", "claim__criterion_id", "claim__polarity"),
    *("claim__kind", "claim__verdict", "articles", "points", "supported_on", "newest_on", "witnesses"),
)


#: The fields whose every value has a set.
_VALUED = (
    *("is_shown", "framework", "criterion", "polarity", "kind", "verdict"),
    *("points", "supported_on", "newest_on", "witnesses"),
)


@dataclass(frozen=True)
class Known:
    """The sets of one edition. sets: by (field, value). claims: primary keys by place."""

    sets: Mapping[tuple[str, Any], Places] = field(default_factory=dict)
    claims: Sequence[int] = ()

    def having(self, rows: Iterable[Row]) -> Known:
        """These sets with some claims added or changed; sets that none of them is or was in are shared."""
        members: dict[tuple[str, Any], list[int]] = {}
        claims, changed = array("q", self.claims), []
        for row in rows:
            claims.extend([0] * (row.place + 1 - len(claims)))
            claims[row.place] = row.claim
            changed.append(row.place)
            if row.is_shown:
                for name in _VALUED:
                    members.setdefault((name, getattr(row, name)), []).append(row.place)
                for article in row.articles:
                    members.setdefault(("article", article), []).append(row.place)
        gone = Places(changed)
        sets = {
            value: left
            for value, found in self.sets.items()
            if (left := found - gone if found.intersect(gone) else found)
        }
        for value, places in members.items():
            sets[value] = sets.get(value, NONE) | Places(places)
        return Known(sets, claims)

    def of(self, name: str, value: Any) -> Places:
        return self.sets.get((name, value), NONE)

    def by(self, name: str) -> dict[Any, Places]:
        """The sets of a field by value, the highest first; not of those that have none."""
        found = ((value, held) for (field, value), held in self.sets.items() if field == name and value is not None)
        return dict(sorted(found, reverse=True))


class Words:
    """Where each word stands. Those of claims that changed since are in `changed`, and count nowhere else."""

    def __init__(self, texts: Iterable[tuple[int, str]]):
        places: dict[str, array[int]] = {}
        for place, text in texts:
            for word in set(words_of(text)):
                places.setdefault(word, array("I")).append(place)
        self.known = {word: Places(found) for word, found in places.items()}
        self.sorted = sorted(places)
        self.changed: dict[int, frozenset[str]] = {}

    def having(self, texts: Iterable[tuple[int, str]]) -> Words:
        """The words with those of some claims changed."""
        other = copy(self)
        other.changed = {**self.changed, **{place: frozenset(words_of(text)) for place, text in texts}}
        return other

    def find(self, text: str) -> Places:
        """The claims in which every word occurs, and one that begins as the last does. No word: none."""
        *whole, last = words_of(text) or [""]
        if not last:
            return NONE
        first, past = bisect_left(self.sorted, last), bisect_left(self.sorted, last + "\U0010ffff")
        found = union(self.known[word] for word in self.sorted[first:past])
        for word in whole:
            found &= self.known.get(word, NONE)
        fitting = (
            place
            for place, known in self.changed.items()
            if known.issuperset(whole) and any(word.startswith(last) for word in known)
        )
        return found - Places(self.changed) | Places(fitting)


# ── Names ────────────────────────────────────────────────────────────


class Named(NamedTuple):
    """A framework, group, criterion or article that one can choose."""

    id: int
    slug: str
    name: str
    within: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Catalogue:
    """What can be chosen, in order, and who stands behind the articles."""

    frameworks: tuple[Named, ...]
    groups: tuple[Named, ...]
    criteria: tuple[Named, ...]
    articles: tuple[Named, ...]
    witnesses: Witnesses

    @classmethod
    def read(cls) -> Catalogue:
        """Five queries."""
        return cls(
            _named(Framework.objects.order_by("order", "name"), "pk", "slug", "name"),
            _named(CriterionGroup.objects.order_by("order", "name"), "pk", "slug", "name"),
            _named(Criterion.objects.order_by("group__order", "order", "name"), "pk", "slug", "name", "group_id"),
            tuple(
                Named(pk, slug, title, year=day and day.year)
                for pk, slug, title, day in Article.objects.order_by("title", "slug").values_list(
                    "pk", "slug", "title", "published_on"
                )
            ),
            Witnesses(),
        )


def _named(rows: QuerySet[Any], *columns: str) -> tuple[Named, ...]:
    return tuple(Named(*row) for row in rows.values_list(*columns))


# ── Choices ──────────────────────────────────────────────────────────


class Choice(NamedTuple):
    """What a reader asks for: values by facet (any of them, in each facet), years of a source, words."""

    chosen: Mapping[str, Sequence[str]]
    year_from: int | None = None
    year_to: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Option:
    """A value of a facet. count: of it with all that is chosen elsewhere; adds: claims it would add, if others are."""

    value: str
    name: str
    count: int
    is_chosen: bool = False
    adds: bool = False


class Page(NamedTuple):
    """Some claims in order, by their primary keys. first: the place of the first in the whole, from 1."""

    claims: tuple[int, ...]
    first: int
    has_more: bool


class Index:
    """All that can be chosen and counted on one day, as of one edition."""

    def __init__(self, known: Known, catalogue: Catalogue, today: date, words: Words | None = None):
        self.known, self.catalogue, self.today, self._words = known, catalogue, today, words
        self.shown = known.of("is_shown", True)

    @property
    def words(self) -> Words:
        """Read when they are first asked for; one query."""
        if self._words is None:
            self._words = Words(_texts())
        return self._words

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """What each value of a facet is called; "" for words of a closed list, which have labels."""
        catalogue = self.catalogue
        return {
            "framework": {named.slug: named.name for named in catalogue.frameworks},
            "group": {named.slug: named.name for named in catalogue.groups},
            "criterion": {named.slug: named.name for named in catalogue.criteria},
            "article": {named.slug: named.name for named in catalogue.articles},
            **{name: dict.fromkeys(words, "") for name, words in CLOSED.items()},
        }

    @cached_property
    def sets(self) -> dict[str, dict[str, Places]]:
        """The claims of each value of a facet, by its slug or word."""
        known, catalogue = self.known, self.catalogue
        groups: dict[int | None, list[Places]] = {}
        for criterion in catalogue.criteria:
            groups.setdefault(criterion.within, []).append(known.of("criterion", criterion.id))
        return {
            "framework": {one.slug: known.of("framework", one.id) for one in catalogue.frameworks},
            "group": {one.slug: union(groups.get(one.id, ())) for one in catalogue.groups},
            "criterion": {one.slug: known.of("criterion", one.id) for one in catalogue.criteria},
            "article": {one.slug: known.of("article", one.id) for one in catalogue.articles},
            "strength": self._strengths(),
            **{
                name: {word: known.of(name, word) for word in self.names[name]}
                for name in ("polarity", "kind", "verdict")
            },
        }

    @cached_property
    def total(self) -> int:
        return len(self.shown)

    @cached_property
    def in_use(self) -> dict[str, int]:
        """How many values of each facet some claim has."""
        return {name: sum(map(bool, sets.values())) for name, sets in self.sets.items()}

    @cached_property
    def years(self) -> dict[int, Places]:
        """The claims that cite a source of each year, the latest first."""
        found: dict[int, list[Places]] = {}
        for article in self.catalogue.articles:
            if article.year and (cited := self.known.of("article", article.id)):
                found.setdefault(article.year, []).append(cited)
        return {year: union(sets) for year, sets in sorted(found.items(), reverse=True)}

    def _strengths(self) -> dict[str, Places]:
        """Strength depends on the day: on the age of the newest support."""
        limit = old_before(self.today)
        fresh = union(found for day, found in self.known.by("supported_on").items() if day >= limit)
        found: dict[str, list[Places]] = {word: [] for word in Strength}
        for points, having in self.known.by("points").items():
            found[strength_of(points, self.today, self.today)].append(having & fresh)
            found[strength_of(points, None, self.today)].append(having - fresh)
        return {word: union(sets) for word, sets in found.items()}

    @cached_property
    def orders(self) -> dict[str, list[Places]]:
        """The sets by whose digits claims are ordered, for each sort."""
        known, strengths = self.known, self.sets["strength"]
        left_out = union(known.of("verdict", verdict) for verdict in NOT_COUNTED)
        slices = {
            "counts": [self.shown - left_out],
            "strength": ranked([strengths[word] for word in (Strength.STRONG, Strength.FAIR, Strength.THIN)]),
            "witnesses": ranked(list(known.by("witnesses").values())),
            "newest": ranked(list(known.by("newest_on").values())),
            "framework": ranked([known.of("framework", one.id) for one in self.catalogue.frameworks]),
            "criterion": ranked([known.of("criterion", one.id) for one in self.catalogue.criteria]),
        }
        return {sort: [one for name in names for one in slices[name]] for sort, names in SORTS.items()}

    def find(self, choice: Choice) -> Found:
        return Found(self, choice)

    def first(self, found: Places, most: int, sort: str = "strength") -> list[int]:
        """The places of the claims of a set that come first in an order, in that order."""
        order = self.orders[sort]
        return sorted(take(found, order, most), key=lambda place: ([place not in at for at in order], place))


class Found:
    """The claims that meet a choice, and what other choices would give."""

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
        """The claims that meet all of the choice but these parts of it."""
        parts = sorted((part for name, part in self.parts.items() if name not in names), key=len)
        return reduce(and_, parts) if parts else self.index.shown

    def options(self, name: str, most: int | None = None) -> list[Option]:
        """The values of a facet that some claim has, or that are chosen, with what choosing them gives here.

        most: of more than these, those with the highest counts, the highest first; chosen ones always.
        """
        index, chosen = self.index, self.choice.chosen.get(name, ())
        rest = self.without(name)
        added = rest - self.parts[name] if name in self.parts else rest
        count, count_added = sharing(rest, index.shown), sharing(added, index.shown)
        counts = {
            value: count(found) if value in chosen else count_added(found)
            for value, found in index.sets[name].items()
            if found or value in chosen
        }
        values: Iterable[str] = counts
        if most is not None and len(counts) > most:
            least = max(1, min(nlargest(most, counts.values())))  # so that few are sorted
            best = sorted((value for value in counts if counts[value] >= least), key=lambda v: (-counts[v], v))
            values = dict.fromkeys([*chosen, *best[:most]])
        return [
            Option(
                value, index.names[name][value], counts[value], value in chosen, bool(chosen) and value not in chosen
            )
            for value in values
        ]

    def years(self) -> tuple[list[Option], list[Option]]:
        """The years from which, and until which, one can ask for sources; the latest first."""
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
        """The fewest parts to drop so that claims are found, with how many; those that give most first."""
        for size in range(1, len(self.parts) + 1):
            found = [(names, len(self.without(*names))) for names in combinations(self.parts, size)]
            if any(count for _names, count in found):
                return sorted((one for one in found if one[1]), key=lambda one: -one[1])
        return []

    def page(self, sort: str, size: int, after: int | None = None) -> Page:
        """A page of the claims in an order, after the one at a place if one is named."""
        index = self.index
        left = self.all
        if after is not None:
            left = beyond(left, index.orders[sort], after)
        places = index.first(left, size, sort)
        return Page(
            tuple(index.known.claims[place] for place in places),
            self.total - len(left) + 1,
            len(left) > len(places),
        )


# ── The index of this process ────────────────────────────────────────


@dataclass(frozen=True)
class _Held:
    number: int
    stamp: str
    index: Index


_held: _Held | None = None
_lock = threading.Lock()


def stamp() -> QuerySet[Any]:
    """The stamp of the edition, for a query that is made anyway: `.annotate(stamp=Subquery(facets.stamp()))`."""
    return Edition.objects.filter(pk=1).values("stamp")


def current(today: date, edition: str | None = None) -> Index:
    """The index as of now; one query, or none if the stamp of the edition is at hand. More if it has changed."""
    if edition is None:
        edition = next((row["stamp"] for row in stamp()), "")
    held = _held
    if held is not None and held.stamp == edition:
        if held.index.today == today:
            return held.index
        return _keep(replace(held, index=Index(held.index.known, held.index.catalogue, today, held.index._words)))
    with _lock:
        held = _held
        if held is None or held.stamp != edition:
            held = _read(held, today)
        return _keep(held)


def catch_up() -> None:
    """Take in what was just written, in a process that shows pages: its next reader need not wait for it."""
    if _held is not None:
        current(_held.index.today)


def _keep(held: _Held) -> Index:
    global _held
    _held = held
    return held.index


def _read(before: _Held | None, today: date) -> _Held:
    """The index with what has changed since the one before; anew if that one is no ancestor of today's."""
    number, stamp, trail = next(iter(Edition.objects.filter(pk=1).values_list("number", "stamp", "trail")), (0, "", []))
    if before is None or before.stamp not in trail:
        return _Held(number, stamp, Index(Known().having(_rows()), Catalogue.read(), today))
    since = before.number
    words = before.index._words
    if words is not None:
        words = words.having(_texts(since))
        words = words if len(words.changed) <= CHANGED_WORDS else None
    return _Held(number, stamp, Index(before.index.known.having(_rows(since)), Catalogue.read(), today, words))


def _rows(since: int = -1) -> Iterator[Row]:
    rows = ClaimSummary.objects.filter(change__gt=since).order_by("place").values_list(*_COLUMNS)
    return (Row(*row) for row in rows.iterator(chunk_size=5_000))


def _texts(since: int = -1) -> Iterator[tuple[int, str]]:
    rows = ClaimSummary.objects.filter(change__gt=since).order_by("place")
    return iter(rows.values_list("place", "claim__statement").iterator(chunk_size=5_000))
