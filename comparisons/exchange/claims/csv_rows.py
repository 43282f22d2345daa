"""Read CSV: one row for each claim and citation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CLAIM_COLUMNS
from comparisons.exchange.formulas import is_formula, unescaped

from . import limits
from .cells import clean, is_column
from .columns import CITATION_COLUMNS, COLUMNS
from .records import ClaimFile, FileRecord, Unreadable


def read_csv(text: str, file: ClaimFile) -> None:
    """Add the claims and the problems of a text to the file. Raises Unreadable."""
    header, rows = _split(text)
    names = [re.sub(r"[\s_]+", "_", cell.strip().lower()) for cell in header]
    if len(names) > limits.MAX_COLUMNS:
        raise Unreadable(1, _("There are more than %(most)d columns.") % {"most": limits.MAX_COLUMNS})
    while names and not names[-1]:
        names.pop()
    wanted = [is_column(file, 1, name, COLUMNS) for name in names]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise Unreadable(1, _("This column occurs twice."), name)
    found: dict[str, FileRecord] = {}
    for number, cells in rows:
        if number > limits.MAX_ROWS:
            raise Unreadable(
                number, _("There are more than %(most)d rows; split the file into parts.") % {"most": limits.MAX_ROWS}
            )
        if not any(cell.strip() for cell in cells):
            continue
        extra = cells[len(names) :]
        if len(cells) < len(names) or any(extra):
            message = _("This row has %(here)d cells, and the first row %(there)d. Check commas and quotation marks.")
            file.refuse(number, "", message % {"here": len(cells), "there": len(names)})
            continue
        values = {
            name: _csv_cell(file, number, name, cell)
            for name, cell, is_known in zip(names, cells, wanted, strict=False)
            if is_known
        }
        _add_row(file, found, number, values)
    file.records = list(found.values())


def _split(text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The first row, and the other rows with their numbers.

    The separator is the one that gives the most known columns.
    """
    first = text.split("\n", 1)[0]
    known = {mark: len(set(re.split(f"[{mark}]", re.sub(r'["\s]', "", first) if mark != "\t" else first.strip()))
                       & set(COLUMNS)) for mark in ",;\t"}  # fmt: skip
    mark = max(known, key=lambda mark: known[mark])

    def numbered() -> Iterator[tuple[int, list[str]]]:
        reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 0
        while True:
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                message = _(
                    "From here on the file cannot be read (%(error)s). Is a quotation mark opened and not closed, or "
                    "not written twice inside a text?"
                )
                raise Unreadable(number, message % {"error": error}) from error

    rows = numbered()
    header = next(rows, (1, []))[1]
    if not known[mark] and not {cell.strip().lower() for cell in header} & set(COLUMNS):
        message = _(
            "The first row has to name the columns, such as %(names)s; a comma, semicolon or tab separates them."
        )
        raise Unreadable(1, message % {"names": ", ".join(COLUMNS[1:6])})
    return header, rows


def _csv_cell(file: ClaimFile, row: int, column: str, cell: str) -> str:
    """The text of a cell; "" for a formula, which becomes a problem."""
    if is_formula(cell):
        message = _(
            "It begins with “%(mark)s”, which a spreadsheet takes for a formula. If it is text, put an apostrophe "
            "before it."
        )
        file.refuse(row, column, message % {"mark": cell.strip()[:1] or _("a tab or a new line")})
        return ""
    return clean(file, row, column, unescaped(cell))


def _add_row(file: ClaimFile, found: dict[str, FileRecord], row: int, values: dict[str, str]) -> None:
    """Add a row to the claim that it belongs to. found: the claims of the rows so far, by key."""
    claim = {name: value for name, value in values.items() if name in CLAIM_COLUMNS}
    cited = {name: value for name, value in values.items() if name in CITATION_COLUMNS}
    if not any(claim.values()):
        file.refuse(row, "key", _("This row names no claim: give its key, or repeat what the row of the claim says."))
        return
    if not any(value for name, value in claim.items() if name != "key"):
        claim = {"key": claim["key"]}  # the row only adds a citation
    record = FileRecord(row, claim)
    first = found.setdefault(record.key, record)
    if first.values.keys() == {"key"}:
        first.values |= claim
    elif first is not record:
        for name, value in claim.items():
            if value and value != first.values[name]:
                message = _(
                    "Row %(first)d says something else about the claim “%(key)s”; leave it empty or say the same."
                )
                file.refuse(row, name, message % {"first": first.row, "key": record.key})
    if any(cited.values()):
        first.citations.append(FileRecord(row, cited))
    elif first is not record:
        file.refuse(row, "", _("This row repeats the claim of row %(first)d and cites nothing.") % {"first": first.row})
