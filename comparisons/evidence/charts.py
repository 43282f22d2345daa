"""Where the marks of a chart stand, in percent of its width. Plain values; templates draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from comparisons.domain.scoring import GroupProfile
from comparisons.domain.statements import NOT_COUNTED, states_method
from comparisons.domain.vocabulary import Stance
from comparisons.models import Claim

#: How many of the newest sources are drawn; a list beside the chart has them all.
MOST_POINTS = 40
#: The height at which each stance is drawn, in pixels.
HEIGHTS = {Stance.SUPPORTS: 14, Stance.QUALIFIES: 32, Stance.DISPUTES: 50}
#: Where undated sources stand, and the first and the last dated one, in percent.
UNDATED, FIRST, LAST = 5.0, 18.0, 96.0


class Lane(NamedTuple):
    """One framework on one group of a profile: percentages, and the height at which it is drawn."""

    column: Any
    score: Any
    y: int
    low: int
    mark: int
    high: int


def profile_lanes(group: GroupProfile) -> list[Lane]:
    """The marks of a group, one below the other; columns about which nothing is known are left out."""
    known = [(column, score) for column, score in group.scores if score]
    return [
        Lane(column, score, 9 + 16 * at, round(100 * score.low), round(100 * score.mark), round(100 * score.high))
        for at, (column, score) in enumerate(known)
    ]


class Dot(NamedTuple):
    """A figure: its claim, where it begins and ends in percent, and the conditions that are not stated."""

    claim: Claim
    x: float
    x_high: float | None
    states_method: bool
    missing: tuple[str, ...]


class Scale(NamedTuple):
    """The axis of figures, from zero to `top`."""

    top: Decimal
    lanes: list[tuple[Any, list[Dot]]]


def figures(claims: Iterable[Claim]) -> Scale | None:
    """Figures of counted claims by framework, on one axis from zero; None if there are none or one is below zero."""
    shown = [claim for claim in claims if claim.number is not None and claim.verdict not in NOT_COUNTED]
    ends = [end for claim in shown for end in (claim.number, claim.number_high) if end is not None]
    if not ends or max(ends) <= 0 or min(ends) < 0:
        return None
    top = nice(max(ends))
    lanes: dict[int, tuple[Any, list[Dot]]] = {}
    for claim in shown:
        dot = Dot(
            claim,
            _share(claim.number or Decimal(0), top),
            None if claim.number_high is None else _share(claim.number_high, top),
            claim.benchmark.states_method if claim.benchmark else states_method(claim.conditions),
            tuple(name for name, stated in claim.stated_conditions.items() if not stated),
        )
        lanes.setdefault(claim.framework_id or 0, (claim.framework, []))[1].append(dot)
    return Scale(top, list(lanes.values()))


def _share(value: Decimal, top: Decimal) -> float:
    return round(float(100 * value / top), 2)


def nice(value: Decimal) -> Decimal:
    """The next round number: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = Decimal(1).scaleb(value.adjusted())
    return next(
        power * step for step in map(Decimal, ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")) if power * step >= value
    )


class Point(NamedTuple):
    """A source in time: where it stands, in percent and pixels, and by how many pixels it is moved away from others."""

    stance: str
    dated: date | None
    name: str
    slug: str
    x: float
    y: int
    shift: int


class Timeline(NamedTuple):
    """Sources in time, the oldest first, undated ones before all. `left_out`: how many are not drawn."""

    points: list[Point]
    first: date | None
    last: date | None
    left_out: int


def timeline(citations: Sequence[Any]) -> Timeline:
    """Citations with their articles in time, one point for each article and stance."""
    found = {
        (citation.article.slug, str(citation.stance)): (
            citation.dated_on or citation.article.evidence_date,
            citation.article,
        )
        for citation in citations
    }
    ordered = sorted(found.items(), key=lambda one: (one[1][0] or date.min, one[0]))
    shown = ordered[-MOST_POINTS:]
    dates = [dated for _key, (dated, _article) in shown if dated]
    first, last = (min(dates), max(dates)) if dates else (None, None)
    taken: dict[tuple[int, int], int] = {}
    points = []
    for (slug, stance), (dated, article) in shown:
        x, y = _place(dated, first, last), HEIGHTS[Stance(stance)]
        near = (round(x / 4), y)
        taken[near] = taken.get(near, -1) + 1
        points.append(Point(stance, dated, article.publisher or article.title, slug, x, y, 7 * taken[near]))
    return Timeline(points, first, last, len(ordered) - len(shown))


def _place(dated: date | None, first: date | None, last: date | None) -> float:
    if dated is None or first is None or last is None:
        return UNDATED
    days = (last - first).days
    return round(LAST - (LAST - FIRST) * (last - dated).days / days, 1) if days else LAST


#: The numbers of claims from which on a cell of the heat map is one degree darker.
HEAT = (1, 2, 4, 8)


def heat(claims: int) -> int:
    """How dark a cell is: 0 for none, up to 4."""
    return sum(claims >= least for least in HEAT)
