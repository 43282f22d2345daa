"""Where the marks of a chart stand, in percent of its width. Plain values; templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from comparisons.domain.scoring import GroupProfile
from comparisons.domain.vocabulary import Stance

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


def nice(value: Decimal) -> Decimal:
    """The next round number: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = Decimal(1).scaleb(value.adjusted())
    return next(
        power * step for step in map(Decimal, ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")) if power * step >= value
    )


class Point(NamedTuple):
    """A source in time: where it stands, in percent and pixels, and by how many pixels it is moved away from others.

    precision: how exactly its day is known; "" for a day.
    """

    stance: str
    dated: date | None
    name: str
    slug: str
    x: float
    y: int
    shift: int
    precision: str = ""


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
            "" if citation.dated_on else citation.article.evidence_precision,
        )
        for citation in citations
    }
    ordered = sorted(found.items(), key=lambda one: (one[1][0] or date.min, one[0]))
    shown = ordered[-MOST_POINTS:]
    dates = [dated for _key, (dated, _article, _precision) in shown if dated]
    first, last = (min(dates), max(dates)) if dates else (None, None)
    taken: dict[tuple[int, int], int] = {}
    points = []
    for (slug, stance), (dated, article, precision) in shown:
        x, y = _place(dated, first, last), HEIGHTS[Stance(stance)]
        near = (round(x / 4), y)
        taken[near] = taken.get(near, -1) + 1
        name = article.publisher_name or article.title
        points.append(Point(stance, dated, name, slug, x, y, 7 * taken[near], precision))
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
