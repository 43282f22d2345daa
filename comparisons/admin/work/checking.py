"""Checking claims again: one address that records checks, and the pages that list the claims to be ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import ReadVersion
from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.editing import checks
from comparisons.editing.checks import cells_to_check, claims_of_article, newest_versions, record_checks
from comparisons.models import Article, Cell, Check, Claim, Proposal, permissions

from .claim_steps import ClaimPages

#: Most claims that are checked at once.
MOST = 500


class CheckOffer(NamedTuple):
    """The button "Still holds in <version>" for some claims. version: "" for the newest of the framework of each."""

    claims: Sequence[Claim]
    version: str

    @property
    def url(self) -> str:
        return reverse("admin:comparisons_claim_record_checks")


def offers_for(cells: Iterable[Cell]) -> dict[int, CheckOffer]:
    """The button for each of these cells that is due for a recheck, by the key of the cell; a few queries for all."""
    cells = list(cells)
    found = cells_to_check([(cell.framework_id, cell.criterion_id) for cell in cells])
    offers = {}
    for cell in cells:
        one = found.get((cell.framework_id, cell.criterion_id))
        if one and one.release and one.claims:
            offers[cell.pk] = CheckOffer(one.claims, one.release.version)
    return offers


def offer_for(claim: Claim, user: Any) -> CheckOffer | None:
    """The button for one claim, for those who may press it; one query."""
    if not (claim.framework_id and claim.published_at and user.has_perm(permissions.EDIT)):
        return None
    version = newest_versions([claim.framework_id]).get(claim.framework_id, "")
    return CheckOffer([claim], version) if version else None


class CheckActions(ClaimPages):
    """Records checks, for the buttons of all pages and as an action of the list of claims."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.record_view)
        return [path("record-checks/", view, name="comparisons_claim_record_checks"), *super().page_urls()]

    def record_view(self, request: HttpRequest) -> HttpResponse:
        """Record checks of the claims sent as `claim`, each at the version sent as `seen-<key>`, and go on to `next`.

        If the claims do not hold, the next page is the form in which the first of them can be corrected.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(permissions.EDIT):
            raise PermissionDenied(permissions.FOR_EDITORS)
        claims = self.claims_sent(request)
        holds = request.POST.get("holds", "1") != "0"
        read = self._article_sent(request)
        try:
            version = checks.check_version(request.POST.get("version", ""))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self._next(request))
        if not claims:
            self.message_user(request, gettext("No claim was ticked, so nothing was recorded."), messages.WARNING)
            return HttpResponseRedirect(self._next(request))
        self.record_and_tell(
            request, claims, version=version, holds=holds, note=request.POST.get("note", ""), read=read
        )
        if not holds:
            page = "verdict" if request.user.has_perm(permissions.JUDGE) else "change"
            return HttpResponseRedirect(self.url_of(claims[0], page))
        return HttpResponseRedirect(self._next(request))

    def record_and_tell(self, request: HttpRequest, claims: list[Claim], **values: Any) -> None:
        """Record checks, note each in the log of the admin, and say what was done."""
        result = record_checks(claims, by=request.user, **values)
        holds = values.get("holds", True)
        for claim in result.done:
            self.log_change(request, claim, gettext("Checked: still holds.") if holds else gettext("Checked: fails."))
        self.tell(request, result, gettext("checked: still holds") if holds else gettext("checked: no longer holds"))

    def claims_sent(self, request: HttpRequest) -> list[Claim]:
        """The claims that a form names, each at the version that the form was filled from."""
        pks = {number for one in request.POST.getlist("claim") if (number := ReadVersion().clean(one))}
        found = list(Claim.objects.filter(pk__in=sorted(pks)[:MOST]).order_by("pk"))
        for claim in found:
            claim.version = ReadVersion().clean(request.POST.get(f"seen-{claim.pk}"))
        return found

    @admin.action(description=_("Still holds in the newest version"), permissions=["change"])
    def still_holds(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        claims = self.as_seen(request, queryset)  # type: ignore[attr-defined]
        if claims:
            self.record_and_tell(request, claims)

    def _article_sent(self, request: HttpRequest) -> Article | None:
        pk = ReadVersion().clean(request.POST.get("article"))
        return Article.objects.filter(pk=pk).first() if pk else None

    def _next(self, request: HttpRequest) -> str:
        """The page to go on to: one of the admin, and else the desk."""
        home = reverse("admin:index")
        url = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith(home)
        return url if is_ours else home


class TickList(PagesAdmin):
    """A page that lists claims to be ticked as checked."""

    def tick_page(
        self, request: HttpRequest, title: str, claims: Sequence[Claim], *, next_url: str, **context: Any
    ) -> TemplateResponse:
        """Show claims with their last check and a box to tick; four queries at most."""
        last = {}
        for check in Check.objects.filter(claim__in=claims).select_related("by").order_by("checked_on", "pk"):
            last[check.claim_id] = check
        versions = newest_versions({claim.framework_id for claim in claims})
        return self.page(
            request,
            "admin/comparisons/claim/check.html",
            title,
            rows=[(claim, versions.get(claim.framework_id or 0, ""), last.get(claim.pk)) for claim in claims],
            record_url=reverse("admin:comparisons_claim_record_checks"),
            next_url=next_url,
            version=next(iter(versions.values())) if len(versions) == 1 else "",
            is_one_version=len(versions) == 1,
            **context,
        )


class CellChecks(TickList):
    """Adds the checks of a cell, and of several at once, to the list of cells."""

    actions = ["check_claims"]

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.check_view)
        return [path("<int:pk>/check/", view, name="comparisons_cell_check"), *super().page_urls()]

    def has_check_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.EDIT)

    def object_links(self, request: HttpRequest, obj: Cell) -> list[PageLink]:
        links = super().object_links(request, obj)
        if not self.has_check_permission(request):
            return links
        return [PageLink(gettext("Check its claims"), reverse("admin:comparisons_cell_check", args=[obj.pk])), *links]

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The claims behind the headline of a cell, to be ticked as checked."""
        if not self.has_check_permission(request):
            raise PermissionDenied(permissions.FOR_EDITORS)
        cell = Cell.objects.select_related("framework", "criterion").filter(pk=pk).first() if pk < 2**63 else None
        if cell is None:
            raise Http404
        return self._page(request, gettext("Check: %(cell)s") % {"cell": cell}, [cell])

    @admin.action(description=_("Still holds in the newest version…"), permissions=["check"])
    def check_claims(self, request: HttpRequest, queryset: QuerySet[Cell]) -> HttpResponse:
        cells = list(queryset.select_related("framework", "criterion"))
        title = ngettext("Check %(count)d cell", "Check %(count)d cells", len(cells)) % {"count": len(cells)}
        return self._page(request, title, cells)

    def _page(self, request: HttpRequest, title: str, cells: list[Cell]) -> TemplateResponse:
        found = cells_to_check([(cell.framework_id, cell.criterion_id) for cell in cells])
        claims = {claim.pk: claim for one in found.values() for claim in one.claims}
        next_url = request.get_full_path() if request.method == "POST" else reverse("admin:index")
        return self.tick_page(request, title, list(claims.values())[:MOST], next_url=next_url, is_ticked=True)


class RereadingPages(TickList):
    """Asks which claims of an article were looked at when it was read again."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reread_view)
        return [path("<int:pk>/reread/", view, name="comparisons_article_reread"), *super().page_urls()]

    def object_links(self, request: HttpRequest, obj: Article) -> list[PageLink]:
        links = super().object_links(request, obj)
        if not (obj.read_on and request.user.has_perm(permissions.EDIT)):
            return links
        return [*links, PageLink(gettext("Claims looked at again"), reread_url(obj))]

    def reread_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The published claims of an article, none of them ticked."""
        if not request.user.has_perm(permissions.EDIT):
            raise PermissionDenied(permissions.FOR_EDITORS)
        article = Article.objects.filter(pk=pk).first() if pk < 2**63 else None
        if article is None:
            raise Http404
        change_url = reverse("admin:comparisons_article_change", args=[pk])
        return self.tick_page(
            request,
            gettext("Which claims did you look at?"),
            claims_of_article(article)[:MOST],
            next_url=change_url,
            article=article,
            read_on=checks.proposed_day(article) or article.read_on,
            is_ticked=False,
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Remember whether the article was read again since it was last saved."""
        before = form.initial.get("read_on") if change and "read_on" in form.changed_data else None
        after = form.instance.read_on
        request.is_reread = bool(before and after and after > before)  # type: ignore[attr-defined]
        super().save_related(request, form, formsets, change)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """After an article was read again, ask which of its claims were looked at."""
        return self._asking(request, obj, super().response_change(request, obj))

    def response_proposed(self, request: HttpRequest, row: Any, proposal: Proposal | None) -> HttpResponse:
        """Ask the same where the new day waits for review; the proposal remembers the answer."""
        return self._asking(request, row, super().response_proposed(request, row, proposal))  # type: ignore[misc]

    def _asking(self, request: HttpRequest, obj: Any, response: HttpResponse) -> HttpResponse:
        is_reread = getattr(request, "is_reread", False) and request.user.has_perm(permissions.EDIT)
        if is_reread and claims_of_article(obj):
            text = gettext("Its claims still count as read before. Tick those that you looked at.")
            self.message_user(request, text, messages.INFO)
            return HttpResponseRedirect(reread_url(obj))
        return response


def reread_url(article: Article) -> str:
    return reverse("admin:comparisons_article_reread", args=[article.pk])
