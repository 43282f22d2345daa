"""Claims: what speaks for and against, and the permalink of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import dossier, query, selectors, voices
from comparisons.domain.vocabulary import Polarity, RulingState, Stance, Status
from comparisons.models import Citation, Claim, Framework

from .matrix import NO_SUCH
from .matrix import Window as Pages

#: Frameworks on a page, and claims of each of their columns; claims of each column of one framework.
FRAMEWORKS, TASTE, SIZE = 5, 8, 40
#: Other claims named on each of the two lists of neighbours of a claim.
NEAR = 6

CLAIMS = query.Schema(
    query.Parameter("framework", query.key),
    query.Parameter("page", query.whole(1, 10_000)),
    paging=("page",),
)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What speaks for and against each framework; at most five queries.

    A few claims of each framework, five frameworks a page; with `framework=`, all of one, a page at a time.
    """
    asked = CLAIMS.read(request.GET)
    counts = _counts()
    frameworks = selectors.columns(Framework.objects.order_by("order", "name"))
    known = {column.slug: column for column in frameworks}
    asked.refuse("framework", [slug for slug in [asked["framework"]] if slug and slug not in known], NO_SUCH)
    speaking = [column for column in frameworks if column.id in counts]
    page = asked["page"] or 1
    if asked["framework"]:
        shown, size = [known[asked["framework"]]], SIZE
        longest = max(counts.get(shown[0].id, {}).values(), default=0)
        pages = Pages.of(longest, SIZE, page)
    else:
        size, general = TASTE, [None] if None in counts else []
        pages = Pages.of(len(speaking) + len(general), FRAMEWORKS, page)
        shown = list(pages.cut([*speaking, *general]))
    start = (page - 1) * SIZE if asked["framework"] else 0
    context = {
        "section": "claims",
        "asked": asked,
        "frameworks": speaking,
        "pages": pages,
        "groups": _groups(shown, counts, start, size),
        "total": sum(sum(found.values()) for found in counts.values()),
        "today": timezone.localdate(),
    }
    return render(request, "comparisons/claim_list.html", context)


def _speaking() -> Any:
    return Claim.objects.published().filter(polarity__in=[Polarity.PRO, Polarity.CON]).order_by()


def _counts() -> dict[int | None, dict[str, int]]:
    """Published claims for and against each framework, by its id; None for claims about no single one. One query."""
    counts: dict[int | None, dict[str, int]] = {}
    for framework, polarity, found in _speaking().values_list("framework", "polarity").annotate(Count("pk")):
        counts.setdefault(framework, {})[polarity] = found
    return counts


def _groups(shown: Sequence[Any], counts: Any, start: int, size: int) -> list[dict[str, Any]]:
    """Both columns of each framework, the claims that most articles support first; three queries, or none."""
    if not shown:
        return []
    ids = [column.id for column in shown if column]
    here = Q(framework__in=ids) | (Q(framework__isnull=True) if None in shown else Q())
    backing = Citation.objects.filter(claim=OuterRef("pk"), stance=Stance.SUPPORTS).order_by().values("claim")
    backers = Coalesce(Subquery(backing.annotate(found=Count("pk")).values("found")), 0)
    place = Window(RowNumber(), partition_by=[F("framework"), F("polarity")], order_by=[F("backers").desc(), F("key")])
    claims = (
        _speaking()
        .filter(here)
        .annotate(backers=backers)
        .annotate(place=place)
        .filter(place__gt=start, place__lte=start + size)
        .select_related("criterion")
        .order_by("place")
    )
    columns: dict[tuple[int | None, str], list[Claim]] = {}
    for claim in claims:
        columns.setdefault((claim.framework_id, claim.polarity), []).append(claim)
    heard = voices.hear(
        Citation.objects.filter(claim__in=[claim.pk for found in columns.values() for claim in found]),
        selectors.Witnesses(),
    )
    return [
        {
            "framework": column,
            "sides": [
                {
                    "polarity": str(polarity),
                    "total": counts.get(column and column.id, {}).get(polarity, 0),
                    "claims": [
                        (claim, heard.get(claim.key)) for claim in columns.get((column and column.id, polarity), ())
                    ],
                }
                for polarity in (Polarity.PRO, Polarity.CON)
            ],
        }
        for column in shown
    ]


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a claim; at most eight queries. 410 once it is withdrawn, 404 before it is published."""
    shown = Claim.objects.select_related("framework", "criterion__group", "level")
    found: Claim = get_object_or_404(shown.filter(status__in=(Status.PUBLISHED, Status.WITHDRAWN)), key=key)
    if found.status == Status.WITHDRAWN:
        gone = {"withdrawn_at": found.withdrawn_at, "reason": found.withdrawal_reason}
        return render(request, "comparisons/claim_withdrawn.html", gone, status=410)
    rulings = dossier.rulings_naming(found)
    here = (found.framework_id, found.criterion_id)
    settled = {here} if any((r.framework_id, r.criterion_id) == here and not r.is_open for r in rulings) else set()
    revisions, complete = dossier.past(found)
    near = dossier.neighbours(found, NEAR)
    context = {
        "section": "claims",
        "today": timezone.localdate(),
        "card": dossier.with_evidence(found, selectors.Witnesses(), settled),
        "claim": found,
        "line": dossier.line_of(found.criterion),
        "rulings": [(ruling, RulingState.OPEN if ruling.is_open else RulingState.RULED) for ruling in rulings],
        "revisions": revisions,
        "is_complete": complete,
        "near_here": [other for other in near if not other.elsewhere],
        "near_elsewhere": [other for other in near if other.elsewhere],
    }
    return render(request, "comparisons/claim.html", context)
