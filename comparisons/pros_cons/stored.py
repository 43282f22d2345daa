"""The sets of claims of one edition, stored, so that a new process loads them instead of reading every summary.

They are written after every `EVERY` editions, well before the trail of editions forgets theirs: whoever loads them
reads only what has changed since. The sets of words are stored beside the others, for whoever searches first.
"""

from __future__ import annotations

from array import array
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from comparisons.models import Edition, StoredSets

from .claim_sets import ClaimSets, memory_order
from .sets import Places

#: Editions from one writing to the next.
EVERY = Edition.LENGTH // 2
#: The rows in which the sets are stored: those by the values of facets, and those by words.
VALUES, WORDS = 1, 2


class LoadedSets(NamedTuple):
    """The sets of an edition, with its number and its stamp."""

    number: int
    stamp: str
    sets: ClaimSets


def is_due(number: int) -> bool:
    """Whether the sets are to be written after this edition."""
    return not number % EVERY


def trail() -> list[str]:
    """The stamps of the latest editions; one query. What is stored may be loaded if its own is among them."""
    found: list[str] = next(iter(Edition.objects.filter(pk=1).values_list("trail", flat=True)), [])
    return found


def save(loaded: LoadedSets, row: int = VALUES, using: str = DEFAULT_DB_ALIAS) -> None:
    """Write the sets of an edition; two queries."""
    bodies = [
        (field, value, places.serialize()) for field, sets in loaded.sets.sets.items() for value, places in sets.items()
    ]
    keys = [
        [field, value.isoformat() if isinstance(value, date) else value, isinstance(value, date), len(body)]
        for field, value, body in bodies
    ]
    fields = {
        "number": loaded.number,
        "stamp": loaded.stamp,
        "keys": keys,
        "bitmaps": b"".join(body for _field, _value, body in bodies),
        "claims": array("q", loaded.sets.claims).tobytes(),
    }
    StoredSets.objects.using(using).update_or_create(pk=row, defaults=fields)


def load(row: int = VALUES) -> LoadedSets | None:
    """The sets that were written last; None if there are none, or they cannot be read. One query."""
    rows = StoredSets.objects.filter(pk=row).values_list("number", "stamp", "keys", "bitmaps", "claims")
    if not (kept := next(iter(rows), None)):
        return None
    number, stamp, keys, bitmaps, claims = kept
    found = array("q")
    try:
        found.frombytes(bytes(claims))
        return LoadedSets(number, stamp, ClaimSets(_sets(keys, bytes(bitmaps)), found))
    except (ValueError, TypeError, IndexError):
        return None


def _sets(keys: list[list[Any]], bitmaps: bytes) -> dict[str, dict[Any, Places]]:
    sets: dict[str, dict[Any, Places]] = {}
    ends = accumulate(length for *_key, length in keys)
    rows = sorted(zip(keys, ends, strict=True), key=lambda row: (row[0][0], memory_order(row[0][1])))
    for (field, value, is_date, length), end in rows:
        places = Places.deserialize(bitmaps[end - length : end])
        sets.setdefault(field, {})[date.fromisoformat(value) if is_date else value] = places
    return sets
