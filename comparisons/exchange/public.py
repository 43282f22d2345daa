"""What readers may see, record by record, for programs: the files of /data/ and the API give the same.

A kind names its fields one by one, so that nothing becomes public by being added to a model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Case, QuerySet
from django.urls import reverse

from comparisons.models.batches import batched

from .values import written

#: Rows for each query.
BATCH = 500
Record = dict[str, Any]


class PublicField(NamedTuple):
    """A field of a record. path: where its value is found from a row. type: as JSON Schema names it.

    shown: what is read in place of the path, if that may lead to a draft.
    """

    name: str
    path: str
    type: str
    format: str = ""
    shown: Case | None = None


class PublicList(NamedTuple):
    """A list of slugs in a record. read: the pairs (row, slug) of some rows, in order."""

    name: str
    read: Callable[[Sequence[int]], Iterable[tuple[int, str]]]


@dataclass(frozen=True)
class Kind:
    """A kind of record. key: the fields that name one. page: the name of its page and the fields in its address.

    rows: all that readers may see. finish: adds what is computed when a record is read, on a given day, and takes away
    what only that needs.
    """

    name: str
    title: str
    model: type[models.Model]
    key: tuple[str, ...]
    rows: Callable[[], QuerySet[Any]]
    fields: tuple[PublicField, ...]
    page: tuple[str, tuple[str, ...]] | None = None
    lists: tuple[PublicList, ...] = ()
    computed: tuple[PublicField, ...] = ()
    finish: Callable[[Record, dt.date], None] | None = None

    @property
    def columns(self) -> list[PublicField]:
        """All fields of a record but the lists and the address, in their order."""
        return [*(field for field in self.fields if field.format != "hidden"), *self.computed]

    @property
    def names(self) -> list[str]:
        """The names of all fields of a record, in their order."""
        end = ["address"] if self.page else []
        return [*(field.name for field in self.columns), *(one.name for one in self.lists), *end]


def records(kind: Kind, rows: QuerySet[Any], day: dt.date) -> Iterator[tuple[int, Record]]:
    """Rows as (primary key, record), in their order; a few queries for every 500, and none holds more."""
    for pks in batched(rows.values_list("pk", flat=True).iterator(chunk_size=BATCH), BATCH):
        yield from page_of(kind, list(pks), day)


def page_of(kind: Kind, pks: Sequence[int], day: dt.date) -> list[tuple[int, Record]]:
    """The records of these rows in this order: one query, and one for each list; none for no row."""
    if not pks:
        return []
    paths: list[Any] = [field.path if field.shown is None else field.shown for field in kind.fields]
    found = {pk: values for pk, *values in kind.model._base_manager.filter(pk__in=pks).values_list("pk", *paths)}
    lists = {one.name: _grouped(one.read(pks)) for one in kind.lists}
    made = []
    for pk in dict.fromkeys(pks):
        if pk in found:
            named = zip(kind.fields, found[pk], strict=True)
            record: Record = {field.name: _json(value) for field, value in named}
            if kind.finish:
                kind.finish(record, day)
            record |= {name: values.get(pk, []) for name, values in lists.items()}
            if kind.page:
                name, arguments = kind.page
                where = reverse(f"comparisons:{name}", args=[record[argument] for argument in arguments])
                record["address"] = settings.SITE_URL + where
            made.append((pk, record))
    return made


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, slug in pairs:
        found.setdefault(pk, []).append(slug)
    return found


def _json(value: Any) -> Any:
    """A stored value as JSON has it; exact decimals are texts."""
    if isinstance(value, Decimal):
        return written(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value
