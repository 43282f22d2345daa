"""Tables of CSV as real programs write them: with `sep=;`, blank lines above the head, and rows that end early."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from comparisons.language.cleaning import without_invisible

from . import limits
from .decoding import refuse_other_forms
from .records import BreaksOff, Unreadable

#: The line by which a file tells Excel its separator.
_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?[,;\t]*\r?', re.IGNORECASE)
#: What a line without content may hold.
_BLANK = ' \t\r,;"'


class SourceTable(NamedTuple):
    """A table of texts.

    names: the heads of its columns in lower case, with underscores. head: the number of their row. rows: the rows below
    with their numbers. is_csv: whether an apostrophe before a formula only marks it as text.
    """

    names: list[str]
    head: int
    rows: Iterator[tuple[int, list[str]]]
    is_csv: bool


def read_table(text: str, columns: Collection[str], example: str) -> SourceTable:
    """The table of a text. columns: those that it may have; example: some of them, to be shown. Raises Unreadable."""
    refuse_other_forms(text)
    number, mark = 1, ""
    while True:
        first, end, rest = text.partition("\n")
        if number == 1 and (told := _SEPARATOR.fullmatch(first)):
            mark = told[1]
        elif first.strip(_BLANK):
            break
        if not end:
            break
        text, number = rest, number + 1
    known = set(columns)
    marks = mark or ",;\t"
    found = {mark: _known(first, mark, known) for mark in marks}
    mark = max(found, key=lambda mark: found[mark])
    rows = _numbered(text, mark, number)
    head, cells = next(rows, (number, []))
    names = heads(cells)
    if not set(names) & known:
        message = _(
            "The first row has to name the columns, such as %(names)s; a comma, semicolon or tab separates them."
        )
        raise Unreadable(head, message % {"names": example})
    check_heads(names, head)
    return SourceTable(names, head, rows, True)


def heads(cells: list[str]) -> list[str]:
    """The names of columns: in lower case, with underscores; empty ones at the end are dropped."""
    names = [re.sub(r"[\s_]+", "_", without_invisible(cell).strip().lower()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def check_heads(names: list[str], head: int) -> None:
    """Raise Unreadable for too many columns, and for one that occurs twice."""
    if len(names) > limits.MAX_COLUMNS:
        raise Unreadable(head, _("There are more than %(most)d columns.") % {"most": limits.MAX_COLUMNS})
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        raise Unreadable(head, _("This column occurs twice."), name[:80])


def _known(line: str, mark: str, columns: set[str]) -> int:
    """How many of these columns a line names if this mark separates them."""
    return len({*heads([cell.strip('"\r ') for cell in line.split(mark)])} & columns)


def _numbered(text: str, mark: str, number: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    while True:
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _(
                "From here on the file cannot be read (%(error)s). Is a quotation mark opened and not closed, or "
                "not written twice inside a text?"
            )
            raise BreaksOff(number, message % {"error": error}) from error
        number += 1
