"""Say in plain lines what an import of a workbook would do, for a terminal and for logs."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.exchange.claims.messages import (
    MOST,
    REFERENCE,
    anchor,
    item_lines,
    problem_text,
    short,
    unknown_text,
)

from .kinds import SheetKind
from .plan import WorkbookPlan


def anchor_of(kind: SheetKind | None, column: str) -> str:
    """The anchor of a field in the reference; that of all fields if the table is of no kind."""
    return anchor(kind.name, column, kind.columns) if kind is not None else "fields"


def problems_of(plan: WorkbookPlan) -> Iterator[tuple[str, str]]:
    """Everything that is wrong, in the order of the tables: a sentence with its place, and the anchor of its field."""
    unit = _("row")
    labels = [*(label for label, _message in plan.book.strays), *(sheet.label for sheet in plan.book.sheets)]
    for sheet in dict.fromkeys(labels):
        for label, kind, unknown in plan.unknown:
            if label == sheet:
                yield f"{label}: {unknown_text(unknown, unit)}", anchor_of(kind, unknown.kind)
        for label, kind_, problem in plan.problems:
            if label == sheet:
                mark = ", " if problem.row or problem.column else ": "
                yield f"{label}{mark}{problem_text(problem, unit)}", anchor_of(kind_, problem.column)


def problem_lines(plan: WorkbookPlan) -> Iterator[str]:
    """Everything that is wrong, each with the place that explains its field; up to MOST of them."""
    found = list(problems_of(plan))
    for text, place in found[:MOST]:
        yield f"{text} ({REFERENCE}#{place})"
    more = len(found) - MOST
    if more > 0:
        yield ngettext("%(count)d more problem.", "%(count)d more problems.", more) % {"count": more}


def lines_of(plan: WorkbookPlan, *, most: int | None = MOST) -> Iterator[str]:
    """The records that would be created and changed, table by table. most: how many of them; None for all."""
    for item in plan.writes[:most]:
        review = ", " + _("waits for review") if item.is_proposed else ""
        yield f"{item.sheet}, {_('row')} {item.row}: {item.name}: {item.what}{review}"
        for change in item.changes:
            yield f"    {change.column}: {short(change.before) or '–'} → {short(change.after) or '–'}"
    left = None if most is None else max(0, most - len(plan.writes))
    for claim in (plan.claims.writes if plan.claims is not None else [])[:left]:
        yield from item_lines(claim, _("row"))
    if most is not None and plan.size > most:
        yield _("… and %(count)d more records; --verbosity 2 shows all.") % {"count": plan.size - most}
