"""Curated comparisons: all of them, and each with its verdict, matrix and sources."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column, Line
from comparisons.evidence import assessing
from comparisons.evidence.matrix import matrix as matrix_seen
from comparisons.evidence.verdicts import verdict_of
from comparisons.models import Article, Claim, Comparison, ComparisonFramework
from comparisons.models.proposals import under_review_since
from comparisons.pros_cons import current

from .matrix_parts import chosen_lines, context_of, framework_query, perspective_of, strongest, with_figures


@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    """All curated comparisons; two queries."""
    columns = ComparisonFramework.objects.filter(framework__is_draft=False).select_related("framework")
    comparisons = Comparison.objects.annotate(
        criteria_count=Count("rows", filter=Q(rows__criterion__is_draft=False), distinct=True)
    ).prefetch_related(Prefetch("columns", columns.order_by("order", "pk")))
    return render(request, "comparisons/comparison_list.html", {"section": "compare", "comparisons": comparisons})


@require_safe
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """A curated comparison: verdict, matrix and sources; up to sixteen queries."""
    query = filters.MatrixForm.read(request.GET)
    places = ComparisonFramework.objects.filter(comparison__slug=slug, framework__is_draft=False).order_by(
        "order", "pk"
    )
    # This query reads the stamp of the edition too, which saves the index of pros and cons a query.
    members = list(
        places.select_related("comparison", "framework").annotate(
            edition=Subquery(current.stamp()),
            review_since=Subquery(under_review_since(Comparison, OuterRef("comparison"))),
        )
    )
    if not members:
        raise Http404
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    lines = assessing.lines(page.rows.filter(criterion__is_draft=False).order_by("order", "pk"), "criterion__")
    perspective = perspective_of(query)
    today = timezone.localdate()
    matrix = matrix_seen(columns, chosen_lines(lines, query), perspective, today, query.params["only"])
    matrix = with_figures(matrix, query, perspective)
    context = {
        **context_of(query, matrix, perspective, lines),
        "section": "compare",
        "comparison": page,
        "review_since": members[0].review_since,
        "columns": columns,
        "add_to": [column.slug for column in columns],
        "ways": framework_query(columns),
    }
    if not perspective.is_narrowed:
        context |= {"verdict": verdict_of(page, members, columns), "sources": _sources(columns, lines)}
        context["pros_cons"] = strongest(matrix, current.index(today, members[0].edition or ""))
    return render(request, "comparisons/comparison.html", context)


def _sources(columns: Sequence[Column], lines: Sequence[Line]) -> list[Article]:
    """The articles behind these cells, those behind most cells first; one query."""
    behind = Q(
        citations__claim__in=Claim.objects.published().values("pk"),
        citations__claim__framework__in=[column.id for column in columns],
        citations__claim__criterion__in=[line.id for line in lines],
    )
    articles = Article.objects.filter(behind).annotate(claims_here=Count("citations__claim", distinct=True))
    return list(articles.order_by("-claims_here", "title"))
