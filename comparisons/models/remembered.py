"""What queries found, remembered by this process until a table that they read is written to.

For what would be read whole at every request though few writes change it: the counts of a list, and the order of its
rows. Whether something was written is known from the stamps of the tables (`stamps`), so what is remembered is as new
as a kept page: on SQLite always, else for at most `stamps.KNOWN_FOR`. Inside a transaction, which may see other rows
than the stamps speak of, and where nobody watches the writes, every query is made.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from . import stamps

#: Rows that are remembered in all; those of the queries that were asked for longest ago are forgotten first.
MOST_ROWS = 500_000


class _RememberedRows(NamedTuple):
    stamps: Mapping[str, str]
    rows: Any


_found: OrderedDict[Any, _RememberedRows] = OrderedDict()
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


def is_watching() -> bool:
    """Whether anything can be remembered here and now; if not, every query is made."""
    return settings.WATCH_WRITES and not _in_transaction()


def forget() -> None:
    """Forget everything."""
    global _held
    with _lock:
        _found.clear()
        _held = 0


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
    try:
        now = stamps.current()
    except DatabaseError:  # nobody knows whether something was written; the query says what is there
        return read(queryset)
    with _lock:
        found = _found.get(key)
        if found is not None:
            _found.move_to_end(key)
    if found is not None and now.are(found.stamps):
        stamps.note(found.stamps)
        return found.rows
    found = _RememberedRows(now.of(stamps.tables_in(sql)), read(queryset))
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
        while _held > MOST_ROWS and len(_found) > 1:
            _held -= len(_found.popitem(last=False)[1].rows)
