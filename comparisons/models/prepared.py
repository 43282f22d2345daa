"""Queries of records by their keys that Django builds once: that takes longer than the database takes to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

#: Stands for the keys while a query is built; no record has it.
_PLACE = 1_999_999_973


def slots(values: Collection[Any]) -> str:
    """What stands for these values between the brackets of an IN."""
    return ", ".join(["%s"] * len(values))


class _Built(NamedTuple):
    """A query as it was built. before, after: its SQL around the keys. given: the parameters around them.

    converters: what makes values of Python of its columns.
    """

    rows: QuerySet[Any]
    compiler: Any
    before: str
    after: str
    given: tuple[tuple[Any, ...], tuple[Any, ...]]
    converters: dict[int, Any]


class ByKeys:
    """A query of the records with some keys, which is built once for any number of keys.

    build: makes the query of a list of keys, with one `…__in` of them, and of nothing else that changes.
    """

    def __init__(self, build: Callable[[list[int]], QuerySet[Any]]):
        self.build = build
        self._built: dict[str, _Built] = {}

    def __call__(self, keys: Collection[int], using: str = DEFAULT_DB_ALIAS) -> list[Any]:
        """What is found of the records with these keys; one query, none for no keys."""
        if not keys:
            return []
        built = self._built.get(using) or self._build(using)
        sql = built.before + slots(keys) + built.after
        params = (*built.given[0], *keys, *built.given[1])
        # What compiling has found out about the columns is the same for every connection and for any number of keys.
        compiler = copy(built.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_, **__: (sql, params)
        compiler.get_converters = lambda _columns: built.converters
        rows = built.rows._chain()  # type: ignore[attr-defined]
        rows.query.get_compiler = lambda *_, **__: compiler
        return list(rows)

    def _build(self, using: str) -> _Built:
        rows = self.build([_PLACE]).using(using)
        compiler: Any = rows.query.get_compiler(using)
        sql, params = compiler.as_sql()
        at = params.index(_PLACE)
        parts = sql.split("%s")
        before, after = "%s".join(parts[: at + 1]), "%s".join(parts[at + 1 :])
        if len(parts) != len(params) + 1 or not before.endswith("IN (") or params.count(_PLACE) != 1:
            raise ValueError(f"The keys do not stand in one IN of {sql}")
        given = tuple(params[:at]), tuple(params[at + 1 :])
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        found = _Built(rows, compiler, before, after, given, converters)
        self._built[using] = found
        return found
