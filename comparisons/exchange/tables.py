"""Rows of any model as a table for people: natural keys instead of primary keys, columns in a fixed order."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TextIO

from django.db import models

from comparisons.domain.claim_fields import CLAIM_COLUMNS, CLAIM_FIELDS
from comparisons.models import Challenge, Citation, Proposal
from comparisons.models.base import Row, Versioned
from comparisons.models.batches import batched

from .claim_columns import CITATION_COLUMNS, CITATIONS, COLUMNS
from .formulas import escaped
from .values import written

#: Rows for each query.
BATCH = 500
#: The formats with their content types.
FORMATS = {"csv": "text/csv", "json": "application/json", "yaml": "application/yaml"}
#: Fields that are of no use outside the database, and fields that nobody may see.
LEFT_OUT = frozenset({"id", "password", "content", "contributors", "base", "state", "mail", "receipt"})
#: Fields that count the saves of a row.
COUNTERS = frozenset({"version"})
#: Stands between several values in one cell.
JOINT = "; "


@dataclass(frozen=True)
class TableColumn:
    """A column of a table. lookups: where its value is found; several are the parts of a natural key.

    many: the many-to-many field whose values it lists; None for a single value.
    """

    name: str
    lookups: tuple[str, ...]
    many: Any = None


def columns_of(model: type[models.Model]) -> list[TableColumn]:
    """The columns of a model in the order of its fields; its many-to-many fields come last."""
    counts_saves = issubclass(model, (Versioned, Proposal, Challenge))
    left_out = LEFT_OUT | COUNTERS if counts_saves else LEFT_OUT
    plain_: list[Any] = [f for f in model._meta.concrete_fields if f.name not in left_out]
    found = [TableColumn(f.name, tuple(_lookups(f))) for f in plain_]
    many: tuple[Any, ...] = tuple(model._meta.many_to_many)
    for target in many:
        if target.remote_field.through._meta.auto_created and target.name not in LEFT_OUT:
            found.append(TableColumn(target.name, tuple(_lookups(target)), target))
    return found


def _lookups(target: Any) -> list[str]:
    if not target.is_relation:
        return [target.name]
    related = target.related_model
    if issubclass(related, Row):
        return [f"{target.name}__{lookup}" for lookup in related.natural_key_fields]
    # People and groups have no natural key; a unique name takes its place.
    unique = (f.name for f in related._meta.concrete_fields if f.unique and isinstance(f, models.CharField))
    return [f"{target.name}__{next(unique, 'pk')}"]


def records(rows: models.QuerySet, columns: list[TableColumn]) -> Iterator[dict[str, Any]]:
    """Each row by column, with values as JSON has them; one query for the primary keys and a few for every 500 rows."""
    model = rows.model
    single = [column for column in columns if column.many is None]
    paths = [path for column in single for path in column.lookups]
    for batch in batched(rows.values_list("pk", flat=True).iterator(chunk_size=BATCH), BATCH):
        base = model._base_manager.using(rows.db).filter(pk__in=batch).order_by()
        found = {pk: flat for pk, *flat in base.values_list("pk", *paths)}
        lists = {column.name: _lists(column, batch, rows.db) for column in columns if column.many is not None}
        for pk in dict.fromkeys(batch):
            if pk not in found:
                continue  # deleted since its key was read, which happens only outside a snapshot
            parts = iter(found[pk])
            record = {column.name: _joined([next(parts) for _ in column.lookups]) for column in single}
            yield record | {name: values.get(pk, []) for name, values in lists.items()}


def _lists(column: TableColumn, pks: list[Any], using: str) -> dict[Any, list[Any]]:
    own, other = column.many.m2m_field_name(), column.many.m2m_reverse_field_name()
    paths = [other + path.removeprefix(column.name) for path in column.lookups]
    links = column.many.remote_field.through._base_manager.using(using).filter(**{f"{own}__in": pks}).order_by("pk")
    found: dict[Any, list[Any]] = {}
    for left, *key in links.values_list(f"{own}_id", *paths):
        found.setdefault(left, []).append(_joined(key))
    return found


def _joined(key: list[Any]) -> Any:
    if len(key) == 1:
        return _json(key[0])
    return None if key[-1] is None else " / ".join(str(part) for part in key)


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return written(value)
    if isinstance(value, (dt.date, dt.datetime, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return None
    return value


def claims_for_import(rows: models.QuerySet) -> Iterator[dict[str, Any]]:
    """Claims with their citations in the form that an import reads."""
    fields = [field for field in CLAIM_FIELDS if field.name in CLAIM_COLUMNS]
    single = {f"{field.name}__slug" if field.is_reference else field.name: field.name for field in fields}
    for batch in batched(rows.values_list("pk", flat=True).iterator(chunk_size=BATCH), BATCH):
        base = rows.model._base_manager.using(rows.db).filter(pk__in=batch).order_by()
        found = {pk: flat for pk, *flat in base.values_list("pk", *single)}
        cited: dict[Any, list[dict[str, Any]]] = {}
        citations = Citation.objects.using(rows.db).filter(claim__in=batch).order_by("pk")
        for claim, slug, *values in citations.values_list("claim_id", "article__slug", *CITATION_COLUMNS[1:]):
            cells = dict(zip(CITATION_COLUMNS, (slug, *values), strict=True))
            cited.setdefault(claim, []).append({name: written(value) for name, value in cells.items()})
        for pk in dict.fromkeys(batch):
            if pk in found:
                cells = {name: written(value) for name, value in zip(single.values(), found[pk], strict=True)}
                yield cells | {CITATIONS: cited.get(pk, [])}


def flat(claims: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each citation, or one for a claim without any; the columns of the claim are repeated in each."""
    for claim in claims:
        own = {name: claim[name] for name in CLAIM_COLUMNS}
        for citation in claim[CITATIONS] or [dict.fromkeys(CITATION_COLUMNS, "")]:
            yield own | citation


def write(file: TextIO, format: str, names: Iterable[str], rows: Iterable[dict[str, Any]]) -> int:
    """Write rows one by one in one of FORMATS, and return their number."""
    return {"csv": _write_csv, "json": _write_json, "yaml": _write_yaml}[format](file, list(names), rows)


def _write_csv(file: TextIO, names: list[str], rows: Iterable[dict[str, Any]]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(names)
    for row in rows:
        count += 1
        writer.writerow([escaped(in_one_cell(row[name])) for name in names])
    return count


def in_one_cell(value: Any) -> str:
    """A value as the text of one cell: texts of a list side by side, other lists and objects as JSON, "" for None."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return JOINT.join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else written(value)


def _write_json(file: TextIO, names: list[str], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    file.write("[")
    for count, row in enumerate(rows, start=1):
        file.write("\n" if count == 1 else ",\n")
        file.write(json.dumps({name: row[name] for name in names}, ensure_ascii=False))
    file.write("\n]\n" if count else "]\n")
    return count


def _write_yaml(file: TextIO, names: list[str], rows: Iterable[dict[str, Any]]) -> int:
    import yaml  # 700 kB that only those who take YAML away need

    from .yaml_text import FastDumper

    count = 0
    for row in rows:
        count += 1
        record = [{name: row[name] for name in names}]
        yaml.dump(record, file, Dumper=FastDumper, sort_keys=False, allow_unicode=True, width=110)
    if not count:
        file.write("[]\n")
    return count


#: The columns of claims in the form that an import reads: of a sheet, and of a list of claims.
IMPORT_COLUMNS = {"csv": COLUMNS, "json": (*CLAIM_COLUMNS, CITATIONS), "yaml": (*CLAIM_COLUMNS, CITATIONS)}
