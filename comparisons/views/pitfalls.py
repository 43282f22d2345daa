"""What goes wrong and what to do instead, and habits that hold for any framework."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import ClaimKind
from comparisons.evidence import assessing
from comparisons.evidence.citations import CitedClaim, cited_claims
from comparisons.models import Citation, Claim, Framework

from .matrix import NO_SUCH, Window

#: Pitfalls, and practices, on a page.
PITFALLS, PRACTICES = 30, 30

PITFALL = filters.Schema(
    filters.Parameter("framework", filters.key, most=filters.MAX_VALUES),
    filters.Parameter("general", filters.one_of("1")),
    filters.Parameter("page", filters.whole(1, 10_000)),
    paging=("page",),
)
PRACTICE = filters.Schema(filters.Parameter("page", filters.whole(1, 10_000)), paging=("page",))

_IN_PLACE = ("criterion__group__order", "criterion__group__name", "criterion__order", "criterion__name", "key")


@require_safe
def pitfall_list(request: HttpRequest) -> HttpResponse:
    """Pitfalls by framework, a page at a time; at most five queries.

    With `framework=` those of some frameworks, with `general=1` those that hold for any.
    """
    asked = PITFALL.read(request.GET)
    pitfalls = Claim.objects.published().filter(kind=ClaimKind.PITFALL)
    counts, general = _counts(pitfalls)
    names = {slug for slug, _name, _count in counts}
    unknown = [slug for slug in asked["framework"] if slug not in names]
    if unknown:
        counts += [(slug, name, 0) for slug, name in _without(unknown)]
        names = {slug for slug, _name, _count in counts}
    asked.refuse("framework", [slug for slug in unknown if slug not in names], NO_SUCH)
    everything = not asked["framework"] and not asked["general"]
    here = Q() if everything else Q(framework__slug__in=asked["framework"])
    if asked["general"]:
        here |= Q(framework__isnull=True)
    total = sum(n for slug, _name, n in counts if everything or slug in asked["framework"])
    window = Window.of(total + (general if everything or asked["general"] else 0), PITFALLS, asked["page"] or 1)
    order = (F("framework__order").asc(nulls_last=True), F("framework__name").asc(nulls_last=True), *_IN_PLACE)
    context = {
        "section": "pitfalls",
        "today": timezone.localdate(),
        "asked": asked,
        "counts": counts,
        "general": general,
        "window": window,
        "pitfalls": _with_citations(pitfalls.filter(here).order_by(*order), window),
    }
    return render(request, "comparisons/pitfall_list.html", context)


def _counts(claims: Any) -> tuple[list[tuple[str, str, int]], int]:
    """How many claims there are of each framework, as (slug, name, number), and of none; one query."""
    rows = list(
        claims.order_by(F("framework__order").asc(nulls_last=True), "framework__name")
        .values_list("framework__slug", "framework__name")
        .annotate(Count("pk"))
    )
    return [row for row in rows if row[0]], sum(row[2] for row in rows if not row[0])


def _without(slugs: list[str]) -> list[tuple[str, str]]:
    """Frameworks that are asked for and have nothing to show."""
    return list(Framework.objects.filter(slug__in=slugs).order_by("order", "name").values_list("slug", "name"))


def _with_citations(claims: Any, window: Window) -> list[tuple[Claim, CitedClaim | None]]:
    """One page of claims, each with its citations; three queries, none for an empty page."""
    if not window.total:
        return []
    page = list(claims.select_related("framework", "criterion__group")[window.first - 1 : window.last])
    cited = cited_claims(Citation.objects.filter(claim__in=page), assessing.Witnesses())
    return [(claim, cited.get(claim.key)) for claim in page]


@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """Practices by what they are about, a page at a time; at most four queries."""
    asked = PRACTICE.read(request.GET)
    practices = Claim.objects.published().filter(kind=ClaimKind.PRACTICE)
    window = Window.of(practices.count(), PRACTICES, asked["page"] or 1)
    context = {
        "section": "practices",
        "today": timezone.localdate(),
        "asked": asked,
        "window": window,
        "practices": _with_citations(practices.order_by(*_IN_PLACE), window),
    }
    return render(request, "comparisons/practice_list.html", context)
