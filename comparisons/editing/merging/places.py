"""A place for each citation that moves: a claim cites one place of an article once.

Where two would stand at the same place, both stay and the locator of one is changed; only what is the same word for
word is kept once.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any

from comparisons.history import reasons
from comparisons.models import Citation

from . import writes

#: Citations by their claim or article, then by their locator.
Places = dict[int, dict[str, Citation]]


def taken(citations: Any, by: str) -> Places:
    """The places that citations take. by: the field whose equal values make two of them share places."""
    found: Places = {}
    for citation in citations.distinct():
        found.setdefault(getattr(citation, by), {})[citation.locator] = citation
    return found


def find(citation: Citation, within: int, places: Places, origin: str, by: Any, duplicate: str) -> bool:
    """Give a citation that moves a place of its own.

    origin: the slug of the article it comes from, which is added to its locator; "" for a citation of the same
    article, whose locator gets a number. duplicate: the address of the record that is merged. Returns False if the
    same citation is there already word for word; then this one was deleted.
    """
    taken_here = places.setdefault(within, {})
    there = taken_here.get(citation.locator)
    if there is not None:
        if all(getattr(citation, name) == getattr(there, name) for name in ("stance", "says", "quote", "reading")):
            writes.delete(citation, by, reasons.repeated(duplicate))
            return False
        citation.locator = _free_place(citation.locator, taken_here, origin)
    taken_here[citation.locator] = citation
    return True


def _free_place(locator: str, used: Collection[str], origin: str) -> str:
    longest: int = Citation._meta.get_field("locator").max_length or 0
    for number in count(1 if origin else 2):
        tail = " ".join([*([f"formerly {origin}"] if origin else []), *([f"({number})"] if number > 1 else [])])
        joint = ", " if origin else " "
        place = f"{locator[: longest - len(tail) - len(joint)]}{joint}{tail}" if locator else tail
        if place not in used:
            return place
    raise AssertionError("unreachable")
