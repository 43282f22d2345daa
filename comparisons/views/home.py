"""The front page, the method, and what a site owes its visitors: errors, robots.txt, security.txt."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Case, Count, Q, Subquery, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
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
from comparisons.language.method import method as method_context
from comparisons.models import Article, Cell, Citation, Claim, Comparison, ComparisonFramework, Criterion, Framework

#: Ticks of the specimen, rows of the featured matrix, open disagreements, frameworks and changes on the front page.
BARS, ROWS, OPEN, FRAMEWORKS, CHANGES = 8, 8, 5, 12, 8
#: Days for which security.txt is valid.
SECURITY_DAYS = 180


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, by example; twelve queries at any size."""
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
        "frameworks": Framework.objects.all(),
        "criteria": Criterion.objects.all(),
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
    places = ComparisonFramework.objects.filter(comparison=Subquery(first)).order_by("order", "pk")
    members = list(places.select_related("comparison", "framework"))
    if not members:
        return None
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    lines = assessing.lines(page.rows.order_by("order", "pk"), "criterion__")
    whole = seen_matrix(columns, lines, Perspective(), today)
    telling = [row for row in whole.rows if row.differs() or row.is_disputed]
    shown = Matrix(whole.columns, tuple(telling[:ROWS]))
    return {"comparison": page, "matrix": shown, "criteria": len(lines)}


def _frameworks(criteria: int) -> list[dict[str, Any]]:
    """The first frameworks with their claims, disputed cells and coverage in per cent; three queries."""
    frameworks = list(Framework.objects.order_by("order", "name")[:FRAMEWORKS])
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


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How a cell is computed, with the constants and words the code itself uses; no query."""
    today = timezone.localdate()
    return render(request, "comparisons/method.html", {"today": today, **method_context(today)})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, all but the admin and the endless results of search, and where the map is."""
    lines = ["User-agent: *", "Allow: /", "Disallow: /admin/", "Disallow: /search/?"]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('comparisons:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness. Source: RFC 9116."""
    contact = settings.SECURITY_CONTACT or f"mailto:security@{urlsplit(settings.SITE_URL).hostname}"
    midnight = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = midnight + dt.timedelta(days=SECURITY_DAYS)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _words_of(path: str) -> str:
    """The words of an address behind its section, as a first guess at what was looked for; at most five."""
    section, _slash, rest = unquote(path).strip("/").partition("/")
    return " ".join(re.findall(r"[^\W_]{2,40}", rest or section)[:5])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that Django itself refuses. Reads nothing of it."""
    return HttpResponse(loader.get_template("400_plain.html").render(), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(loader.get_template("403.html").render(), status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what never was and for what is not published; no query."""
    return render(request, "404.html", {"path": request.path[:200], "words": _words_of(request.path)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database, no request and no manifest; plain text if even the template cannot be read."""
    try:
        return HttpResponseServerError(loader.get_template("500.html").render())
    except Exception:  # the last resort must not fail itself
        text = "Something went wrong on our side. Nothing you entered was at fault.\n"
        return HttpResponseServerError(text, content_type="text/plain; charset=utf-8")
