"""Criteria: the list, and one criterion across all frameworks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.statements import NOT_COUNTED, states_method
from comparisons.domain.vocabulary import Agreement, ClaimKind, ValueType, Verdict
from comparisons.evidence import assessing, benchmarks, cell_reads, criterion_pages, disputes, figures
from comparisons.evidence.claims import general_claims
from comparisons.evidence.rows import HAS_VALUE
from comparisons.models import Benchmark, Cell, Claim, Criterion, Framework, Level, Ruling, remembered, subject
from comparisons.models.proposals import review_since

from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets import across, records
from .takeaway import answer, size

#: Criteria on a page of the list, frameworks on a page of a criterion.
CRITERIA, FRAMEWORKS = 120, 60
#: Disputes and general claims shown in full; the rest is a link away.
DISPUTES, GENERAL = 8, 12
#: Other criteria of the group that the page of one names.
NEIGHBOURS = 10
#: Figures that stand alone, listed on the page of a criterion that is a number.
ALONE = 60


@kept(filters.CriterionFilter)
@require_safe
def criterion_list(request: HttpRequest) -> HttpResponse:
    """All criteria by group, with how many frameworks are covered, a page at a time; four queries, five with words."""
    query = filters.CriterionFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.CriterionFilter.read(request.GET)
        groups = criterion_pages.group_sizes()
        found.form.require("group", {group.slug: group.name for group in groups})
        chosen = [group for group in groups if found.params["group"] in (None, group.slug)]
        has_words = bool(found.params["q"])
        total = found.qs.count() if has_words else sum(group.criteria for group in chosen)
        paging = Paging.of(total, size(found.form, CRITERIA), found.params["page"])
        rows = paging.cut(found.qs) if has_words else criterion_pages.on_page(chosen, paging.first, paging.last)
        return {
            "query": found.form,
            "section": "criteria",
            "groups": groups,
            "total": sum(group.criteria for group in groups),
            "paging": paging,
            "criteria": _with_counts(rows),
            "frameworks": Framework.objects.published().count(),
        }

    context = remembered_context(criterion_list, query, build, sealed=("criteria",))
    return answer(request, "comparisons/criterion_list.html", context, records.criterion_list_sheet)


def _with_counts(criteria: QuerySet[Criterion]) -> list[tuple[Criterion, int, int]]:
    """These criteria, each with for how many frameworks it is answered and disputed; two queries.

    One if the counts, which take all cells of these criteria, are remembered.
    """
    page = list(criteria.select_related("group"))
    counted = Cell.objects.filter(criterion__in=[one.pk for one in page]).order_by().values_list("criterion")
    counted = counted.annotate(
        covered=Count("pk", filter=HAS_VALUE), disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED))
    )
    counts = {pk: numbers for pk, *numbers in remembered.rows(counted)}
    return [(one, *counts.get(one.pk, (0, 0))) for one in page]


@kept(filters.BaselineForm)
@require_safe
def criterion(request: HttpRequest, slug: str) -> HttpResponse:
    """One criterion across all frameworks; at most nine queries, and six for the figures of a number."""
    query = filters.BaselineForm.read(request.GET)

    def build() -> dict[str, Any]:
        today = timezone.localdate()
        first = Criterion.objects.published().filter(group__criteria__slug=slug).order_by("order", "name").values("pk")
        some = Q(slug=slug) | Q(pk__in=first[: NEIGHBOURS + 2])
        group = assessing.lines(Criterion.objects.published().filter(some).order_by("order", "name"))
        line = next((line for line in group if line.slug == slug), None)
        if line is None:
            raise Http404
        near = [other for other in group if other.id != line.id]
        found = cell_reads.frameworks_on(line.id)
        paging = Paging.of(len(found), size(query, FRAMEWORKS), query.params["page"])
        disputed = [(column, cell) for column, cell in found if cell and cell.is_disputed]
        covered = [cell for _column, cell in found if cell and cell.has_value]
        context = {
            "section": "criteria",
            "today": today,
            "line": line,
            "near": near[:NEIGHBOURS],
            "has_more_near": len(near) > NEIGHBOURS,
            "levels": Level.objects.filter(criterion=line.id).order_by("order")
            if line.value_type == ValueType.LEVEL
            else [],
            "paging": paging,
            "rows": paging.cut(found),
            "frameworks_count": len(found),
            "covered_count": len(covered),
            "disputes": _disputes(line, disputed[:DISPUTES]),
            "disputed_count": len(disputed),
            "general": general_claims(line.id, GENERAL),
            "is_number": line.value_type == ValueType.NUMBER,
            "review_since": review_since(Criterion, line.id),
        }
        if line.value_type == ValueType.NUMBER:
            context |= _figures(line, [column for column, _cell in found], query)
        return context

    context = remembered_context(criterion, query, build, slug)
    return answer(request, "comparisons/criterion.html", context, across.criterion_sheet)


def _figures(line: Line, columns: list[Column], query: filters.BaselineForm) -> dict[str, Any]:
    """The figures of all frameworks by benchmark, and those that stand alone; six queries at most.

    Raises BadQuery for a baseline that shares no benchmark with another framework.
    """
    own = Benchmark.objects.filter(criterion=line.id)
    tests = benchmarks.views_of(own)
    shown = benchmarks.figures_on([line.id]) if tests else []
    baseline = query.params["baseline"]
    across = figures.across(tests, shown, columns, line.direction, baseline)
    if baseline and across is None:
        query.refuse("baseline", [baseline], _("It shares no benchmark with another framework."))
    query.names.update({("baseline", column.slug): column.name for column in columns})
    claims = (
        Claim.objects.published()
        .filter(criterion=line.id, framework__isnull=False, number__isnull=False, benchmark__isnull=True)
        .exclude(verdict__in=sorted(NOT_COUNTED))
        .for_display()
        .order_by("framework__order", "framework__name", "number", "key")
    )
    alone = list(claims[:ALONE])
    return {
        "across": across,
        "side_by_side": figures.side_by_side(
            tests, shown, columns, line.direction, benchmarks.sources_of(own) if tests else {}
        ),
        "tests_count": len(tests),
        "alone": [claim for claim in alone if not _is_unchecked(claim)],
        "unchecked": [claim for claim in alone if _is_unchecked(claim)],
    }


def _is_unchecked(claim: Claim) -> bool:
    """Whether nobody can check a figure that stands alone."""
    is_bare = claim.kind == ClaimKind.FIGURE and not states_method(claim.conditions, subject.method_needs())
    return claim.verdict == Verdict.CANNOT_BE_CHECKED or is_bare


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
