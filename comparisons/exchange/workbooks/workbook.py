"""Tables of several kinds that belong together, and what is wrong with each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext as _

from comparisons.exchange.claims.csv_tables import SourceTable
from comparisons.exchange.claims.records import ClaimFile, Unreadable

from .kinds import KINDS, SheetKind, kind_named

#: The names of the sheets, for messages.
NAMES = ", ".join(kind.name for kind in KINDS)


@dataclass
class SourceSheet:
    """A table of one kind. file: takes what is wrong with it. table: None if it could not be read at all.

    is_cut: whether it could not be read to its end.
    """

    kind: SheetKind
    label: str
    file: ClaimFile
    table: SourceTable | None = None
    is_cut: bool = False


@dataclass
class Workbook:
    """What was read. strays: the names of tables that were left out, each with the reason.

    notes: files and sheets that are no tables of a kind. others: the names of files that are no tables at all.
    """

    name: str
    digest: str
    sheets: list[SourceSheet] = field(default_factory=list)
    strays: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def sheet(self, kind: SheetKind) -> SourceSheet | None:
        return next((sheet for sheet in self.sheets if sheet.kind is kind), None)

    def demand_tables(self) -> None:
        """Raise Unreadable if nothing in it could be a table of a kind."""
        if not self.sheets and not self.strays:
            message = _("There is no table here. Name them after what they hold: %(names)s.") % {"names": NAMES}
            if any(name.endswith((".yaml", ".yml")) for name in self.others):
                message += " " + _("There are files of YAML; “manage.py seed” loads a folder of these.")
            elif self.others:
                message += " " + _("What is here is no CSV: %(others)s.") % {"others": ", ".join(self.others[:5])}
            raise Unreadable(0, message)

    def add(self, label: str, name: str, read: Callable[[SheetKind, ClaimFile], SourceTable]) -> None:
        """Add the table that a file or sheet holds. label: what messages call it; name: the kind it is named after."""
        kind = kind_named(name)
        if kind is None:
            near = get_close_matches(name.lower(), [kind.name for kind in KINDS], 1)
            hint = " " + _("Did you mean “%(name)s”?") % {"name": near[0]} if near else ""
            message = _("No kind of record has this name; there are: %(names)s.") % {"names": NAMES}
            self.strays.append((label, message + hint))
            return
        if self.sheet(kind) is not None:
            self.strays.append((label, _("There is a table of this kind already; put both into one.")))
            return
        sheet = SourceSheet(kind, label, ClaimFile(label, "row"))
        self.sheets.append(sheet)
        try:
            sheet.table = read(kind, sheet.file)
        except Unreadable as error:
            sheet.is_cut = True
            sheet.file.problems.append(error.problem)
