"""Pitfalls with their remedies, and practices that hold for any framework."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.evidence import assessing
from comparisons.evidence.citations import CitedClaim, cited_claims
from comparisons.models import Citation, Claim

from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets.claims import pitfall_sheet, practice_sheet
from .takeaway import answer, size

#: Pitfalls, and practices, on a page.
PITFALLS, PRACTICES = 30, 30


@kept(filters.PitfallFilter)
@require_safe
def pitfall_list(request: HttpRequest) -> HttpResponse:
    """Pitfalls by framework, a page at a time; at most six queries.

    With `framework=` those of some frameworks, with `general=1` those that hold for any.
    """
    query = filters.PitfallFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.PitfallFilter.read(request.GET)
        paging = Paging.of(found.total, size(found.form, PITFALLS), found.params["page"])
        return {
            "query": found.form,
            "section": "pitfalls",
            "today": timezone.localdate(),
            "frameworks": found.frameworks,
            "general": found.general_option,
            "paging": paging,
            "pitfalls": _with_citations(found, paging),
        }

    context = remembered_context(pitfall_list, query, build, sealed=("pitfalls",))
    return answer(request, "comparisons/pitfall_list.html", context, pitfall_sheet)


def _with_citations(found: filters.FilterSet, paging: Paging) -> list[tuple[Claim, CitedClaim | None]]:
    """One page of claims, each with its citations; four queries, none for an empty page."""
    if not paging.total:
        return []
    page = list(found.at(paging.first, paging.last).select_related("framework", "criterion__group"))
    cited = cited_claims(Citation.objects.filter(claim__in=page), assessing.Witnesses())
    return [(claim, cited.get(claim.key)) for claim in page]


@kept(filters.PracticeFilter)
@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """Practices by criterion, a page at a time; at most four queries."""
    query = filters.PracticeFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.PracticeFilter.read(request.GET)
        paging = Paging.of(len(found.keys), size(found.form, PRACTICES), found.params["page"])
        return {
            "query": found.form,
            "section": "practices",
            "today": timezone.localdate(),
            "paging": paging,
            "practices": _with_citations(found, paging),
        }

    context = remembered_context(practice_list, query, build, sealed=("practices",))
    return answer(request, "comparisons/practice_list.html", context, practice_sheet)
