"""What an import of a workbook would write, and every reason why it may not."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from comparisons.exchange.claims.import_plan import ColumnChange, ImportPlan, UnknownName
from comparisons.exchange.claims.records import RowProblem

from .kinds import SheetKind
from .workbook import Workbook


class SheetProblem(NamedTuple):
    """Something that is wrong in a table. sheet: what messages call it; kind: None if the table is of no kind."""

    sheet: str
    kind: SheetKind | None
    problem: RowProblem


class SheetUnknown(NamedTuple):
    """A name in a table that no record has."""

    sheet: str
    kind: SheetKind
    unknown: UnknownName


@dataclass
class PlannedRow:
    """What an import would do with one record other than a claim.

    key: its slug; of a level after that of its criterion. what: "created", "changed", "unchanged" or "refused".
    record: as it would be; stored: as it is, None if it is new. owner: of a level, its criterion as it would be.
    """

    kind: SheetKind
    sheet: str
    row: int
    key: tuple[str, ...]
    record: Any
    stored: Any = None
    what: str = "unchanged"
    is_proposed: bool = False
    changes: list[ColumnChange] = field(default_factory=list)
    owner: Any = None

    @property
    def name(self) -> str:
        return " / ".join(self.key)

    @property
    def is_written(self) -> bool:
        return self.what in ("created", "changed")


@dataclass
class WorkbookPlan:
    """Everything that an import would do. It can be carried out only if nothing is wrong."""

    book: Workbook
    rows: list[PlannedRow] = field(default_factory=list)
    claims: ImportPlan | None = None
    problems: list[SheetProblem] = field(default_factory=list)
    unknown: list[SheetUnknown] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not (self.problems or self.unknown)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of records created, changed, unchanged and refused, in this order; claims among them."""
        found = Counter(row.what for row in self.rows)
        found.update(self.claims.counts if self.claims else {})
        return {what: found[what] for what in ("created", "changed", "unchanged", "refused")}

    @property
    def writes(self) -> list[PlannedRow]:
        """The records other than claims that would be written."""
        return [row for row in self.rows if row.is_written]

    @property
    def size(self) -> int:
        """How many records would be written."""
        return len(self.writes) + len(self.claims.writes if self.claims else ())

    @property
    def proposed(self) -> int:
        """How many changes would wait for review."""
        own = sum(row.is_proposed for row in self.writes)
        return own + sum(item.is_proposed for item in (self.claims.items if self.claims else ()))

    @property
    def fingerprint(self) -> str:
        """A hash that is equal for plans that write the same over the same stored rows."""
        planned = [
            [row.kind.name, row.name, row.what, row.is_proposed, row.stored.version if row.stored else 0]
            + [[change.column, change.before, change.after] for change in row.changes]
            for row in self.rows
        ]
        wrong = [
            [sheet, *map(str, [problem.row, problem.column, problem.message])]
            for sheet, _kind, problem in self.problems
        ]
        claims = self.claims.fingerprint if self.claims else ""
        return hashlib.sha256(json.dumps([planned, wrong, len(self.unknown), claims]).encode()).hexdigest()
