"""Read claims from a table: one row for each claim and citation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CLAIM_COLUMNS
from comparisons.exchange.claim_columns import CITATION_COLUMNS, COLUMNS, DECIDED, OTHER_FORM, is_other_form
from comparisons.exchange.formulas import is_formula, unescaped

from . import limits
from .cells import clean, is_column
from .csv_tables import SourceTable, read_table
from .records import BreaksOff, ClaimFile, FileRecord, Unreadable

_CLAIM, _CITED = frozenset(CLAIM_COLUMNS), frozenset(CITATION_COLUMNS)


def read_csv(text: str, file: ClaimFile) -> None:
    """Add the claims and the problems of a text to the file. Raises Unreadable for one that has no rows to be read."""
    try:
        add_claims(read_table(text, COLUMNS, ", ".join(COLUMNS[1:6])), file)
    except BreaksOff as error:
        if not file.records:
            raise
        file.problems.append(error.problem)  # what is wrong with the rows before it is told as well


def add_claims(table: SourceTable, file: ClaimFile, *, also: tuple[str, ...] = ()) -> None:
    """Add the claims and the problems of a table to the file. also: more columns of a claim. Raises Unreadable."""
    names = table.names
    if is_other_form(names):
        raise Unreadable(table.head, str(OTHER_FORM))
    decided = [name for name in names if name in DECIDED and name not in also]
    file.columns, file.head = frozenset(names), table.head
    wanted = [
        bool(name) and (name in decided or is_column(file, table.head, name, (*COLUMNS, *also))) for name in names
    ]
    found: dict[str, FileRecord] = {}
    try:
        before = len(file.problems)
        for number, cells in rows_of(table, file):
            values = {
                name: cell_text(table, file, number, name, cell)
                for name, cell, is_known in zip(names, cells, wanted, strict=False)
                if is_known
            }
            for name in decided:
                if values.pop(name).lower() not in DECIDED[name]:
                    is_column(file, table.head, name, COLUMNS)
                    decided = [other for other in decided if other != name]
                    wanted[names.index(name)] = False
            is_whole = len(file.problems) == before or file.problems[-1].row != number
            _add_row(file, found, number, values, also, is_whole=is_whole)
            before = len(file.problems)
    finally:
        file.records = list(found.values())


def rows_of(table: SourceTable, file: ClaimFile) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with as many cells as there are columns. Raises Unreadable for too many."""
    width = len(table.names)
    nameless = [at for at, name in enumerate(table.names) if not name]
    for number, cells in table.rows:
        if number > limits.MAX_ROWS:
            raise Unreadable(
                number, _("There are more than %(most)d rows; split the file into parts.") % {"most": limits.MAX_ROWS}
            )
        if not any(cells) or not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            message = _("This row has %(here)d cells, and the first row %(there)d. Check commas and quotation marks.")
            file.refuse(number, "", message % {"here": len(cells), "there": width})
            file.skipped.update(cells)
            continue
        if nameless and any(at < len(cells) and cells[at].strip() for at in nameless):
            file.refuse(
                number, "", _("A cell of this row stands in a column without a name. Name it in the first row.")
            )
            continue
        # Spreadsheets leave out what is empty at the end of a row.
        yield number, cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def cell_text(table: SourceTable, file: ClaimFile, row: int, column: str, cell: str) -> str:
    """The text of a cell; "" for a formula, which becomes a problem."""
    if not cell:
        return ""
    if not table.is_csv or cell[0].isalnum():  # no formula begins like most cells
        return clean(file, row, column, cell)
    if is_formula(cell):
        message = _(
            "It begins with “%(mark)s”, which a spreadsheet takes for a formula. If it is text, put an apostrophe "
            "before it."
        )
        file.refuse(row, column, message % {"mark": cell.strip()[:1]})
        return ""
    return clean(file, row, column, unescaped(cell))


def _add_row(
    file: ClaimFile,
    found: dict[str, FileRecord],
    row: int,
    values: dict[str, str],
    also: tuple[str, ...],
    *,
    is_whole: bool,
) -> None:
    """Add a row to the claim that it belongs to. found: the claims of the rows so far, by key.

    is_whole: whether all its cells could be read; what one of them lacks is not a second problem.
    """
    claim = {name: value for name, value in values.items() if name in _CLAIM or name in also}
    cited = {name: value for name, value in values.items() if name in _CITED}
    if not any(claim.values()):
        if is_whole:
            file.refuse(
                row, "key", _("This row names no claim: give its key, or repeat what the row of the claim says.")
            )
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
