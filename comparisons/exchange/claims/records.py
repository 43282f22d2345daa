"""What was read from a file of claims: its records, with everything that is wrong with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.text import slugify


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong, where it is and what to do about it.

    row: 0 for the file as a whole. column: "" for the row as a whole.
    """

    row: int
    column: str
    message: str


class Unreadable(Exception):
    """The file as a whole cannot be read. `problem` says where and why."""

    def __init__(self, row: int, message: str, column: str = ""):
        self.problem = RowProblem(row, column, message)
        super().__init__(message)


class BreaksOff(Unreadable):
    """The file cannot be read from a row on; the rows before it can be checked."""


@dataclass
class FileRecord:
    """A claim or a citation of a file.

    values: its texts by column, for the columns that the file has. label: "" for a claim; for a citation, which one of
    its claim it is, if the row alone does not say so. lines: where its texts stand, if not in its row.
    """

    row: int
    values: dict[str, str]
    citations: list[FileRecord] = field(default_factory=list)
    label: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def row_of(self, name: str) -> int:
        """The row of a column; that of the record, if the record does not have it."""
        return self.lines.get(name, self.row)

    def column(self, name: str) -> str:
        return f"{self.label}, {name}" if self.label and name else self.label or name

    @cached_property
    def key(self) -> str:
        """The key in the file, or one made from its texts, so that the same file gives the same keys."""
        return self.values.get("key") or derived_key(self.values)


@dataclass
class ClaimFile:
    """What was read from a file.

    unit: what its row numbers count, "row" of a sheet or "line" of a text. columns, head: the columns of a table and
    the row that names them; None and 0 for a list. misspelt: columns that seem to be meant by others.
    skipped: the texts of rows that have too many cells to be read. unread: the row of a record, and a column of it that
    could not be read, which may stand in another line.
    """

    name: str
    unit: str
    records: list[FileRecord] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    digest: str = ""
    columns: frozenset[str] | None = None
    head: int = 0
    misspelt: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    unread: set[tuple[int, str]] = field(default_factory=set)

    def refuse(self, row: int, column: str, message: str) -> None:
        self.problems.append(RowProblem(row, column, message))


def derived_key(values: dict[str, str]) -> str:
    """A key from framework, criterion and statement: readable, and different for different claims."""
    parts = [values.get(name, "") for name in ("framework", "criterion", "statement")]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
    words = slugify(" ".join([parts[0], parts[2]])).replace("_", "-")[:60].strip("-")
    return f"{words or 'claim'}-{digest}"
