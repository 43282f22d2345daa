"""An earlier state of a record beside the present one, and the button that puts it back."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comparisons.admin.forms import ReadVersion
from comparisons.editing import proposals
from comparisons.editing.put_back import put_back
from comparisons.history import states
from comparisons.history.state_fields import NOT_KEPT
from comparisons.models import StaleVersion

_KEY = re.compile("[0-9]{1,18}")


def state_view(admin: Any, request: HttpRequest, object_id: str, entry_id: str) -> HttpResponse:
    """GET shows the state that a history entry recorded; POST puts it back. admin: of a model with a history."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not (_KEY.fullmatch(object_id) and _KEY.fullmatch(entry_id)):
        raise Http404
    entry = get_object_or_404(admin.model.history.select_related("history_user"), id=object_id, history_id=entry_id)
    row = admin.get_object(request, object_id)
    if not admin.has_view_or_change_permission(request, row):
        raise PermissionDenied
    if request.method != "POST":
        return _page(admin, request, entry, row)
    if row is None:
        return _page(
            admin, request, entry, row, problems=[_("Nothing was put back: the record was deleted.")], status=410
        )
    if not admin.has_change_permission(request, row):
        raise PermissionDenied
    return _put_back(admin, request, entry, row)


def _put_back(admin: Any, request: HttpRequest, entry: Any, row: Any) -> HttpResponse:
    when = date_format(entry.history_date, "DATETIME_FORMAT")
    must_propose = proposals.must_propose(row, request.user)
    row.version = ReadVersion().clean(request.POST.get("read_version"))

    def edit() -> bool:
        return put_back(row, states.state_at(entry), by=request.user, saved_at=entry.history_date)

    try:
        is_done = proposals.propose_edit(row, edit, by=request.user) is not None if must_propose else edit()
    except proposals.ProposalRefused as refused:
        return _page(admin, request, entry, admin.get_object(request, str(row.pk)), problems=[str(refused)], status=409)
    except StaleVersion:
        problem = _(
            "Nothing was put back: somebody saved this record after you opened this page. What they saved is "
            "on the right. Look at it before you replace it with the earlier state."
        )
        return _page(admin, request, entry, admin.get_object(request, str(row.pk)), problems=[problem], status=409)
    except ValidationError as error:
        problems = [_("Nothing was put back, because the earlier state breaks a rule of today:"), *error.messages]
        return _page(admin, request, entry, admin.get_object(request, str(row.pk)), problems=problems, status=409)
    except IntegrityError:
        problem = _(
            "Nothing was put back: it conflicts with another record, or one that it needs has just been deleted."
        )
        return _page(admin, request, entry, admin.get_object(request, str(row.pk)), problems=[problem], status=409)
    if is_done and must_propose:
        text = _("The change waits for review. Until it is approved, readers see the approved text.")
        admin.message_user(request, text, messages.SUCCESS)
    elif is_done:
        admin.log_change(request, row, _("Put back as it was on %(when)s.") % {"when": when})
        text = _("The record is as it was on %(when)s again.") % {"when": when}
        admin.message_user(request, text, messages.SUCCESS)
    else:
        admin.message_user(request, _("Nothing to do: the present state is the same."), messages.INFO)
    return HttpResponseRedirect(_url(admin, "change", row.pk))


def _page(
    admin: Any, request: HttpRequest, entry: Any, row: Any, *, problems: list[str] | None = None, status: int = 200
) -> TemplateResponse:
    state = states.state_at(entry)
    now = states.present(row) if row is not None else None
    title = _("State of %(when)s") % {"when": date_format(entry.history_date, "DATETIME_FORMAT")}
    response = admin.page(
        request,
        "admin/comparisons/state.html",
        title,
        entry=entry,
        row=row,
        name=str(row if row is not None else entry.instance),
        sections=states.compare(admin.model, state, now or state),
        is_same=now is None or now == state,
        lost=states.deleted_names(admin.model, state),
        problems=problems or [],
        may_put_back=row is not None and admin.has_change_permission(request, row),
        must_propose=row is not None and proposals.must_propose(row, request.user),
        not_kept=NOT_KEPT.get(admin.model, ""),
        change_url=_url(admin, "change", entry.id),
        history_url=_url(admin, "history", entry.id),
    )
    response.status_code = status
    return response


def _url(admin: ModelAdmin, page: str, pk: Any) -> str:
    return reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=[quote(pk)])
