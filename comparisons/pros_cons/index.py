"""The claims of each value of each facet, and their orders, on one day as of one edition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from heapq import nlargest
from operator import attrgetter
from typing import Any

from comparisons.domain.freshness import old_before
from comparisons.domain.statements import RANKED_LAST
from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import Strength
from comparisons.filters import SORTS, ClaimFilter

from .catalogue import Catalogue
from .claim_sets import MANY_VALUED, ClaimSets
from .sets import Places, ranked, shared, take, union
from .words import Words


class Index:
    """The sets by which claims are chosen, counted and ordered, on one day as of one edition.

    as_of: both, by which what is made of them can be told apart.
    """

    def __init__(
        self, claim_sets: ClaimSets, catalogue: Catalogue, today: date, words: Words | None = None, edition: str = ""
    ):
        self.claim_sets, self.catalogue, self.today, self._words = claim_sets, catalogue, today, words
        self.as_of = (edition, today)
        self.shown = claim_sets.of("is_shown", True)

    @property
    def words(self) -> Words:
        """The words of all statements; three queries at the first use."""
        if self._words is None:
            self._words = Words.read()
        return self._words

    @cached_property
    def names(self) -> dict[str, dict[str, Any]]:
        """The names of the values of each facet."""
        catalogue = self.catalogue
        return {
            "framework": {record.slug: record.name for record in catalogue.frameworks},
            "group": {record.slug: record.name for record in catalogue.groups},
            "criterion": {record.slug: record.name for record in catalogue.criteria},
            "article": {record.slug: record.name for record in catalogue.articles},
            **ClaimFilter.words(),
        }

    @cached_property
    def sets(self) -> dict[str, dict[str, Places]]:
        """The claims of each value of each facet, by slug or word; of records, in `memory_order`."""
        sets, catalogue = self.claim_sets, self.catalogue
        by_id = attrgetter("id")
        groups: dict[int | None, list[Places]] = {}
        for criterion in catalogue.criteria:
            groups.setdefault(criterion.within, []).append(sets.of("criterion", criterion.id))
        return {
            "framework": {one.slug: sets.of("framework", one.id) for one in sorted(catalogue.frameworks, key=by_id)},
            "group": {one.slug: union(groups.get(one.id, ())) for one in catalogue.groups},
            "criterion": {one.slug: sets.of("criterion", one.id) for one in sorted(catalogue.criteria, key=by_id)},
            "article": {one.slug: sets.of("article", one.id) for one in sorted(catalogue.articles, key=by_id)},
            "strength": self._strengths(),
            **{
                name: {word: sets.of(name, word) for word in self.names[name]}
                for name in ("polarity", "kind", "verdict")
            },
        }

    @cached_property
    def filled(self) -> dict[str, tuple[list[str], list[Places], list[int]]]:
        """The values of each facet that some claim has, with their sets and the sizes of these."""
        filled = {name: {value: found for value, found in sets.items() if found} for name, sets in self.sets.items()}
        return {name: ([*sets], [*sets.values()], [*map(len, sets.values())]) for name, sets in filled.items()}

    @cached_property
    def total(self) -> int:
        return len(self.shown)

    @cached_property
    def in_use(self) -> dict[str, int]:
        """How many values of each facet have at least one claim."""
        return {name: len(values) for name, (values, _sets, _sizes) in self.filled.items()}

    @cached_property
    def years(self) -> dict[int, Places]:
        """The claims that cite a source of each year, the latest first."""
        found: dict[int, list[Places]] = {}
        for article in self.catalogue.articles:
            if article.year and (cited := self.claim_sets.of("article", article.id)):
                found.setdefault(article.year, []).append(cited)
        return {year: union(sets) for year, sets in sorted(found.items(), reverse=True)}

    def _strengths(self) -> dict[str, Places]:
        """The claims of each strength. It depends on the day, since evidence grows old."""
        limit = old_before(self.today)
        fresh = union(found for day, found in self.claim_sets.by("supported_on").items() if day >= limit)
        found: dict[str, list[Places]] = {word: [] for word in Strength}
        for points, having in self.claim_sets.by("points").items():
            found[strength_of(points, self.today, self.today)].append(having & fresh)
            found[strength_of(points, None, self.today)].append(having - fresh)
        return {word: union(sets) for word, sets in found.items()}

    @cached_property
    def orders(self) -> dict[str, list[Places]]:
        """For each sort, the sets that stand for the digits of the ranks of claims (`sets.ranked`)."""
        sets, strengths = self.claim_sets, self.sets["strength"]
        last = union(sets.of("verdict", verdict) for verdict in RANKED_LAST)
        slices = {
            "verdict": [self.shown - last],
            "strength": ranked([strengths[word] for word in (Strength.STRONG, Strength.FAIR, Strength.THIN)]),
            "witnesses": ranked(list(sets.by("witnesses").values())),
            "newest": ranked(list(sets.by("newest_on").values())),
            "framework": ranked([sets.of("framework", one.id) for one in self.catalogue.frameworks]),
            "criterion": ranked([sets.of("criterion", one.id) for one in self.catalogue.criteria]),
        }
        return {sort: [one for name in names for one in slices[name]] for sort, (_title, names) in SORTS.items()}

    def counts(self, name: str, found: Places) -> dict[str, int]:
        """How many of some claims have each value of a facet that any claim has."""
        values, sets, sizes = self.filled[name]
        return dict(zip(values, shared(found, self.shown, sets, sizes), strict=True))

    def most_found(self, name: str, found: Places, most: int) -> dict[str, int]:
        """The values of a facet that most of some claims have, with of how many; more than `most` where some tie."""
        values, sets, sizes = self.filled[name]
        few = len(values) // 4 if name in MANY_VALUED else -1  # to read a claim takes as long as to count four sets
        if len(found) <= few:
            at, counts = self._at[name], self.claim_sets.counts(name, found)
            least = min(nlargest(most, counts.values()), default=0)
            return {values[at[pk]]: number for pk, number in counts.items() if number >= least and pk in at}
        if 0 < self.total - len(found) <= few:
            numbers, at = [*sizes], self._at[name]
            for pk, number in self.claim_sets.counts(name, self.shown - found).items():
                if pk in at:
                    numbers[at[pk]] -= number
        else:
            numbers = [*shared(found, self.shown, sets, sizes)]
        least = max(1, min(nlargest(most, numbers), default=0))
        return {values[place]: number for place, number in enumerate(numbers) if number >= least}

    @cached_property
    def _at(self) -> dict[str, dict[int, int]]:
        """Where the articles and the criteria that any claim has stand in `filled`, by primary key."""
        records = {"article": self.catalogue.articles, "criterion": self.catalogue.criteria}
        slugs = {name: {one.slug: one.id for one in records[name]} for name in MANY_VALUED}
        return {name: {slugs[name][slug]: at for at, slug in enumerate(self.filled[name][0])} for name in MANY_VALUED}

    def articles_behind(self, frameworks: Iterable[int], criteria: Iterable[int]) -> list[tuple[int, int]]:
        """(article, its claims) of those cited by claims on some frameworks and criteria, most claims first.

        By primary key; articles with the same number of claims are in the order of their titles.
        """
        of = self.claim_sets.of
        found, wanted = self.shown & union(of("framework", pk) for pk in frameworks), set(criteria)
        others = [one.id for one in self.catalogue.criteria if one.id not in wanted]
        # The fewer sets of the two.
        if len(others) < len(wanted):
            found -= union(of("criterion", pk) for pk in others)
        else:
            found &= union(of("criterion", pk) for pk in wanted)
        counts = [(one.id, of("article", one.id).intersection_cardinality(found)) for one in self.catalogue.articles]
        return sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1])

    def first(self, found: Places, most: int, sort: str = "strength") -> list[int]:
        """The places of the first claims of a set in an order, in that order."""
        order = self.orders[sort]
        return sorted(take(found, order, most), key=lambda place: ([place not in at for at in order], place))
