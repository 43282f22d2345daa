"""Insert many rows at a small part of what `bulk_create` costs, which checks and converts every value of every row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

from comparisons.models.names import follow

Row = TypeVar("Row", bound=models.Model)
#: Values that both databases take as they are.
PLAIN = (str, int, bool, type(None))


def create(rows: Iterable[Row]) -> list[Row]:
    """Insert rows of one model, and return them with their keys. Nothing is announced, so nothing is derived."""
    rows = list(rows)
    if not rows:
        return rows
    model = type(rows[0])
    fields = model._meta.concrete_fields
    first = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
    for pk, row in enumerate(rows, start=first):
        row.pk = pk
        follow(row)
    _insert(model, [field.column for field in fields], [[_value(field, row) for field in fields] for row in rows])
    return rows


def _value(field: Any, row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return value if type(value) in PLAIN else field.get_db_prep_save(value, connection)


def _insert(model: Any, columns: list[str], values: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    places = ", ".join(["%s"] * len(columns))
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", values)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def record(model: Any, when: str | datetime) -> None:
    """Give every row of a model the first entry of its history. when: a time, or the column that holds it."""
    entries = model.history.model
    own = {field.column for field in model._meta.concrete_fields}
    blank = entries(history_type="+")
    columns, values, given = [], [], []
    quote = connection.ops.quote_name
    for field in entries._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(quote(field.column))
        if field.name == "history_date":
            values.append(quote(when) if isinstance(when, str) else "%s")
            given.extend([] if isinstance(when, str) else [field.get_db_prep_save(when, connection)])
        elif field.column in own:
            values.append(quote(field.column))
        else:
            values.append("%s")
            given.append(_value(field, blank))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(entries._meta.db_table)} ({', '.join(columns)})"
            f" SELECT {', '.join(values)} FROM {quote(model._meta.db_table)} ORDER BY id",
            given,
        )
