"""Where the sources contradict one another."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import Agreement, Reason, RulingState
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.disputes import disputes, only_argued, unruled
from comparisons.models import Cell, Framework, Ruling

from .matrix import NO_SUCH, Window

#: Disputes on a page, and cells disputed only in a figure that are listed below them.
SIZE, ARGUED = 10, 40
#: The reason of a dispute on which there is no ruling at all.
UNRULED = ""

DISAGREEMENTS = filters.Schema(
    filters.Parameter("state", filters.one_of("open", "ruled")),
    filters.Parameter("framework", filters.key),
    filters.Parameter("reason", filters.one_of(*Reason)),
    filters.Parameter("page", filters.whole(1, 10_000)),
    paging=("page",),
)


@require_safe
def disagreement_list(request: HttpRequest) -> HttpResponse:
    """Disputed cells by reason, a page at a time, each with its sides; at most six queries."""
    asked = DISAGREEMENTS.read(request.GET)
    frameworks = assessing.columns(Framework.objects.order_by("order", "name"))
    known = {column.slug: column for column in frameworks}
    asked.refuse("framework", [slug for slug in [asked["framework"]] if slug and slug not in known], NO_SUCH)
    here = Q(framework=known[asked["framework"]].id) if asked["framework"] else Q()
    counts = _counts(here, asked)
    window = Window.of(counts["found"], SIZE, asked["page"] or 1)
    found = disputes(_page(here, asked, window)) if window.total else []
    first = window.page == 1
    argued = placed_cells(Cell.objects.filter(only_argued(), here).order_by(*_PLACE)[:ARGUED]) if first else []
    context = {
        "section": "disagreements",
        "asked": asked,
        "frameworks": frameworks,
        "counts": counts,
        "window": window,
        "disputes": found,
        "argued": argued,
        "today": timezone.localdate(),
    }
    return render(request, "comparisons/disagreement_list.html", context)


_PLACE = ("framework__order", "framework__name", "criterion__group__order", "criterion__order", "pk")


def _with_reason(cells: Any) -> Any:
    """Cells with the reason of their ruling, and its place in the closed list: those without a ruling first."""
    ruling = Ruling.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    return cells.annotate(
        why_code=Coalesce(Subquery(ruling.values("reason")[:1]), Value(UNRULED)),
        why_place=Case(
            *(When(why_code=word.value, then=Value(place)) for place, word in enumerate(Reason, start=1)),
            default=Value(0),
        ),
    )


def _counts(here: Q, asked: filters.Query) -> dict[str, Any]:
    """How many disputes there are in each state and for each reason, beside what is asked for; one query."""
    cells = _with_reason(Cell.objects.filter(here).filter(Q(agreement=Agreement.DISPUTED) | Q(argued__gt=0)))
    rows = cells.order_by().values_list("agreement", "ruling", "why_code").annotate(Count("pk"))
    counts: dict[str, Any] = {"all": 0, "open": 0, "ruled": 0, "found": 0, "argued": 0}
    reasons = dict.fromkeys(map(str, Reason), 0)
    for agreement, ruling, reason, found in rows:
        if agreement != Agreement.DISPUTED:
            counts["argued"] += found
            continue
        state = "ruled" if ruling == RulingState.RULED else "open"
        fits_state = asked["state"] in (None, state)
        fits_reason = asked["reason"] in (None, reason)
        if fits_reason:
            counts["all"] += found
            counts[state] += found
        if fits_state and reason in reasons:
            reasons[reason] += found
        if fits_state and fits_reason:
            counts["found"] += found
    return {**counts, "reasons": reasons}


def _page(here: Q, asked: filters.Query, window: Window) -> list[PlacedCell]:
    """One page of disputes, those without a ruling first, then by reason; one query."""
    cells = _with_reason(Cell.objects.disputed().filter(here))
    if asked["state"] == "open":
        cells = cells.filter(unruled())
    elif asked["state"] == "ruled":
        cells = cells.filter(ruling=RulingState.RULED)
    if asked["reason"]:
        cells = cells.filter(why_code=asked["reason"])
    cells = cells.order_by("why_place", "ruling", "-witnesses", *_PLACE)
    return placed_cells(cells[window.first - 1 : window.last])
