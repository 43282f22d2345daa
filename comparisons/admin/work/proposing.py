"""The forms of approved records for those whose changes wait for review.

Such a form is opened and saved like any other, in a transaction that is rolled back: it opens on the proposal that
waits, and what it leaves when it is saved is stored as the proposal. Readers see nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext

from comparisons.admin.pages import PagesAdmin
from comparisons.editing import proposals
from comparisons.editing.state_writing import with_new_keys
from comparisons.history.states import State, whole
from comparisons.models import Proposal, StaleVersion


class Saved(Exception):
    """The form was saved, and what it left has been read; the transaction is to be rolled back."""

    def __init__(self, state: State):
        self.state = state
        super().__init__()


class ProposingForms(PagesAdmin):
    """Forms whose changes wait for review, unless whoever makes them may publish them."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id is not None else None
        if row is None or not self.has_change_permission(request, row):
            return super().changeform_view(request, object_id, form_url, extra_context)
        proposal = proposals.waiting(row)
        must_propose = proposals.must_propose(row, request.user)
        context = {**(extra_context or {}), "must_propose": must_propose, "proposal": proposal}
        if not must_propose or (request.method != "POST" and proposal is None):
            return super().changeform_view(request, object_id, form_url, context)
        base = whole(row)
        row = type(row)._base_manager.get(pk=row.pk)
        try:
            return self.rolled_back(request, row, proposal, object_id or "", form_url, context)
        except Saved as saved:
            state = with_new_keys(row, saved.state, base)
        seen = proposal.version if proposal is not None else 0
        stored_row = self.get_object(request, unquote(object_id or ""))
        try:
            stored = proposals.store(stored_row or row, base, state, by=request.user, seen=seen)
        except StaleVersion:  # since the form was checked
            return self.changeform_view(request, object_id, form_url, extra_context)
        if stored is None and proposal is not None:
            return self.response_taken_back(request, row)
        return self.response_proposed(request, row, stored)

    def rolled_back(
        self,
        request: HttpRequest,
        row: Any,
        proposal: Proposal | None,
        object_id: str,
        form_url: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        """Show or save the form of a proposal in a transaction that is rolled back. Raises Saved if it was saved."""
        with transaction.atomic():
            if proposal is not None:
                try:
                    context["is_outdated"] = proposals.show(proposal, row)
                except (ValidationError, IntegrityError, StaleVersion):
                    transaction.set_rollback(True)
                    text = gettext("The change cannot be edited: it breaks a rule of today, or names deleted records.")
                    self.message_user(request, text, messages.WARNING)
                    return HttpResponseRedirect(proposal.get_absolute_url())
            request.proposes = True  # type: ignore[attr-defined]
            response: Any = super().changeform_view(request, object_id, form_url, context)
            if hasattr(response, "render"):
                response.render()
            transaction.set_rollback(True)
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and getattr(request, "proposes", False):
            raise Saved(whole(type(form.instance)._base_manager.get(pk=form.instance.pk)))

    def response_taken_back(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Say that nothing waits any more, since the form gave the approved text back."""
        self.log_change(request, row, gettext("Took a change back."))
        text = gettext("The change was taken back, because what you saved is the approved text.")
        self.message_user(request, text, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, row)

    def response_proposed(self, request: HttpRequest, row: Any, proposal: Proposal | None) -> HttpResponse:
        """Say what was stored, and go where the button that was pressed leads."""
        if proposal is None:
            self.message_user(request, gettext("Nothing was changed."), messages.INFO)
        else:
            self.log_change(request, row, gettext("Proposed a change."))
            text = gettext(
                "The change of {record} waits for review. Until it is approved, readers see the approved text."
            )
            link = format_html('<a href="{}">{}</a>', proposal.get_absolute_url(), Truncator(proposal.title).chars(80))
            self.message_user(request, format_html(text, record=link), messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, row)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; its fields are edited in place only by those who may publish."""
        found = super().get_changelist_instance(request)
        if not request.user.has_perm(proposals.PUBLISH):
            found.list_editable = ()
        return found
