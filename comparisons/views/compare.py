"""Frameworks that a reader picks, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.evidence import assessing
from comparisons.evidence.matrix import matrix as matrix_seen
from comparisons.maintenance.checks import FEWEST, MOST
from comparisons.models import Criterion, Framework
from comparisons.models.base import JOINT
from comparisons.pros_cons import current

from . import printing
from .matrix_parts import chosen_lines, context_of, framework_query, perspective_of, strongest, with_figures


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The picker: choose two to eight frameworks. A complete choice redirects to their comparison."""
    query = filters.PickerForm.read(request.GET)
    frameworks = assessing.columns(Framework.objects.published().order_by("order", "name"))
    query.require("framework", {column.slug for column in frameworks})
    chosen = query.params["framework"]
    if FEWEST <= len(chosen) <= MOST:
        return redirect(reverse("comparisons:compare_frameworks", args=[JOINT.join(chosen)]))
    context = {"frameworks": frameworks, "chosen": chosen, "fewest": FEWEST, "most": MOST}
    return render(request, "comparisons/compare.html", context)


@require_safe
def compare_frameworks(request: HttpRequest, slugs: str) -> HttpResponse:
    """The matrix of two to eight frameworks, in the order of the address; up to nine queries."""
    query = filters.MatrixForm.read(request.GET)
    chosen = slugs.split(JOINT)
    if not FEWEST <= len(chosen) <= MOST or len(set(chosen)) != len(chosen):
        raise Http404
    frameworks = assessing.columns(Framework.objects.published().order_by("order", "name"))
    if not set(chosen) <= {column.slug for column in frameworks}:
        raise Http404
    columns = _columns_in_order(chosen, frameworks)
    lines = assessing.lines(Criterion.objects.published().order_by("group__order", "order", "name"))
    perspective = perspective_of(query)
    if query.params["print"]:
        paper = printing.matrix_context(query, columns, chosen_lines(lines, query), perspective)
        return printing.printed(request, {**paper, "title": _(" vs ").join(column.name for column in columns)})
    today = timezone.localdate()
    matrix = matrix_seen(columns, chosen_lines(lines, query), perspective, today, query.params["only"])
    matrix = with_figures(matrix, query, perspective)
    context = {
        **context_of(query, matrix, perspective, lines),
        "columns": columns,
        "ways": framework_query(columns),
        "removals": [(c, JOINT.join(s for s in chosen if s != c.slug)) for c in columns],
        "additions": [(c, JOINT.join([*chosen, c.slug])) for c in frameworks if c.slug not in chosen],
        "can_add": len(chosen) < MOST,
        "can_remove": len(chosen) > FEWEST,
    }
    if not perspective.is_narrowed:
        context["pros_cons"] = strongest(matrix, current.index(today))
    return render(request, "comparisons/compare_frameworks.html", context)


def _columns_in_order(slugs: Sequence[str], rows: Sequence[Column]) -> list[Column]:
    by_slug = {column.slug: column for column in rows}
    return [by_slug[slug]._replace(place=place) for place, slug in enumerate(slugs, start=1)]
