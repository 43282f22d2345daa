"""The review page of a claim: what readers would see, what publishing it changes, and a button for each step.

Every button carries the version of the claim that its reader saw.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from comparisons.admin.forms import ReadVersion
from comparisons.admin.pages import PageLink
from comparisons.domain.vocabulary import Status
from comparisons.editing import steps
from comparisons.editing.preview import cell_with
from comparisons.editing.steps import AvailableStep, ReviewStep
from comparisons.evidence import assessing
from comparisons.evidence.claims import with_evidence
from comparisons.history import states
from comparisons.models import Cell, Claim, permissions

from .checking import CheckActions, offer_for
from .claim_steps import ASKS, BUTTONS, DONE, record_name, record_url
from .in_a_row import FILTERS, ClaimQueue, first_url, key_of, queue_around, review_url, worklist_named
from .ruling import rule_links
from .threads import NoteThreads
from .verdict import VerdictPages


class ReviewPages(CheckActions, VerdictPages, NoteThreads):
    """The review page of a claim, and the page of its verdict."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.review_view)
        return [path("<path:object_id>/review/", view, name="comparisons_claim_review"), *super().page_urls()]

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        first = first_url(request)
        own = [PageLink(gettext("Review one by one"), first)] if first else []
        return [*own, *super().list_links(request)]

    def object_links(self, request: HttpRequest, obj: Claim) -> list[PageLink]:
        worklist = worklist_named(key_of(request), request.user)
        filters = "" if worklist else request.GET.get(FILTERS, "")
        links = [PageLink(gettext("Review"), review_url(obj.pk, worklist.key if worklist else "", filters))]
        if request.user.has_perm(permissions.JUDGE):
            links.append(PageLink(gettext("Verdict"), self.url_of(obj, "verdict")))
        if Cell.objects.disputed().filter(framework=obj.framework_id, criterion=obj.criterion_id).exists():
            links += rule_links(request, obj)
        return [*links, *super().object_links(request, obj)]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            context["steps"] = self.offered_steps(request, obj)
            context["review_url"] = self.url_of(obj, "review")
        return super().render_change_form(request, context, *args, **options)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A claim as readers would see it, what publishing it would change, and the steps from here."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            return self.missing(request, object_id)
        if not self.has_view_or_change_permission(request, claim):
            raise PermissionDenied
        if request.method != "POST":
            return self.review_page(request, claim)
        step = request.POST.get("step", "")
        if step not in set(ReviewStep):
            self.message_user(request, gettext("There is no such step."), messages.ERROR)
            return self.review_page(request, claim, status=400)
        return self.take(request, claim, ReviewStep(step))

    def take(self, request: HttpRequest, claim: Claim, step: ReviewStep) -> HttpResponse:
        """Take one step with a claim, or show the page again and say why not."""
        if not request.user.has_perm(steps.STEPS[step][1]):
            raise PermissionDenied
        form = ASKS[step](request.POST) if step in ASKS else None
        if form is not None and not form.is_valid():
            return self.review_page(request, claim, asked={step: form})
        claim.version = ReadVersion().clean(request.POST.get("read_version"))
        answers = form.cleaned_data if form is not None else {}
        queue = queue_around(request, claim, self)  # the step may take the claim out of it
        report = getattr(steps, step)([claim], by=request.user, **answers)
        if not report.stale:
            self.tell(request, report, str(DONE[step]))
            return HttpResponseRedirect(self.after_step(request, claim, queue, is_done=not report.refused))
        now = self.get_object(request, str(claim.pk))
        if now is None:
            return self.missing(request, quote(claim.pk))
        return self.review_page(request, now, asked={step: form} if form else None, is_stale=True, status=409)

    def after_step(self, request: HttpRequest, claim: Claim, queue: ClaimQueue | None, *, is_done: bool) -> str:
        """Where a step leads: to the next claim of the list that one goes through, or back to the claim."""
        if queue is None or not queue.is_asked:
            return review_url(claim.pk)
        if not is_done:
            return request.get_full_path()
        link = format_html('<a href="{}">{}</a>', review_url(claim.pk), claim)
        text = (
            gettext("That was “{}”; the next one is below.") if queue.next else gettext("That was “{}”, the last one.")
        )
        self.message_user(request, format_html(text, link))
        return queue.next or queue.url

    def offered_steps(
        self, request: HttpRequest, claim: Claim, asked: dict[ReviewStep, forms.Form] | None = None
    ) -> list[tuple[AvailableStep, str, forms.Form | None]]:
        """The steps from the present status of a claim, with the labels of their buttons and their forms."""
        found = []
        for offer in steps.available_steps(claim, request.user):
            form = (asked or {}).get(offer.step)
            if form is None and offer.step in ASKS:
                form = ASKS[offer.step](auto_id=f"id_{offer.step}_%s")
            found.append((offer, str(BUTTONS[offer.step]), form))
        return found

    def review_page(
        self,
        request: HttpRequest,
        claim: Claim,
        *,
        asked: dict[ReviewStep, forms.Form] | None = None,
        is_stale: bool = False,
        status: int = 200,
    ) -> TemplateResponse:
        today = timezone.localdate()
        card = with_evidence(claim, assessing.Witnesses())
        is_public = claim.status == Status.PUBLISHED
        last = None if is_public else states.published_before(claim)
        sections = states.compare(Claim, last[1] if last else None, states.present(claim))
        before, after = cell_with(claim, () if is_public else claim.citations.all()) or (None, None)
        offered = self.offered_steps(request, claim, asked)
        may_withdraw = any(offer.step == ReviewStep.WITHDRAW for offer, _words, _form in offered)
        named = steps.references_to([claim]) if may_withdraw else []
        response = self.page(
            request,
            "admin/comparisons/claim/review.html",
            gettext("Review"),
            claim=claim,
            card=card,
            unit=claim.criterion.unit,
            line=assessing.line_of(claim.criterion),
            today=today,
            published=last[0] if last else None,
            sections=sections,
            is_changed=any(section.kind != "same" for section in sections),
            is_public=is_public,
            before=before,
            after=after,
            steps=offered,
            is_own=request.user.pk in (claim.author_id, claim.written_by_id),
            mentions=[(record_name(mention.record), record_url(mention.record)) for mention in named],
            life=states.life(claim),
            is_stale=is_stale,
            checks=claim.checks.select_related("by"),
            check=offer_for(claim, request.user) if is_public else None,
            object_links=[
                link for link in self.object_links(request, claim) if link.url.partition("?")[0] != request.path
            ],
            queue=queue_around(request, claim, self),
            here=request.get_full_path(),
            thread=self.thread(request, claim),
            change_url=reverse("admin:comparisons_claim_change", args=[quote(claim.pk)]),
            history_url=reverse("admin:comparisons_claim_history", args=[quote(claim.pk)]),
            public_url=self.view_on_site(claim) if callable(self.view_on_site) else None,
        )
        response.status_code = status
        return response
