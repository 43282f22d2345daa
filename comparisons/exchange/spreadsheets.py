"""Tables to take away as XLSX, written row by row by XlsxWriter, which is the extra `xlsx`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

from .sheets import Entry, Sheet, text_of

#: What a spreadsheet takes: characters of a cell, of an address, and of the name of a sheet.
MOST_TEXT, MOST_ADDRESS, MOST_NAME = 32_767, 2_079, 31
#: Most rows, columns and links of a sheet; beyond these, texts go without links.
MOST_ROWS, MOST_COLUMNS, MOST_LINKS = 1_048_576, 16_384, 65_530
#: Widths of columns, in characters.
NARROW, WIDE = 14, 60
#: Rows of a column that are looked at to find its width.
LOOKED_AT = 200


class SheetTooLarge(Exception):
    """A spreadsheet takes no table of this size."""


def write(file: BinaryIO, sheet: Sheet, day: dt.date) -> None:
    """Write a sheet as XLSX, row by row, with links and with heads that stay in sight, and a second one on what it is.

    day: stands as the day of its making, so that the same content gives the same bytes. Raises SheetTooLarge.
    """
    import xlsxwriter  # an extra, so not at the top

    if len(sheet.columns) > MOST_COLUMNS:
        raise SheetTooLarge
    # Texts are never taken for formulas, addresses or numbers.
    options: dict[str, Any] = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **options}) as book:
        book.set_properties({"title": sheet.title, "created": dt.datetime.combine(day, dt.time())})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        link = book.get_default_url_format()
        page = book.add_worksheet("Table")
        rows = iter(sheet.rows)
        first = list(islice(rows, LOOKED_AT))
        for at in range(len(sheet.columns)):
            lengths = (len(text_of(row[at])) for row in first)
            page.set_column(at, at, min(WIDE, max(NARROW, max(lengths, default=0) + 2)))
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.title[:MOST_TEXT], head)
        number = 0
        for number, row in enumerate(chain(first, rows), start=1):
            if number == MOST_ROWS:  # with the head
                raise SheetTooLarge
            linked = ""
            for at, value in enumerate(row):
                address = value.address if isinstance(value, Entry) else ""
                # What leads where an entry before it leads needs no link of its own: links cost more than texts.
                _write(page, number, at, value, "" if address == linked else address, link)
                linked = linked or address
        page.freeze_panes(1, _fixed(sheet))
        if number:
            page.autofilter(0, 0, number, len(sheet.columns) - 1)
        about = book.add_worksheet("About")
        about.set_column(0, 0, NARROW * 2)
        about.set_column(1, 1, WIDE)
        for number, (name, value) in enumerate({"title": sheet.title, **sheet.about}.items()):
            about.write_string(number, 0, name.replace("_", " ").capitalize(), head)
            text = text_of(value)
            _write(about, number, 1, value, text if text.startswith("https://") else "", link)


def _fixed(sheet: Sheet) -> int:
    """How many columns stay in sight: up to the name of what a row is about."""
    names = [column.name for column in sheet.columns]
    return next((names.index(name) + 1 for name in ("criterion", "framework", "name", "title") if name in names), 1)


def _write(page: Any, row: int, at: int, value: Any, address: str, link: Any) -> None:
    """Write an entry by its type, with a link to an address if there is one; "" and None leave the cell empty."""
    plain = value.text if isinstance(value, Entry) else value
    text = text_of(plain)[:MOST_TEXT]
    if not text:
        return
    if address and len(address) <= MOST_ADDRESS and page.hlink_count < MOST_LINKS:
        page.write_url(row, at, address, link, text)
    elif isinstance(plain, bool):
        page.write_boolean(row, at, plain)
    elif isinstance(plain, (int, Decimal)):
        page.write_number(row, at, float(plain))
    elif isinstance(plain, dt.date):
        page.write_datetime(row, at, dt.datetime.combine(plain, dt.time()))
    else:
        page.write_string(row, at, text)
