"""The articles that each claim cites, by its place: the sets of claims of each article, the other way round."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate, chain
from operator import sub

from .sets import Places


class Cited:
    """The articles of each claim. They never change once they are made.

    To count the articles of few claims, only these claims are read: of ten thousand articles it takes a twentieth of
    the time that counting each article's set does. articles: those of one claim stand side by side, from `first` until
    `last` of its place. unused: how many of them stand where no claim points any more.
    """

    def __init__(self, first: array[int], last: array[int], articles: array[int], unused: int = 0):
        self._first, self._last, self._articles, self._unused = first, last, articles, unused

    @classmethod
    def of(cls, sets: Mapping[int, Places], claims: int) -> Cited:
        """From the claims of each article. claims: how many places there are."""
        sizes = [0] * claims
        for found in sets.values():
            for place in found:
                sizes[place] += 1
        last = array("q", accumulate(sizes))
        first = array("q", map(sub, last, sizes))
        free, articles = array("q", first), array("q", [0]) * sum(sizes)
        for article, found in sets.items():
            for place in found:
                articles[free[place]] = article
                free[place] += 1
        return cls(first, last, articles)

    def having(self, changed: Iterable[tuple[int, Iterable[int]]]) -> Cited | None:
        """A copy with the articles of some claims, by place, changed or added; None if it had better be made anew."""
        first, last, articles = (array("q", held) for held in (self._first, self._last, self._articles))
        unused = self._unused
        for place, cited in changed:
            new = [0] * (place + 1 - len(first))
            first.extend(new)
            last.extend(new)
            unused += last[place] - first[place]
            first[place] = len(articles)
            articles.extend(cited)
            last[place] = len(articles)
        return Cited(first, last, articles, unused) if unused <= len(articles) // 2 else None

    def counts(self, found: Places) -> Counter[int]:
        """Every article that some of these claims cite, with how many of them do."""
        first, last, articles = self._first, self._last, self._articles
        return Counter(chain.from_iterable(articles[first[place] : last[place]] for place in found))
