"""Make and insert many rows at a small part of what Django takes, which asks every field about each value of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import connections, models, transaction
from django.db.models.base import ModelState

from .base import bulk_write
from .batches import batched

#: The most values of one statement. Each of our databases takes more.
MOST_VALUES = 10_000
#: The types of values that both databases take as they are.
PLAIN = frozenset({str, int, bool, type(None)})


def new_row(model: type[models.Model]) -> Any:
    """A row with the default of each field, made as Django makes those that it unpickles."""
    row: Any = model.__new__(model)
    constant, computed = _defaults(model)
    row.__dict__.update(constant)
    row.__dict__.update((field.attname, field.get_default()) for field in computed)
    row._state = ModelState()
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[Any]]:
    """The defaults that are the same for all rows, and the fields whose default is worked out for each."""
    computed = [field for field in model._meta.concrete_fields if callable(field.default) and field.has_default()]
    return {f.attname: f.get_default() for f in model._meta.concrete_fields if f not in computed}, computed


def refer(row: Any, name: str, target: Any) -> None:
    """Let a foreign key name a row that was read already, without asking which database each belongs to."""
    field = row._meta.get_field(name)
    setattr(row, field.attname, getattr(target, field.target_field.attname) if target is not None else None)
    field.set_cached_value(row, target)


def insert(rows: Sequence[models.Model], using: str) -> None:
    """Store new rows of one model, and announce them as `bulk_create` does. Those that have no keys get them.

    Either all have keys, of `Keys`, or none.
    """
    if not rows:
        return
    model, connection = type(rows[0]), connections[using]
    meta: Any = model._meta
    quote = connection.ops.quote_name
    key, has_keys = meta.pk.attname, rows[0].pk is not None
    fields = [field for field in meta.local_concrete_fields if has_keys or not field.primary_key]
    values, place = _values_of(fields, connection), f"({', '.join(['%s'] * len(fields))})"
    into = f"INSERT INTO {quote(meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "  # noqa: S608
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        for batch in batched(rows, MOST_VALUES // len(fields)):
            places = ", ".join([place] * len(batch))
            given = [value for row in batch for value in values(row)]
            cursor.execute(f"{into}{places} RETURNING {quote(meta.pk.column)}", given)
            for row, (pk,) in zip(batch, cursor.fetchall(), strict=True):
                setattr(row, key, pk)
                row._state.adding, row._state.db = False, using
        bulk_write.send(model, pks=[row.pk for row in rows], using=using)


class Keys:
    """Primary keys for new rows, before they are stored. Needs a transaction."""

    #: How many are asked for at once.
    AT_ONCE = 500

    def __init__(self, using: str):
        self.using = using
        self.free: dict[type[models.Model], list[int]] = {}
        self.last: dict[type[models.Model], int] = {}

    def next(self, model: type[models.Model]) -> int:
        """A key that no row has, nor will have."""
        if not self.free.get(model):
            self.free[model] = self._more(model)[::-1]
        return self.free[model].pop()

    def _more(self, model: type[models.Model]) -> list[int]:
        table, column = model._meta.db_table, model._meta.pk.column
        with connections[self.using].cursor() as cursor:
            if connections[self.using].vendor == "postgresql":
                name = connections[self.using].ops.quote_name(table)
                sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
                cursor.execute(sequence, [name, column, self.AT_ONCE])
                return [number for (number,) in cursor.fetchall()]
            if model not in self.last:  # SQLite has one writer at a time
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
                self.last[model] = (cursor.fetchone() or (0,))[0]
        first = self.last[model] + 1
        self.last[model] += self.AT_ONCE
        return list(range(first, first + self.AT_ONCE))


def _values_of(fields: Sequence[Any], connection: Any) -> Callable[[models.Model], Iterable[Any]]:
    """A function that gives the values of a row as the database takes them."""
    stored = itemgetter(*(field.attname for field in fields))
    computed = [field for field in fields if type(field).pre_save is not models.Field.pre_save]

    def values(row: models.Model) -> Iterable[Any]:
        for field in computed:
            field.pre_save(row, True)
        found = stored(row.__dict__)
        if PLAIN.issuperset(map(type, found)):
            return found
        return [
            value if type(value) in PLAIN else field.get_db_prep_save(value, connection)
            for field, value in zip(fields, found, strict=True)
        ]

    return values
