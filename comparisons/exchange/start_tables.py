"""The files of a new knowledge base as tables for a spreadsheet: the same records as in its files of YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import yaml

from .claim_columns import CITATION_COLUMNS
from .claims.templates import to_csv
from .workbooks.kinds import CLAIMS, KINDS, OF_MODEL, SheetKind

#: Columns that a newcomer soon needs, though no record of the example fills them.
_MORE = {
    "frameworks": ("aliases", "license"),
    "criteria": ("unit",),
    "articles": ("author", "published_on"),
    "claims": ("number", "text", "quote", "status", "published_at"),
}


def as_tables(files: Iterable[str]) -> dict[str, str]:
    """The records of fixtures as CSV, by the names of the files. files: their texts."""
    rows: dict[SheetKind, list[dict[str, str]]] = {kind: [] for kind in KINDS}
    by_name = {str(kind.model._meta.model_name): kind for kind in OF_MODEL.values()}
    for text in files:
        for record in yaml.safe_load(text) or ():
            name = record["model"].rpartition(".")[2]
            values = {column: _text(value) for column, value in record["fields"].items()}
            if name == "citation":  # stands in the row of its claim, which comes before it
                rows[CLAIMS][-1] |= {column: values[column] for column in CITATION_COLUMNS if column in values}
            else:
                rows[by_name[name]].append(values)
    return {f"{kind.name}.csv": _table(kind, found) for kind, found in rows.items()}


def _table(kind: SheetKind, rows: list[dict[str, str]]) -> str:
    used = {column for row in rows for column in row} | {*_MORE.get(kind.name, ())}
    columns = [*(column for column in kind.columns if column in used), *(name for name in _DECIDED if name in used)]
    return to_csv([[row.get(column, "") for column in columns] for row in rows], tuple(columns))


_DECIDED = ("status", "published_at")


def _text(value: Any) -> str:
    """A value of a fixture as the text of a cell; of a natural key, the part that names the record itself."""
    if isinstance(value, list):
        return str(value[-1])
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
