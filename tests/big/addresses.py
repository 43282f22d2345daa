"""The public addresses of the big knowledge base, with the records that have most of something."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from comparisons import urls
from comparisons.filters import ChooseForm
from comparisons.models import Article, Benchmark, Cell, Claim, Criterion, DecisionRecord, Framework
from comparisons.views import sitemaps
from comparisons.views.decision_state import state_of

from . import world
from .claims import CLAIM, REVISIONS

#: Parameters under which a list or page shows something else, by the name of its address. `{record}` is filled in.
VARIATIONS = {
    "claim_list": (
        *("?view=list", "?sort=newest", "?framework={framework}", "?q=cache", "?polarity=con&kind=pitfall"),
        *("?criterion={criterion}", "?article={article}", "?group={group}", "?more=criterion", "?more=article"),
        "?more=group&more=framework&more=article&more=criterion",
        "?more=criterion&find_criterion=stream",
    ),
    "criterion_list": ("?page=100", "?group={group}", "?q=http"),
    "framework_list": ("?released=year", "?released=none"),
    "framework": ("?page=10", "?group={group}"),
    "article_list": ("?page=9", "?kind=benchmark"),
    "article": ("?page=20",),
    "benchmark_list": ("?page=2", "?quantity={number}", "?framework={framework}", "?method=repeatable&like=full"),
    "criterion": ("?baseline={framework}",),
    "benchmark": ("?baseline={framework}",),
    "choose": (
        "?q=http",
        "?group={group}&leave=thin&weigh.{criterion}=most",
        "?must.{criterion}=partial&weigh_group.use-cases=none&weigh.{number}=some&trust={article}&q=cache",
    ),
    "choice_card": ("?weigh.{criterion}=most",),
    "decision_draft": ("?weigh.{criterion}=most&weigh.{number}=some", "?weigh.{criterion}=most&format=md"),
    "disagreement_list": ("?page=50", "?framework={framework}", "?state=ruled", "?reason=opinion"),
    "use_case_list": ("?page=6", "?framework={framework}"),
    "pitfall_list": ("?page=30", "?framework={framework}", "?general=1"),
    "practice_list": ("?page=20",),
    "search": ("?q=cache", "?q=request", "?q=the", "?q=django", "?q=recieve+handlr", "?q=http+request+get", "?q=zzzzz"),
    "matrix": (
        *("?only=differences", "?only=disputed", "?q=http", "?group={group}", "?page=50", "?transpose=1"),
        *("?answer=yes&of={framework}", "?columns_by={criterion}"),
        *("?print=1", "?print=1&sources=1", "?print=1&sources=1&page=2"),
    ),
    "compare_frameworks": ("?only=all&page=3", "?print=1"),
    "comparison": ("?only=disputed", "?print=1"),
    "comparison_edition": ("?page=2",),
    "api_list_comparison_criteria": ("?limit=500",),
    "coverage": ("?page=100", "?by=sources", "?by=sources&across=9", "?group={group}"),
}


def _most(model: type, relation: str, **only: object) -> str:
    """The slug of the record with most rows of a relation."""
    rows = model.objects.filter(**only).annotate(n=Count(relation)).order_by("-n", "pk")  # type: ignore[attr-defined]
    return str(rows.values_list("slug", flat=True)[0])


def _decided(criterion: str) -> str:
    """The key of a decision record about one criterion."""
    day = timezone.now().date()
    query = ChooseForm.read(QueryDict(f"weigh.{criterion}=most"))
    state = state_of(query, day, "A choice", "It has most answers.")
    DecisionRecord.objects.get_or_create(key="choice", defaults={"day": day, "state": state})
    return "choice"


def walk() -> Iterator[tuple[str, str]]:
    """(name of the pattern, address): every pattern, with the largest records, and the variations of each list."""
    number = _most(Criterion, "benchmarks")
    records = {
        "framework": _most(Framework, "claims"),
        "criterion": _most(Criterion, "claims", value_type="level"),
        "number": number,
        "article": _most(Article, "citations"),
        "benchmark": _most(Benchmark, "figures"),
        "group": world.LARGEST_GROUP,
    }
    first = Claim.objects.select_related("framework", "criterion").get(key=CLAIM)
    last = Criterion.objects.order_by("pk").last()
    gap = Criterion.objects.filter(value_type="level", claims__isnull=True).order_by("pk").first()
    picked = "-vs-".join(Framework.objects.order_by("order").values_list("slug", flat=True)[:3])
    arguments: dict[str, list[list[object]]] = {
        "comparison": [[world.LARGEST_COMPARISON], [world.SMALL_COMPARISON]],
        "comparison_edition": [
            [slug, timezone.now().date()] for slug in (world.LARGEST_COMPARISON, world.SMALL_COMPARISON)
        ],
        "comparison_card": [[world.LARGEST_COMPARISON], [world.SMALL_COMPARISON]],
        "compare_frameworks": [[picked]],
        "card_compare": [[picked]],
        "framework": [[records["framework"]]],
        "cell": [
            [first.framework.slug, first.criterion.slug],
            [records["framework"], number],
            *([records["framework"], row.slug] for row in (last, gap) if row),
        ],
        "criterion": [[records["criterion"]], [number], *([row.slug] for row in (last, gap) if row)],
        "benchmark": [[records["benchmark"]]],
        "claim": [[CLAIM], [Claim.objects.order_by("-pk").values_list("key", flat=True)[0]]],
        "claim_revision": [[CLAIM, 1], [CLAIM, REVISIONS]],
        "article": [[records["article"]]],
        "embed_cell": [[first.framework.slug, first.criterion.slug]],
        "embed_comparison": [[world.LARGEST_COMPARISON]],
        "embed_row": [[records["criterion"]], [number]],
        "challenge_article": [[records["article"]]],
        "challenge_cell": [[first.framework.slug, first.criterion.slug]],
        "challenge_claim": [[CLAIM]],
        "use_case": [[world.USE_CASE]],
        "feed_framework": [[records["framework"]]],
        "feed_criterion": [[records["criterion"]]],
        "feed_comparison": [[world.LARGEST_COMPARISON]],
        "feed_claim": [[CLAIM]],
        "decision": [[_decided(Criterion.objects.filter(levels__meaning="yes").order_by("pk")[0].slug)]],
        "api_get_frameworks": [[records["framework"]]],
        "api_get_criteria": [[records["criterion"]]],
        "api_get_claims": [[CLAIM]],
        "api_get_articles": [[records["article"]]],
        "api_get_benchmarks": [[records["benchmark"]]],
        "api_get_comparisons": [[world.LARGEST_COMPARISON]],
        "api_get_use_cases": [[world.USE_CASE]],
        "api_get_cells": [[first.framework.slug, first.criterion.slug]],
        "data_file": [],  # none is written
        "benchmark_rounds": [],  # nothing was measured
        "sample_task": [],  # nor are there samples
        "sample_task_zip": [],
        "sample": [],
        "sample_zip": [],
        "api_get_disagreements": [],
        "api_get_rulings": [],
        "sitemap_file": [["pages"], *([section] for section in sitemaps.SECTIONS)],
    }
    for pattern in urls.urlpatterns:
        name = str(pattern.name)
        kind = name.removeprefix("card_").replace("-", "_")
        for given in arguments.get(name if name in arguments or kind == "site" else kind, [[]]):
            address = reverse(f"comparisons:{name}", args=given)
            yield name, address
            for query in VARIATIONS.get(name, ()):
                yield name, address + query.format(**records)
    places = Cell.objects.filter(agreement="disputed").order_by("-claims", "pk")
    for slugs in places.values_list("framework__slug", "criterion__slug")[:1]:
        yield "cell", reverse("comparisons:cell", args=slugs)
