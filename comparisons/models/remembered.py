"""What queries found, remembered by this process until a table that they read is written to.

For what would be read whole at every request though few writes change it: the counts of a list, the order of its rows,
what a comparison is made of, and the records that searches find. Whether something was written is known from the stamps
of the tables (`stamps`), so what is remembered is as new as a kept page: on SQLite always, else for at most
`stamps.KNOWN_FOR`. Inside a transaction, which may see other rows than the stamps speak of, and where nobody watches
the writes, every query is made.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence, Sized
from functools import partial
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from . import reads, stamps, traced

#: Rows that are remembered in all; those of the queries that were asked for longest ago are forgotten first.
MOST_ROWS = 500_000
#: Queries that are remembered: one takes some 6 kB whatever it finds, even if it finds nothing.
MOST_QUERIES = 4_000
#: Of the results of `made`, bytes of those that are written down as bytes.
MOST_BYTES = 8_000_000
#: Seconds after which queries are made again whatever the stamps say: see `kb.pages.LIFETIME`.
LIFETIME = 600
#: Results of `made` that are remembered; those that were asked for longest ago are forgotten first.
MOST_MADE = 512

T = TypeVar("T")


class _RememberedRows(NamedTuple):
    """What was found, with the stamps of the tables that it was read from; see `reads.Tables`."""

    stamps: Mapping[str, str]
    rows: Any
    loose: Collection[str] = ()
    queries: Sequence[traced.Query] = ()
    until: float = 0.0


class _Read:
    """Records that `each` read at once, by primary key; the same object for all of them."""

    def __init__(self, found: _RememberedRows):
        self.found = found


_found: OrderedDict[Any, _RememberedRows] = OrderedDict()
_made: OrderedDict[Hashable, _RememberedRows] = OrderedDict()
_by_key: dict[Hashable, dict[int, _Read]] = {}
_lock = threading.Lock()
_held = 0


def rows(queryset: QuerySet[Any]) -> Sequence[Any]:
    """The rows of a query that reads values, in its order; no query if they are remembered. Not to be changed."""
    return _rows(queryset, list)


def keys(queryset: QuerySet[Any]) -> Sequence[int]:
    """The primary keys of the rows of a query, in its order; no query if they are remembered."""
    return _rows(queryset.values_list("pk", flat=True), _packed)


def read(queryset: QuerySet[Any], reader: Callable[[QuerySet[Any]], Sized]) -> Any:
    """What a function makes of the rows of a query of values; no query if it is remembered. Not to be changed."""
    return _rows(queryset, reader)


def made(key: Hashable, make: Callable[[], T], *, is_kept: bool = False) -> T:
    """What a function makes of all that it reads; not called if that is remembered. Not to be changed.

    For what takes several queries, or one that takes long to build. key: all that it depends on besides what it reads,
    such as its own name, its arguments and the day. is_kept: it is kept by who asks, so it has to be as the database
    is now, and not as the stamps say: its queries are asked again each time.
    """
    now = _stamps_now()
    if now is None:
        return make()
    with traced.once(is_new=is_kept):
        if (found := _still_true(_made, key, now, trusts_stamps=not is_kept)) is not None:
            value: T = found.rows
            return value
        with reads.reading(is_traced=True) as tables:
            value = make()
    if not tables.others:
        with _lock:
            _made[key] = _remembered(value, tables, now)
            _made.move_to_end(key)
            while len(_made) > MOST_MADE or sum(map(_bytes_of, _made.values())) > MOST_BYTES:
                _made.popitem(last=False)
    return value


def of(make: Callable[..., T], *arguments: Hashable) -> T:
    """What a function makes of these arguments and of what it reads, in the same way."""
    return made((make, *arguments), partial(make, *arguments))


def each(
    name: Hashable, keys: Collection[int], read_these: Callable[[list[int]], Mapping[int, T]], most: int
) -> dict[int, T]:
    """What a function reads of each of these records, in their order, by primary key. Not to be changed.

    It is called for those that are not remembered, or not as they are now; after a write the queries are asked again
    by which they were read. name: says what is read. most: of how many records this is remembered; beyond it begins
    anew.
    """
    if not keys:
        return {}
    now = _stamps_now()
    if now is None:
        fresh = read_these(list(keys))
        return {key: fresh[key] for key in keys if key in fresh}
    known = _by_key.get(name, {})
    with traced.once():
        read = _still_read({known[key] for key in keys if key in known}, now)
        found: dict[int, T] = {key: known[key].found.rows[key] for key in keys if known.get(key) in read}
        missing = [key for key in keys if key not in found]
        if missing:
            with reads.reading(is_traced=True) as tables:
                fresh = read_these(missing)
            found.update(fresh)
            if not tables.others:
                others = known if len(known) + len(fresh) <= most else {}
                _by_key[name] = {**others, **dict.fromkeys(fresh, _Read(_remembered(fresh, tables, now)))}
    return {key: found[key] for key in keys if key in found}


def _still_read(read: Collection[_Read], now: stamps.Stamps) -> set[_Read]:
    """Those whose records would be the same now. Of several that may not be, none: to read all at once is cheaper."""
    stale = {one for one in read if not _is_current(one.found, now)}
    asked = read if len(stale) == 1 else set(read) - stale
    still = set()
    for one in asked:
        if (found := _true_now(one.found, now)) is not None:
            one.found = found
            still.add(one)
    return still


def is_watching() -> bool:
    """Whether anything can be remembered here and now; if not, every query is made."""
    return settings.WATCH_WRITES and not _in_transaction()


def forget() -> None:
    """Forget everything."""
    global _held
    with _lock:
        _found.clear()
        _made.clear()
        _by_key.clear()
        _held = 0


def _stamps_now() -> stamps.Stamps | None:
    """The stamps as they are now; None where nothing can be remembered, or nobody knows whether it was written to."""
    if not is_watching():
        return None
    try:
        return stamps.current()
    except DatabaseError:
        return None


def _bytes_of(found: _RememberedRows) -> int:
    return len(found.rows) if isinstance(found.rows, bytes) else 0


def _remembered(value: Any, tables: reads.Tables, now: stamps.Stamps) -> _RememberedRows:
    until = time.monotonic() + LIFETIME
    return _RememberedRows(now.of(tables.names), value, frozenset(tables.loose), tuple(tables.queries), until)


def _still_true(
    held: OrderedDict[Any, _RememberedRows], key: Hashable, now: stamps.Stamps, *, trusts_stamps: bool = True
) -> _RememberedRows | None:
    """What is held under a key, if it would be the same now."""
    with _lock:
        found = held.get(key)
        if found is not None:
            held.move_to_end(key)
    if found is None or (now_found := _true_now(found, now, trusts_stamps=trusts_stamps)) is None:
        return None
    if now_found is not found:
        with _lock:
            held[key] = now_found
    return now_found


def _is_current(found: _RememberedRows, now: stamps.Stamps) -> bool:
    """Whether nothing was written to its tables since."""
    return now.are(found.stamps) and time.monotonic() < found.until


def _true_now(found: _RememberedRows, now: stamps.Stamps, *, trusts_stamps: bool = True) -> _RememberedRows | None:
    """What was found, with the stamps of now, if it would be the same; the tables are noted as read.

    It would if nothing was written to its tables since, or else if all its queries find what they found.
    """
    if trusts_stamps and _is_current(found, now):
        reads.note(found.stamps, found.loose, found.queries)
        return found
    if not now.are({table: found.stamps[table] for table in (*found.loose, stamps.EVERYTHING)}):
        return None
    if time.monotonic() >= found.until and len(found.loose) > 1:
        return None
    at_hand = []
    for query in found.queries:
        if query.is_answered():
            at_hand.append(query)
        if not query.finds_the_same():
            return None
    names = [table for table in found.stamps if table != stamps.EVERYTHING]
    # Those who read around this have heard of the queries that were asked, and not of those whose answers were at hand.
    reads.note(found.stamps, found.loose, at_hand)
    return found._replace(stamps=now.of(names), until=time.monotonic() + LIFETIME)


def _packed(found: Iterable[int]) -> Sequence[int]:
    return array("q", found)


def _rows(queryset: QuerySet[Any], read: Callable[[Any], Any]) -> Any:
    if not is_watching():
        return read(queryset)
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:
        return read(())
    key = (sql, repr(params), read)
    now = _stamps_now()
    if now is None:
        return read(queryset)
    with traced.once():
        if (found := _still_true(_found, key, now)) is not None:
            return found.rows
        with reads.reading(is_traced=True) as tables:
            found_rows = read(queryset)
    found = _remembered(found_rows, tables, now)
    if not tables.others:
        _keep(key, found)
    return found.rows


def _in_transaction() -> bool:
    return connection.in_atomic_block


def _keep(key: Any, found: _RememberedRows) -> None:
    global _held
    with _lock:
        before = _found.pop(key, None)
        _held += len(found.rows) - (len(before.rows) if before else 0)
        _found[key] = found
        while (_held > MOST_ROWS or len(_found) > MOST_QUERIES) and len(_found) > 1:
            _held -= len(_found.popitem(last=False)[1].rows)
