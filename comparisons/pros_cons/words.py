"""The claims in which each word occurs."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from copy import copy

from comparisons.filters import words_of
from comparisons.models import ClaimSummary

from . import stored
from .claim_sets import ClaimSets
from .sets import NONE, Places, union

#: The most claims that have their words in `Words.changed`, where each search looks at all of them.
MOST_CHANGED = 2_000
#: What the sets of words are stored under, where others have the name of a field.
_WORD = "word"


class Words:
    """The claims of each word. Claims that have changed since have their words in `changed` alone."""

    def __init__(self, known: Mapping[str, Places]):
        self.known = known
        self.sorted = sorted(known)
        self.changed: dict[int, frozenset[str]] = {}

    @classmethod
    def of(cls, texts: Iterable[tuple[int, str]]) -> Words:
        """The words of the statements of claims, each with its place."""
        return cls(_by_word((place, set(words_of(text))) for place, text in texts))

    def having(self, texts: Iterable[tuple[int, str]]) -> Words:
        """A copy of the words with those of some claims changed."""
        other = copy(self)
        other.changed = {**self.changed, **{place: frozenset(words_of(text)) for place, text in texts}}
        return other if len(other.changed) <= MOST_CHANGED else other.merged()

    def merged(self) -> Words:
        """The same words, those of the claims that have changed among the others."""
        if not self.changed:
            return self
        changed, fresh = Places(self.changed), _by_word(self.changed.items())
        known = {
            word: left
            for word, found in self.known.items()
            if (left := found - changed if found.intersect(changed) else found)
        }
        return Words(known | {word: known.get(word, NONE) | found for word, found in fresh.items()})

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

    @classmethod
    def read(cls) -> Words:
        """The words of all statements: those that are stored, with what has changed since; three queries.

        Where none are stored the statements are read, which takes seconds for hundreds of thousands of claims.
        """
        loaded = stored.load(stored.WORDS)
        if loaded is None or loaded.stamp not in stored.trail():
            return cls.of(read_texts())
        return cls(loaded.sets.sets.get(_WORD, {})).having(read_texts(loaded.number))

    def sets(self) -> ClaimSets:
        """The words as sets that can be stored."""
        return ClaimSets({_WORD: self.merged().known})


def _by_word(words: Iterable[tuple[int, Iterable[str]]]) -> dict[str, Places]:
    """The places of each word, from the words of each place."""
    places: dict[str, array[int]] = {}
    for place, found in words:
        for word in found:
            places.setdefault(word, array("I")).append(place)
    return {word: Places(found) for word, found in places.items()}


def read_texts(since: int = -1) -> Iterator[tuple[int, str]]:
    """The statements of claims that changed after an edition, each with its place; one query."""
    rows = ClaimSummary.objects.filter(change__gt=since).order_by("place")
    return iter(rows.values_list("place", "claim__statement").iterator(chunk_size=5_000))
