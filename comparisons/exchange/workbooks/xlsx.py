"""Read the sheets of an .xlsx by openpyxl, which is part of the extra `xlsx`. A workbook may be hostile."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.exchange.claims import limits
from comparisons.exchange.claims.csv_tables import SourceTable, check_heads, heads
from comparisons.exchange.claims.records import ClaimFile, Unreadable

from .kinds import KINDS, SheetKind, kind_named
from .workbook import Workbook

#: Parts of a workbook that lead out of it or run, with what they are called.
_REFUSED = {
    "xl/externallinks/": gettext_lazy("links to other workbooks"),
    "xl/vbaproject": gettext_lazy("macros"),
    "xl/macrosheets/": gettext_lazy("macros"),
    "xl/connections": gettext_lazy("connections to data outside"),
    "xl/querytables/": gettext_lazy("connections to data outside"),
    "xl/embeddings/": gettext_lazy("embedded objects"),
    "xl/activex/": gettext_lazy("embedded objects"),
    "customui/": gettext_lazy("macros"),
}
#: Columns in which 3.1 and 3.10 are two values: as numbers they would be one.
_VERSIONS = frozenset(["since_version", "until_version", "versions", "edition", "first_release"])
#: Rows at the top of a sheet among which the names of the columns are looked for.
_LOOKED_AT = 20


def read_xlsx(archive: zipfile.ZipFile, content: bytes, book: Workbook) -> None:
    """Add the sheets of a workbook. archive: its parts. Raises Unreadable if it is refused as a whole."""
    refuse_active_parts(archive)
    try:
        import openpyxl  # an extra, so not at the top
    except ImportError as error:
        raise Unreadable(0, _("This site reads no .xlsx: it lacks openpyxl. Send CSV files instead.")) from error
    try:
        opened = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        pages = [page for page in opened.worksheets if hasattr(page, "iter_rows")]
    except Exception as error:  # the library raises whatever it stumbles over
        raise Unreadable(0, _("This workbook cannot be read. Save it again as .xlsx.")) from error
    if len(pages) > limits.MAX_COLUMNS:
        raise Unreadable(0, _("There are more than %(most)d sheets.") % {"most": limits.MAX_COLUMNS})
    for page in pages:
        label = _("sheet “%(name)s”") % {"name": page.title[:60]}
        if kind_named(page.title) is None and not _looks_like_a_table(page):
            book.notes.append(_("The %(sheet)s was not read: no kind of record has its name.") % {"sheet": label})
            continue
        book.add(label, page.title, partial(_table, page))


def refuse_active_parts(archive: zipfile.ZipFile) -> None:
    """Raise Unreadable for macros, for links that lead out, and for XML that declares entities."""
    for entry in archive.infolist():
        name = entry.filename.lower().lstrip("/")
        for part, what in _REFUSED.items():
            if name.startswith(part):
                message = _("The workbook has %(what)s, which are refused. Save a copy with values only.")
                raise Unreadable(0, message % {"what": what})
        if name.endswith((".xml", ".rels")):
            content = archive.read(entry)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
                raise Unreadable(
                    0, _("The workbook declares entities of XML, which no spreadsheet does; it is refused.")
                )


def _looks_like_a_table(page: Any) -> bool:
    """Whether a sheet has a row with the names of several columns, so that leaving it out would lose records."""
    try:
        for row in page.iter_rows(max_row=3, max_col=limits.MAX_COLUMNS, values_only=True):
            names = {*heads([str(value or "") for value in row])}
            if any(len(names & {*kind.columns}) > 2 for kind in KINDS):
                return True
    except Exception:  # said when it is read as a table, or of no interest
        return False
    return False


def _table(page: Any, kind: SheetKind, file: ClaimFile) -> SourceTable:
    rows = _rows(page, file)
    known = {*kind.columns}
    for number, cells in rows:
        names = heads([_plain(cell) for cell in cells])
        if {*names} & known:
            check_heads(names, number)
            return SourceTable(names, number, _texts(rows, names, file), False)
        if any(names) or number > _LOOKED_AT:
            message = _("The first row has to name the columns, such as %(names)s.")
            raise Unreadable(number, message % {"names": ", ".join(kind.columns[:5])})
    raise Unreadable(0, _("The sheet is empty."))


def _rows(page: Any, file: ClaimFile) -> Iterator[tuple[int, list[Any]]]:
    """The rows with their numbers. Cells that are far out are refused before they fill the memory."""
    room = limits.MAX_ROWS * limits.MAX_COLUMNS
    rows = page.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows, None)
        except Exception as error:
            raise Unreadable(number + 1, _("From here on the sheet cannot be read. Save it again as .xlsx.")) from error
        if row is None:
            return
        number += 1
        room -= len(row)
        is_blank = all(cell.value is None for cell in row)
        if room < 0 or (number > limits.MAX_ROWS and not is_blank):
            message = _("There are more than %(most)d rows, or cells far out; delete what is not needed, or split it.")
            raise Unreadable(number, message % {"most": limits.MAX_ROWS})
        if not is_blank:
            yield number, list(row)


def _texts(rows: Iterator[tuple[int, list[Any]]], names: list[str], file: ClaimFile) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        texts = []
        for at, cell in enumerate(cells):
            name = names[at] if at < len(names) else ""
            text = _plain(cell)
            if refusal := _refusal(cell, name, text):
                file.refuse(number, name, refusal)
                text = ""
            texts.append(text)
        yield number, texts


def _refusal(cell: Any, name: str, text: str) -> str:
    """Why a cell is not taken; "" if it is."""
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return _("This cell holds a formula. Copy it, and paste its value in its place.")
    if cell.data_type == "e":
        return _("This cell holds an error, “%(text)s”. Write what it should say.") % {"text": text[:20]}
    if name in _VERSIONS and isinstance(cell.value, float):
        return _("This cell is a number, in which 3.1 and 3.10 are the same. Format it as text, and write it again.")
    return ""


def _plain(cell: Any) -> str:
    """The value of a cell as the text that a file of CSV would hold."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (int, float)):
        return f"{Decimal(repr(value)).normalize():f}" if value == value and abs(value) < 1e15 else str(value)
    return str(value)
