"""An answer, a row or a comparison as a page without script that other sites may frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column, Line, Matrix, with_figures
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import criterion_in
from comparisons.evidence.matrix import Perspective, figure_rows, laid_out
from comparisons.models import ComparisonCriterion, ComparisonFramework, Criterion, Framework

from .kept import kept

#: Columns and rows of a table that is framed; the rest is a link away.
COLUMNS, ROWS = 8, 12


def _framable(view: Callable[..., HttpResponse]) -> Any:
    """A view whose pages others may frame. They hold no form and no script."""

    @wraps(view)
    def framable(request: HttpRequest, **names: str) -> HttpResponse:
        response = view(request, **names)
        response["Content-Security-Policy"] = settings.EMBED_SECURITY_POLICY
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return require_safe(xframe_options_exempt(framable))


def _table(columns: Sequence[Column], lines: Sequence[Line]) -> Matrix:
    """Cells as stored, with one benchmark for each row of figures; one query, and two if there are figures."""
    matrix = laid_out(columns, lines, Perspective())
    return with_figures(matrix, figure_rows(columns, lines))


@kept()
@_framable
def embed_cell(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    """The answer of one framework to one question; three queries."""
    framework = get_object_or_404(Framework.objects.published(), slug=slug)
    found = criterion_in(framework, criterion)
    if found is None:
        raise Http404
    row, cell, _ruling = found
    today = timezone.localdate()
    context = {
        "today": today,
        "title": f"{framework.name}: {row.name}",
        "back": reverse("comparisons:cell", args=[slug, criterion]),
        "line": assessing.line_of(row),
        "cell": cell,
        "release": cell.recheck(today) if cell else None,
    }
    return render(request, "comparisons/embed/cell.html", context)


@kept(filters.EmbedForm)
@_framable
def embed_row(request: HttpRequest, slug: str) -> HttpResponse:
    """One question across the first frameworks, or across those that are named, as named; six queries at most."""
    query = filters.EmbedForm.read(request.GET)
    criterion = get_object_or_404(Criterion.objects.published().select_related("group"), slug=slug)
    frameworks = Framework.objects.published().order_by("order", "name")
    slugs = query.params["framework"]
    chosen = list(frameworks.filter(slug__in=slugs)) if slugs else list(frameworks[:COLUMNS])
    query.require("framework", {one.slug: one.name for one in chosen})
    chosen.sort(key=lambda one: slugs.index(one.slug) if slugs else 0)
    columns = [assessing.column(one, place) for place, one in enumerate(chosen, start=1)]
    line = assessing.line_of(criterion)
    back = criterion.get_absolute_url()
    return _framed_table(request, _table(columns, [line]), criterion.question, back, total=1)


@kept()
@_framable
def embed_comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """The telling rows of a curated comparison, else its first; six queries at most."""
    places = ComparisonFramework.objects.filter(comparison__slug=slug, framework__is_draft=False)
    members = list(places.select_related("comparison", "framework").order_by("order", "pk")[:COLUMNS])
    if not members:
        raise Http404
    page = members[0].comparison
    rows = ComparisonCriterion.objects.filter(comparison=page, criterion__is_draft=False)
    lines = assessing.lines(rows.order_by("-is_key", "order", "pk")[:ROWS], "criterion__")
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    return _framed_table(request, _table(columns, lines), page.title, page.get_absolute_url(), total=rows.count())


def _framed_table(request: HttpRequest, matrix: Matrix, title: str, back: str, *, total: int) -> HttpResponse:
    context = {"today": timezone.localdate(), "title": title, "back": back, "matrix": matrix, "total": total}
    return render(request, "comparisons/embed/table.html", context)
