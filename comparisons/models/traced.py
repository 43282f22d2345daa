"""What queries found, so that they can be asked later whether they find the same.

What was made of some queries is still true if each of them finds the same rows. To ask them again costs SQL alone:
Django takes longer to build a query and to read its rows than the database takes to answer it.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections

#: Rows of a query that are compared; what finds more is made anew.
MOST_ROWS = 5_000


class Query(NamedTuple):
    """A query with its parameters on a connection, and the digest of the rows that it found."""

    using: str
    sql: str
    params: Any
    found: bytes

    def finds_the_same(self) -> bool:
        """Ask it again; one query."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return _digest(cursor.fetchall()) == self.found


class _Fetched:
    """A cursor of a database whose rows have been fetched already, and are handed out as if it were being read."""

    def __init__(self, cursor: Any):
        self.cursor = cursor
        rows = cursor.fetchall()
        self.digest = _digest(rows) if len(rows) <= MOST_ROWS else None
        self._rows: Iterator[Any] = iter(rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _place, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)


def before(context: dict[str, Any]) -> None:
    """Before a statement, by the context of an execute wrapper: let its cursor be that of the database again."""
    cursor = context["cursor"]
    if isinstance(cursor.cursor, _Fetched):
        cursor.cursor = cursor.cursor.cursor


def after(sql: str, params: Any, many: bool, context: dict[str, Any]) -> Query | None:
    """After a statement: the query that it was, with what it found; None if it cannot be asked again."""
    cursor = context["cursor"]
    if many or not sql.lstrip("(").startswith("SELECT") or cursor.description is None:
        return None
    if not isinstance(cursor.cursor, _Fetched):
        cursor.cursor = _Fetched(cursor.cursor)
    digest = cursor.cursor.digest
    return None if digest is None else Query(context["connection"].alias, sql, params, digest)


def _digest(rows: list[Any]) -> bytes:
    return hashlib.blake2b(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), digest_size=16).digest()
