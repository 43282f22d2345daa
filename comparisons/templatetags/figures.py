"""Figures of benchmarks in templates: their ratios in words, and the marks of charts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.benchmarks import LEVEL_FROM, LEVEL_TO, FigureCell, FigureRow, Relation
from comparisons.domain.matrix import CellView, Column, MatrixRow
from comparisons.evidence.figures import Across
from comparisons.evidence.like_tests import LikeTest
from comparisons.language import figures
from comparisons.models import Benchmark

register = template.Library()
register.filter("ratio", figures.ratio)
register.filter("of_best", figures.of_best)
register.filter("span", figures.span)
register.filter("relation", figures.relation)
register.filter("in_tests", figures.tally)

register.filter("plain_number", figures.plain)


@register.filter
def figures_beside(
    row: MatrixRow, columns: tuple[Column, ...]
) -> list[tuple[Column, CellView | None, FigureCell | None]]:
    """The cells of a row, each with its column and its figure in the benchmark that the row shows."""
    return [(column, cell, row.figure_at(at)) for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True))]


@register.filter
def of_others(picked: tuple[str, ...], row: FigureRow) -> list[str]:
    """The benchmarks among those that a reader picked that belong to other rows."""
    here = {benchmark.slug for benchmark in row.available}
    return [slug for slug in picked if slug not in here]


@register.simple_tag
def share(found: Any) -> str:
    """A position in percent, as SVG takes it."""
    return f"{float(found):.2f}%"


@register.simple_tag
def lead_of(row: LikeTest, columns: tuple[Column, ...]) -> str:
    """By how much the best framework of a benchmark is ahead, in words; "" where they may not be compared."""
    return figures.lead(row.lead, {column.id: column.name for column in columns}) if row.lead else ""


@register.filter
def short_ratio(found: Decimal) -> str:
    """A power of two on the axis of ratios: "¼", "½", "2"."""
    return {Decimal("0.5"): "½", Decimal("0.25"): "¼"}.get(found, f"{found:.3g}")


@register.filter
def alike(across: Across, word: str) -> str:
    """The names of the frameworks with one relation to the baseline in every benchmark: "level", "more" or "less"."""
    return ", ".join(across.alike(Relation(word)))


@register.filter
def setup(benchmark: Benchmark) -> list[tuple[str, str]]:
    """The set-up of a benchmark: (label, what the source states or "")."""
    fields: Any = benchmark._meta
    return [(capfirst(str(fields.get_field(name).verbose_name)), stated) for name, stated in benchmark.setup.items()]


@register.simple_tag
def level_span() -> str:
    """The ratios at which two figures are level: "0.80 to 1.25"."""
    return _("%(low)s to %(high)s") % {"low": LEVEL_FROM, "high": LEVEL_TO}


@register.filter
def percent_of(found: Decimal) -> str:
    """A share in percent: "25 %"."""
    return f"{100 * found:.0f} %"


@register.simple_tag
def series(x: float, place: int) -> SafeString:
    """The mark of a framework in a lane. x: where, in percent. place: that of the framework, from 1."""
    return format_html(
        '<use class="series s{0}" href="#mark-{0}" x="{1}%" y="50%" width="12" height="12"'
        ' transform="translate(-6 -6)"/>',
        place,
        f"{x:.2f}",
    )
