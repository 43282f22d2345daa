"""What repeated rounds of a measurement say: a median with its interval, and ratios to a baseline of the same rounds.

A median says nothing of how sure it is, and the rounds of a shared machine are not normally distributed. The interval
used here assumes nothing about their distribution: if the rounds are independent draws of one quantity, the number of
rounds below its median is binomial with probability one half, so that the median lies between the k-th smallest and
the k-th largest of n rounds with probability 1 - 2 P(Binomial(n, 1/2) < k).
Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition (2003), section 7.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import comb
from statistics import median
from typing import NamedTuple

from .benchmarks import FigureView, Relation, ratio, relation

#: The probability with which an interval is to hold the median, if there are enough rounds for it.
CONFIDENCE = 0.95
#: Fewest rounds of which an interval can hold the median with that probability.
FEWEST = 6


class Measured(NamedTuple):
    """A median of some rounds. low, high: its interval. coverage: the probability that it holds the true median."""

    value: float
    low: float
    high: float
    rounds: int
    coverage: float


def rank(rounds: int, confidence: float = CONFIDENCE) -> int:
    """Which of the smallest and of the largest rounds are the ends of the interval, from 1.

    It is the largest rank that keeps the confidence; 1, the whole range, if no rank does. rounds: at least one.
    """
    found = 1
    while found < (rounds + 1) // 2 and coverage(rounds, found + 1) >= confidence:
        found += 1
    return found


def coverage(rounds: int, rank: int) -> float:
    """The probability that the median lies between the rank-th smallest and the rank-th largest round; 0 for one."""
    below = sum(comb(rounds, count) for count in range(rank))
    return max(0.0, 1 - 2 * below / float(2**rounds))


def measured(values: Sequence[float], confidence: float = CONFIDENCE) -> Measured:
    """The median of some rounds and its interval. Raises ValueError for no rounds."""
    if not values:
        raise ValueError("There is no median of no rounds.")
    ordered, count = sorted(values), len(values)
    found = rank(count, confidence)
    return Measured(median(ordered), ordered[found - 1], ordered[count - found], count, coverage(count, found))


def ratios(values: Mapping[int, float], base: Mapping[int, float]) -> list[float]:
    """A quantity as a multiple of a baseline in each round that has both; rounds with a baseline of zero are left out.

    values, base: by round. What slows a whole round down, such as other work on the machine, cancels out.
    """
    return [values[one] / base[one] for one in sorted(values.keys() & base.keys()) if base[one]]


def can_be_told_apart(
    first: tuple[float | Decimal, float | Decimal], second: tuple[float | Decimal, float | Decimal]
) -> bool:
    """Whether two intervals do not overlap. Intervals that share an end do."""
    return first[1] < second[0] or second[1] < first[0]


def relation_to(figure: FigureView, base: FigureView) -> Relation | None:
    """How a figure compares with another of its benchmark; None without a ratio.

    It is unclear, whatever the ratio, if both have an interval and these overlap.
    """
    spans = [(one.interval.low, one.interval.high) for one in (figure, base) if one.interval is not None]
    if len(spans) == 2 and not can_be_told_apart(*spans):
        return Relation.UNCLEAR
    found = ratio(figure.value, base.value)
    return None if found is None else relation(found)


def differs_from_baseline(found: Measured) -> bool:
    """Whether the interval of a ratio to the baseline leaves out 1."""
    return can_be_told_apart((found.low, found.high), (1.0, 1.0))
