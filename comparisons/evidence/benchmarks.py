"""Benchmarks and their figures, read as plain values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from comparisons.domain.benchmarks import FigureRow, FigureView, figure_row
from comparisons.domain.freshness import evidence_date
from comparisons.domain.matrix import Column, Line
from comparisons.domain.statements import METHOD_NEEDS, BenchmarkView, Number, states_method
from comparisons.domain.vocabulary import ClaimKind, Stance, ValueType
from comparisons.models import Benchmark, Citation, Claim, remembered, subject
from comparisons.models.claims import visible

#: What a BenchmarkView needs to know of each benchmark, its width aside.
_COLUMNS = (
    *("pk", "slug", "title", "criterion_id", "unit", "statistic", "states_method", "like_for_like", "measured_on"),
    *("precision", "article__kind", "article__published_on", "article__precision", "article__read_on"),
    "replaced_by_id",
)


def width() -> Coalesce:
    """The number of frameworks with a published figure in a benchmark. Used in queries of benchmarks."""
    figures = Claim.objects.published().filter(benchmark=OuterRef("pk")).order_by().values("benchmark")
    counted = figures.annotate(width=Count("framework", distinct=True)).values("width")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def views_of(benchmarks: QuerySet[Benchmark]) -> list[BenchmarkView]:
    """Benchmarks as plain values, in the order of the query; one query."""
    rows = benchmarks.annotate(width=width()).values_list(*_COLUMNS, "width")
    return [
        BenchmarkView(
            *(pk, slug, title, criterion, unit, statistic, has_method, likeness),
            dated=measured or evidence_date(kind, published, read),
            width=wide,
            replaced=replaced is not None,
            precision=exactly if measured else of_article if published else "",
        )
        for (
            pk, slug, title, criterion, unit, statistic, has_method, likeness, measured, exactly,
            kind, published, of_article, read, replaced, wide,
        ) in rows
    ]  # fmt: skip


def views(pks: Collection[int], using: str = "default") -> dict[int, BenchmarkView]:
    """Benchmarks by primary key; one query, none for none."""
    if not pks:
        return {}
    return {view.id: view for view in views_of(Benchmark.objects.using(using).filter(pk__in=pks).order_by())}


def sources_of(benchmarks: QuerySet[Benchmark]) -> dict[str, str]:
    """Who published each benchmark, or else the title of its article, by slug; one query."""
    rows = benchmarks.order_by().values_list("slug", "article__publisher", "article__title")
    return {slug: str(publisher or title) for slug, publisher, title in rows}


def view_of(benchmark: Benchmark) -> BenchmarkView:
    """One benchmark, with its article, as it weighs for a claim by itself; its width is not looked up."""
    return BenchmarkView(
        id=benchmark.pk,
        slug=benchmark.slug,
        title=benchmark.title,
        criterion_id=benchmark.criterion_id,
        unit=benchmark.unit,
        statistic=benchmark.statistic,
        states_method=benchmark.states_method,
        like_for_like=benchmark.like_for_like,
        dated=benchmark.dated,
        width=0,
        replaced=benchmark.replaced_by_id is not None,
        precision=benchmark.dated_precision,
    )


def figures_of(claims: QuerySet[Claim]) -> list[FigureView]:
    """The published figures among some claims, by key; one query. Those without a number are left out."""
    supports = Citation.objects.filter(claim=OuterRef("pk"), stance=Stance.SUPPORTS)
    rows = (
        claims.filter(visible(), framework__isnull=False, number__isnull=False)
        .annotate(supported=Exists(supports), test_states_method=F("benchmark__states_method"))
        .order_by("key")
        .values(
            *("key", "kind", "framework_id", "criterion_id", "benchmark__slug", "variant", "number", "number_high"),
            *("approximate", "interval_low", "interval_high", "left_out", "verdict", "supported", "test_states_method"),
            *METHOD_NEEDS,
        )
    )
    needs = subject.method_needs()
    return [_figure(row, needs) for row in rows]


def _figure(row: dict[str, Any], needs: Sequence[str]) -> FigureView:
    low, high = row["number"], row["number_high"]
    alone = row["kind"] != ClaimKind.FIGURE or states_method(row, needs)
    in_test = row["test_states_method"]
    return FigureView(
        claim=row["key"],
        framework_id=row["framework_id"],
        criterion_id=row["criterion_id"],
        benchmark=row["benchmark__slug"],
        variant=row["variant"],
        value=Number(low, low if high is None else high, row["approximate"]),
        interval=None if row["interval_low"] is None else Number(row["interval_low"], row["interval_high"]),
        left_out=row["left_out"],
        verdict=row["verdict"],
        states_method=alone if in_test is None else in_test,
        supported=row["supported"],
    )


def figures_on(criteria: Sequence[int], frameworks: Collection[int] | None = None) -> list[FigureView]:
    """The published figures of some criteria, and of some frameworks or all; one query, none for no criteria."""
    if not criteria:
        return []
    claims = Claim.objects.filter(criterion__in=criteria)
    return figures_of(claims if frameworks is None else claims.filter(framework__in=frameworks))


def is_measured(line: Line) -> bool:
    """Whether the figures of a criterion belong to benchmarks, so that its row shows one of them."""
    return line.value_type == ValueType.NUMBER and not line.is_count


def figure_rows(columns: Sequence[Column], lines: Sequence[Line], picked: Collection[str] = ()) -> dict[int, FigureRow]:
    """The rows of figures of a matrix by the primary key of their criterion; two queries.

    None without such a row, or if they are remembered. Counts are left out: they hold for a version, not for a test.
    """
    measured = [line for line in lines if is_measured(line)]
    if not measured or not columns:
        return {}
    key = (figure_rows, tuple(columns), tuple(measured), tuple(picked))
    return remembered.made(key, partial(_figure_rows, columns, measured, picked))


def _figure_rows(columns: Sequence[Column], measured: Sequence[Line], picked: Collection[str]) -> dict[int, FigureRow]:
    criteria, frameworks = [line.id for line in measured], [column.id for column in columns]
    tests = views_of(Benchmark.objects.filter(criterion__in=criteria).order_by("slug"))
    figures = figures_on(criteria, frameworks)
    return {line.id: figure_row(line.id, frameworks, tests, figures, line.direction, picked) for line in measured}
