"""The words for figures of one benchmark: ratios, how far they are apart, and what several benchmarks say together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain.benchmarks import FigureCell, Lead, Relation, Together
from comparisons.domain.statements import Number
from comparisons.domain.vocabulary import Direction

from .values import figure

#: Ratios from here on are given with one decimal.
_LARGE = 10


def ratio(found: Decimal) -> str:
    """A ratio with two decimals, or with one from ten on: "0.92", "13.8"; "1" for equal figures."""
    return "1" if found == 1 else f"{found:.1f}" if found >= _LARGE else f"{found:.2f}"


def of_best(found: Decimal) -> str:
    """A ratio to the best figure of a row: "0.52 of the best", "2.30 times the best"."""
    if found == 1:
        return _("the best")
    if found < 1:
        return _("%(ratio)s of the best") % {"ratio": ratio(found)}
    return _("%(ratio)s times the best") % {"ratio": ratio(found)}


def plain(found: Number) -> str:
    """A figure or a range without its unit."""
    return with_unit(found, "")


def with_unit(found: Number, unit: str) -> str:
    """A figure or a range with its unit."""
    return figure(found.low, None if found.low == found.high else found.high, found.approximate, unit)


def other_figures(cell: FigureCell) -> str:
    """How many figures a cell has outside the benchmark of its row: "15 others"; "" for none."""
    count = cell.elsewhere.figures
    return ngettext("%d other", "%d others", count) % count if count else ""


def elsewhere(cell: FigureCell) -> str:
    """Where the figures of a cell are that is not in the benchmark of its row; "" if it has none."""
    count, unchecked = cell.elsewhere
    if count and count == unchecked:
        return ngettext("%d figure that cannot be checked", "%d figures that cannot be checked", count) % count
    return ngettext("%d figure elsewhere", "%d figures elsewhere", count) % count if count else ""


def relation(word: Relation, direction: str) -> str:
    """A relation in words: "level", "ahead" or "behind"; "more" or "less" where no direction is better.

    Where intervals overlap: "cannot be told apart".
    """
    if word == Relation.UNCLEAR:
        return _("cannot be told apart")
    if word == Relation.LEVEL:
        return _("level")
    if direction == Direction.NONE:
        return _("more") if word == Relation.MORE else _("less")
    return _("ahead") if (word == Relation.MORE) == (direction == Direction.HIGHER) else _("behind")


def span(found: Together) -> str:
    """The smallest and the largest ratio: "0.92 to 1.11"."""
    low, high = ratio(found.low), ratio(found.high)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def lead(found: Lead, names: Mapping[int, str]) -> str:
    """The lead of a framework in one benchmark: "All level", "One 1.5 to 1.6 times the others"."""
    if found.is_level:
        return _("Both level") if len(found.others) == 1 else _("All level")
    low, high = ratio(found.low), ratio(found.high)
    return _("%(first)s %(times)s times %(others)s") % {
        "first": names[found.first],
        "times": low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high},
        "others": names[found.others[0]] if len(found.others) == 1 else _("the others"),
    }


def tally(found: Together, direction: str) -> str:
    """In how many benchmarks a framework is ahead, level and behind: "ahead in 12, level in 2 of 14"."""
    parts = [
        _("%(word)s in %(count)d") % {"word": relation(word, direction), "count": found.count(word)}
        for word in (Relation.MORE, Relation.LEVEL, Relation.LESS)
        if found.count(word)
    ]
    return _("%(parts)s of %(all)d") % {"parts": ", ".join(parts), "all": len(found.ratios)}
