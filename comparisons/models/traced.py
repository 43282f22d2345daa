"""What queries found, so that they can be asked later whether they find the same.

What was made of some queries is still true if each of them finds the same rows. To ask them again costs SQL alone:
Django takes longer to build a query and to read its rows than the database takes to answer it. What has to be made anew
is made of the rows that were found when they were compared (`once`).
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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

    def is_answered(self) -> bool:
        """Whether it was asked `once` already, so that nobody hears of it if it is asked again."""
        return _key(self.using, self.sql, self.params) in _asked.answers

    def finds_the_same(self) -> bool:
        """Ask it again; one query, none if it was asked `once` already."""
        key = _key(self.using, self.sql, self.params)
        answer = _asked.answers.get(key)
        if answer is None:
            with connections[self.using].cursor() as cursor:
                cursor.execute(self.sql, self.params)
                answer = _Answer.of(cursor.fetchall())
            _asked.keep(key, answer)
        return answer.digest == self.found


class _Answer(NamedTuple):
    """The rows that a query found, and their digest; None for too many."""

    rows: list[Any]
    digest: bytes | None

    @classmethod
    def of(cls, rows: list[Any]) -> _Answer:
        return cls(rows, _digest(rows) if len(rows) <= MOST_ROWS else None)


class _Asked(threading.local):
    """The answers that a block of this thread has had. depth: how many blocks are open."""

    def __init__(self) -> None:
        self.depth = 0
        self.answers: dict[Any, _Answer] = {}

    def keep(self, key: Any, answer: _Answer) -> None:
        if self.depth and answer.digest is not None:
            self.answers[key] = answer


_asked = _Asked()


@contextmanager
def once(*, is_new: bool = False) -> Iterator[None]:
    """A block in which no traced query is asked twice, unless something is written in between.

    is_new: what a block around it has asked is asked again.
    """
    _asked.depth += 1
    if is_new:
        _asked.answers.clear()
    try:
        yield
    finally:
        _asked.depth -= 1
        if not _asked.depth:
            _asked.answers.clear()


class _Fetched:
    """A cursor of a database whose rows have been fetched already, and are handed out as if it were being read."""

    def __init__(self, cursor: Any, answer: _Answer):
        self.cursor = cursor
        self.answer = answer
        self._rows: Iterator[Any] = iter(answer.rows)

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


def answered(sql: str, params: Any, many: bool, context: dict[str, Any]) -> Query | None:
    """Before a statement, by the arguments of an execute wrapper: the query that it is, if it need not be asked again.

    Then its cursor hands out the rows at hand, else it is that of the database again.
    """
    cursor = context["cursor"]
    if isinstance(cursor.cursor, _Fetched):
        cursor.cursor = cursor.cursor.cursor
    if not _asked.depth:
        return None
    if not _is_query(sql):
        _asked.answers.clear()
    using = context["connection"].alias
    answer = None if many else _asked.answers.get(_key(using, sql, params))
    if answer is None or answer.digest is None:  # without a digest it is not kept
        return None
    cursor.cursor = _Fetched(cursor.cursor, answer)
    return Query(using, sql, params, answer.digest)


def after(sql: str, params: Any, many: bool, context: dict[str, Any]) -> Query | None:
    """After a statement: the query that it was, with what it found; None if it cannot be asked again."""
    cursor = context["cursor"]
    if many or not _is_query(sql) or cursor.description is None:
        return None
    using = context["connection"].alias
    if not isinstance(cursor.cursor, _Fetched):
        answer = _Answer.of(cursor.fetchall())
        cursor.cursor = _Fetched(cursor.cursor, answer)
        _asked.keep(_key(using, sql, params), answer)
    digest = cursor.cursor.answer.digest
    return None if digest is None else Query(using, sql, params, digest)


def _is_query(sql: str) -> bool:
    return sql.lstrip("(").startswith("SELECT")


def _key(using: str, sql: str, params: Any) -> tuple[str, str, str]:
    return using, sql, repr(params)


def _digest(rows: list[Any]) -> bytes:
    return hashlib.blake2b(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), digest_size=16).digest()
