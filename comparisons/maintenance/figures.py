"""Rules for figures and benchmarks that span several rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.vocabulary import ValueType
from comparisons.models import Benchmark, Claim

from .problems import Problem, rule


@rule
def figures_answer_what_their_benchmark_measured() -> Iterator[Problem]:
    strange = Claim.objects.filter(benchmark__isnull=False).exclude(benchmark__criterion=F("criterion"))
    for key, title, criterion in strange.order_by("key").values_list(
        "key", "benchmark__slug", "benchmark__criterion__slug"
    ):
        message = f"its benchmark {title} measured {criterion}; correct the benchmark or the criterion"
        yield Problem("figure-of-another-criterion", f"claim {key}", message)


@rule
def a_benchmark_has_one_figure_of_each_framework_and_variant() -> Iterator[Problem]:
    """Figures that are left out, or that do not count, may stand beside it."""
    counted = Claim.objects.published().filter(benchmark__isnull=False, number__isnull=False, left_out="")
    counted = counted.exclude(verdict__in=sorted(NOT_COUNTED)).order_by()
    doubled = counted.values("benchmark__slug", "framework__slug", "variant").annotate(found=Count("pk"))
    for slug, framework, variant, found in (
        doubled.filter(found__gt=1)
        .order_by("benchmark__slug", "framework__slug", "variant")
        .values_list("benchmark__slug", "framework__slug", "variant", "found")
    ):
        name = f"{framework}, {variant}" if variant else framework
        message = f"it has {found} figures of {name}; name their variants, or leave all but one out"
        yield Problem("figure-twice-in-benchmark", f"benchmark {slug}", message)


@rule
def benchmarks_measure_a_number() -> Iterator[Problem]:
    for slug, criterion in (
        Benchmark.objects.exclude(criterion__value_type=ValueType.NUMBER)
        .order_by("slug")
        .values_list("slug", "criterion__slug")
    ):
        yield Problem(
            "benchmark-without-number",
            f"benchmark {slug}",
            f"“{criterion}” is not answered by a number",
        )


@rule
def intervals_hold_their_figure() -> Iterator[Problem]:
    outside = Q(interval_low__gt=F("number")) | Q(interval_high__lt=F("number"))
    for key in Claim.objects.filter(outside).order_by("key").values_list("key", flat=True):
        yield Problem("figure-outside-interval", f"claim {key}", "correct the number or its interval")


@rule
def counts_come_from_their_own_day() -> Iterator[Problem]:
    """A count that replaces an older one has to be dated, or nobody knows which is the newer."""
    undated = Benchmark.objects.filter(criterion__is_count=True, measured_on__isnull=True).select_related("article")
    for benchmark in undated.order_by("slug"):
        if benchmark.dated is None:
            yield Problem("count-without-date", f"benchmark {benchmark.slug}", "say when it was counted")
