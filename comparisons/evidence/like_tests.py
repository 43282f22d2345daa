"""The figures of a comparison test by test: side by side within one benchmark, and said in ratios within it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from django.db.models import Count, QuerySet

from comparisons.domain.benchmarks import FigureView, Lead, in_order, lead_in, one_each
from comparisons.domain.matrix import Column, Line
from comparisons.domain.statements import BenchmarkView
from comparisons.models import Benchmark, Claim, Criterion, remembered

from . import assessing
from .benchmarks import figures_on, is_measured, views_of

#: Quantities of a comparison that are shown, those with most benchmarks, and benchmarks of each.
QUANTITIES, TESTS = 2, 8


class LikeTest(NamedTuple):
    """One benchmark with at least two of the frameworks: their figures, in order; None for those it did not test.

    lead: by how much the best of them is ahead; None where they may not be compared.
    """

    test: BenchmarkView
    figures: tuple[FigureView | None, ...]
    lead: Lead | None


class LikeTests(NamedTuple):
    """The benchmarks of one quantity, those with most of the frameworks first: at most TESTS of `total`."""

    line: Line
    columns: tuple[Column, ...]
    rows: tuple[LikeTest, ...]
    total: int


def like_tests(columns: Sequence[Column], lines: Iterable[Line]) -> list[LikeTests]:
    """The benchmarks with several of these frameworks, by quantity; two queries.

    None without a measured quantity, or if they are remembered. Replaced benchmarks are left out; those without a
    method, or not like for like, come last.
    """
    measured = [line for line in lines if is_measured(line)]
    if not measured or len(columns) < 2:
        return []
    return remembered.made((like_tests, tuple(columns), tuple(measured)), partial(_like_tests, columns, measured))


def _like_tests(columns: Sequence[Column], measured: Sequence[Line]) -> list[LikeTests]:
    tests = views_of(Benchmark.objects.filter(criterion__in=[line.id for line in measured]).order_by("slug"))
    figures = figures_on([line.id for line in measured], [column.id for column in columns])
    by_test: dict[str, list[FigureView]] = {}
    for figure in figures:
        if figure.benchmark is not None:
            by_test.setdefault(figure.benchmark, []).append(figure)
    by_line: dict[int, list[BenchmarkView]] = {}
    for test in tests:
        by_line.setdefault(test.criterion_id, []).append(test)
    found = [_quantity(line, columns, by_line[line.id], by_test) for line in measured if line.id in by_line]
    found = sorted((one for one in found if one.rows), key=lambda one: -one.total)[:QUANTITIES]
    return found


def most_tested(criteria: QuerySet[Criterion], columns: Sequence[Column]) -> list[Line]:
    """The quantities with most benchmarks of several of these frameworks, at most QUANTITIES; two queries.

    For a comparison too large to read the figures of all its criteria.
    """
    figures = Claim.objects.published().filter(
        framework__in=[column.id for column in columns],
        number__isnull=False,
        benchmark__replaced_by__isnull=True,
        benchmark__isnull=False,
        criterion__is_count=False,
        criterion__in=criteria.order_by().values("pk"),
    )
    tests = figures.order_by().values_list("criterion", "benchmark").annotate(Count("framework", distinct=True))
    found = Counter(criterion for criterion, _test, width in remembered.rows(tests) if width > 1)
    return assessing.lines(criteria.filter(pk__in=[pk for pk, _count in found.most_common(QUANTITIES)]))


def _quantity(
    line: Line, columns: Sequence[Column], tests: Sequence[BenchmarkView], by_test: dict[str, list[FigureView]]
) -> LikeTests:
    each = {
        test.slug: one_each(by_test.get(test.slug, ()), line.direction)
        for test in tests
        if not test.replaced and len({figure.framework_id for figure in by_test.get(test.slug, ())}) > 1
    }
    wide = in_order((test for test in tests if test.slug in each), {slug: len(found) for slug, found in each.items()})
    wide.sort(key=lambda test: not _is_compared(test))
    rows = [
        LikeTest(
            test,
            tuple(each[test.slug].get(column.id) for column in columns),
            lead_in(each[test.slug], line.direction) if _is_compared(test) else None,
        )
        for test in wide[:TESTS]
    ]
    return LikeTests(line, tuple(columns), tuple(rows), len(wide))


def _is_compared(test: BenchmarkView) -> bool:
    return test.states_method and test.takes_ratios
