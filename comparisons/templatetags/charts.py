"""Charts in templates: where marks stand, and the same in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django import template
from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext as _

from comparisons.domain.scoring import GroupProfile
from comparisons.domain.vocabulary import Stance
from comparisons.evidence import charts
from comparisons.language import labels
from comparisons.language.labels import CONDITION_LABELS

from .evidence import figure

register = template.Library()


@register.filter
def lanes(group: GroupProfile) -> list[charts.Lane]:
    """The marks of one group of a profile."""
    return charts.profile_lanes(group)


@register.filter
def lanes_height(found: Sequence[Any]) -> int:
    """Pixels that so many marks take, one below the other."""
    return 16 * len(found) + 2


@register.filter
def profile_words(group: GroupProfile) -> str:
    """A group of a profile in a sentence."""
    parts = [
        _("%(name)s %(mark)d per cent of needs met, between %(low)d and %(high)d")
        % {"name": lane.column.name, "mark": lane.mark, "low": lane.low, "high": lane.high}
        for lane in charts.profile_lanes(group)
    ]
    return f"{group.name}: {'; '.join(parts)}."


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 in per cent."""
    return round(100 * share)


@register.filter
def shifted(found: Sequence[Any]) -> list[tuple[int, Any]]:
    """Things with the height of the middle of their lane."""
    return [(9 + 16 * at, one) for at, one in enumerate(found)]


@register.filter
def figure_words(dots: Iterable[charts.Dot], unit: str) -> str:
    """Figures in a sentence, smallest first."""
    return "; ".join(_figure(dot, unit) for dot in dots) + "."


def _figure(dot: charts.Dot, unit: str) -> str:
    claim = dot.claim
    text = figure(claim.number, claim.number_high, claim.approximate, unit)
    return text if dot.states_method else _("%(figure)s, method not stated") % {"figure": text}


@register.filter
def missing(claim: Any) -> str:
    """The conditions that the source of a figure does not state, in words; "" if it states all."""
    return ", ".join(str(CONDITION_LABELS[name]).lower() for name, stated in claim.conditions.items() if not stated)


@register.filter
def timeline(citations: Any) -> charts.Timeline:
    """Citations with their articles in time."""
    return charts.timeline(list(citations))


@register.filter
def citations_of(cards: Iterable[Any]) -> list[Any]:
    """The citations of some cards, of all parts of a dossier: [(word, cards)]."""
    return list(chain.from_iterable(card.claim.citations.all() for _word, group in cards for card in group))


@register.filter
def timeline_words(found: charts.Timeline) -> str:
    """Sources in time in a sentence."""
    parts = [
        f"{point.name} {labels.label(Stance(point.stance))}, "
        + (format_date(point.dated, "F Y") if point.dated else _("undated"))
        for point in found.points
    ]
    return "; ".join(parts) + "."
