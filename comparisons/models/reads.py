"""Notes the tables that a block of code reads, and by which queries, so that what it made can be kept for as long as
these are the same.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

from . import subject, traced
from .stamps import EVERYTHING, OWN

_TABLE = re.compile(r"\b(?:comparisons|auth|django)_\w+")

Execute = Callable[..., Any]


class Tables:
    """The tables that a block of code reads.

    names: of all of them. queries: those that it made, with what they found, if they are traced. loose: the tables
    that it reads otherwise as well, or by a query that cannot be asked again. others: whether some belong to other
    apps, whose writes have no stamps.
    """

    def __init__(self, *, is_traced: bool = False) -> None:
        # Processes remember the subject, so that most pages do not read it.
        self.names = {subject.Subject._meta.db_table}
        self.loose = set(self.names)
        self.queries: list[traced.Query] = []
        self.is_traced = is_traced

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
        tables = tables_in(sql)
        self.names.update(tables)
        if not self.is_traced:
            return execute(sql, params, many, context)
        if (query := traced.answered(sql, params, many, context)) is not None:
            return note(tables, (), [query])  # since those who read inside this block would not hear of it
        result = execute(sql, params, many, context)
        query = traced.after(sql, params, many, context)
        if query is None:
            self.loose.update(tables)
        else:
            self.queries.append(query)
        return result

    @property
    def asked(self) -> bool:
        """Whether it read any but the subject."""
        return len(self.names) > 1

    @property
    def others(self) -> bool:
        return any(not name.startswith(OWN) for name in self.names)


class _Readers(threading.local):
    """The blocks of this thread that note the tables that it reads."""

    def __init__(self) -> None:
        self.tables: list[Tables] = []


_readers = _Readers()


@contextmanager
def reading(*, is_traced: bool = False) -> Iterator[Tables]:
    """Note the tables that this thread reads in the block, from any database. is_traced: and what queries found."""
    tables = Tables(is_traced=is_traced)
    _readers.tables.append(tables)
    try:
        with ExitStack() as stack:
            for each in connections.all():
                stack.enter_context(each.execute_wrapper(tables))
            yield tables
    finally:
        _readers.tables.remove(tables)


def note(names: Collection[str], loose: Collection[str] | None = None, queries: Collection[traced.Query] = ()) -> None:
    """Note tables that this thread uses without a query, since what it would read is remembered.

    queries: those by which it was read, if all but the `loose` tables were read by them alone.
    """
    for tables in _readers.tables:
        tables.names.update(name for name in names if name != EVERYTHING)
        tables.loose.update(names if loose is None else loose)
        tables.queries.extend(queries)


def tables_in(sql: str) -> frozenset[str]:
    """The tables that a statement names."""
    return frozenset(_TABLE.findall(sql))
