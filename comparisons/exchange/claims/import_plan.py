"""What an import would write, and every reason why it may not."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from comparisons.domain.vocabulary import Status
from comparisons.models import Citation

from .records import ClaimFile, FileRecord, RowProblem

#: Called with what was done, how many of it, and how many there are in all.
Progress = Callable[[str, int, int], None]


class ColumnChange(NamedTuple):
    """A field that an import changes. label: the citation that it belongs to; "" for the claim itself."""

    label: str
    column: str
    before: str
    after: str


@dataclass
class PlannedClaim:
    """What an import would do with one claim of the file. kind: "created", "changed", "unchanged" or "refused"."""

    record: FileRecord
    key: str
    kind: str = "unchanged"
    claim: Any = None
    stored: Any = None
    #: What the changes lead on from, and its citations: the stored claim, or the change of it that waits for review.
    compared: Any = None
    citations: list[Citation] = field(default_factory=list)
    #: The stored citations, and the proposal that waits; None if none does.
    approved: list[Citation] = field(default_factory=list)
    proposal: Any = None
    #: Citations to create, and citations to change, each after the stored one; last what the citation is called.
    new: list[tuple[Citation, str]] = field(default_factory=list)
    edited: list[tuple[Citation, Citation, str]] = field(default_factory=list)
    found: list[ColumnChange] = field(default_factory=list)
    #: Finds the changes when somebody asks for them; None if they are found already.
    describe: Callable[[PlannedClaim], list[ColumnChange]] | None = None
    #: The number of stored citations that the file does not name; they stay.
    kept: int = 0

    @property
    def row(self) -> int:
        return self.record.row

    @property
    def changes(self) -> list[ColumnChange]:
        """The fields that the import changes, those of the claim first."""
        if self.describe is not None:
            self.found, self.describe = self.describe(self), None
        return self.found

    @property
    def is_proposed(self) -> bool:
        """Whether the change waits for review, because the claim is published."""
        return self.kind == "changed" and self.stored.status == Status.PUBLISHED


@dataclass(frozen=True)
class UnknownName:
    """A name in the file that no record has.

    near: the most similar name; "" if none is similar. choices: a sentence that lists what there is; may be "".
    """

    kind: str
    name: str
    near: str
    rows: tuple[int, ...]
    choices: str = ""


@dataclass
class ImportPlan:
    """Everything that an import would do. It can be carried out only if nothing is wrong."""

    file: ClaimFile
    items: list[PlannedClaim]
    unknown: list[UnknownName]
    problems: list[RowProblem]
    #: What was done differently from what the file says, such as a former slug that was followed.
    notes: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not (self.problems or self.unknown)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of claims created, changed, unchanged and refused, in this order."""
        found = Counter(item.kind for item in self.items)
        return {kind: found[kind] for kind in ("created", "changed", "unchanged", "refused")}

    @property
    def writes(self) -> list[PlannedClaim]:
        return [item for item in self.items if item.kind in ("created", "changed")]

    @property
    def fingerprint(self) -> str:
        """A hash that is equal for plans that write the same over the same stored rows."""
        planned = [
            [item.key, item.kind, item.stored.version if item.stored else 0, item.stored.status if item.stored else ""]
            + [item.proposal.version if item.proposal else 0]
            + [[change.label, change.column, change.before, change.after] for change in item.changes]
            for item in self.items
        ]
        wrong = [[problem.row, problem.column, problem.message] for problem in self.problems]
        return hashlib.sha256(json.dumps([planned, wrong, len(self.unknown)]).encode()).hexdigest()
