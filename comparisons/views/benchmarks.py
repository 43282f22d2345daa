"""Benchmarks: all of them by quantity, and each with its figures, conditions and weaknesses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.freshness import is_old
from comparisons.domain.vocabulary import Likeness
from comparisons.evidence import assessing, figures
from comparisons.evidence.benchmarks import figures_of, figures_on, views_of
from comparisons.models import Benchmark, Claim
from comparisons.models.benchmarks import SHOWN_REPLACEMENT
from comparisons.proof.measurement import text_of
from comparisons.proof.shown_measurements import rounds_of

from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets import across, records
from .takeaway import FEW, answer, size

#: Benchmarks on a page of the list.
BENCHMARKS = 100


@kept(filters.BenchmarkFilter)
@require_safe
def benchmark_list(request: HttpRequest) -> HttpResponse:
    """All benchmarks by quantity; five queries."""
    query = filters.BenchmarkFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.BenchmarkFilter.read(request.GET)
        paging = Paging.of(found.total, size(found.form, BENCHMARKS, FEW), found.params["page"])
        return {
            "query": found.form,
            "section": "benchmarks",
            "paging": paging,
            "benchmarks": _listed(list(paging.cut(found.qs.select_related("criterion__group", "article")))),
            "facets": [found.quantities, found.frameworks],
            "counted": [found.facet("like"), found.facet("method")],
        }

    context = remembered_context(benchmark_list, query, build, sealed=("benchmarks", "facets", "counted"))
    return answer(request, "comparisons/benchmark_list.html", context, records.benchmark_list_sheet)


def _listed(benchmarks: list[Benchmark]) -> list[dict[str, Any]]:
    """Benchmarks with their number of frameworks, how many are left out, and how far they are apart; one query."""
    if not benchmarks:
        return []
    today = timezone.localdate()
    shown = figures_of(Claim.objects.filter(benchmark__in=benchmarks))
    direction = {benchmark.slug: benchmark.criterion.direction for benchmark in benchmarks}
    apart = {
        slug: figures.apart([one for one in shown if one.benchmark == slug], direction[slug]).get(slug)
        for slug in direction
    }
    of = {(one.benchmark, one.framework_id) for one in shown}
    compared = Counter(slug for slug, _framework in {(f.benchmark, f.framework_id) for f in shown if f.is_compared})
    all_of = Counter(slug for slug, _framework in of)
    return [
        {
            "benchmark": one,
            "frameworks": all_of[one.slug],
            "left_out": all_of[one.slug] - compared[one.slug],
            "apart": apart[one.slug] if one.like_for_like != Likeness.NONE else None,
            "is_old": one.measured_on is not None and is_old(one.measured_on, today),
        }
        for one in benchmarks
    ]


@kept(filters.BaselineForm)
@require_safe
def benchmark(request: HttpRequest, slug: str) -> HttpResponse:
    """One benchmark: figures, conditions, weaknesses, and what others of its quantity say; five queries."""
    query = filters.BaselineForm.read(request.GET)

    def build() -> dict[str, Any]:
        page = get_object_or_404(
            Benchmark.objects.published()
            .annotate(replacement=SHOWN_REPLACEMENT)
            .select_related("article", "criterion__group", "replaced_by"),
            slug=slug,
        )
        columns = assessing.every_column()
        tests = views_of(Benchmark.objects.filter(criterion=page.criterion_id))
        shown = figures_on([page.criterion_id])
        test = next(one for one in tests if one.id == page.pk)
        here = [figure for figure in shown if figure.benchmark == slug]
        line = assessing.line_of(page.criterion)
        baseline = query.params["baseline"]
        table = figures.table(test, here, columns, figures.conditions_of(page.pk), line.direction, baseline)
        query.require("baseline", {column.slug: column.name for column in table.candidates})
        base = table.base.column.slug if table.base else ""
        return {
            "section": "benchmarks",
            "today": timezone.localdate(),
            "benchmark": page,
            "line": line,
            "table": table,
            "frameworks_count": len({figure.framework_id for figure in here}),
            "tests_count": len(tests),
            "across": figures.across(tests, shown, columns, line.direction, base, own=slug) if base else None,
            "columns": columns,
        }

    context = remembered_context(benchmark, query, build, slug)
    context["rounds"] = rounds_of(Path(settings.FIXTURE_DIRS[0]), slug, context.pop("columns"))
    return answer(request, "comparisons/benchmark.html", context, across.benchmark_sheet)


@kept()
@require_safe
def benchmark_rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Every round of the measurement of our own behind a benchmark, of frameworks that readers see; two queries."""
    page = get_object_or_404(Benchmark.objects.published(), slug=slug)
    columns = assessing.every_column()
    found = rounds_of(Path(settings.FIXTURE_DIRS[0]), page.slug, columns)
    if found is None:
        raise Http404
    return HttpResponse(text_of(found.run), content_type="application/json; charset=utf-8")
