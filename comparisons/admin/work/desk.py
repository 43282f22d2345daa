"""The editor's desk: the first page of the admin. What waits, how much of it, and the way to each next step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from comparisons.admin.base import Link, PagesAdmin
from comparisons.domain.vocabulary import ReviewMark
from comparisons.editing import worklists
from comparisons.editing.worklists import Worklist
from comparisons.language.labels import label
from comparisons.models import Article, Cell, Claim, Comparison, permissions

#: Rows of each list that the desk shows.
FIRST = 5


class Step(NamedTuple):
    """A row of a list on the desk: what it is, and where the next step happens."""

    title: str
    url: str
    detail: str = ""
    mark: str = ""
    note: str = ""
    more: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A list of work on the desk."""

    worklist: Worklist
    count: int
    url: str
    steps: list[Step] = field(default_factory=list)


def claim_url(claim: Claim, key: str, user: Any) -> str:
    """Where an editor goes on with a claim of a list."""
    page = "review" if key in ("review", "waiting") else "change"
    if key == "unchecked" and user.has_perm(permissions.JUDGE):
        page = "verdict"
    return reverse(f"admin:comparisons_claim_{page}", args=[claim.pk])


def list_of(model: Any, **parameters: Any) -> str:
    """The list of a model, filtered."""
    url = reverse(f"admin:comparisons_{model._meta.model_name}_changelist")
    return f"{url}?{urlencode(parameters)}" if parameters else url


def claims_of_cell(framework: int, criterion: int) -> str:
    return list_of(Claim, framework__id__exact=framework, criterion__id__exact=criterion)


def claim_for(framework: int, criterion: int) -> str:
    """The form of a new claim of this cell."""
    return f"{reverse('admin:comparisons_claim_add')}?{urlencode({'framework': framework, 'criterion': criterion})}"


def ruling_for(cell: Any) -> str:
    """The short form of a ruling on this cell."""
    return reverse("admin:comparisons_ruling_rule", args=[cell.framework.slug, cell.criterion.slug])


def desk(request: HttpRequest, site: AdminSite) -> list[Entry]:
    """All lists of work that are kept for this user; a query for their numbers and one for each list."""
    kept = [
        one
        for one in worklists.WORKLISTS
        if one.is_for(request.user) and site._registry[one.model].has_view_permission(request)
    ]
    today = timezone.localdate()
    counts = worklists.counts(kept, request.user, today)
    return [Entry(one, counts[one.key], list_url(one), list(first_steps(one, request.user, today))) for one in kept]


def list_url(worklist: Worklist) -> str:
    """The list with the rows that the desk counts."""
    if isinstance(worklist, worklists.Gaps):
        return reverse("admin:comparisons_cell_gaps")
    return list_of(worklist.model, work=worklist.key)


def first_steps(worklist: Worklist, user: Any, today: Any) -> Iterable[Step]:
    """The first rows of a list, each with its next step; one query."""
    rows = worklist.rows(user, today)
    if isinstance(worklist, worklists.Gaps):
        return (gap(row, user) for row in worklists.named(rows)[:FIRST])
    if worklist.model is Article:
        return (broken_link(article) for article in rows[:FIRST])
    if worklist.model is Cell:
        cells = rows.select_related("framework", "criterion").defer("framework__summary", "criterion__definition")
        return (cell_step(cell, worklist.key, user) for cell in cells[:FIRST])
    claims = rows.select_related("framework", "criterion")[:FIRST]
    return (claim_step(claim, worklist.key, user) for claim in claims)


def claim_step(claim: Any, key: str, user: Any) -> Step:
    url = claim_url(claim, key, user)
    about = f"{claim.framework} × {claim.criterion}" if claim.framework else str(claim.criterion)
    if key == "drafts" and claim.mark:
        return Step(str(claim), url, about, str(label(ReviewMark(claim.mark))), claim.mark_note)
    return Step(str(claim), url, about)


def cell_step(cell: Any, key: str, user: Any) -> Step:
    """A disputed cell is ruled on by those who may; the others begin with its claims."""
    claims = claims_of_cell(cell.framework_id, cell.criterion_id)
    if key == "disputed":
        detail = gettext("witnesses %(counts)s") % {"counts": " : ".join(map(str, cell.counts))} if cell.counts else ""
        if user.has_perm(permissions.JUDGE):
            url = ruling_for(cell)
            return Step(str(cell), url, detail, more=(Link(gettext("Claims"), claims),))
    elif key == "recheck":
        values = {"version": cell.release_version, "day": date_format(cell.release_on)}
        detail = gettext("%(version)s is out since %(day)s") % values
    else:
        text = ngettext("%(count)d witness", "%(count)d witnesses", cell.witnesses)
        detail = text % {"count": cell.witnesses}
    return Step(str(cell), claims, detail)


def broken_link(article: Any) -> Step:
    return Step(
        str(article), reverse("admin:comparisons_article_change", args=[article.pk]), urlsplit(article.url).netloc
    )


def gap(row: dict[str, Any], user: Any) -> Step:
    """A gap is closed by a claim; who may not write one reads what the site says there."""
    title = f"{row['framework_name']} × {row['criterion_name']}"
    if user.has_perm(permissions.ADD):
        return Step(title, claim_for(row["framework"], row["criterion"]), gettext("write a claim"))
    return Step(title, reverse("comparisons:cell", args=[row["framework_slug"], row["criterion_slug"]]))


class GapsAdmin(PagesAdmin):
    """The page of coverage gaps, beside the list of cells: what it lists are cells that do not exist."""

    def page_urls(self) -> list[URLPattern]:
        view: Callable[..., HttpResponse] = self.admin_site.admin_view(self.gaps_view)
        return [path("gaps/", view, name="comparisons_cell_gaps"), *super().page_urls()]

    def list_links(self, request: HttpRequest) -> list[Link]:
        return [Link(gettext("Coverage gaps"), reverse("admin:comparisons_cell_gaps")), *super().list_links(request)]

    def gaps_view(self, request: HttpRequest) -> HttpResponse:
        """Cells of curated comparisons, or of one of them, that nobody covers, a page at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = request.GET.get("comparison", "")
        comparisons = list(Comparison.objects.order_by("order", "title").values_list("slug", "title"))
        if chosen and chosen not in dict(comparisons):
            raise Http404
        rows = worklists.named(worklists.gaps(chosen)).order_by(
            "framework_order", "framework_name", "group_order", "criterion_order", "criterion_name"
        )
        pages = Paginator(rows, self.list_per_page)
        page = pages.get_page(request.GET.get("p"))
        return self.page(
            request,
            "admin/comparisons/cell/gaps.html",
            gettext("Coverage gaps"),
            page=page,
            steps=[gap(row, request.user) for row in page],
            comparisons=comparisons,
            chosen=chosen,
            meaning=worklists.BY_KEY["gaps"].meaning,
            around=pages.get_elided_page_range(page.number),
        )
