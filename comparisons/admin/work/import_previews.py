"""What an uploaded file would do, for the page that shows it: claims alone, or a workbook of every kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.exchange import claims, workbooks
from comparisons.exchange.claim_columns import COLUMNS
from comparisons.exchange.claims.import_plan import ColumnChange
from comparisons.exchange.claims.messages import MOST, anchor, problem_text, unknown_text
from comparisons.exchange.workbooks.messages import problems_of
from comparisons.history.diff import Piece, word_diff
from comparisons.models import ClaimImport

KINDS = {"created": _("created"), "changed": _("changed"), "unchanged": _("unchanged"), "refused": _("refused")}
#: The formats of workbooks; any other format is that of a file of claims.
WORKBOOKS = ("xlsx", "zip")


class ToldProblem(NamedTuple):
    """Something that is wrong, and the anchor of its field on the page of all fields."""

    text: str
    anchor: str


class ShownItem(NamedTuple):
    """One record of a preview. kept: how many of its citations the file does not name."""

    name: str
    what: str
    label: Any
    place: str
    is_proposed: bool
    kept: int
    changes: list[tuple[str, tuple[Piece, ...]]]


class ClaimsPreview:
    """A file of claims. command: the one for files that take too long here."""

    command = "import_claims"

    def __init__(self, kept: ClaimImport, user: Any):
        self.user = user
        self.plan = claims.plan(claims.read(bytes(kept.content), kept.format, kept.name))
        self.unit = gettext(self.plan.file.unit)
        self.problems = [
            *(
                ToldProblem(unknown_text(one, self.unit), anchor("claims", one.kind, COLUMNS))
                for one in self.plan.unknown
            ),
            *(
                ToldProblem(problem_text(one, self.unit), anchor("claims", one.column, COLUMNS))
                for one in self.plan.problems
            ),
        ]

    @property
    def size(self) -> int:
        return len(self.plan.writes)

    @property
    def proposed(self) -> int:
        return sum(item.is_proposed for item in self.plan.items)

    def write(self) -> None:
        claims.apply(self.plan, by=self.user)

    def items(self) -> Sequence[Any]:
        return self.plan.writes

    def shown(self, item: Any) -> ShownItem:
        return shown_claim(item, f"{self.unit} {item.row}")


class WorkbookPreview:
    """A workbook, or several tables."""

    command = "import_kb"

    def __init__(self, kept: ClaimImport, user: Any):
        self.user = user
        self.plan = workbooks.plan(workbooks.read_archive(bytes(kept.content), kept.name), by=user)
        self.problems = [ToldProblem(text, anchor_) for text, anchor_ in problems_of(self.plan)]

    @property
    def size(self) -> int:
        return self.plan.size

    @property
    def proposed(self) -> int:
        return self.plan.proposed

    def write(self) -> None:
        workbooks.apply(self.plan, by=self.user)

    def items(self) -> Sequence[Any]:
        return [*self.plan.writes, *(self.plan.claims.writes if self.plan.claims is not None else ())]

    def shown(self, item: Any) -> ShownItem:
        if not isinstance(item, workbooks.PlannedRow):
            return shown_claim(item, f"{gettext('claims')}, {gettext('row')} {item.row}")
        changes = [(change.column, pieces(change, is_new=item.what == "created")) for change in item.changes]
        place = f"{item.sheet}, {gettext('row')} {item.row}"
        return ShownItem(item.name, item.what, KINDS[item.what], place, item.is_proposed, 0, changes)


def preview_of(kept: ClaimImport, user: Any) -> ClaimsPreview | WorkbookPreview:
    return (WorkbookPreview if kept.format in WORKBOOKS else ClaimsPreview)(kept, user)


def shown_claim(item: claims.PlannedClaim, place: str) -> ShownItem:
    """One claim: what happens to it, and the words removed and added in each field."""
    changes = [
        (
            f"{change.label}: {change.column}" if change.label else change.column,
            pieces(change, is_new=item.kind == "created"),
        )
        for change in item.changes
    ]
    return ShownItem(item.key, item.kind, KINDS[item.kind], place, item.is_proposed, item.kept, changes)


def pieces(change: ColumnChange, *, is_new: bool) -> tuple[Piece, ...]:
    """The word difference of two texts; both values if they are short; only the text of a new record."""
    before, after = change.before, change.after
    if is_new:
        return (Piece("same", after),)
    if " " in before and " " in after:
        return word_diff(before, after)
    return tuple(Piece(kind, text) for kind, text in (("del", before), ("ins", after)) if text)


def most_problems(problems: list[ToldProblem]) -> tuple[list[ToldProblem], int]:
    """Those that are shown, and the number of the others."""
    return problems[:MOST], max(0, len(problems) - MOST)
