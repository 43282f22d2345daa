"""Curated comparisons as readers saw them at the end of a day, each at an address that can be cited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.history import edition_rows
from comparisons.history.edition_diff import difference
from comparisons.models import Comparison, ComparisonEdition

from .kept import kept
from .matrix_parts import ACROSS
from .paging import Paging
from .sheets.choice import edition_sheet
from .takeaway import answer, size

#: Most rows, cells, and changes of one kind, of one page.
DOWN, CELLS, CHANGES = 200, 500, 200


@kept(filters.EditionForm)
@require_safe
def comparison_edition(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    """A comparison as readers saw it at the end of a day; four queries, and three more if there is a newer edition.

    Days without an edition show the latest one before. Answers 404 for days to come, and for days before the first
    edition; then the page says from which day on there are some.
    """
    comparison = Comparison.objects.filter(slug=slug).first()
    editions = _editions(slug, comparison)
    today = timezone.localdate()
    shown = editions.filter(day__lte=day).order_by("-day").first()
    if shown is None or not shown.state or day > today:
        return _no_page(request, comparison, editions, day)
    days = editions.filter(record=shown.record).aggregate(
        newest=Max("day"),
        before=Max("day", filter=Q(day__lt=shown.day)),
        after=Min("day", filter=Q(day__gt=shown.day)),
    )
    query = filters.EditionForm.read(request.GET)
    across, down = _shown(shown.state, query)
    past = edition_rows.past(shown, down.span, across.span)
    context: dict[str, Any] = {
        "query": query,
        "across": across,
        "down": down,
        "section": "compare",
        "comparison": comparison,
        "slug": slug,
        "past": past,
        "day": day,
        "edition": shown,
        "is_today": day == today,
        **days,
    }
    if days["after"]:
        newest = editions.get(record=shown.record, day=days["newest"])
        if newest.state:
            then, now = edition_rows.compared(shown, newest, day)
            context["changes"] = difference(then, now, day, newest.day)
            context["most"] = CHANGES
    return answer(request, "comparisons/comparison_edition.html", context, lambda _context: edition_sheet(past, day))


def _shown(state: Mapping[str, Any], query: filters.EditionForm) -> tuple[Paging, Paging]:
    """Which columns and which rows of an edition are shown. Raises Http404 for a page past the end."""
    columns = len(state["columns"])
    # A file has all columns, and its rows in parts.
    across = Paging.of(columns, columns if query.params["format"] else ACROSS, query.params["across"])
    on_screen = min(DOWN, max(1, CELLS // max(1, across.last - across.first + 1)))
    return across, Paging.of(len(state["rows"]), size(query, on_screen), query.params["page"])


def _editions(slug: str, comparison: Comparison | None) -> QuerySet[ComparisonEdition]:
    """The editions of a comparison, under whatever slug it had; without a comparison, of one that was deleted."""
    editions = ComparisonEdition.objects.all()
    if comparison is not None:
        return editions.filter(record=comparison.pk)
    deleted = editions.filter(slug=slug).exclude(record__in=Comparison.objects.order_by().values("pk"))
    return editions.filter(record__in=deleted.order_by("-day").values("record")[:1])


def _no_page(
    request: HttpRequest, comparison: Comparison | None, editions: QuerySet[ComparisonEdition], day: date
) -> HttpResponse:
    """The page for a day of which there is no edition. Raises Http404 without any comparison or edition."""
    first = editions.filter(~Q(state={})).aggregate(first=Min("day"))["first"]
    if comparison is None and first is None:
        raise Http404
    context = {"comparison": comparison, "day": day, "first": first, "is_to_come": day > timezone.localdate()}
    return render(request, "comparisons/comparison_no_edition.html", context, status=404)
