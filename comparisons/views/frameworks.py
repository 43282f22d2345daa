"""Frameworks: the list, a profile, and the page of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.alike import FEWEST
from comparisons.domain.matrix import CellView, Line, build_matrix
from comparisons.domain.scoring import profile
from comparisons.domain.vocabulary import Agreement, ClaimKind, Meaning, RulingState
from comparisons.evidence import assessing, beside_names, criterion_pages, neighbours
from comparisons.evidence.cell_reads import PlacedCell, criterion_in, placed_cells
from comparisons.evidence.challenges import objections_to
from comparisons.evidence.claims import Card, cards_of, claims_of, with_last_checks
from comparisons.evidence.disputes import disputes, ruling_views
from comparisons.evidence.rows import HAS_VALUE
from comparisons.language import called
from comparisons.models import Benchmark, Cell, Claim, Criterion, Framework, Release, Ruling, remembered, subject
from comparisons.models.base import JOINT
from comparisons.models.judgement import recheck_due
from comparisons.models.proposals import under_review_since
from comparisons.proof.shown import newest_runs
from comparisons.pros_cons import current, lists

from .drawn_page import drawn_page
from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets import across, records
from .sheets import claims as claims_sheet
from .takeaway import answer, size

#: Frameworks on a page of the list, criteria on a page of a profile, claims on the page of a cell.
FRAMEWORKS, CRITERIA, CLAIMS = 60, 160, 50
#: Claims for and against, releases, disputes and partners on a profile; the rest is a link away.
EACH, RELEASES, DISPUTES, PARTNERS = 8, 6, 12, 3
#: Figures of benchmarks that the page of a cell shows in full below their table; more of them are folded.
OPEN = 4
#: Groups whose coverage a profile shows.
GROUPS = 24


def _counted(rows: QuerySet[Any], *counts: Count) -> dict[int, Sequence[int]]:
    """These counts of the rows of each framework that has any; one query."""
    found = rows.order_by().values_list("framework").annotate(**{f"n{at}": one for at, one in enumerate(counts)})
    return {pk: numbers for pk, *numbers in remembered.rows(found)}


def _facts(framework: Framework) -> list[tuple[str, str, bool]]:
    """The facts of a framework that are known and that the subject has: (label, text, whether it is an address)."""
    known = ((name, getattr(framework, name)) for name in subject.current().facts)
    addresses = {"homepage", "documentation", "repository"}
    return [(str(called.fact(name)), text, name in addresses) for name, text in known if text]


@kept(filters.FrameworkFilter)
@require_safe
def framework_list(request: HttpRequest) -> HttpResponse:
    """All frameworks with their claims, coverage, disputes, newest release and signs of life; eight queries."""
    query = filters.FrameworkFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.FrameworkFilter.read(request.GET)
        paging = Paging.of(found.total, size(found.form, FRAMEWORKS), found.params["page"])
        today = timezone.localdate()
        frameworks: list[Any] = list(paging.cut(found.qs))
        claims = _counted(Claim.objects.published(), Count("pk"))
        disputed = Count("pk", filter=Q(agreement=Agreement.DISPUTED))
        cells = _counted(Cell.objects.all(), Count("pk", filter=HAS_VALUE), disputed)
        for framework in frameworks:
            [framework.claims_count] = claims.get(framework.pk, (0,))
            framework.covered, framework.disputed = cells.get(framework.pk, (0, 0))
        beside = beside_names.criteria()
        shown = [one.pk for one in frameworks]
        answers, newest = beside_names.answers(shown, beside), beside_names.newest_releases(shown, today)
        return {
            "query": found.form,
            "section": "frameworks",
            "today": today,
            "released": found.facet("released"),
            "beside": beside,
            "paging": paging,
            "frameworks": [
                (framework, place, newest.get(framework.pk), answers[framework.pk])
                for place, framework in enumerate(frameworks, start=paging.first)
            ],
            "criteria": Criterion.objects.published().count(),
        }

    context = remembered_context(framework_list, query, build, sealed=("frameworks", "released"))
    return answer(request, "comparisons/framework_list.html", context, records.framework_sheet, drawn_page)


@kept(filters.GroupForm)
@require_safe
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile of a framework, with a page of its criteria, of all groups or of one; fifteen queries."""
    query = filters.GroupForm.read(request.GET)

    def build() -> dict[str, Any]:
        today = timezone.localdate()
        page, partners = _with_partners(slug)
        sizes = criterion_pages.group_sizes(page.pk)
        chosen = query.params["group"]
        query.require("group", {group.slug: group.name for group in sizes})
        groups = [group for group in sizes if not chosen or group.slug == chosen]
        paging = Paging.of(sum(group.criteria for group in groups), size(query, CRITERIA), query.params["page"])
        lines = assessing.lines(criterion_pages.on_page(groups, paging.first, paging.last))
        own = Cell.objects.filter(framework=page)
        cells = {cell.criterion_id: cell for cell in own.filter(criterion__in=[line.id for line in lines]).views()}
        column = assessing.column(page, 1)
        counts = own.aggregate(
            disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED)),
            recheck=Count("pk", filter=recheck_due(today)),
        )
        releases = beside_names.newest_first(Release.objects.filter(framework=page).newest_out(today)[:RELEASES])
        return {
            "section": "frameworks",
            "today": today,
            "framework": page,
            "partners": partners,
            "joint": JOINT,
            "releases": releases,
            "facts": _facts(page),
            "beside": beside_names.of(page),
            "alike": neighbours.nearest(page.pk),
            "fewest": FEWEST,
            "disputed": _with_rulings(own.disputed()),
            "disputed_count": counts["disputed"],
            "recheck_count": counts["recheck"],
            "coverage": sizes[:GROUPS],
            "more_groups": max(0, len(sizes) - GROUPS),
            "profile": profile(build_matrix([column], lines, cells.values()), today) if paging.pages == 1 else [],
            "profile_columns": [column],
            "recommended": _recommended(own),
            "paging": paging,
            "sizes": sizes,
            "groups": _by_group([(line, cells.get(line.id)) for line in lines]),
        }

    context = remembered_context(framework, query, build, slug)
    page = context["framework"]
    index = current.index(timezone.localdate())
    [group] = lists.strongest([(page.pk, page.slug, page.name)], EACH, index, href=lists.all_of)
    context["sides"] = group.sides
    return answer(request, "comparisons/framework.html", context, across.profile_sheet)


#: The order of the cells of one framework.
_BY_PLACE = tuple(f"criterion__{name}" for name in criterion_pages.BY_PLACE)


def _with_rulings(cells: Any) -> list[tuple[Line, CellView, Ruling | None]]:
    """The first of some cells of a framework, each with its ruling; two queries."""
    placed = placed_cells(cells.order_by(*_BY_PLACE)[:DISPUTES])
    here = {one.line.id: one.column.id for one in placed}
    rulings = Ruling.objects.filter(framework__in=set(here.values()), criterion__in=here).select_related("level")
    why = {ruling.criterion_id: ruling for ruling in rulings}
    return [(one.line, one.cell, why.get(one.line.id)) for one in placed]


def _recommended(cells: Any) -> list[tuple[Line, CellView]]:
    """The first use cases that a framework is recommended for; one query."""
    found = cells.filter(criterion__group__holds_use_cases=True, level__meaning=Meaning.YES)
    return [(one.line, one.cell) for one in placed_cells(found.order_by(*_BY_PLACE)[:DISPUTES])]


def _with_partners(slug: str) -> tuple[Framework, list[Framework]]:
    """A framework with its counts, and a few others to compare it with; two queries."""
    first = Framework.objects.published().order_by("order", "name").values("pk")[: PARTNERS + 1]
    rows = list(
        Framework.objects.published()
        .filter(Q(slug=slug) | Q(pk__in=first))
        .annotate(review_since=Subquery(under_review_since(Framework)))
        .order_by("order", "name")
    )
    page = next((row for row in rows if row.slug == slug), None)
    if page is None:
        raise Http404
    claims = Claim.objects.published().filter(framework=page)
    counted = claims.aggregate(claims=Count("pk", distinct=True), citations=Count("citations"))
    page.claims_count, page.citations_count = counted["claims"], counted["citations"]
    return page, [row for row in rows if row.pk != page.pk][:PARTNERS]


Found = Sequence[tuple[Line, CellView | None]]


def _by_group(found: Found) -> list[tuple[str, str, list[tuple[Line, CellView | None]]]]:
    groups: dict[str, tuple[str, str, list[tuple[Line, CellView | None]]]] = {}
    for line, cell in found:
        groups.setdefault(line.group_slug, (line.group_slug, line.group_name, []))[2].append((line, cell))
    return list(groups.values())


@kept(filters.PageForm)
@require_safe
def cell(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    """The page of a cell: all claims with their sources, and what they add up to; at most eleven queries."""
    query = filters.PageForm.read(request.GET)

    def build() -> dict[str, Any]:
        today = timezone.localdate()
        page = get_object_or_404(Framework.objects.published(), slug=slug)
        found = criterion_in(page, criterion)
        if found is None:
            raise Http404
        row, view, ruling = found
        line = assessing.line_of(row)
        context: dict[str, Any] = {
            "section": "frameworks",
            "today": today,
            "framework": page,
            "line": line,
            "cell": view,
            "objections": objections_to((page, row)),
            "review_since": row.review_since,  # type: ignore[attr-defined]
        }
        number, most = query.params["page"], size(query, CLAIMS)
        claims: list[Any] = list(claims_of(page, row)[(number - 1) * most : number * most])
        context["paging"] = Paging.of(claims[0].total if claims else 0, most, number)
        if claims:
            with_last_checks(claims)
            context["runs"] = newest_runs(claims)
            context |= _evidence(page, line, view, ruling, claims)
        if view is not None:
            context["reasons"] = view.reasons(today)
            context["release"] = view.recheck(today)
        return context

    context = remembered_context(cell, query, build, slug, criterion)
    return answer(request, "comparisons/cell.html", context, claims_sheet.cell_sheet)


def _evidence(
    page: Framework, line: Line, view: CellView | None, ruling: Ruling | None, claims: Sequence[Claim]
) -> dict[str, Any]:
    """What the claims of a cell say: sides, ruling, cards and figures; at most three queries."""
    witnesses = assessing.Witnesses()
    placed = [PlacedCell.ruled_by(ruling, view, line, assessing.column(page, 1))] if view and view.is_disputed else []
    settled = {(page.pk, line.id)} if view and view.ruling == RulingState.RULED else set()
    cards = cards_of(claims, witnesses, settled)
    counted = [card for card in cards if card.counts]
    in_tests = [card for card in counted if card.claim.benchmark_id and card.claim.number is not None]
    folded = in_tests if len(in_tests) > OPEN else []
    out_of_sight = {card.claim.pk for card in folded}
    return {
        "ruling": next(iter(ruling_views([ruling] if ruling else [])), None),
        "dispute": next(iter(disputes(placed, witnesses)), None),
        "parts": [
            (word, [card for card in counted if card.claim.polarity == word]) for word in ("pro", "con", "neutral")
        ],
        "open_parts": [
            (word, [card for card in counted if card.claim.polarity == word and card.claim.pk not in out_of_sight])
            for word in ("pro", "con", "neutral")
        ],
        "folded": folded,
        "set_apart": [card for card in cards if not card.counts],
        "tests": _by_benchmark(cards, view),
        "figures": [card for card in counted if card.claim.kind == ClaimKind.FIGURE and not card.claim.benchmark_id],
    }


def _by_benchmark(cards: Sequence[Card], view: CellView | None) -> list[tuple[Benchmark, list[Card]]]:
    """The figures of a cell by benchmark: that of the headline first, then the newest."""
    found: dict[Benchmark, list[Card]] = {}
    for card in cards:
        if card.claim.benchmark is not None and card.claim.number is not None:
            found.setdefault(card.claim.benchmark, []).append(card)
    headline = view.benchmark_id if view else None

    def order(benchmark: Benchmark) -> tuple[bool, int, str]:
        day = benchmark.measured_on
        return benchmark.pk != headline, -(day.toordinal() if day else 0), benchmark.slug

    return [(benchmark, found[benchmark]) for benchmark in sorted(found, key=order)]
