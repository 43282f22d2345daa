"""The steps in the life of a claim: what each asks for, what its button says, and what it reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote, unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.pages import PagesAdmin
from comparisons.domain.vocabulary import ReviewMark
from comparisons.editing import steps
from comparisons.editing.steps import ReviewStep
from comparisons.language.labels import choices
from comparisons.models import Claim


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Readers see it on the page of the claim, with the date of the withdrawal. In Markdown."),
    )


class ReturnForm(forms.Form):
    mark = forms.ChoiceField(label=_("What is wrong"), choices=[("", _("Choose a mark")), *choices(ReviewMark)])
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Tells the author what to do about it. Readers do not see it."),
    )


#: The forms of steps that ask for something before they are taken.
ASKS: dict[ReviewStep, type[forms.Form]] = {ReviewStep.RETURN: ReturnForm, ReviewStep.WITHDRAW: WithdrawalForm}
#: The label of the button of a step, and the participle for claims that took it.
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


class ClaimPages(PagesAdmin):
    """What the pages about one claim and the actions of the list of claims share."""

    def url_of(self, claim: Claim, page: str) -> str:
        return reverse(f"admin:comparisons_claim_{page}", args=[quote(claim.pk)])

    def missing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Of a claim that is not there: what was entered about it, or the list with a word about it."""
        if (page := self.gone(request, unquote(object_id))) is not None:
            return page
        self.message_user(request, gettext("There is no such claim; perhaps it was deleted."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:comparisons_claim_changelist"))

    def tell(self, request: HttpRequest, report: steps.StepResult, what: str) -> None:
        """Report what a step did, and log it. what: the participle for claims that moved."""
        if report.done:
            said = capfirst(f"{what}.")
            LogEntry.objects.log_actions(request.user.pk, report.done, CHANGE, said)  # type: ignore[arg-type]
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
            text = gettext("%(count)d more were refused for similar reasons.")
            self.message_user(request, text % {"count": len(report.refused) - 10}, messages.ERROR)


def record_name(record: Any) -> str:
    """A record with its kind: "Ruling: <framework> × <criterion>"."""
    return f"{str(record._meta.verbose_name).capitalize()}: {record}"


def record_url(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
