"""The matrix of everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.evidence import assessing
from comparisons.evidence.matrix import criteria_that
from comparisons.evidence.matrix import matrix as matrix_seen
from comparisons.models import Criterion, Framework

from . import printing
from .matrix_parts import chosen_lines, context_of, perspective_of, with_figures
from .paging import Paging

#: Most columns and rows of one page of a matrix; the rest is a link away.
ACROSS, DOWN = 24, 120


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """All frameworks and all criteria, or those that are chosen, a page of each axis at a time."""
    query = filters.WholeMatrixForm.read(request.GET)
    today = timezone.localdate()
    every = assessing.columns(Framework.objects.published().order_by("order", "name"))
    query.require("framework", {column.slug for column in every})
    chosen, only = query.params["framework"], query.params["only"]
    columns = [column for column in every if not chosen or column.slug in chosen]
    lines = assessing.lines(Criterion.objects.published().order_by("group__order", "order", "name"))
    perspective = perspective_of(query)
    rows = chosen_lines(lines, query)
    if query.params["print"]:
        paper = printing.matrix_context(query, columns, rows, perspective)
        return printing.printed(request, {**paper, "title": _("All frameworks, all criteria")})
    if only and not perspective.is_narrowed:
        criteria = criteria_that(only, [column.id for column in columns] if chosen else None, today)
        wanted = set(criteria.values_list("criterion", flat=True))
        rows = [line for line in rows if line.id in wanted]
    turned = bool(query.params["transpose"])
    across = Paging.of(len(columns), DOWN if turned else ACROSS // perspective.sides, query.params["across"])
    down = Paging.of(len(rows), ACROSS if turned else DOWN, query.params["page"])
    shown = matrix_seen(
        across.cut(columns),
        down.cut(rows),
        perspective,
        today,
        only if perspective.is_narrowed else (),
    )
    shown = with_figures(shown, query, perspective)
    context = {**context_of(query, shown, perspective, lines), "frameworks": every, "across": across, "down": down}
    return render(request, "comparisons/matrix.html", context)
