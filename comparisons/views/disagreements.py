"""Disagreements: cells on which the sources contradict one another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.evidence.cell_reads import placed_cells
from comparisons.evidence.disputes import disputes, only_argued
from comparisons.models import Cell, remembered

from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets.claims import disagreement_sheet
from .takeaway import FEW, answer, size

#: Disputes on a page; cells that are disputed only in part, listed below them.
SIZE, ARGUED = 10, 40


@kept(filters.DisagreementFilter)
@require_safe
def disagreement_list(request: HttpRequest) -> HttpResponse:
    """Disputed cells by reason, a page at a time, each with its sides; at most eight queries."""
    query = filters.DisagreementFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.DisagreementFilter.read(request.GET)
        paging = Paging.of(found.total, size(found.form, SIZE, FEW), found.params["page"])
        argued = found.filtered(Cell.objects.filter(only_argued()).order_by(*found.PLACE), "framework", "criterion")
        first_argued = remembered.keys(argued[:ARGUED]) if paging.page == 1 else []
        return {
            "query": found.form,
            "section": "disagreements",
            "states": found.facet("state"),
            "frameworks": found.frameworks,
            "criterion": found.form.names.get(("criterion", found.params["criterion"]), ""),
            "reasons": found.facet("reason"),
            "paging": paging,
            "disputes": disputes(placed_cells(found.at(paging.first, paging.last))) if paging.total else [],
            "argued": placed_cells(Cell.objects.filter(pk__in=first_argued).order_by(*found.PLACE)),
            "argued_count": found.argued,
            "today": timezone.localdate(),
        }

    context = remembered_context(disagreement_list, query, build)
    return answer(request, "comparisons/disagreement_list.html", context, disagreement_sheet)
