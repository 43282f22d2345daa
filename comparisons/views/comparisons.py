"""Curated comparisons: all of them, and each with its verdict, matrix and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column, Line
from comparisons.domain.vocabulary import ValueType
from comparisons.evidence import assessing, rows
from comparisons.evidence.like_tests import like_tests, most_tested
from comparisons.evidence.verdicts import verdict_of
from comparisons.maintenance.checks import MOST
from comparisons.models import (
    Article,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    remembered,
)
from comparisons.models.editions import newest_edition_day
from comparisons.models.proposals import under_review_since
from comparisons.pros_cons import current
from comparisons.pros_cons.index import Index

from .drawn_page import drawn_page
from .handouts import handout_context
from .kept import kept
from .matrix_parts import framework_query, matrix_context, strongest
from .remembered_context import remembered_context
from .sheets.matrix import bounds_of, matrix_sheet
from .sheets.records import comparison_list_sheet
from .takeaway import answer

#: Sources that a comparison names; the list of sources has all.
SOURCES = 30


@kept(filters.TakenForm)
@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    """All curated comparisons; two queries."""
    query = filters.TakenForm.read(request.GET)

    def build() -> dict[str, Any]:
        columns = ComparisonFramework.objects.filter(framework__is_draft=False).select_related("framework")
        comparisons = (
            Comparison.objects.published()
            .annotate(criteria_count=Count("rows", filter=Q(rows__criterion__is_draft=False), distinct=True))
            .prefetch_related(Prefetch("columns", columns.order_by("order", "pk")))
            .order_by("order", "title")  # said here, since a count makes Django forget the order of the model
        )
        return {"section": "compare", "comparisons": comparisons}

    context = remembered_context(comparison_list, query, build, sealed=("comparisons",))
    return answer(request, "comparisons/comparison_list.html", context, comparison_list_sheet, drawn_page)


@kept(filters.MatrixForm)
@require_safe
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """A curated comparison: verdict, matrix and sources; up to twenty queries, few if they are remembered."""
    query = filters.MatrixForm.read(request.GET)
    members = remembered.of(_members, slug)
    if not members:
        raise Http404
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    criteria = rows.of_comparison(page)
    if query.params["print"] and not query.params["format"]:
        paper = handout_context(query, criteria, columns)
        verdict = None if paper["perspective"].is_narrowed else verdict_of(page, members, columns)
        paper |= {"comparison": page, "title": page.title, "verdict": verdict}
        return render(request, "comparisons/print/handout.html", paper)
    context = {
        **matrix_context(query, criteria, columns, bounds=bounds_of(query)),
        "section": "compare",
        "comparison": page,
        "review_since": members[0].review_since,
        "edition_day": members[0].edition_day,
        "columns": columns,
        "add_to": [column.slug for column in columns],
        "ways": framework_query(columns),
    }
    if not context["perspective"].is_narrowed:
        index = current.index(timezone.localdate())
        sources = remembered.of(_sources, _behind_most(page, columns, index))
        context |= {"verdict": verdict_of(page, members, columns), "sources": sources[:SOURCES]}
        context["measured"] = like_tests(columns, _numbers(context, criteria, columns))
        context["has_more_sources"] = len(sources) > SOURCES
        if len(columns) <= MOST:  # of more, the list of pros and cons shows what a page cannot
            matrix = context["matrix"]
            context["pros_cons"] = strongest(matrix, index, is_part=True)
    return answer(request, "comparisons/comparison.html", context, partial(matrix_sheet, title=page.title))


def _members(slug: str) -> list[Any]:
    """The published frameworks of a comparison in its order; none if there is no such comparison. One query."""
    here = ComparisonFramework.objects.filter(comparison__slug=slug, framework__is_draft=False)
    return list(
        here.order_by("order", "pk")
        .select_related("comparison", "framework")
        .annotate(
            review_since=Subquery(under_review_since(Comparison, OuterRef("comparison"))),
            edition_day=Subquery(newest_edition_day("comparison")),
        )
    )


def _numbers(context: Mapping[str, Any], criteria: QuerySet[Criterion], columns: Sequence[Column]) -> list[Line]:
    """The criteria of a comparison that are numbers; no query if its matrix shows all rows.

    Of a larger one, those with most benchmarks; two queries.
    """
    lines = [row.criterion for row in context["matrix"].rows]
    if len(lines) == sum(group.criteria for group in context["groups"]):
        return [line for line in lines if line.value_type == ValueType.NUMBER]
    return most_tested(criteria, columns)


def _behind_most(comparison: Comparison, columns: Sequence[Column], index: Index) -> tuple[tuple[int, int], ...]:
    """The articles behind most claims of a comparison, with how many: at most SOURCES, and one more if there are more.

    By primary key; one query, none if they are remembered.
    """
    criteria = remembered.of(_criteria, comparison.pk)
    frameworks = tuple(column.id for column in columns)
    key = (_behind_most, frameworks, criteria, index.as_of)
    return remembered.made(key, lambda: tuple(index.articles_behind(frameworks, criteria)[: SOURCES + 1]))


def _criteria(comparison: int) -> tuple[int, ...]:
    rows = ComparisonCriterion.objects.filter(comparison=comparison).order_by()
    return tuple(rows.values_list("criterion", flat=True))


def _sources(behind_most: tuple[tuple[int, int], ...]) -> list[Article]:
    """These articles, each with the number of its claims; one query."""
    articles = Article.objects.in_bulk([pk for pk, _claims in behind_most])
    for pk, claims in behind_most:
        if pk in articles:
            articles[pk].claims_here = claims
    return [articles[pk] for pk, _claims in behind_most if pk in articles]
