"""Use cases: which frameworks the sources recommend for which scenario, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.domain.vocabulary import Meaning
from comparisons.evidence import assessing, disputes, recommendations
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.citations import CitedClaim, cited_claims
from comparisons.evidence.claims import general_claims
from comparisons.models import Cell, Citation

from .choose_starts import starting_address, starting_needs
from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets.across import use_case_sheet
from .sheets.records import use_case_list_sheet
from .takeaway import FEW, answer, size

#: Scenarios on a page of the list; frameworks on a page of a scenario, and claims there about no single framework.
SCENARIOS, FRAMEWORKS, GENERAL = 30, 20, 12


@kept(filters.UseCaseFilter)
@require_safe
def use_case_list(request: HttpRequest) -> HttpResponse:
    """Scenarios with the frameworks recommended for each, a page at a time; five queries."""
    query = filters.UseCaseFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.UseCaseFilter.read(request.GET)
        paging = Paging.of(len(found.keys), size(found.form, SCENARIOS, FEW), found.params["page"])
        lines = assessing.lines(found.at(paging.first, paging.last))
        scenarios, sources = recommendations.answered(lines, found.framework_ids)
        return {
            "query": found.form,
            "section": "use_cases",
            "frameworks": found.frameworks,
            "paging": paging,
            "scenarios": scenarios,
            "sources": sources,
        }

    context = remembered_context(use_case_list, query, build)
    return answer(request, "comparisons/use_case_list.html", context, use_case_list_sheet)


@kept(filters.PageForm)
@require_safe
def use_case(request: HttpRequest, slug: str) -> HttpResponse:
    """One scenario: what its sources recommend, and where they contradict each other; nine queries."""
    query = filters.PageForm.read(request.GET)

    def build() -> dict[str, Any]:
        lines = assessing.lines(filters.UseCaseFilter.all_rows().filter(slug=slug))
        if not lines:
            raise Http404
        line = lines[0]
        cells = Cell.objects.filter(criterion=line.id, claims__gt=0)
        paging = Paging.of(cells.count(), size(query, FRAMEWORKS, FEW), query.params["page"])
        shown = placed_cells(paging.cut(cells.order_by(*BY_ANSWER)))
        here = Q(claim__criterion=line.id, claim__framework__in=[one.column.id for one in shown])
        levels: assessing.Levels = {}
        cited = cited_claims(Citation.objects.filter(here), assessing.Witnesses(), levels) if shown else {}
        needs = list(starting_needs([line.id]).select_related("criterion", "level"))
        return {
            "section": "use_cases",
            "today": timezone.localdate(),
            "line": line,
            "paging": paging,
            "rows": shown,
            "answers": _answers(shown, cited, levels),
            "disputes": disputes.disputes([one for one in shown if one.cell.is_disputed]),
            "general": general_claims(line.id, GENERAL),
            "needs": needs,
            "choice": starting_address(line.slug, needs),
        }

    context = remembered_context(use_case, query, build, slug)
    return answer(request, "comparisons/use_case.html", context, use_case_sheet)


#: Recommended frameworks first, then possible ones, then those advised against; most witnesses first.
BY_ANSWER = (
    Case(
        *(When(level__meaning=word, then=Value(place)) for place, word in enumerate(recommendations.ANSWERS)),
        default=Value(len(recommendations.ANSWERS)),
    ),
    "-witnesses",
    "framework__order",
    "framework__name",
)


def _answers(
    shown: Sequence[PlacedCell], cited: Mapping[str, CitedClaim], levels: assessing.Levels
) -> list[tuple[str, list[tuple[Column, list[CitedClaim]]]]]:
    """The claims behind each answer, framework by framework in the order shown; no query.

    The last answer, "", holds claims that argue and answer nothing.
    """
    columns = {one.column.id: one.column for one in shown}
    found: dict[str, dict[int, list[CitedClaim]]] = {}
    for claim in sorted(cited.values(), key=lambda one: (one.is_ranked_last, one.statement.key)):
        framework, criterion = claim.pair
        value = claim.statement.value
        level = levels.get((criterion, value)) if isinstance(value, str) else None
        found.setdefault(level.meaning if level else "", {}).setdefault(framework, []).append(claim)
    return [
        (answer, [(columns[pk], found[answer][pk]) for pk in columns if pk in found[answer]])
        for answer in [*map(str, recommendations.ANSWERS), *map(str, _OTHER), ""]
        if answer in found
    ]


_OTHER = tuple(word for word in Meaning if word not in recommendations.ANSWERS)
