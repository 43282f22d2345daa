"""One framework, one criterion, one scenario, one benchmark as tables to take away."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from comparisons.evidence.figures import TableRow
from comparisons.exchange.sheets import Entry, Sheet, SheetColumn
from comparisons.language import figures, labels
from comparisons.models import subject

from .matrix import address, cell_entries, criterion_entry, two_columns


def profile_sheet(context: dict[str, Any]) -> Sheet:
    """All answers about one framework."""
    framework, today = context["framework"], context["today"]
    columns = [
        SheetColumn("group", _("Group")),
        SheetColumn("criterion", _("Criterion")),
        *two_columns("answer", _("Answer")),
    ]
    rows = [
        [
            *(line.group_name, criterion_entry(line)),
            *cell_entries(line, cell, None, today, address("cell", framework.slug, line.slug)),
        ]
        for _slug, _name, found in context["groups"]
        for line, cell in found
    ]
    return Sheet(framework.name, columns, rows, {"about": framework.tagline})


def criterion_sheet(context: dict[str, Any]) -> Sheet:
    """The answers of all frameworks to one question."""
    line, today = context["line"], context["today"]
    rows = [
        [
            Entry(column.name, address("framework", column.slug), column.slug),
            *cell_entries(line, cell, None, today, address("cell", column.slug, line.slug)),
        ]
        for column, cell in context["rows"]
    ]
    columns = [SheetColumn("framework", _("Framework")), *two_columns("answer", _("Answer"))]
    return Sheet(line.name, columns, rows, {"question": line.question})


def use_case_sheet(context: dict[str, Any]) -> Sheet:
    """What is recommended for one scenario."""
    found = [(placed.column, placed.cell) for placed in context["rows"]]
    return criterion_sheet({**context, "rows": found})


def benchmark_sheet(context: dict[str, Any]) -> Sheet:
    """The figures of one benchmark, those that are left out of comparison last."""
    one, table = context["benchmark"], context["table"]
    base = table.base.column.name if table.base else ""
    columns = [
        SheetColumn("variant", _("Variant")),
        SheetColumn("framework", _("Framework")),
        SheetColumn("figure", one.unit or _("Figure")),
        SheetColumn("high", _("Upper end of a range")),
        SheetColumn("approximate", _("Approximate")),
        SheetColumn("interval_low", _("Interval from")),
        SheetColumn("interval_high", _("Interval to")),
        SheetColumn("ratio", _("Ratio to %s") % base if base else _("Ratio")),
        *(SheetColumn(name, str(labels.CONDITION_LABELS[name])) for name in _conditions()),
        SheetColumn("verdict", _("Fact check")),
        SheetColumn("left_out", _("Why it is not compared")),
        SheetColumn("claim", _("Claim")),
    ]
    shown = [row for _variant, found in table.groups for row in found]
    about = {
        "quantity": one.criterion.name,
        "unit": one.unit,
        "statistic": one.statistic,
        "work": one.work or _("not stated"),
        "load": one.load or _("not stated"),
        "measured_on": one.measured_on or _("not stated"),
        "source": one.article.title,
        "baseline": base,
    }
    return Sheet(one.title, columns, [_figure(row) for row in [*shown, *table.left_out]], about)


def _conditions() -> list[str]:
    """The conditions of figures that differ within a benchmark."""
    return [name for name in ("server", "versions") if name in subject.conditions()]


def _figure(row: TableRow) -> list[Any]:
    figure = row.figure
    low, high = figure.value.low, figure.value.high
    interval = figure.interval
    return [
        figure.variant,
        Entry(row.column.name, address("framework", row.column.slug), row.column.slug),
        *(low, high if high != low else None, figure.value.approximate),
        *((interval.low, interval.high) if interval else (None, None)),
        figures.ratio(row.ratio) if row.ratio is not None else "",
        *(getattr(row, name) or _("not stated") for name in _conditions()),
        *(figure.verdict, figure.left_out),
        Entry(figure.claim, address("claim", figure.claim)),
    ]
