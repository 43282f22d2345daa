"""Say in plain lines what an import would do, for a terminal and for logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.exchange.claim_columns import COLUMNS
from comparisons.exchange.invisible import shown

from .import_plan import ImportPlan, PlannedClaim, UnknownName
from .records import RowProblem

#: Most problems and changed claims that are listed; of more, only the number is given.
MOST = 200
#: Characters of a text that are shown.
WIDTH = 100
#: Where every field is described, for those who read messages in a terminal.
REFERENCE = "docs/import.md"


def anchor(sheet: str, column: str, columns: Iterable[str]) -> str:
    """The anchor of a field in the reference: “claims-kind”; that of the kind of record if no field is named.

    column: its name, perhaps after the citation that it belongs to.
    """
    name = column.rpartition(", ")[2]
    return f"{sheet}-{name}" if name in columns else sheet


def unknown_text(unknown: UnknownName, unit: str) -> str:
    """“There is no framework “djago” (rows 2, 3 and 5 more); did you mean “django”?”."""
    rows = ", ".join(map(str, unknown.rows[:10]))
    if len(unknown.rows) > 10:
        rows += " " + _("and %(count)d more") % {"count": len(unknown.rows) - 10}
    text = _("There is no %(kind)s “%(name)s” (%(unit)s %(rows)s)")
    text %= {"kind": _(unknown.kind), "name": shown(short(unknown.name)), "unit": unit, "rows": rows}
    text += _("; did you mean “%(near)s”?") % {"near": unknown.near} if unknown.near else "."
    return f"{text} {unknown.choices}" if unknown.choices else text


def problem_text(problem: RowProblem, unit: str) -> str:
    """“row 5, column “number”: …”."""
    place = [f"{unit} {problem.row}"] if problem.row else []
    place += [_("column “%(name)s”") % {"name": problem.column}] if problem.column else []
    return f"{', '.join(place)}: {problem.message}" if place else problem.message


def see(sheet: str, column: str, columns: Iterable[str]) -> str:
    """“(docs/import.md#claims-kind)”."""
    return f"({REFERENCE}#{anchor(sheet, column, columns)})"


def problem_lines(plan: ImportPlan, file: str) -> Iterator[str]:
    """Every unknown name once, then the problems row by row; up to MOST of each."""
    unit = plan.file.unit
    for unknown in plan.unknown[:MOST]:
        yield f"{file}: {unknown_text(unknown, unit)} {see('claims', unknown.kind, COLUMNS)}"
    for problem in plan.problems[:MOST]:
        yield f"{file}, {problem_text(problem, unit)} {see('claims', problem.column, COLUMNS)}"
    more = max(0, len(plan.unknown) - MOST) + max(0, len(plan.problems) - MOST)
    if more:
        yield ngettext("%(count)d more problem.", "%(count)d more problems.", more) % {"count": more}


def lines_of(plan: ImportPlan, *, most: int | None = MOST) -> Iterator[str]:
    """The claims that would be created and changed, row by row. most: how many of them; None for all."""
    writes = plan.writes
    for item in writes[:most]:
        yield from item_lines(item, plan.file.unit)
    if most is not None and len(writes) > most:
        yield _("… and %(count)d more claims; --verbosity 2 shows all.") % {"count": len(writes) - most}


def item_lines(item: PlannedClaim, unit: str) -> Iterator[str]:
    review = ", " + _("waits for review") if item.is_proposed else ""
    yield f"{unit} {item.row}: {item.key}: {item.kind}{review}"
    for change in item.changes:
        name = f"{change.label}, {change.column}" if change.label else change.column
        yield f"    {name}: {short(change.before) or '–'} → {short(change.after) or '–'}"
    if item.kept:
        yield "    " + _("citations that the file does not name, and that stay: %(count)d") % {"count": item.kept}


def short(text: str) -> str:
    """The beginning of a long text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
