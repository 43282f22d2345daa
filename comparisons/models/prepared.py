"""Queries of records by their keys that Django builds once: that takes longer than the database takes to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

#: Stand for the keys while a query is built; no record has them.
_PLACES = (1_999_999_973, 1_999_999_943)


def slots(values: Collection[Any]) -> str:
    """What stands for these values between the brackets of an IN."""
    return ", ".join(["%s"] * len(values))


class _Built(NamedTuple):
    """A query as it was built. parts: its SQL around the parameters, of which keys are a place of `_PLACES`.

    converters: what makes values of Python of its columns.
    """

    rows: QuerySet[Any]
    compiler: Any
    parts: tuple[str, ...]
    params: tuple[Any, ...]
    converters: dict[int, Any]


class ByKeys:
    """A query of the records with some keys, which is built once for any number of keys.

    build: makes the query of a list of keys, with one `…__in` of them, and of nothing else that changes; or of two such
    lists.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]):
        self.build = build
        self._built: dict[str, _Built] = {}

    def __call__(self, *keys: Collection[int], using: str = DEFAULT_DB_ALIAS) -> list[Any]:
        """What is found of the records with these keys; one query, none for no keys."""
        if not all(keys):
            return []
        built = self._built.get(using) or self._build(len(keys), using)
        given = dict(zip(_PLACES, keys, strict=False))
        sql, params = built.parts[0], list[Any]()
        for param, part in zip(built.params, built.parts[1:], strict=True):
            values = given.get(param, (param,)) if isinstance(param, int) else (param,)
            sql += slots(values) + part
            params.extend(values)
        # What compiling has found out about the columns is the same for every connection and for any number of keys.
        compiler = copy(built.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_, **__: (sql, params)
        compiler.get_converters = lambda _columns: built.converters
        rows = built.rows._chain()  # type: ignore[attr-defined]
        rows.query.get_compiler = lambda *_, **__: compiler
        return list(rows)

    def _build(self, count: int, using: str) -> _Built:
        places = _PLACES[:count]
        rows = self.build(*([place] for place in places)).using(using)
        compiler: Any = rows.query.get_compiler(using)
        sql, params = compiler.as_sql()
        parts = sql.split("%s")
        before = [part for part, param in zip(parts, params, strict=False) if param in places]
        if len(parts) != len(params) + 1 or len(before) != count or not all(one.endswith("IN (") for one in before):
            raise ValueError(f"The keys do not stand in one IN of {sql}")
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        found = _Built(rows, compiler, tuple(parts), tuple(params), converters)
        self._built[using] = found
        return found
