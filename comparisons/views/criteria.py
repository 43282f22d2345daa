"""Criteria: the list, and one criterion across all frameworks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.vocabulary import Agreement, ValueType
from comparisons.evidence import assessing, cell_reads, charts, disputes
from comparisons.evidence.claims import general_claims
from comparisons.models import Claim, Criterion, Framework, Level, Ruling

from .paging import Paging

#: Criteria on a page of the list, frameworks on a page of a criterion.
CRITERIA, FRAMEWORKS = 120, 60
#: Disputes and general claims shown in full; the rest is a link away.
DISPUTES, GENERAL = 8, 12
#: Figures drawn and listed on the page of a criterion that is a number.
FIGURES = 120


@require_safe
def criterion_list(request: HttpRequest) -> HttpResponse:
    """All criteria by group, with how many frameworks are covered; three queries."""
    found = filters.CriterionFilter.read(request.GET)
    paging = Paging.of(found.qs.count(), CRITERIA, found.params["page"])
    criteria = found.qs.select_related("group").annotate(
        covered=Count("cells", filter=Q(cells__claims__gt=0)),
        disputed=Count("cells", filter=Q(cells__agreement=Agreement.DISPUTED)),
    )
    context = {
        "section": "criteria",
        "query": found.form,
        "paging": paging,
        "criteria": paging.cut(criteria),
        "frameworks": Framework.objects.count(),
    }
    return render(request, "comparisons/criterion_list.html", context)


@require_safe
def criterion(request: HttpRequest, slug: str) -> HttpResponse:
    """One criterion across all frameworks; at most eight queries."""
    query = filters.PageForm.read(request.GET)
    today = timezone.localdate()
    group = assessing.lines(
        Criterion.objects.filter(group__criteria__slug=slug).order_by("order", "name"),
    )
    line = next((line for line in group if line.slug == slug), None)
    if line is None:
        raise Http404
    found = cell_reads.frameworks_on(line.id)
    paging = Paging.of(len(found), FRAMEWORKS, query.params["page"])
    disputed = [(column, cell) for column, cell in found if cell and cell.is_disputed]
    covered = [cell for _column, cell in found if cell and cell.claims]
    context = {
        "section": "criteria",
        "query": query,
        "today": today,
        "line": line,
        "group": [other for other in group if other.id != line.id],
        "levels": Level.objects.filter(criterion=line.id).order_by("order")
        if line.value_type == ValueType.LEVEL
        else [],
        "paging": paging,
        "rows": paging.cut(found),
        "frameworks_count": len(found),
        "covered_count": len(covered),
        "witnesses_missing": len(found) - len(covered),
        "disputes": _disputes(line, disputed[:DISPUTES]),
        "disputed_count": len(disputed),
        "general": general_claims(line.id, GENERAL),
        "is_number": line.value_type == ValueType.NUMBER,
    }
    if line.value_type == ValueType.NUMBER:
        context |= _figures(line, [column.id for column, _cell in paging.cut(found)])
    return render(request, "comparisons/criterion.html", context)


def _figures(line: Line, frameworks: list[int]) -> dict[str, Any]:
    """The figures of some frameworks, smallest first, for the chart and its table; two queries."""
    claims = (
        Claim.objects.published()
        .filter(criterion=line.id, framework__in=frameworks, number__isnull=False)
        .exclude(verdict__in=sorted(NOT_COUNTED))
        .for_display()
        .annotate(total=Window(Count("pk")))
        .order_by("framework__order", "framework__name", "number", "key")
    )
    shown = list(claims[:FIGURES])
    return {"figures": shown, "scale": charts.figures(shown), "figures_count": shown[0].total if shown else 0}


def _disputes(
    line: Line, cells: list[tuple[Column, CellView]]
) -> list[tuple[disputes.Dispute, disputes.RulingView | None]]:
    """Disputed cells with their sides and their ruling; four queries, none without a dispute."""
    if not cells:
        return []
    frameworks = [column.id for column, _cell in cells]
    rulings = Ruling.objects.filter(criterion=line.id, framework__in=frameworks).select_related("level")
    ruled = {view.ruling.framework_id: view for view in disputes.ruling_views(rulings)}
    placed = []
    for column, cell in cells:
        view = ruled.get(column.id)
        placed.append(cell_reads.PlacedCell.ruled_by(view.ruling if view else None, cell, line, column))
    return [(dispute, ruled.get(dispute.placed.column.id)) for dispute in disputes.disputes(placed)]
