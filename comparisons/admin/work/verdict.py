"""The page that gives a verdict on a claim: the fact check beside what the sources say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import VersionedForm
from comparisons.admin.selects import RecordsSelect
from comparisons.domain.claim_fields import VERDICT, VERDICT_COLUMNS
from comparisons.domain.vocabulary import PROVEN_VERDICTS, Verdict
from comparisons.editing import steps
from comparisons.evidence import assessing
from comparisons.evidence.claims import with_evidence
from comparisons.models import Claim, StaleVersion, permissions

from .claim_steps import ClaimPages


class VerdictForm(VersionedForm):
    class Meta:
        model = Claim
        fields = list(VERDICT)
        help_texts = {
            "verdict_note": _("What was checked, and with what result. In Markdown."),
            "verdict_articles": _("The articles that show it; they need not be among those cited."),
        }
        widgets = {
            "verdict_on": AdminDateWidget(),
            "verdict_note": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "verdict_articles": RecordsSelect(Claim._meta.get_field("verdict_articles"), admin.site),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data.get("verdict")
        if given in PROVEN_VERDICTS:
            for name, text in (
                ("verdict_note", _("This verdict states a fact: say what shows it.")),
                ("verdict_articles", _("This verdict states a fact: name the articles that show it.")),
            ):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, text)
        is_dated = self.cleaned_data.get("verdict_on") or "verdict_on" in self.errors
        if given and given != Verdict.UNCHECKED and not is_dated:
            self.add_error("verdict_on", _("A verdict needs the day on which it was given."))
        return cleaned


class VerdictPages(ClaimPages):
    """The page of the verdict on a claim."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verdict_view)
        return [path("<path:object_id>/verdict/", view, name="comparisons_claim_verdict"), *super().page_urls()]

    def verdict_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The short form of a fact check: verdict, day, note and articles."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            return self.missing(request, object_id)
        if not (request.user.has_perm(permissions.JUDGE) and self.has_view_or_change_permission(request, claim)):
            raise PermissionDenied(permissions.FOR_REVIEWERS)
        # The form checks the verdict only: a claim that breaks another rule can still be judged wrong.
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
                steps.give_verdict(claim, by=request.user, articles=form.cleaned_data["verdict_articles"])
            except StaleVersion:
                is_stale = True
                claim = self.get_object(request, unquote(object_id))
                if claim is None:
                    return self.missing(request, object_id)
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
