"""The steps in the life of a claim as actions of the list: taken only with claims at the version that was shown."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import ReadVersion
from comparisons.editing import steps
from comparisons.editing.steps import ReviewStep
from comparisons.models import Claim, permissions

from .claim_steps import ASKS, BUTTONS, DONE, ClaimPages, record_name, record_url

#: Prefix of the hidden fields of the list that say which version of each claim it shows.
SEEN = "seen-"


class StepActions(ClaimPages):
    """The actions of the list of claims."""

    actions = ["send_to_review", "publish", "return_to_draft", "withdraw", "still_holds"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.PUBLISH)

    def as_seen(self, request: HttpRequest, queryset: QuerySet[Claim]) -> list[Claim]:
        """The chosen claims that were on the page, at the version that was shown there."""
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
                "%(count)d claim was not on the page, so nothing was done to it: actions apply to what you saw.",
                "%(count)d claims were not on the page, so nothing was done to them: actions apply to what you saw.",
                unseen,
            )
            self.message_user(request, text % {"count": unseen}, messages.ERROR)
        return claims

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.SEND)

    @admin.action(description=_("Publish…"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.PUBLISH)

    @admin.action(description=_("Return to draft…"), permissions=["publish"])
    def return_to_draft(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.RETURN)

    @admin.action(description=_("Withdraw…"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Claim]) -> TemplateResponse | None:
        return self.take_many(request, queryset, ReviewStep.WITHDRAW)

    def take_many(self, request: HttpRequest, queryset: QuerySet[Claim], step: ReviewStep) -> TemplateResponse | None:
        """Take a step with the chosen claims, after asking for what it needs."""
        claims = self.as_seen(request, queryset)
        if not claims:
            return None
        if step == ReviewStep.PUBLISH and "confirmed" not in request.POST:
            return self.confirm_publication(request, claims)
        answers = {}
        if step in ASKS:
            form = ASKS[step](request.POST if "confirmed" in request.POST else None)
            if not form.is_valid():
                return self.ask(request, claims, step, form)
            answers = form.cleaned_data
        report = getattr(steps, step)(claims, by=request.user, **answers)
        self.tell(request, report, str(DONE[step]))
        return None

    def confirm_publication(self, request: HttpRequest, claims: list[Claim]) -> TemplateResponse:
        """Say which claims would be published, and whose they are; and why others would not."""
        refusals = {pk: text.rstrip(".") for pk, text in steps.publication_refusals(claims, by=request.user).items()}
        people = {
            claim.pk: claim
            for claim in Claim.objects.filter(pk__in=[claim.pk for claim in claims]).select_related(
                "framework", "criterion", "author", "written_by"
            )
        }
        rows = [(claim, people[claim.pk], refusals[claim.pk]) for claim in claims if claim.pk in refusals]
        ready = [claim for claim, _row, refusal in rows if not refusal]
        label = ngettext("Publish %(count)d claim", "Publish %(count)d claims", len(ready)) % {"count": len(ready)}
        return self.page(
            request,
            "admin/comparisons/claim/publish.html",
            gettext("Publish claims"),
            rows=rows,
            ready=ready,
            action=ReviewStep.PUBLISH.value,
            button=label,
            checkbox=ACTION_CHECKBOX_NAME,
            seen=SEEN,
            back=request.get_full_path(),
        )

    def ask(self, request: HttpRequest, claims: list[Claim], step: ReviewStep, form: forms.Form) -> TemplateResponse:
        """List the claims, and the records that refer to them, above the form of a step."""
        named: dict[int, list[tuple[str, str]]] = {}
        for mention in steps.references_to(claims) if step == ReviewStep.WITHDRAW else ():
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
