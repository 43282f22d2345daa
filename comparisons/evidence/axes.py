"""Axes of charts: where a value stands, in percent of the width. Plain values; templates draw them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from math import log2
from typing import NamedTuple

from comparisons.domain.benchmarks import LOG_ABOVE

from .charts import nice


class AxisTick(NamedTuple):
    """A labelled place on an axis, in percent. minor: left out where there is little room."""

    value: Decimal
    x: float
    minor: bool = False


class Axis(NamedTuple):
    """An axis from low to high, linear or logarithmic."""

    low: Decimal
    high: Decimal
    is_log: bool
    ticks: tuple[AxisTick, ...] = ()

    def place(self, value: Decimal) -> float:
        """Where a value stands, from 0 to 100; a value beyond an end stands at that end."""
        if self.is_log:
            if value <= self.low:
                return 0.0
            share = log2(value / self.low) / log2(self.high / self.low)
        else:
            share = float((value - self.low) / (self.high - self.low))
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def ticked(self, values: Collection[Decimal]) -> Axis:
        """The axis with ticks at these values, every second one of them minor."""
        return self._replace(
            ticks=tuple(AxisTick(value, self.place(value), at % 2 == 1) for at, value in enumerate(values))
        )


def value_axis(values: Collection[Decimal]) -> Axis | None:
    """The axis of figures, from zero; logarithmic if they span more than LOG_ABOVE. None without a figure above zero.

    There is none for figures below zero either.
    """
    if not values or max(values) <= 0 or min(values) < 0:
        return None
    if min(values) > 0 and max(values) / min(values) > LOG_ABOVE:
        low, high = Decimal(1).scaleb(min(values).adjusted()), Decimal(1).scaleb(max(values).adjusted() + 1)
        decades = [Decimal(1).scaleb(power) for power in range(low.adjusted(), high.adjusted() + 1)]
        return Axis(low, high, is_log=True).ticked(decades)
    top = nice(max(values))
    return Axis(Decimal(0), top, is_log=False).ticked([top * quarter / 4 for quarter in range(5)])


def ratio_axis(ratios: Collection[Decimal]) -> Axis:
    """The logarithmic axis of ratios, by powers of two, with 1 on it."""
    positive = [ratio for ratio in ratios if ratio > 0]
    low, high = min([*positive, Decimal(1)]), max([*positive, Decimal(1)])
    first, last = -1, 1
    while Decimal(2) ** first > low and first > -10:
        first -= 1
    while Decimal(2) ** last < high and last < 10:
        last += 1
    powers = [Decimal(2) ** power for power in range(first, last + 1)]
    return Axis(powers[0], powers[-1], is_log=True).ticked(powers)


#: The axis of shares of the best figure: 0 to 100 percent.
SHARES = Axis(Decimal(0), Decimal(1), is_log=False).ticked([Decimal(quarter) / 4 for quarter in range(5)])
