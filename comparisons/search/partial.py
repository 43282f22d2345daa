"""Records that contain only some of the words of a search, for searches that find next to nothing otherwise."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from . import terms
from .engine import Choices, KnownWords, entries
from .entries import record_of
from .terms import SearchTerm

#: Most partial matches of a search; candidates of each kind; and words that may be missing, the rarest of the search.
MOST_PARTIAL, MOST_CANDIDATES, MOST_DROPPED = 10, 40, 5


@dataclass(frozen=True)
class PartialHit:
    """A record that contains some words of a search. missing: the others, as they were typed."""

    kind: str
    pk: int
    missing: tuple[str, ...]


def partial_hits(
    wanted: Sequence[SearchTerm],
    choices: Choices,
    known: KnownWords,
    whole: Collection[tuple[str, int]],
    using: str,
    kinds: Sequence[str],
) -> Iterator[PartialHit]:
    """The best partial matches, those that miss the least first; at most two queries.

    whole: the records that contain all words, as (kind, primary key).
    """
    counts = [known.entries(phrases) for phrases in choices]
    held = sorted((place for place, count in enumerate(counts) if count), key=lambda place: counts[place])
    if not held:
        return
    wordings = [[choices[place] for place in places] for places in _wordings(held, len(wanted))]
    weights = [max(0.15, 1 - math.log10(1 + count) / 5) for count in counts]
    sought = [[f" {' '.join(map(terms.code, phrase))} " for phrase in phrases] for phrases in choices]
    found = []
    for kind, candidates in entries(wordings, known, MOST_CANDIDATES, using, "words", kinds).items():
        for key, words in candidates:
            _, pk = record_of(key)
            row = f" {words} "
            missing = [place for place, phrases in enumerate(sought) if not any(phrase in row for phrase in phrases)]
            if (kind, pk) not in whole and missing:
                found.append((sum(weights[place] for place in missing), key, PartialHit(
                    kind, pk, tuple(wanted[place].text for place in missing)
                )))  # fmt: skip
    found.sort(key=lambda one: one[:2])
    for _, _, hit in found[:MOST_PARTIAL]:
        yield hit


def _wordings(held: Sequence[int], wanted: int) -> list[tuple[int, ...]]:
    """Which words to ask for together: all that occur if others do not, then all but one, then all but two.

    held: the places of the words that occur, the rarest first. wanted: how many words there are.
    """
    rarest = list(held[:MOST_DROPPED])
    sizes = (
        (len(rarest), len(rarest) - 1, len(rarest) - 2) if len(held) < wanted else (len(rarest) - 1, len(rarest) - 2)
    )
    return [places for size in sizes if size > 0 for places in combinations(rarest, size)]
