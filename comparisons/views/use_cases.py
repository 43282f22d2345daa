"""Use cases: who recommends what for which scenario, and where recommendations clash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Case, Count, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.domain.vocabulary import Meaning
from comparisons.evidence import assessing, disputes, recommendations
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.citations import CitedClaim, cited_claims
from comparisons.evidence.claims import general_claims
from comparisons.models import Cell, Citation, Framework

from .matrix import NO_SUCH, Window

#: Scenarios on a page of the list; frameworks on a page of a scenario; claims about none in particular there.
SCENARIOS, FRAMEWORKS, GENERAL = 30, 20, 12

USE_CASES = filters.Schema(
    filters.Parameter("framework", filters.key, most=filters.MAX_VALUES),
    filters.Parameter("page", filters.whole(1, 10_000)),
    paging=("page",),
)
USE_CASE = filters.Schema(filters.Parameter("page", filters.whole(1, 10_000)), paging=("page",))


@require_safe
def use_case_list(request: HttpRequest) -> HttpResponse:
    """Scenarios with the frameworks recommended for each, a page at a time; five queries."""
    asked = USE_CASES.read(request.GET)
    offered = _offered(asked["framework"])
    known = {column.slug: column for column, _count in offered}
    asked.refuse("framework", [slug for slug in asked["framework"] if slug not in known], NO_SUCH)
    window = Window.of(recommendations.scenarios().count(), SCENARIOS, asked["page"] or 1)
    lines = assessing.lines(recommendations.scenarios()[max(0, window.first - 1) : window.last])
    chosen = [known[slug].id for slug in asked["framework"]] or None
    scenarios, sources = recommendations.answered(lines, chosen)
    context = {
        "section": "use_cases",
        "asked": asked,
        "offered": [(column.slug, column.name, count) for column, count in offered],
        "window": window,
        "scenarios": scenarios,
        "sources": sources,
    }
    return render(request, "comparisons/use_case_list.html", context)


def _offered(chosen: Iterable[str]) -> list[tuple[Column, int]]:
    """The frameworks that have an answer to a scenario, or are asked for, with the number of answers; one query."""
    cells = Q(cells__criterion__group__holds_use_cases=True, cells__points__isnull=False)
    rows = (
        Framework.objects.annotate(answers=Count("cells", filter=cells))
        .filter(Q(answers__gt=0) | Q(slug__in=list(chosen)))
        .order_by("order", "name")
        .values_list("pk", "slug", "name", "tagline", "answers")
    )
    return [
        (Column(pk, slug, name, tagline, place), answers)
        for place, (pk, slug, name, tagline, answers) in enumerate(rows, start=1)
    ]


@require_safe
def use_case(request: HttpRequest, slug: str) -> HttpResponse:
    """One scenario: what its sources recommend, and where they clash; eight queries."""
    asked = USE_CASE.read(request.GET)
    lines = assessing.lines(recommendations.scenarios().filter(slug=slug))
    if not lines:
        raise Http404
    line = lines[0]
    cells = Cell.objects.filter(criterion=line.id, claims__gt=0)
    window = Window.of(cells.count(), FRAMEWORKS, asked["page"] or 1)
    shown = placed_cells(cells.order_by(*_BY_ANSWER)[max(0, window.first - 1) : window.last])
    here = Q(claim__criterion=line.id, claim__framework__in=[one.column.id for one in shown])
    levels: assessing.Levels = {}
    cited = cited_claims(Citation.objects.filter(here), assessing.Witnesses(), levels) if shown else {}
    context = {
        "section": "use_cases",
        "asked": asked,
        "today": timezone.localdate(),
        "line": line,
        "window": window,
        "rows": shown,
        "answers": _answers(shown, cited, levels),
        "disputes": disputes.disputes([one for one in shown if one.cell.is_disputed]),
        "general": general_claims(line.id, GENERAL),
    }
    return render(request, "comparisons/use_case.html", context)


#: Recommended frameworks first, then possible ones, then those advised against; most witnesses first.
_BY_ANSWER = (
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
    for _key, claim in sorted(cited.items()):
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
