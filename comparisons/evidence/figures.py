"""What pages show of figures: one benchmark as a table, several benchmarks side by side, and their ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from comparisons.domain.benchmarks import (
    FigureView,
    Relation,
    Together,
    best,
    in_order,
    middle,
    one_each,
    ratio,
    ratios,
    together,
)
from comparisons.domain.matrix import Column
from comparisons.domain.measuring import relation_to
from comparisons.domain.statements import BenchmarkView
from comparisons.domain.vocabulary import Direction
from comparisons.models import Claim, subject

from .axes import SHARES, Axis, ratio_axis, value_axis

#: Frameworks that the table of all benchmarks of a quantity names, those with most benchmarks first.
NAMED = 4
#: Benchmarks that a table of many shows; more dots than these on a lane are put together where they would overlap.
TESTS, DOTS = 30, 24


class TableRow(NamedTuple):
    """A figure in the table of its benchmark.

    x, low, high: the places of the figure and of both ends of its range or interval, in percent; None without an axis,
    or a range. ratio, word: to the baseline; None if they may not be compared. is_base: whether it is the baseline.
    """

    figure: FigureView
    column: Column
    server: str
    versions: str
    x: float | None
    low: float | None
    high: float | None
    ratio: Decimal | None
    word: Relation | None
    is_base: bool


class Table(NamedTuple):
    """All figures of one benchmark. groups: those that are compared, by server. base_x: the place of the baseline."""

    axis: Axis | None
    base: TableRow | None
    base_x: float | None
    groups: list[tuple[str, list[TableRow]]]
    left_out: list[TableRow]

    @property
    def has_spread(self) -> bool:
        """Whether the source states an interval for any figure."""
        return any(row.figure.interval for _server, rows in self.groups for row in rows)

    @property
    def width(self) -> int:
        """Its number of columns."""
        return 4 + bool(self.axis) + self.has_spread

    @property
    def size(self) -> int:
        return sum(len(rows) for _server, rows in self.groups) + len(self.left_out)

    @property
    def candidates(self) -> list[Column]:
        """The frameworks that may be the baseline, by name."""
        columns = {row.column.id: row.column for _server, rows in self.groups for row in rows}
        return sorted(columns.values(), key=lambda column: column.name.lower())


def table(
    test: BenchmarkView,
    figures: Sequence[FigureView],
    columns: Sequence[Column],
    about: Mapping[str, Any],
    direction: str,
    baseline: str,
) -> Table:
    """The figures of a benchmark, the best first, without ratios if it is not like for like.

    columns: all frameworks in order. about: server and versions of each claim, by key. baseline: the slug of the
    framework that others are compared with; "" for the first one.
    """
    by_id = {column.id: column for column in columns}
    compared = one_each((figure for figure in figures if figure.is_compared), direction)
    bases = columns if test.takes_ratios else []
    base = next((compared[c.id] for c in bases if c.id in compared and baseline in ("", c.slug)), None)
    ends = [end for figure in figures if figure.is_compared for end in _ends(figure)]
    axis = value_axis(ends)
    rows = [
        _row(figure, by_id[figure.framework_id], about.get(figure.claim, {}), axis, found, base)
        for figure, found in zip(figures, ratios(figures, base), strict=True)
    ]
    sign = -1 if direction != Direction.LOWER else 1
    rows.sort(key=lambda row: (sign * middle(row.figure.value), row.column.place, row.figure.variant))
    return Table(
        axis,
        next((row for row in rows if row.is_base), None),
        next((row.x for row in rows if row.is_base), None),
        _by_server([row for row in rows if row.figure.is_compared]),
        [row for row in rows if not row.figure.is_compared],
    )


def _ends(figure: FigureView) -> list[Decimal]:
    span = figure.interval or figure.value
    return [figure.value.low, figure.value.high, span.low, span.high]


def _row(
    figure: FigureView,
    column: Column,
    about: Mapping[str, Any],
    axis: Axis | None,
    found: Decimal | None,
    base: FigureView | None,
) -> TableRow:
    span = figure.interval or figure.value
    has_span = axis is not None and span.low < span.high
    return TableRow(
        figure=figure,
        column=column,
        server=about.get("server", ""),
        versions=about.get("versions", ""),
        x=axis.place(middle(figure.value)) if axis else None,
        low=axis.place(span.low) if axis and has_span else None,
        high=axis.place(span.high) if axis and has_span else None,
        ratio=found,
        word=relation_to(figure, base) if base is not None and found is not None else None,
        is_base=figure == base,
    )


def _by_server(rows: Sequence[TableRow]) -> list[tuple[str, list[TableRow]]]:
    """Rows by server, in their order; all in one group if each server has but one framework, or there is one server."""
    groups: dict[str, list[TableRow]] = {}
    for row in rows:
        groups.setdefault(row.server, []).append(row)
    if len(groups) < 2 or len(groups) * 2 > len(rows):
        return [("", list(rows))] if rows else []
    return list(groups.items())


class RatioLane(NamedTuple):
    """A framework as a ratio to the baseline in several benchmarks.

    dots: the place of each ratio in percent, and whether it belongs to the benchmark of the page.
    """

    column: Column
    found: Together
    dots: list[tuple[float, bool]]

    @property
    def low(self) -> float:
        return min(x for x, _own in self.dots)

    @property
    def high(self) -> float:
        return max(x for x, _own in self.dots)


class Across(NamedTuple):
    """Frameworks as ratios to one of them, within each benchmark of a quantity.

    rows: each benchmark with the ratio of each lane, None where it has none; at most TESTS of `total` benchmarks.
    candidates: all that may be the base.
    """

    base: Column
    axis: Axis
    one_x: float
    lanes: list[RatioLane]
    rows: list[tuple[BenchmarkView, list[Decimal | None]]]
    candidates: list[Column]
    total: int

    def alike(self, word: Relation) -> list[str]:
        """The names of the frameworks with this relation to the base in every benchmark, if there are at least two."""
        return [lane.column.name for lane in self.lanes if lane.found.relation == word and len(lane.found.ratios) > 1]


def across(
    tests: Sequence[BenchmarkView],
    figures: Sequence[FigureView],
    columns: Sequence[Column],
    direction: str,
    baseline: str,
    own: str = "",
) -> Across | None:
    """What several benchmarks say together. columns: all frameworks in order. own: the benchmark of the page, if any.

    baseline: the slug of a framework; "" for the first one that shares a benchmark. None if no two frameworks do.
    """
    pairs = together(tests, figures, [column.id for column in columns], direction)
    by_id = {column.id: column for column in columns}
    bases = {pair.second for pair in pairs} | {pair.first for pair in pairs}
    base = next((column for column in columns if column.id in bases and baseline in ("", column.slug)), None)
    if base is None:
        return None
    others = [base.id, *(column.id for column in columns if column.id != base.id)]
    found = [pair for pair in together(tests, figures, others, direction) if pair.second == base.id]
    if not found:
        return None
    axis = ratio_axis([value for pair in found for _slug, value in pair.ratios])
    lanes = [
        RatioLane(by_id[pair.first], pair, _dots([(axis.place(value), slug == own) for slug, value in pair.ratios]))
        for pair in found
    ]
    lanes.sort(key=lambda lane: (-len(lane.found.ratios), lane.column.place))
    by_slug = [dict(lane.found.ratios) for lane in lanes]
    named = [test for test in tests if any(test.slug in ratios_of for ratios_of in by_slug)]
    rows = [(test, [ratios_of.get(test.slug) for ratios_of in by_slug]) for test in named[:TESTS]]
    candidates = sorted((column for column in columns if column.id in bases), key=lambda column: column.name.lower())
    return Across(base, axis, axis.place(Decimal(1)), lanes, rows, candidates, len(named))


def _dots(places: list[tuple[float, bool]]) -> list[tuple[float, bool]]:
    """Dots as they are drawn: of many, one for each percent of the width. Those of the page's own benchmark stay."""
    if len(places) <= DOTS:
        return places
    drawn = {round(x): (x, False) for x, is_own in places if not is_own}
    return [*drawn.values(), *(dot for dot in places if dot[1])]


class BenchmarkRow(NamedTuple):
    """One benchmark among those of its quantity.

    shares: each figure as a share of the best, and which of the named frameworks has it, from 1; 0 for another one.
    values: the figure of each named framework. frameworks: how many there are in all. source: who published it.
    """

    test: BenchmarkView
    shares: list[tuple[float, int]]
    values: list[FigureView | None]
    frameworks: int
    source: str = ""


class SideBySide(NamedTuple):
    """The benchmarks of a quantity, at most TESTS of `total`.

    apart: those that are not like for like, or do not state their method.
    """

    columns: list[Column]
    rows: list[BenchmarkRow]
    apart: list[BenchmarkRow]
    total: int
    axis: Axis = SHARES

    @property
    def shown(self) -> int:
        """How many of them are shown."""
        return len(self.rows) + len(self.apart)

    @property
    def groups(self) -> list[tuple[bool, str, list[BenchmarkRow]]]:
        """The rows that may be compared by source, then the others; (whether they stand apart, source, rows)."""
        by_source: dict[str, list[BenchmarkRow]] = {}
        for row in self.rows:
            by_source.setdefault(row.source, []).append(row)
        return [
            *((False, source, rows) for source, rows in by_source.items()),
            *([(True, "", self.apart)] * bool(self.apart)),
        ]


def side_by_side(
    tests: Sequence[BenchmarkView],
    figures: Sequence[FigureView],
    columns: Sequence[Column],
    direction: str,
    sources: Mapping[str, str],
) -> SideBySide | None:
    """The benchmarks of a quantity that have figures, the widest first; None if there are none.

    sources: who published each of them, by slug.
    """
    by_test: dict[str, list[FigureView]] = {}
    for figure in figures:
        if figure.benchmark is not None:
            by_test.setdefault(figure.benchmark, []).append(figure)
    shown = [test for test in in_order(tests, {t.slug: t.width for t in tests}) if test.slug in by_test]
    if not shown:
        return None
    each = {slug: one_each(found, direction) for slug, found in by_test.items()}
    count = {column.id: sum(column.id in found for found in each.values()) for column in columns}
    named = sorted((c for c in columns if count[c.id]), key=lambda c: (-count[c.id], c.place))[:NAMED]
    named.sort(key=lambda column: column.place)
    shown.sort(key=_is_apart)
    rows = [
        _benchmark_row(test, each[test.slug], named, direction)._replace(source=sources.get(test.slug, ""))
        for test in shown[:TESTS]
    ]
    compared = [row for row in rows if not _is_apart(row.test)]
    return SideBySide(named, compared, [row for row in rows if _is_apart(row.test)], len(shown))


def _is_apart(test: BenchmarkView) -> bool:
    """Whether a benchmark is listed apart: its method is not stated, or it is not like for like."""
    return not test.states_method or not test.takes_ratios


def _benchmark_row(
    test: BenchmarkView, in_test: Mapping[int, FigureView], named: Sequence[Column], direction: str
) -> BenchmarkRow:
    top = best(in_test.values(), direction) if test.takes_ratios else None
    places = {column.id: at for at, column in enumerate(named, start=1)}
    shares = []
    if top is not None:
        for framework, figure in in_test.items():
            found = ratio(figure.value, top.value) if figure.is_compared else None
            if found:
                shares.append((SHARES.place(found if found <= 1 else 1 / found), places.get(framework, 0)))
    return BenchmarkRow(test, sorted(shares), [in_test.get(column.id) for column in named], len(in_test))


def apart(figures: Iterable[FigureView], direction: str) -> dict[str, Decimal]:
    """The largest figure of each benchmark divided by the smallest, by slug; only of those that may be compared."""
    by_test: dict[str, list[FigureView]] = {}
    for figure in figures:
        if figure.benchmark is not None and figure.is_compared:
            by_test.setdefault(figure.benchmark, []).append(figure)
    found = {}
    for slug, group in by_test.items():
        values = sorted((figure.value for figure in one_each(group, direction).values()), key=middle)
        times = ratio(values[-1], values[0])
        if len(values) > 1 and times is not None:
            found[slug] = times
    return found


def conditions_of(benchmark: int) -> dict[str, dict[str, Any]]:
    """Server and versions, if figures have these, of the published figures of a benchmark, by claim; one query."""
    claims = Claim.objects.published().filter(benchmark=benchmark).order_by()
    return {row.pop("key"): row for row in claims.values("key", *{"server", "versions"} & {*subject.conditions()})}
