"""The editor's desk, the first page of the admin: lists of work with their counts and first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
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

from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.domain.vocabulary import ReviewMark
from comparisons.editing import visits, worklists
from comparisons.editing.steps import ReviewStep
from comparisons.editing.worklists import Worklist
from comparisons.language.dates import period_text
from comparisons.language.labels import label
from comparisons.models import Article, Cell, Challenge, Claim, Comparison, Proposal, Release, Ruling, Run, permissions

from .checking import CheckOffer, offers_for
from .claim_steps import record_url
from .in_a_row import review_url

#: How many rows of each list the desk shows.
FIRST = 5


class DeskItem(NamedTuple):
    """A row of a list on the desk. url: the page of its next step. choice: the claim that may be chosen for a step."""

    title: str
    url: str
    detail: str = ""
    mark: str = ""
    note: str = ""
    more: tuple[PageLink, ...] = ()
    check: CheckOffer | None = None
    choice: Claim | None = None


@dataclass(frozen=True)
class DeskList:
    """A list of work on the desk, with its first rows. action: a step that is offered for those that are chosen."""

    worklist: Worklist
    count: int
    url: str
    items: list[DeskItem] = field(default_factory=list)

    @property
    def action(self) -> str:
        return ReviewStep.PUBLISH.value if any(item.choice for item in self.items) else ""


def claim_url(claim: Claim, key: str, user: Any) -> str:
    """The page where an editor works on a claim of a list."""
    if key in ("review", "waiting"):
        return review_url(claim.pk, key)
    page = "change"
    if key == "unchecked" and user.has_perm(permissions.JUDGE):
        page = "verdict"
    return reverse(f"admin:comparisons_claim_{page}", args=[claim.pk])


def list_of(model: Any, **parameters: Any) -> str:
    """The address of the list of a model, filtered by these parameters."""
    url = reverse(f"admin:comparisons_{model._meta.model_name}_changelist")
    return f"{url}?{urlencode(parameters)}" if parameters else url


def claims_of_cell(framework: int, criterion: int) -> str:
    return list_of(Claim, framework__id__exact=framework, criterion__id__exact=criterion)


def claim_for(framework: int, criterion: int) -> str:
    """The address of the form for a new claim of this cell."""
    return f"{reverse('admin:comparisons_claim_add')}?{urlencode({'framework': framework, 'criterion': criterion})}"


def ruling_for(cell: Any) -> str:
    """The address of the short form for a ruling on this cell."""
    return reverse("admin:comparisons_ruling_rule", args=[cell.framework.slug, cell.criterion.slug])


def desk(request: HttpRequest, site: AdminSite) -> list[DeskList]:
    """All lists of work for this user; one query for their counts and one for each list."""
    kept = [
        one
        for one in worklists.WORKLISTS
        if one.is_for(request.user) and site._registry[one.model].has_view_permission(request)
    ]
    today = timezone.localdate()
    counts = worklists.counts(kept, request.user, today)
    return [DeskList(one, counts[one.key], list_url(one), list(first_items(one, request.user, today))) for one in kept]


def starts(request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    """What an editor begins with: a new article or claim, a search for a claim, what others have done; no query."""
    words = {Article: gettext("New article"), Claim: gettext("New claim")}
    new = [
        PageLink(text, reverse(f"admin:comparisons_{model._meta.model_name}_add"))
        for model, text in words.items()
        if site._registry[model].has_add_permission(request)
    ]
    search_url = list_of(Claim) if site._registry[Claim].has_view_permission(request) else ""
    return {"new": new, "search_url": search_url}


def news(request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    """What others did with one's work since the last visit, and when that was; four queries."""
    if not site._registry[Claim].has_view_permission(request):
        return {}
    now = timezone.now()
    since = visits.begin_visit(request.user, now)
    return {"since": since, "is_first_visit": since == now, "news": news_items(request.user, since)}


def news_items(user: Any, since: datetime) -> list[DeskItem]:
    """The events of a person's work as rows of the desk."""
    items = []
    for event in visits.events_since(user, since):
        is_claim = isinstance(event.record, Claim)
        url = review_url(event.record.pk) if is_claim else record_url(event.record)
        who = gettext("by %(person)s") % {"person": event.by} if event.by else ""
        day = date_format(timezone.localtime(event.at), "DATETIME_FORMAT")
        items.append(DeskItem(event.title, url, ", ".join(filter(None, (who, day))), str(event.what)))
    return items


def list_url(worklist: Worklist) -> str:
    """The address of the whole list, with the rows that the desk counts."""
    if isinstance(worklist, worklists.Gaps):
        return reverse("admin:comparisons_cell_gaps")
    return list_of(worklist.model, work=worklist.key)


def first_items(worklist: Worklist, user: Any, today: Any) -> Iterable[DeskItem]:
    """The first rows of a list; one query, and for cells that may be outdated those that find the claims to check."""
    rows = worklist.rows(user, today)
    if isinstance(worklist, worklists.Gaps):
        return (gap_item(row, user) for row in worklists.named(rows)[:FIRST])
    if worklist.model is Article:
        return (broken_link_item(article) for article in rows[:FIRST])
    if worklist.model is Cell:
        cells = rows.select_related("framework", "criterion").defer("framework__summary", "criterion__definition")
        if worklist.key == "recheck":
            return recheck_items(list(cells[:FIRST]), user, today)
        return (cell_item(cell, worklist.key, user) for cell in cells[:FIRST])
    if worklist.model is Ruling:
        return (ruling_item(ruling) for ruling in rows.select_related("framework", "criterion")[:FIRST])
    if worklist.model is Proposal:
        changes = rows.select_related("changed_by").defer("base", "state")
        return (proposal_item(proposal) for proposal in changes[:FIRST])
    if worklist.model is Challenge:
        objections = rows.select_related("claim", "article", "framework", "criterion")
        return (challenge_item(one) for one in objections[:FIRST])
    if worklist.model is Run:
        return (run_item(run) for run in rows.select_related("claim")[:FIRST])
    claims = rows.select_related("framework", "criterion")[:FIRST]
    return (claim_item(claim, worklist.key, user) for claim in claims)


def claim_item(claim: Any, key: str, user: Any) -> DeskItem:
    url = claim_url(claim, key, user)
    about = f"{claim.framework} × {claim.criterion}" if claim.framework else str(claim.criterion)
    if key == "drafts" and claim.mark:
        return DeskItem(str(claim), url, about, str(label(ReviewMark(claim.mark))), claim.mark_note)
    return DeskItem(str(claim), url, about, choice=claim if key == "review" else None)


def run_item(run: Any) -> DeskItem:
    """A program that fails: its claim, with the last line that it printed."""
    detail = f"{run.version}: {run.output.strip().rpartition(chr(10))[2][:120]}"
    return DeskItem(str(run.claim), reverse("admin:comparisons_claim_change", args=[run.claim_id]), detail)


def cell_item(cell: Any, key: str, user: Any) -> DeskItem:
    """A disputed cell links to the form of a ruling for those who may rule, and to its claims for others."""
    claims = claims_of_cell(cell.framework_id, cell.criterion_id)
    if key == "disputed":
        detail = gettext("witnesses %(counts)s") % {"counts": " : ".join(map(str, cell.counts))} if cell.counts else ""
        if user.has_perm(permissions.JUDGE):
            url = ruling_for(cell)
            return DeskItem(str(cell), url, detail, more=(PageLink(gettext("Claims"), claims),))
    else:
        text = ngettext("%(count)d witness", "%(count)d witnesses", cell.witnesses)
        detail = text % {"count": cell.witnesses}
    return DeskItem(str(cell), claims, detail)


def recheck_items(cells: list[Cell], user: Any, today: date) -> list[DeskItem]:
    """Cells that may be outdated, with the newest release and, for those who may check claims, the button to do so."""
    may_check = user.has_perm(permissions.EDIT)
    offers = offers_for(cells) if may_check else {}
    here = Release.objects.filter(framework__in={cell.framework_id for cell in cells})
    known_to = {(one[0], one[1]): one[2] for one in here.values_list("framework", "released_on", "precision")}
    items = []
    for cell in cells:
        release = cell.recheck(today)
        claims = claims_of_cell(cell.framework_id, cell.criterion_id)
        url = reverse("admin:comparisons_cell_check", args=[cell.pk]) if may_check else claims
        detail = ""
        if release:
            day = period_text(release.released, known_to.get((cell.framework_id, release.released), ""))
            values = {"framework": cell.framework, "version": release.version, "day": day}
            detail = gettext("%(framework)s %(version)s is newer (%(day)s)") % values
        items.append(DeskItem(str(cell), url, detail, check=offers.get(cell.pk)))
    return items


def ruling_item(ruling: Ruling) -> DeskItem:
    return DeskItem(str(ruling), ruling_for(ruling), str(ruling.get_reason_display()))


def broken_link_item(article: Any) -> DeskItem:
    return DeskItem(
        str(article), reverse("admin:comparisons_article_change", args=[article.pk]), urlsplit(article.url).netloc
    )


def proposal_item(proposal: Any) -> DeskItem:
    detail = f"{proposal.model._meta.verbose_name}, {proposal.changed_by or gettext('nobody on record')}"
    mark = gettext("Returned") if proposal.note else ""
    return DeskItem(str(proposal), proposal.get_absolute_url(), detail, mark, proposal.note)


def challenge_item(challenge: Challenge) -> DeskItem:
    url = reverse("admin:comparisons_challenge_change", args=[challenge.pk])
    detail = f"{challenge.get_kind_display()}, {date_format(timezone.localdate(challenge.sent_at))}"
    return DeskItem(str(challenge), url, detail)


def gap_item(row: dict[str, Any], user: Any) -> DeskItem:
    """A gap links to the form of a new claim, or to its public page for those who may not add one."""
    title = f"{row['framework_name']} × {row['criterion_name']}"
    if user.has_perm(permissions.ADD):
        return DeskItem(title, claim_for(row["framework"], row["criterion"]), gettext("write a claim"))
    return DeskItem(title, reverse("comparisons:cell", args=[row["framework_slug"], row["criterion_slug"]]))


class GapsAdmin(PagesAdmin):
    """Adds the page of coverage gaps to the list of cells: it lists cells that do not exist yet."""

    def page_urls(self) -> list[URLPattern]:
        view: Callable[..., HttpResponse] = self.admin_site.admin_view(self.gaps_view)
        return [path("gaps/", view, name="comparisons_cell_gaps"), *super().page_urls()]

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        return [
            PageLink(gettext("Coverage gaps"), reverse("admin:comparisons_cell_gaps")),
            *super().list_links(request),
        ]

    def gaps_view(self, request: HttpRequest) -> HttpResponse:
        """Cells without a source in the curated comparisons, or in one of them, a page at a time."""
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
            items=[gap_item(row, request.user) for row in page],
            comparisons=comparisons,
            chosen=chosen,
            meaning=worklists.BY_KEY["gaps"].meaning,
            around=pages.get_elided_page_range(page.number),
        )
