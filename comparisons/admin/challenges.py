"""Objections of readers: the list of them, and the page on which one is answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ChallengeStatus
from comparisons.editing import challenges
from comparisons.filters.fields import labelled
from comparisons.models import Challenge, StaleVersion, permissions
from comparisons.models.challenges import TEXT_LENGTH

from .filters import Work
from .form_filters import Days
from .forms import ReadVersion
from .pages import ReadOnlyAdmin


class AnswerForm(forms.Form):
    """How an objection is answered. No status is chosen beforehand: it is for the editor to say."""

    status = forms.ChoiceField(
        label=_("What comes of it"),
        choices=[(word, label) for word, label in labelled(ChallengeStatus).items() if word != ChallengeStatus.OPEN],
        widget=forms.RadioSelect,
        help_text=_("Readers see nothing of an objection that is set aside."),
    )
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=_("What you looked at, and what you found. In Markdown; readers see it, unless you set it aside."),
    )
    is_quoted = forms.BooleanField(
        label=_("Show the words and the source of the reader"),
        required=False,
        initial=True,
        help_text=_("Untick it if they insult somebody, name a person, or advertise."),
    )


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    list_display = ["about", "kind", "status", "sent_at", "answered_at", "answered_by"]
    list_filter = [Work, "status", "kind", ("sent_at", Days)]
    list_select_related = ["claim", "article", "framework", "criterion", "answered_by"]
    search_fields = ["text", "answer", "claim__key", "article__slug", "framework__name", "criterion__name"]
    search_help_text = _("Words of the objection or its answer, or the name of what it is about.")
    ordering = ["-sent_at", "-pk"]
    object_history_template: ClassVar[Any] = None

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Nobody asks for a mail address piece by piece."""
        return lookup.split("__")[0] not in ("mail", "receipt") and super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("about"))
    def about(self, challenge: Challenge) -> str:
        return str(challenge)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """GET shows an objection; POST answers it or sets it aside. Only who may do that sees the mail address."""
        challenge: Challenge | None = self.get_object(request, unquote(object_id))
        if challenge is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        may_answer = request.user.has_perm(permissions.PUBLISH)
        if not self.has_view_permission(request, challenge) or (request.method == "POST" and not may_answer):
            raise PermissionDenied
        form = AnswerForm(request.POST if request.method == "POST" else None)
        problems: list[str] = []
        code = 200
        if request.method == "POST" and form.is_valid():
            challenge.version = ReadVersion().clean(request.POST.get("read_version"))
            try:
                challenges.answer(challenge, challenges.Reply(**form.cleaned_data), by=request.user)
            except StaleVersion:
                problems = [gettext("Nothing has happened: somebody answered it in the meantime.")]
                code = 409
                challenge.refresh_from_db()
            except ValidationError as error:
                form.add_error("answer", error)
            else:
                done = challenge.get_status_display()
                self.log_change(request, challenge, gettext("Objection answered: %(status)s.") % {"status": done})
                self.message_user(request, gettext("The answer is stored. A mail address that was left is deleted."))
                return HttpResponseRedirect(request.path)
        response = self.page(
            request,
            "admin/comparisons/challenge/answer.html",
            gettext("Objection"),
            challenge=challenge,
            form=form,
            problems=problems,
            entered=request.POST.get("answer", ""),
            is_open=challenge.status == ChallengeStatus.OPEN,
            may_answer=may_answer,
            work_url=self.work_url(challenge),
        )
        response.status_code = code
        return response

    def work_url(self, challenge: Challenge) -> str:
        """Where an editor mends what the objection is about."""
        if challenge.claim_id:
            return reverse("admin:comparisons_claim_review", args=[challenge.claim_id])
        if challenge.article_id:
            return reverse("admin:comparisons_article_change", args=[challenge.article_id])
        query = f"framework__id__exact={challenge.framework_id}&criterion__id__exact={challenge.criterion_id}"
        return f"{reverse('admin:comparisons_claim_changelist')}?{query}"
