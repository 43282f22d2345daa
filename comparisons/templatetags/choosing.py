"""The result of a choice in templates: in words, and the places of its marks."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from comparisons.evidence.beside_names import Signs
from comparisons.views import choose_words
from comparisons.views.choose_parts import RankedRow

register = template.Library()
register.filter("points", choose_words.points)
register.filter("verdict_of_choice", choose_words.verdict)
register.filter("certainty_of_choice", choose_words.certainty)
register.filter("shortfall", choose_words.shortfall)


@register.filter
def share_of(found: float) -> str:
    """Points of 100 as a position, as SVG takes it."""
    return f"{min(100.0, max(0.0, found)):.2f}%"


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
