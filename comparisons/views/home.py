"""The front page, which shows by example what the site is for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, Count, Q, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.domain.matrix import Matrix
from comparisons.domain.vocabulary import Agreement
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import placed_cells
from comparisons.evidence.disputes import unruled
from comparisons.evidence.matrix import Perspective
from comparisons.evidence.matrix import matrix as seen_matrix
from comparisons.history import news
from comparisons.models import Article, Cell, Citation, Claim, Comparison, ComparisonFramework, Criterion, Framework

#: Bars of the specimen, rows of the featured matrix, open disagreements, frameworks and changes.
BARS, ROWS, OPEN, FRAMEWORKS, CHANGES = 8, 8, 5, 12, 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; twelve queries at any size."""
    today = timezone.localdate()
    totals = _totals()
    cells = Cell.objects.aggregate(
        covered=Count("pk"),
        disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED)),
        open=Count("pk", filter=unruled()),
        recheck=Count("pk", filter=Q(release_on__lte=today)),
    )
    context = {
        "today": today,
        "totals": {**totals, **cells, "empty": totals["frameworks"] * totals["criteria"] - cells["covered"]},
        "specimen": _specimen(),
        "open": placed_cells(Cell.objects.filter(unruled()).order_by("-witnesses", "pk")[:OPEN]),
        "featured": _featured(today),
        "frameworks": _frameworks(totals["criteria"]),
        "changes": news.latest(CHANGES),
    }
    return render(request, "comparisons/home.html", context)


def _totals() -> dict[str, int]:
    """How many records there are that a reader may see; one query."""
    counted = {
        "claims": Claim.objects.published(),
        "citations": Citation.objects.filter(claim__in=Claim.objects.published()),
        "articles": Article.objects.all(),
        "frameworks": Framework.objects.published(),
        "criteria": Criterion.objects.published(),
    }
    parts = [
        rows.order_by()
        .annotate(what=Value(name))
        .values("what")
        .annotate(found=Count("pk"))
        .values_list("what", "found")
        for name, rows in counted.items()
    ]
    return {**dict.fromkeys(counted, 0), **dict(parts[0].union(*parts[1:], all=True).order_by())}


def _specimen() -> dict[str, Any] | None:
    """The disputed cell with most witnesses that can still be drawn in full, with its newest ticks; one query."""
    fits = Case(When(witnesses__lte=BARS, then=Value(0)), default=Value(1))
    cells = Cell.objects.disputed().filter(points__isnull=False).order_by(fits, "-witnesses", "pk")
    found = placed_cells(cells[:1])
    if not found:
        return None
    bars = [
        {"stance": stance, "dated": dt.date.fromisoformat(dated) if dated else None, "iso": dated}
        for stance, dated in found[0].cell.tally[-BARS:]
    ]
    return {"placed": found[0], "bars": bars}


def _featured(today: dt.date) -> dict[str, Any] | None:
    """The featured comparison with the first rows that differ or are disputed; three queries."""
    first = Comparison.objects.order_by("-featured", "order", "title").values("pk")[:1]
    places = ComparisonFramework.objects.filter(comparison=Subquery(first), framework__is_draft=False).order_by(
        "order", "pk"
    )
    members = list(places.select_related("comparison", "framework"))
    if not members:
        return None
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    lines = assessing.lines(page.rows.filter(criterion__is_draft=False).order_by("order", "pk"), "criterion__")
    whole = seen_matrix(columns, lines, Perspective(), today)
    telling = [row for row in whole.rows if row.differs() or row.is_disputed]
    shown = Matrix(whole.columns, tuple(telling[:ROWS]))
    return {"comparison": page, "matrix": shown, "criteria": len(lines)}


def _frameworks(criteria: int) -> list[dict[str, Any]]:
    """The first frameworks with their claims, disputed cells and coverage in per cent; three queries."""
    frameworks = list(Framework.objects.published().order_by("order", "name")[:FRAMEWORKS])
    claims = dict(
        Claim.objects.published()
        .filter(framework__in=frameworks)
        .order_by()
        .values_list("framework")
        .annotate(Count("pk"))
    )
    cells = {
        framework: (found, disputed)
        for framework, found, disputed in Cell.objects.filter(framework__in=frameworks)
        .order_by()
        .values_list("framework")
        .annotate(found=Count("pk"), disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED)))
    }
    return [
        {
            "framework": framework,
            "claims": claims.get(framework.pk, 0),
            "disputed": cells.get(framework.pk, (0, 0))[1],
            "coverage": round(100 * cells.get(framework.pk, (0, 0))[0] / criteria) if criteria else 0,
        }
        for framework in frameworks
    ]
