"""The result of a choice in templates: in words, and the places of its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.evidence.beside_names import Signs
from comparisons.evidence.rows import GroupCount
from comparisons.views import choose_words
from comparisons.views.choose_parts import RankedRow, ReasonRow, Segment
from comparisons.views.choose_rows import WEIGHTS, LevelOption

from .icons import icon

#: The cell of a reason begins with its points; then comes a badge, if it is disputed; a bar, or that it is not known.
_REASON = '<td class="pts"><a class="num quiet" href="{}">{}</a>'
_DISPUTED = ' <span class="badge disputed">{}<span class="vh">{}</span></span>'
_BAR = '<svg class="bar s{}" aria-hidden="true"><rect width="{}" height="100%"/></svg></td>'
_UNKNOWN = '<small class="muted">{}</small></td>'
_OPTION = '<option value="{}">{} ({})</option>'
_CHOSEN = '<option value="{}" selected>{} ({})</option>'
_RADIO = '<label><input type="radio" name="weigh.{}" value="{}">{}</label>'
_SET = '<label><input type="radio" name="weigh.{}" value="{}" checked>{}</label>'
_PART = '<rect class="part" x="{}" width="{}" y="27" height="9"/>'

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
def parts_of_bar(segments: Sequence[Segment]) -> SafeString | str:
    """What each question adds to the points of a framework, as stretches of its bar."""
    places = [share_of(place) for part in segments for place in (part.x, part.width)]
    return format_html(_PART * len(segments), *places) if places else ""


@register.simple_tag
def reason_cells(row: ReasonRow) -> SafeString | str:
    """The points that the answers to a question add, one cell of the table for each framework."""
    cells, values = [], []
    # One piece for the row, since there are hundreds of cells on a page. The place decides the colour of the bar.
    for place, cell in enumerate(row.cells, start=1):
        cells.append(_REASON)
        values += [cell.href, choose_words.points(cell.points)]
        if cell.cell and cell.cell.is_open:
            cells.append(_DISPUTED)
            values += [icon("i-disputed"), _("Disputed")]
        cells.append(_BAR if cell.is_known else _UNKNOWN)
        values += [str(place), share_of(cell.share)] if cell.is_known else [_("not known")]
    return format_html("".join(cells), *values) if cells else ""


@register.simple_tag
def weight_radios(slug: str, chosen: str) -> SafeString:
    """The weights that a question may have as radio buttons, in one piece, since a form may ask forty questions."""
    values = [text for weight in WEIGHTS for text in (slug, weight.value, weight.label)]
    return format_html("".join(_SET if weight.word == chosen else _RADIO for weight in WEIGHTS), *values)


@register.simple_tag
def level_options(options: Sequence[LevelOption]) -> SafeString:
    """The answers that can be required as options of a select, each with how many frameworks remain then."""
    values = []
    for option in options:
        label = _("%(label)s or better") % {"label": option.label} if option.is_least else option.label
        left = ngettext("%(n)s remains", "%(n)s remain", option.remaining) % {"n": option.remaining}
        values += [option.slug, label, left]
    return format_html("".join(_CHOSEN if option.is_chosen else _OPTION for option in options), *values)


@register.simple_tag
def group_options(groups: Sequence[GroupCount], chosen: str) -> SafeString | str:
    """The groups to look in as options of a select, in one piece, since there may be hundreds."""
    values = [text for group in groups for text in (group.slug, group.name, str(group.criteria))]
    options = "".join(_CHOSEN if group.slug == chosen else _OPTION for group in groups)
    return format_html(options, *values) if values else ""


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
