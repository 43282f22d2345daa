"""The steps in the life of a claim as buttons, above all that somebody needs to see before they press one.

Every button and every action of the list carries the version of the claim that its reader saw.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.base import Link, PagesAdmin
from comparisons.admin.forms import ReadVersion, VersionedForm
from comparisons.domain.claim_fields import VERDICT, VERDICT_COLUMNS
from comparisons.domain.vocabulary import PROVEN_VERDICTS, ReviewMark, Status, Verdict
from comparisons.editing import steps as services
from comparisons.editing.preview import cell_with
from comparisons.editing.steps import AvailableStep, ReviewStep
from comparisons.evidence import assessing
from comparisons.evidence.claims import with_evidence
from comparisons.history import states
from comparisons.language.labels import choices
from comparisons.models import Cell, Claim, StaleVersion, permissions

from .ruling import rule_links

#: Begins the name of the field of a list that says which version of a claim stands there.
SEEN = "seen-"


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Readers see it at the address of the claim, with the day of the withdrawal. In Markdown."),
    )


class ReturnForm(forms.Form):
    mark = forms.ChoiceField(label=_("What is wrong"), choices=[("", _("Choose a mark")), *choices(ReviewMark)])
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("For its author: what to do about it. Readers do not see it."),
    )


#: What a step asks for before it is taken.
ASKS: dict[ReviewStep, type[forms.Form]] = {ReviewStep.RETURN: ReturnForm, ReviewStep.WITHDRAW: WithdrawalForm}
#: What a button says, and what happened once it was pressed.
BUTTONS = {
    ReviewStep.SEND: _("Send to review"),
    ReviewStep.PUBLISH: _("Publish"),
    ReviewStep.RETURN: _("Return to draft"),
    ReviewStep.WITHDRAW: _("Withdraw"),
}
DONE = {
    ReviewStep.SEND: _("in review"),
    ReviewStep.PUBLISH: _("published"),
    ReviewStep.RETURN: _("returned to draft"),
    ReviewStep.WITHDRAW: _("withdrawn"),
}


class VerdictForm(VersionedForm):
    class Meta:
        model = Claim
        fields = VERDICT
        help_texts = {
            "verdict_note": _("What was checked, and what came of it. In Markdown."),
            "verdict_articles": _("The articles that show it; they may be others than those cited."),
        }
        widgets = {
            "verdict_on": AdminDateWidget(),
            "verdict_note": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "verdict_articles": AutocompleteSelectMultiple(Claim._meta.get_field("verdict_articles"), admin.site),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data.get("verdict")
        if given in PROVEN_VERDICTS:
            for name, text in (
                ("verdict_note", _("This verdict says what is so: say what shows it.")),
                ("verdict_articles", _("This verdict says what is so: name the articles that show it.")),
            ):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, text)
        is_dated = self.cleaned_data.get("verdict_on") or "verdict_on" in self.errors
        if given and given != Verdict.UNCHECKED and not is_dated:
            self.add_error("verdict_on", _("A verdict needs the day it was given."))
        return cleaned


class ReviewPages(PagesAdmin):
    """The review page and the verdict of a claim, and the actions of the list."""

    actions = ["send_to_review", "publish", "return_to_draft", "withdraw"]

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/review/", view(self.review_view), name="comparisons_claim_review"),
            path("<path:object_id>/verdict/", view(self.verdict_view), name="comparisons_claim_verdict"),
            *super().page_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: Claim) -> list[Link]:
        links = [Link(gettext("Review"), self.url_of(obj, "review"))]
        if request.user.has_perm(permissions.JUDGE):
            links.append(Link(gettext("Verdict"), self.url_of(obj, "verdict")))
        links += self.ruling_links(request, obj)
        return [*links, *super().object_links(request, obj)]

    def ruling_links(self, request: HttpRequest, claim: Claim) -> list[Link]:
        """The way to rule on the cell of a claim, where its sources conflict."""
        is_disputed = (
            Cell.objects.disputed().filter(framework=claim.framework_id, criterion=claim.criterion_id).exists()
        )
        return rule_links(request, claim) if is_disputed else []

    def url_of(self, claim: Claim, page: str) -> str:
        return reverse(f"admin:comparisons_claim_{page}", args=[quote(claim.pk)])

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            context["steps"] = self.steps(request, obj)
            context["review_url"] = self.url_of(obj, "review")
        return super().render_change_form(request, context, *args, **options)

    # ── One claim ────────────────────────────────────────────────────

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A claim as readers would see it, what publishing it changes, and the steps that lead on."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            return self.missing(request)
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
        """Take one step with a claim, or show it again and say why not."""
        if not request.user.has_perm(services.STEPS[step][1]):
            raise PermissionDenied
        form = ASKS[step](request.POST) if step in ASKS else None
        if form is not None and not form.is_valid():
            return self.review_page(request, claim, asked={step: form})
        claim.version = ReadVersion().clean(request.POST.get("read_version"))
        answers = form.cleaned_data if form is not None else {}
        report = getattr(services, step)([claim], by=request.user, **answers)
        if not report.stale:
            self.tell(request, report, str(DONE[step]))
            return HttpResponseRedirect(self.url_of(claim, "review"))
        now = self.get_object(request, str(claim.pk))
        if now is None:
            return self.missing(request)
        return self.review_page(request, now, asked={step: form} if form else None, is_stale=True, status=409)

    def missing(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, gettext("There is no such claim; perhaps it was deleted."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:comparisons_claim_changelist"))

    def steps(
        self, request: HttpRequest, claim: Claim, asked: dict[ReviewStep, forms.Form] | None = None
    ) -> list[tuple[AvailableStep, str, forms.Form | None]]:
        """The steps from where a claim is, with the words of their buttons and what they ask for."""
        found = []
        for offer in services.available_steps(claim, request.user):
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
        steps = self.steps(request, claim, asked)
        may_withdraw = any(offer.step == ReviewStep.WITHDRAW for offer, _words, _form in steps)
        named = services.references_to([claim]) if may_withdraw else []
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
            steps=steps,
            is_own=request.user.pk in (claim.author_id, claim.written_by_id),
            mentions=[(record_name(mention.record), record_url(mention.record)) for mention in named],
            life=states.life(claim),
            is_stale=is_stale,
            object_links=[link for link in self.object_links(request, claim) if link.url != request.path],
            change_url=reverse("admin:comparisons_claim_change", args=[quote(claim.pk)]),
            history_url=reverse("admin:comparisons_claim_history", args=[quote(claim.pk)]),
            public_url=self.view_on_site(claim) if callable(self.view_on_site) else None,
        )
        response.status_code = status
        return response

    # ── A verdict ────────────────────────────────────────────────────

    def verdict_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The short form of a fact check: verdict, day, note and its articles."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            return self.missing(request)
        if not (request.user.has_perm(permissions.JUDGE) and self.has_view_or_change_permission(request, claim)):
            raise PermissionDenied
        # The form judges the verdict alone: a claim that breaks another rule can still be found wrong.
        judged = Claim(pk=claim.pk, version=claim.version, **{name: getattr(claim, name) for name in VERDICT_COLUMNS})
        judged._state.adding = False
        initial = {} if claim.verdict_on else {"verdict_on": timezone.localdate()}
        form = VerdictForm(request.POST if request.method == "POST" else None, instance=judged, initial=initial)
        is_stale = False
        if form.is_valid():
            for name in VERDICT_COLUMNS:
                setattr(claim, name, form.cleaned_data[name])
            claim.version = judged.version
            try:
                services.give_verdict(claim, by=request.user, articles=form.cleaned_data["verdict_articles"])
            except StaleVersion:
                is_stale = True
                claim = self.get_object(request, unquote(object_id))
                if claim is None:
                    return self.missing(request)
                form.data["read_version"] = str(claim.version)
            else:
                self.log_change(request, claim, gettext("Verdict given."))
                self.message_user(request, gettext("The verdict is stored."), messages.SUCCESS)
                return HttpResponseRedirect(self.url_of(claim, "review"))
        response = self.page(
            request,
            "admin/comparisons/claim/verdict.html",
            gettext("Verdict"),
            claim=claim,
            form=form,
            media=self.media + form.media,
            card=with_evidence(claim, assessing.Witnesses()),
            unit=claim.criterion.unit,
            is_stale=is_stale,
            today=timezone.localdate(),
            review_url=self.url_of(claim, "review"),
        )
        response.status_code = 409 if is_stale else 200
        return response

    # ── Many claims ──────────────────────────────────────────────────

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.PUBLISH)

    def as_seen(self, request: HttpRequest, queryset: QuerySet[Claim]) -> list[Claim]:
        """The chosen claims that stood on the page, at the version in which they stood there."""
        seen = {
            int(name.removeprefix(SEEN)): ReadVersion().clean(value)
            for name, value in request.POST.items()
            if name.startswith(SEEN) and ReadVersion().clean(name.removeprefix(SEEN))
        }
        claims = list(queryset.filter(pk__in=seen))
        for claim in claims:
            claim.version = seen[claim.pk]
        unseen = queryset.exclude(pk__in=seen).count()
        if unseen:
            text = ngettext(
                "%(count)d claim was not on the page, so it stays as it is: act on what you have seen.",
                "%(count)d claims were not on the page, so they stay as they are: act on what you have seen.",
                unseen,
            )
            self.message_user(request, text % {"count": unseen}, messages.ERROR)
        return claims

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.SEND)

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.PUBLISH)

    @admin.action(description=_("Return to draft…"), permissions=["publish"])
    def return_to_draft(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.RETURN)

    @admin.action(description=_("Withdraw…"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.WITHDRAW)

    def take_many(self, request: HttpRequest, queryset: QuerySet[Claim], step: ReviewStep) -> TemplateResponse | None:
        """Take a step with the chosen claims; ask first what it asks for."""
        claims = self.as_seen(request, queryset)
        if not claims:
            return None
        answers = {}
        if step in ASKS:
            form = ASKS[step](request.POST if "confirmed" in request.POST else None)
            if not form.is_valid():
                return self.ask(request, claims, step, form)
            answers = form.cleaned_data
        report = getattr(services, step)(claims, by=request.user, **answers)
        self.tell(request, report, str(DONE[step]))
        return None

    def ask(self, request: HttpRequest, claims: list[Claim], step: ReviewStep, form: forms.Form) -> TemplateResponse:
        """Name the claims, and what names them in turn, above the form of a step."""
        named: dict[int, list[tuple[str, str]]] = {}
        for mention in services.references_to(claims) if step == ReviewStep.WITHDRAW else ():
            named.setdefault(mention.claim, []).append((record_name(mention.record), record_url(mention.record)))
        return self.page(
            request,
            "admin/comparisons/claim/ask.html",
            str(BUTTONS[step]),
            form=form,
            rows=[(claim, named.get(claim.pk, [])) for claim in claims],
            is_named=bool(named),
            is_withdrawal=step == ReviewStep.WITHDRAW,
            action=step.value,
            button=BUTTONS[step],
            checkbox=ACTION_CHECKBOX_NAME,
            seen=SEEN,
        )

    def tell(self, request: HttpRequest, report: services.StepResult, what: str) -> None:
        """Say what a step did. what: the participle for claims that moved."""
        if report.done:
            text = ngettext("%(count)d claim %(what)s.", "%(count)d claims %(what)s.", len(report.done))
            self.message_user(request, text % {"count": len(report.done), "what": what}, messages.SUCCESS)
        if report.unchanged:
            text = ngettext(
                "%(count)d claim was there already.", "%(count)d claims were there already.", len(report.unchanged)
            )
            self.message_user(request, text % {"count": len(report.unchanged)}, messages.INFO)
        for claim, reason in report.refused[:10]:
            text = gettext("Not %(what)s: “%(claim)s”, because %(reason)s.")
            values = {"what": what, "claim": claim, "reason": reason.rstrip(".")}
            self.message_user(request, text % values, messages.ERROR)
        if len(report.refused) > 10:
            text = gettext("%(count)d more were refused for such reasons.")
            self.message_user(request, text % {"count": len(report.refused) - 10}, messages.ERROR)


def record_name(record: Any) -> str:
    """A record with its kind: "Ruling: <framework> × <criterion>"."""
    return f"{str(record._meta.verbose_name).capitalize()}: {record}"


def record_url(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
