"""The result of a choice in templates: in words, and the places of its marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.evidence.beside_names import Signs
from comparisons.views import choose_words
from comparisons.views.choose_parts import RankedRow, ReasonCell, ReasonRow, Segment

from .icons import icon

_REASON = '<td class="pts"><a class="num quiet" href="{}">{}</a>{}{}</td>'
_BAR = '<svg class="bar s{}" aria-hidden="true"><rect width="{}" height="100%"/></svg>'
_DISPUTED = ' <span class="badge disputed">{}<span class="vh">{}</span></span>'

register = template.Library()
register.filter("points", choose_words.points)
register.filter("verdict_of_choice", choose_words.verdict)
register.filter("certainty_of_choice", choose_words.certainty)
register.filter("shortfall", choose_words.shortfall)


@register.filter
def share_of(found: float) -> str:
    """Points of 100 as a position, as SVG takes it."""
    return f"{min(100.0, max(0.0, found)):.2f}%"


@register.simple_tag
def parts_of_bar(segments: Iterable[Segment]) -> SafeString:
    """What each question adds to the points of a framework, as stretches of its bar."""
    places = ((share_of(part.x), share_of(part.width)) for part in segments)
    return format_html_join("", '<rect class="part" x="{}" width="{}" y="27" height="9"/>', places)


@register.simple_tag
def reason_cells(row: ReasonRow) -> SafeString:
    """The points that the answers to a question add, one cell of the table for each framework."""
    return format_html_join("", "{}", ((_reason_cell(cell, place),) for place, cell in enumerate(row.cells, start=1)))


def _reason_cell(cell: ReasonCell, place: int) -> SafeString:
    """One piece for each cell, since there are hundreds on a page. place: from 1, for the colour of the bar."""
    badge = format_html(_DISPUTED, icon("i-disputed"), _("Disputed")) if cell.cell and cell.cell.is_open else ""
    if cell.is_known:
        below = format_html(
            '<svg class="bar s{}" aria-hidden="true"><rect width="{}" height="100%"/></svg>',
            place,
            share_of(cell.share),
        )
    else:
        below = format_html('<small class="muted">{}</small>', _("not known"))
    points = choose_words.points(cell.points)
    return format_html(
        '<td class="pts"><a class="num quiet" href="{}">{}</a>{}{}</td>', cell.href, points, badge, below
    )


@register.filter
def of_framework(signs: Mapping[int, Signs], framework: int) -> Signs | None:
    """The signs of life of one framework."""
    return signs.get(framework)


@register.filter
def placing_words(row: RankedRow) -> str:
    """The points of a framework with their span, and how often it comes first."""
    return choose_words.placing(row.placing, is_level=row.is_level)


@register.filter
def placing_sentence(row: RankedRow) -> str:
    """A line of the chart in a sentence."""
    found = row.placing
    return _("%(name)s: %(n)d of 100 points, between %(low)d and %(high)d.") % {
        "name": row.column.name,
        "n": round(found.points),
        "low": round(found.low),
        "high": round(found.high),
    }
