"""Charts in templates: the positions of their marks, and the same in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django import template
from django.utils.translation import gettext as _

from comparisons.domain.scoring import GroupProfile
from comparisons.domain.vocabulary import Stance
from comparisons.evidence import charts
from comparisons.language import labels
from comparisons.language.dates import period_text, to_the_month

register = template.Library()


@register.filter
def lanes(group: GroupProfile) -> list[charts.Lane]:
    """The marks of one group of a profile."""
    return charts.profile_lanes(group)


@register.filter
def lanes_height(found: Sequence[Any]) -> int:
    """The height of the lanes in pixels, one below the other."""
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
def timeline(citations: Any) -> charts.Timeline:
    """A timeline of citations with their articles."""
    return charts.timeline(list(citations))


@register.filter
def citations_of(cards: Iterable[Any]) -> list[Any]:
    """The citations of all cards of a cell. cards: [(word, cards)]."""
    return list(chain.from_iterable(card.claim.citations.all() for _word, group in cards for card in group))


@register.filter
def timeline_words(found: charts.Timeline) -> str:
    """A timeline in a sentence."""
    parts = [
        f"{point.name} {labels.label(Stance(point.stance))}, " + period_text(point.dated, to_the_month(point.precision))
        for point in found.points
    ]
    return "; ".join(parts) + "."
