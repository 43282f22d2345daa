"""The index of this process, kept up to date.

A process keeps one index. At every request it compares the stamp of the edition (one row) and reads what has
changed since. An index never changes once it is made, so that a reader sees one state of the data, in any thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from comparisons.models import Edition, remembered

from . import stored
from .catalogue import Catalogue
from .claim_sets import ClaimSets, read_rows
from .index import Index
from .words import read_texts


@dataclass(frozen=True)
class _Held:
    number: int
    stamp: str
    index: Index


_held: _Held | None = None
_lock = threading.Lock()


def index(today: date, edition: str | None = None) -> Index:
    """The index as it is now; one query, more if something has changed.

    edition: the stamp of the edition, if another query has read it. It saves the one query.
    """
    if edition is None:
        edition = next(iter(Edition.objects.filter(pk=1).values_list("stamp", flat=True)), "")
    held = _held
    if held is not None and held.stamp == edition:
        if held.index.today == today:
            return held.index
        return _keep(_of_day(held, today))
    with _lock:
        held = _held
        if held is None or held.stamp != edition:
            held = _read(held, today)
        elif held.index.today != today:  # read by another thread just before midnight
            held = _of_day(held, today)
        return _keep(held)


def _of_day(held: _Held, today: date) -> _Held:
    """The same index on another day."""
    before = held.index
    return replace(held, index=Index(before.claim_sets, before.catalogue, today, before._words, held.stamp))


def catch_up() -> None:
    """Update the index after a write, if this process has one, so that the next reader does not have to wait."""
    if _held is not None:
        index(_held.index.today)


def store(using: str = DEFAULT_DB_ALIAS) -> None:
    """Store the sets of the present edition for processes to come."""
    index(timezone.localdate())
    held = _held
    if held is not None:
        for row, sets in ((stored.VALUES, held.index.claim_sets), (stored.WORDS, held.index.words.sets())):
            stored.save(stored.LoadedSets(held.number, held.stamp, sets), row, using)


def _keep(held: _Held) -> Index:
    global _held
    _held = held
    return held.index


def _read(before: _Held | None, today: date) -> _Held:
    """The index with the changes since the one before, or since the sets that are stored.

    It is read anew if the changes since either are not on record.
    """
    number, stamp, trail = next(iter(Edition.objects.filter(pk=1).values_list("number", "stamp", "trail")), (0, "", []))
    since, sets, words = -1, ClaimSets(), None
    if before is not None and before.stamp in trail:
        since, sets, words = before.number, before.index.claim_sets, before.index._words
        if words is not None:
            words = words.having(read_texts(since))
    elif (loaded := stored.load()) is not None and loaded.stamp in trail:
        since, sets = loaded.number, loaded.sets
    catalogue = remembered.made("catalogue", Catalogue.read, is_kept=True)
    return _Held(number, stamp, Index(sets.having(read_rows(since)), catalogue, today, words, stamp))
