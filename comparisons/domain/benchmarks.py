"""Figures side by side: which benchmark a row shows, how its figures compare, and what several of them say together.

A number never leaves its benchmark. Numbers of different benchmarks are never compared with one another; only their
ratios within each benchmark are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from .statements import NOT_COUNTED, BenchmarkView, Number
from .vocabulary import Direction, Verdict

#: Two figures are level if one is within this share of the other.
LEVEL_FROM, LEVEL_TO = Decimal("0.80"), Decimal("1.25")
#: Figures that span more than this factor are drawn on a log scale.
LOG_ABOVE = 20
#: Figures without an interval contradict each other if they differ by more than this share of the smaller one.
TOLERANCE = Decimal("0.1")
#: Verdicts that keep a figure out of every comparison.
NOT_COMPARED = NOT_COUNTED | {Verdict.CANNOT_BE_CHECKED}


class FigureView(NamedTuple):
    """A published figure of one framework, in a benchmark or alone (`benchmark` is None).

    interval: what the source states, else None. left_out: why it is shown and not compared, or "".
    """

    claim: str
    framework_id: int
    criterion_id: int
    benchmark: str | None
    variant: str
    value: Number
    interval: Number | None = None
    left_out: str = ""
    verdict: str = Verdict.UNCHECKED.value
    states_method: bool = True
    supported: bool = True

    @property
    def is_compared(self) -> bool:
        """Whether it may stand in a ratio within its benchmark."""
        return self.supported and not self.left_out and self.verdict not in NOT_COMPARED


class Relation(StrEnum):
    """How one figure compares with another of the same benchmark."""

    LEVEL = "level"
    MORE = "more"
    LESS = "less"
    UNCLEAR = "unclear"


def middle(value: Number) -> Decimal:
    """The figure by which a range is compared: its middle."""
    return (value.low + value.high) / 2


def ratio(value: Number, base: Number) -> Decimal | None:
    """How many times the base a figure is; None if the base is zero."""
    return middle(value) / middle(base) if middle(base) else None


def relation(found: Decimal) -> Relation:
    """A ratio as a word: level from 0.80 to 1.25, both included."""
    return Relation.MORE if found > LEVEL_TO else Relation.LESS if found < LEVEL_FROM else Relation.LEVEL


def contradict(first: Number, second: Number, *, intervals: tuple[Number | None, Number | None] = (None, None)) -> bool:
    """Whether two figures taken under like conditions cannot both be right.

    Two intervals, stated or given as a range, contradict if they do not overlap. If one of the figures has none, they
    contradict if they are more than a tenth of the smaller one apart.
    """
    spans = [interval or value for value, interval in zip((first, second), intervals, strict=True)]
    lower, upper = sorted(spans, key=lambda span: (span.low, span.high))
    if upper.low <= lower.high:
        return False
    if all(span.low < span.high for span in spans):
        return True
    return upper.low - lower.high > TOLERANCE * abs(lower.high)


def choose(
    benchmarks: Iterable[BenchmarkView], covers: Mapping[str, int], picked: Collection[str] = ()
) -> BenchmarkView | None:
    """The benchmark that is shown: one that was picked, else the one that covers most, then the newest, then by slug.

    covers: how much each benchmark covers, by slug: the columns of a row, or all frameworks for a stored cell. What
    covers nothing, or does not state its method, is shown only if it is picked. None if there is nothing to show.
    """
    ordered = in_order(benchmarks, covers)
    return next(
        (one for one in ordered if one.slug in picked),
        next((one for one in ordered if one.states_method and covers.get(one.slug)), None),
    )


def newest_only(benchmarks: Iterable[BenchmarkView], covers: Mapping[str, int]) -> dict[str, int]:
    """What the newest benchmarks that cover anything cover, by slug: of counts no others may be shown."""
    days = {one.slug: one.dated or date.min for one in benchmarks if one.states_method and covers.get(one.slug)}
    newest = max(days.values(), default=date.min)
    return {slug: covers[slug] for slug, day in days.items() if day == newest}


def in_order(benchmarks: Iterable[BenchmarkView], covers: Mapping[str, int]) -> list[BenchmarkView]:
    """Benchmarks in the order in which they are preferred; an undated one is the oldest."""
    return sorted(
        benchmarks,
        key=lambda one: (-covers.get(one.slug, 0), -(one.dated.toordinal() if one.dated else 0), one.slug),
    )


def preference(value: Number, variant: str, direction: str) -> tuple[Decimal, str]:
    """The sort key of the variants of one framework in one benchmark: the better figure first, then by name.

    So a framework that was tested in several ways stands by its best figure.
    """
    sign = {Direction.HIGHER: -1, Direction.LOWER: 1}.get(Direction(direction), 0)
    return sign * middle(value), variant


def one_each(figures: Iterable[FigureView], direction: str) -> dict[int, FigureView]:
    """The figure by which each framework stands in one benchmark, by framework; the others are further variants.

    A figure that may be compared comes before one that may not, then the better one.
    """
    found: dict[int, FigureView] = {}
    for figure in sorted(
        figures, key=lambda one: (not one.is_compared, preference(one.value, one.variant, direction), one.claim)
    ):
        found.setdefault(figure.framework_id, figure)
    return found


def best(figures: Iterable[FigureView], direction: str) -> FigureView | None:
    """The best of the figures that may be compared; None without a direction, or if there is none."""
    compared = [figure for figure in figures if figure.is_compared]
    if not compared or direction == Direction.NONE:
        return None
    return min(compared, key=lambda figure: (preference(figure.value, figure.variant, direction), figure.claim))


def ratios(figures: Sequence[FigureView], base: FigureView | None) -> list[Decimal | None]:
    """Each figure as a ratio to a base, in their order; None for what may not be compared, and without a base."""
    if base is None or not base.is_compared:
        return [None] * len(figures)
    return [ratio(figure.value, base.value) if figure.is_compared else None for figure in figures]


class Lead(NamedTuple):
    """By how much one framework is ahead of the others in one benchmark.

    first: its key; the others are ordered by their figures, the best first. low, high: the smallest and the largest
    of its figure divided by theirs. is_level: whether it is level with all of them.
    """

    first: int
    others: tuple[int, ...]
    low: Decimal
    high: Decimal
    is_level: bool


def lead_in(figures: Mapping[int, FigureView], direction: str) -> Lead | None:
    """The lead of the best of some figures of one benchmark, by framework; without a direction that of the largest.

    None if fewer than two of them may be compared.
    """
    better = direction if direction != Direction.NONE else Direction.HIGHER
    compared = {pk: figure for pk, figure in figures.items() if figure.is_compared and middle(figure.value)}
    order = sorted(compared, key=lambda pk: (preference(compared[pk].value, compared[pk].variant, better), pk))
    if len(order) < 2:
        return None
    first, *others = order
    found = [middle(compared[first].value) / middle(compared[pk].value) for pk in others]
    is_level = all(relation(one) == Relation.LEVEL for one in found)
    return Lead(first, tuple(others), min(found), max(found), is_level)


class Elsewhere(NamedTuple):
    """How many figures a cell has outside the benchmark that its row shows. unchecked: those that nobody can check."""

    figures: int
    unchecked: int


NOTHING_ELSEWHERE = Elsewhere(0, 0)


@dataclass(frozen=True)
class FigureCell:
    """A framework in the benchmark that a row shows.

    figure: None if it is not in this benchmark. of_best: its ratio to the best figure of the row; None if it may not be
    compared, or no direction is better. nearness: how near it is to the best, from 0 to 1. left_out: why it is shown
    and not compared. elsewhere: the other figures of the cell.
    """

    figure: FigureView | None
    of_best: Decimal | None = None
    nearness: Decimal | None = None
    left_out: str = ""
    elsewhere: Elsewhere = NOTHING_ELSEWHERE


@dataclass(frozen=True)
class FigureRow:
    """A row of figures: the benchmark it shows and one cell per column.

    benchmark: None if no benchmark covers any of the columns; then no cell has a figure. available: all benchmarks to
    choose from. covers: in how many columns each of them has a figure that may be compared, in the same order.
    """

    criterion_id: int
    benchmark: BenchmarkView | None
    available: tuple[BenchmarkView, ...]
    cells: tuple[FigureCell, ...]
    covers: tuple[int, ...] = ()

    @property
    def choices(self) -> list[tuple[BenchmarkView, int]]:
        """The benchmarks to choose from, each with the number of columns that it covers."""
        return list(zip(self.available, self.covers, strict=True))

    @property
    def covered(self) -> int:
        """In how many columns it shows a figure."""
        return sum(cell.figure is not None for cell in self.cells)


def figure_row(
    criterion: int,
    columns: Sequence[int],
    benchmarks: Iterable[BenchmarkView],
    figures: Iterable[FigureView],
    direction: str,
    picked: Collection[str] = (),
    *,
    is_count: bool = False,
) -> FigureRow:
    """Lay out the figures of one criterion. columns: primary keys of frameworks, in order.

    picked: slugs of benchmarks that the reader picked; those of other criteria do no harm. is_count: the newest
    benchmark is shown instead of the one that covers most, since a newer count replaces an older one.
    """
    shown = set(columns)
    known = {one.slug: one for one in benchmarks if one.criterion_id == criterion}
    here = [one for one in figures if one.criterion_id == criterion and one.framework_id in shown]
    compared = {slug: {f.framework_id for f in here if f.benchmark == slug and f.is_compared} for slug in known}
    covers = {slug: len(found) for slug, found in compared.items()}
    chosen = choose(known.values(), newest_only(known.values(), covers) if is_count else covers, picked)
    present = {figure.benchmark for figure in here}
    available = tuple(one for one in in_order(known.values(), covers) if one.slug in present)
    in_test = one_each((f for f in here if chosen is not None and f.benchmark == chosen.slug), direction)
    top = best(in_test.values(), direction) if chosen is not None and chosen.takes_ratios else None
    return FigureRow(
        criterion,
        chosen,
        available,
        tuple(_cell(column, in_test.get(column), top, here) for column in columns),
        tuple(covers[one.slug] for one in available),
    )


def _cell(column: int, figure: FigureView | None, top: FigureView | None, figures: Iterable[FigureView]) -> FigureCell:
    others = [other for other in figures if other.framework_id == column and other != figure]
    elsewhere = Elsewhere(len(others), sum(_is_unchecked(other) for other in others))
    if figure is None:
        return FigureCell(None, elsewhere=elsewhere)
    (found,) = ratios([figure], top)
    nearness = None if found is None else found if found <= 1 else 1 / found
    if top is not None and top.is_compared and figure.is_compared and not middle(top.value):
        nearness = Decimal(not middle(figure.value))  # nothing has a ratio to a best figure of zero
    return FigureCell(figure, found, nearness, figure.left_out, elsewhere)


def _is_unchecked(figure: FigureView) -> bool:
    return figure.verdict == Verdict.CANNOT_BE_CHECKED or not figure.states_method


@dataclass(frozen=True)
class Together:
    """What several benchmarks say of two frameworks: the first as a ratio to the second within each of them.

    ratios: (slug of the benchmark, ratio), the smallest ratio first.
    """

    first: int
    second: int
    ratios: tuple[tuple[str, Decimal], ...]

    @property
    def low(self) -> Decimal:
        return self.ratios[0][1]

    @property
    def high(self) -> Decimal:
        return self.ratios[-1][1]

    def count(self, word: Relation) -> int:
        """In how many benchmarks the first is level with the second, more or less."""
        return sum(relation(found) == word for _slug, found in self.ratios)

    @property
    def relation(self) -> Relation | None:
        """What all of them say alike; None if they differ."""
        words = {relation(found) for _slug, found in self.ratios}
        return words.pop() if len(words) == 1 else None


def together(
    benchmarks: Iterable[BenchmarkView], figures: Iterable[FigureView], frameworks: Sequence[int], direction: str
) -> list[Together]:
    """What the benchmarks say together about each pair of frameworks, the later of a pair as a ratio to the earlier.

    Only benchmarks that state their method, are not replaced and are like for like at least in part take part. Pairs
    that no benchmark has are left out.
    """
    usable = {b.slug for b in benchmarks if b.states_method and not b.replaced and b.takes_ratios}
    by_benchmark: dict[str, list[FigureView]] = {}
    for figure in figures:
        if figure.benchmark in usable and figure.is_compared:
            by_benchmark.setdefault(figure.benchmark or "", []).append(figure)
    each = {slug: one_each(found, direction) for slug, found in by_benchmark.items()}
    results = []
    for second, first in combinations(frameworks, 2):
        found = [
            (slug, value)
            for slug, in_test in each.items()
            if first in in_test and second in in_test
            if (value := ratio(in_test[first].value, in_test[second].value)) is not None
        ]
        if found:
            results.append(Together(first, second, tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))))
    return results
