"""The rows of a table as texts by column."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _

from comparisons.exchange.claims.csv_rows import cell_text, rows_of
from comparisons.exchange.claims.records import Unreadable

from .kinds import LEVELS
from .workbook import SourceSheet


class SheetRow(NamedTuple):
    """A row of a table. texts: by column, for the columns that the table has. is_whole: whether all could be read."""

    number: int
    texts: dict[str, str]
    is_whole: bool

    @property
    def key(self) -> tuple[str, ...]:
        """What it names its record by: the slug, for a level after that of its criterion."""
        return (self.texts.get("criterion", ""), self.texts.get("slug", ""))


def key_of(sheet: SourceSheet, row: SheetRow) -> tuple[str, ...]:
    """What a row names its record by: the slug; for a level after that of its criterion."""
    return row.key if sheet.kind is LEVELS else row.key[1:]


def rows_as_texts(sheet: SourceSheet, notes: list[str]) -> list[SheetRow]:
    """The rows of a table; what is wrong with it is added to its problems, what is left out of it to the notes."""
    table, file = sheet.table, sheet.file
    if table is None:
        return []
    file.columns, file.head = frozenset(table.names), table.head
    wanted = [_is_wanted(sheet, name, notes) for name in table.names]
    found: list[SheetRow] = []
    try:
        before = len(file.problems)
        for number, cells in rows_of(table, file):
            texts = {
                name: cell_text(table, file, number, name, cell)
                for name, cell, is_known in zip(table.names, cells, wanted, strict=False)
                if is_known
            }
            is_whole = len(file.problems) == before or file.problems[-1].row != number
            before = len(file.problems)
            if any(texts.values()) or not is_whole:
                found.append(SheetRow(number, texts, is_whole))
    except Unreadable as error:
        sheet.is_cut = True
        file.problems.append(error.problem)
    return found


def _is_wanted(sheet: SourceSheet, name: str, notes: list[str]) -> bool:
    """Whether an import sets this column; a field that it leaves alone is noted, anything else is a problem."""
    kind, file, head = sheet.kind, sheet.file, sheet.file.head
    if name in kind.columns or not name:
        return bool(name)
    if name in {field.name for field in kind.model._meta.concrete_fields}:
        message = _("%(sheet)s, column “%(name)s”: an import leaves this field as it is.")
        notes.append(message % {"sheet": sheet.label, "name": name})
        return False
    near = get_close_matches(name, kind.columns, 1)
    file.misspelt.update(near)
    message = _("There is no such column.") + " "
    if near:
        message += _("Did you mean “%(name)s”?") % {"name": near[0]}
    else:
        message += _("There are: %(names)s.") % {"names": ", ".join(kind.columns)}
    file.refuse(head, name[:80], message)
    return False
