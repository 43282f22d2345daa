"""The index of this process, as of now.

A process keeps one index. It compares the stamp of the edition at every request (one row) and takes in what has
changed since. An index is never changed once it is made: who reads one sees one moment, in any thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from comparisons.models import Edition

from .catalogue import Catalogue
from .claim_sets import ClaimSets, read_rows
from .index import Index
from .words import read_texts

#: Claims whose words have changed before the words of all are read anew.
CHANGED_WORDS = 2_000


@dataclass(frozen=True)
class _Held:
    number: int
    stamp: str
    index: Index


_held: _Held | None = None
_lock = threading.Lock()


def stamp() -> QuerySet[Any]:
    """The stamp of the edition, for a query that is made anyway: `.annotate(stamp=Subquery(current.stamp()))`."""
    return Edition.objects.filter(pk=1).values("stamp")


def index(today: date, edition: str | None = None) -> Index:
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
        index(_held.index.today)


def _keep(held: _Held) -> Index:
    global _held
    _held = held
    return held.index


def _read(before: _Held | None, today: date) -> _Held:
    """The index with what has changed since the one before; anew if that one is no ancestor of today's."""
    number, stamp, trail = next(iter(Edition.objects.filter(pk=1).values_list("number", "stamp", "trail")), (0, "", []))
    if before is None or before.stamp not in trail:
        return _Held(number, stamp, Index(ClaimSets().having(read_rows()), Catalogue.read(), today))
    since = before.number
    words = before.index._words
    if words is not None:
        words = words.having(read_texts(since))
        words = words if len(words.changed) <= CHANGED_WORDS else None
    return _Held(number, stamp, Index(before.index.known.having(read_rows(since)), Catalogue.read(), today, words))
