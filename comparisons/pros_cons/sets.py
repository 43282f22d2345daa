"""Sets of claims by their places (models.ClaimSummary), as compressed bitmaps (Roaring), and orders made of them.

A set of a few claims costs what few claims cost, a set of many a bit for each, and how many claims two sets share is
counted without making a third. To choose is `&` and `|`, to count is `len`. An order is a row of sets, one for each
binary digit of a claim's rank, the highest first: the next claims of any page are found by halving, never by sorting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from operator import sub

from pyroaring import FrozenBitMap as Places

NONE = Places()


def union(sets: Iterable[Places]) -> Places:
    return NONE.union(*sets)


def shared(found: Places, within: Places, sets: Iterable[Places], sizes: Iterable[int]) -> Iterable[int]:
    """How many claims each of some sets shares with `found`. All lie within a set of nearly all places.

    A set that holds a claim in some 8 to 300 is a list, and two lists are merged; what it lacks is a bitmap, in which
    a place is looked up, in a quarter of the time. sizes: those of the sets. Nothing is done in Python for each set.
    """
    if found is within:
        return sizes
    if len(found) * 300 < len(within) or len(found) * 8 > len(within):
        return map(found.intersection_cardinality, sets)
    return map(sub, sizes, map((within - found).intersection_cardinality, sets))


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


def after(found: Places, slices: Iterable[Places], place: int) -> Places:
    """The claims of a set that come after the one at this place in an order."""
    later, ties = NONE, found
    for at in slices:
        if place in at:
            later, ties = later | (ties - at), ties & at
        else:
            ties = ties - at
    return later | (ties - Places(range(place + 1)))
