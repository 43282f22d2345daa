"""What a page shows as a table to take away: the same rows and columns in each of FORMATS, silences in words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple

from .formulas import escaped
from .tables import in_one_cell

Value = str | int | bool | Decimal | date | None


class SheetColumn(NamedTuple):
    """A column. name: for programs, and never changed; title: for people.

    in_words: it says in words what the entries of the column before it hold as data, so that JSON goes without it.
    """

    name: str
    title: str
    in_words: bool = False


class Entry(NamedTuple):
    """An entry that is more than its text.

    address: of its page. data: what stands for the text in JSON, or a function that makes it if it is asked for.
    """

    text: Value
    address: str = ""
    data: Any = None


@dataclass(frozen=True)
class Sheet:
    """A table with the words above it.

    rows: one entry for each column; they may be made one by one while they are written, once. about: what holds for
    the whole, by name, such as its address, day and licence; where there is a place for it: CSV has none.
    """

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Value | Entry]]
    about: Mapping[str, Value] = field(default_factory=dict)


def text_of(value: Value | Entry) -> str:
    """An entry as the text of a cell; "" for None."""
    return in_one_cell(value.text if isinstance(value, Entry) else value)


def data_of(value: Value | Entry) -> Any:
    """An entry as JSON has it. Numbers that are not whole are texts, so that no digit is lost."""
    if isinstance(value, Entry):
        if value.data is None:
            return data_of(value.text)
        return value.data() if callable(value.data) else value.data
    if isinstance(value, date):
        return value.isoformat()
    return in_one_cell(value) if isinstance(value, Decimal) else value


def _csv(sheet: Sheet) -> Iterator[str]:
    """RFC 4180, with the mark by which spreadsheets know UTF-8, and no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)

    def line(texts: Sequence[str]) -> str:
        out.seek(0)
        out.truncate()
        writer.writerow(texts)
        return out.getvalue()

    yield "\ufeff" + line([escaped(column.name) for column in sheet.columns])
    for row in sheet.rows:
        yield line([escaped(text_of(value)) for value in row])


def _json(sheet: Sheet) -> Iterator[str]:
    """One object: what holds for the whole, the columns, and a list of rows, one to a line."""
    shown = [(at, column) for at, column in enumerate(sheet.columns) if not column.in_words]
    head = {"title": sheet.title, **{name: data_of(value) for name, value in sheet.about.items()}}
    head["columns"] = [{"name": column.name, "title": column.title} for _at, column in shown]
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(sheet.rows):
        data = {column.name: data_of(row[at]) for at, column in shown}
        yield ("," if number else "") + "\n" + json.dumps(data, ensure_ascii=False)
    yield "\n]}\n"


#: What would begin markup in a cell of a Markdown table. Emphasis and code may stay: our texts are Markdown.
_MARKUP = re.compile(r"[\\|<\[\]]")


def md_text(text: str) -> str:
    """A text in one line of Markdown that brings in neither HTML nor links."""
    return " ".join(_MARKUP.sub(r"\\\g<0>", text).split())


def _md_cell(value: Value | Entry) -> str:
    text = md_text(text_of(value))
    return f"[{text}](<{value.address}>)" if isinstance(value, Entry) and value.address and text else text


def _md(sheet: Sheet) -> Iterator[str]:
    """A table for a README, below what holds for the whole."""
    yield f"# {md_text(sheet.title)}\n\n"
    for name, value in sheet.about.items():
        if value not in (None, ""):
            yield f"- {name.replace('_', ' ')}: {md_text(text_of(value))}\n"
    yield "\n" if sheet.about else ""
    yield f"| {' | '.join(md_text(column.title) for column in sheet.columns)} |\n"
    yield f"|{' --- |' * len(sheet.columns)}\n"
    for row in sheet.rows:
        yield f"| {' | '.join(map(_md_cell, row))} |\n"


#: The formats that are texts; exchange/spreadsheets.py writes the other one.
FORMATS: dict[str, Callable[[Sheet], Iterator[str]]] = {"csv": _csv, "json": _json, "md": _md}


def write(file: BinaryIO, sheet: Sheet, format: str) -> None:
    """Write a sheet in one of FORMATS, row by row."""
    for text in FORMATS[format](sheet):
        file.write(text.encode())
