"""Proposals: the list of them, and the page on which one is compared with the approved text and decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ProposalStatus
from comparisons.editing import proposals
from comparisons.editing.preview import CellChange, cell_with
from comparisons.evidence import assessing
from comparisons.history import states
from comparisons.history.state_json import from_json
from comparisons.models import Claim, Proposal, StaleVersion, permissions

from .filters import Work
from .forms import ReadVersion
from .pages import ReadOnlyAdmin


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Needed to return the change; says what to do about it. Readers do not see it."),
    )


#: What was done, by the name of the button.
DONE = {
    "approve": _("The change is approved, and readers see it."),
    "return": _("The change is returned to its authors."),
    "take-back": _("The change is taken back; the approved text stays."),
}


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind_of_record", "status", "changed_by", "created_at", "decided_by"]
    list_filter = [Work, "status"]
    list_select_related = ["changed_by", "decided_by"]
    search_fields = ["title"]
    search_help_text = _("Words of the record that would change.")
    ordering = ["-created_at", "-pk"]
    object_history_template: ClassVar[Any] = None

    def has_view_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        """Whoever may see the records of this kind sees how they would change."""
        return request.user.has_perm(f"comparisons.view_{obj.kind if obj is not None else 'claim'}")

    @admin.display(description=_("kind of record"), ordering="kind")
    def kind_of_record(self, proposal: Proposal) -> str:
        return str(proposal.model._meta.verbose_name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("base", "state")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """GET compares a proposal with the approved text; POST approves it, returns it or takes it back."""
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return self.decide(request, proposal) if request.method == "POST" else self.compare(request, proposal)

    def decide(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        step, note = request.POST.get("step", ""), request.POST.get("note", "")
        proposal.version = ReadVersion().clean(request.POST.get("read_version"))
        problems, status = [], 409
        try:
            if step == "approve":
                proposals.approve(proposal, by=request.user)
            elif step == "return":
                proposals.send_back(proposal, by=request.user, note=note)
            elif step == "take-back":
                proposals.take_back(proposal, by=request.user)
            else:
                problems, status = [gettext("There is no such step.")], 400
        except StaleVersion:
            problems = [
                gettext("Nothing has happened: the change or its record was saved in the meantime."),
                gettext("Below are both texts as they are now. Read them again before you decide."),
            ]
        except proposals.ProposalRefused as refused:
            problems = [gettext("Nothing has happened, because %(reason)s.") % {"reason": refused}]
        except ValidationError as error:
            problems = [gettext("Nothing has happened:"), *error.messages]
        except IntegrityError:
            problems = [gettext("Nothing has happened: the change conflicts with another record.")]
        if problems:
            return self.compare(request, Proposal.objects.get(pk=proposal.pk), problems=problems, status=status)
        self.log_change(request, proposal, str(DONE[step]))
        self.message_user(request, str(DONE[step]), messages.SUCCESS)
        return HttpResponseRedirect(proposal.get_absolute_url())

    def compare(
        self, request: HttpRequest, proposal: Proposal, *, problems: list[str] | None = None, status: int = 200
    ) -> TemplateResponse:
        """The proposal beside the approved text: of today while it waits, of its beginning once it is decided."""
        model: Any = proposal.model
        row = model._base_manager.filter(pk=proposal.record).first()
        is_waiting = proposal.status in (ProposalStatus.OPEN, ProposalStatus.RETURNED)
        proposed = proposals.proposed(proposal)
        before = states.whole(row) if is_waiting and row is not None else from_json(model, proposal.base)
        sections = states.compare(model, before, proposed)
        refusal = proposals.why_not_approved(proposal, request.user)
        is_claim = isinstance(row, Claim) and is_waiting
        outdated = is_waiting and row is not None and proposals.is_outdated(proposal, row)
        cells = cells_with(proposal, row) if is_claim and not outdated else None
        response = self.page(
            request,
            "admin/comparisons/proposal.html",
            gettext("Change of “%(record)s”") % {"record": proposal.title},
            proposal=proposal,
            authors=list(proposal.authors.order_by("pk")),
            row=row,
            sections=sections,
            is_changed=any(section.kind != "same" for section in sections),
            is_waiting=is_waiting,
            is_outdated=outdated,
            cells=cells,
            line=assessing.line_of(row.criterion) if cells else None,
            today=timezone.localdate(),
            refusal=refusal,
            is_reviewer=request.user.has_perm(permissions.PUBLISH),
            may_take_back=proposals.may_take_back(proposal, request.user),
            form=DecisionForm(request.POST if request.method == "POST" else None),
            problems=problems or [],
            change_url=reverse(f"admin:comparisons_{proposal.kind}_change", args=[proposal.record]) if row else "",
        )
        response.status_code = status
        return response


def cells_with(proposal: Proposal, claim: Claim) -> CellChange | None:
    """The cell of a claim as it is, and as the proposal would make it; None if there is none, or it cannot be shown."""
    before = cell_with(claim, claim.citations.select_related("article"))
    if before is None:
        return None
    try:
        with transaction.atomic():
            proposals.show(proposal, claim)
            shown = Claim.objects.select_related("criterion", "level").get(pk=claim.pk)
            after = cell_with(shown, shown.citations.select_related("article"))
            transaction.set_rollback(True)
    except (ValidationError, IntegrityError, StaleVersion):
        return None
    return CellChange(before.before, after.after if after is not None else None)
