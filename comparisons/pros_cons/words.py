"""The claims in which each word occurs."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from copy import copy

from comparisons.filters import words_of
from comparisons.models import ClaimSummary

from .sets import NONE, Places, union


class Words:
    """The claims of each word. Claims that have changed since have their words in `changed` alone."""

    def __init__(self, texts: Iterable[tuple[int, str]]):
        places: dict[str, array[int]] = {}
        for place, text in texts:
            for word in set(words_of(text)):
                places.setdefault(word, array("I")).append(place)
        self.known = {word: Places(found) for word, found in places.items()}
        self.sorted = sorted(places)
        self.changed: dict[int, frozenset[str]] = {}

    def having(self, texts: Iterable[tuple[int, str]]) -> Words:
        """A copy of the words with those of some claims changed."""
        other = copy(self)
        other.changed = {**self.changed, **{place: frozenset(words_of(text)) for place, text in texts}}
        return other

    def find(self, text: str) -> Places:
        """The claims with every word of a text; the last may be the beginning of a word. Without words: none."""
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


def read_texts(since: int = -1) -> Iterator[tuple[int, str]]:
    """The statements of claims that changed after an edition, each with its place; one query."""
    rows = ClaimSummary.objects.filter(change__gt=since).order_by("place")
    return iter(rows.values_list("place", "claim__statement").iterator(chunk_size=5_000))
