"""Forms sent for a record that was deleted meanwhile: what was entered is kept in the form for a new record."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comparisons.admin.forms import ReadVersion
from comparisons.domain.vocabulary import HistoryStep
from comparisons.models import FormerAddress
from comparisons.models.addresses import Addressed

_KEY = re.compile("[0-9]{1,18}")


def was_there(admin: Any, request: HttpRequest, object_id: str) -> bool:
    """Whether a record that is not there was there once: its form says which version it was filled from, or a log does.

    No log holds what was deleted with another record, on its form or by a merge.
    """
    is_filled = ReadVersion().clean(request.POST.get("read_version")) > 0
    return bool(_KEY.fullmatch(object_id)) and (is_filled or deletion(admin, object_id) is not None)


def deletion(admin: Any, object_id: str) -> str | None:
    """A sentence that says who deleted a record, and when; None if no such deletion is recorded."""
    if not _KEY.fullmatch(object_id):
        return None
    entry = None
    if hasattr(admin.model, "history"):
        entries = admin.model.history.filter(id=object_id).select_related("history_user")
        entry = entries.order_by("-history_id").first()
        found = (entry.history_user, entry.history_date) if entry else None
    else:
        log = LogEntry.objects.filter(object_id=object_id, action_flag=DELETION).select_related("user")
        kind = {"content_type__app_label": admin.opts.app_label, "content_type__model": admin.opts.model_name}
        last = log.filter(**kind).first()
        found = (last.user, last.action_time) if last else None
    if found is None:
        return None
    by, at = found
    values = {"at": f"{at:%Y-%m-%d %H:%M}", "by": by or _("somebody")}
    if entry is not None and (kept := _kept(entry)) is not None:
        link = format_html(
            '<a href="{}">{}</a>',
            reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_change", args=[kept.pk]),
            kept,
        )
        return format_html(_("It was merged into “{kept}” on {at} UTC by {by}."), kept=link, **values)
    return _("It was deleted on %(at)s UTC by %(by)s.") % values


def _kept(entry: Any) -> Any:
    """The record that another one was merged into; None if the last entry of that one says that it was just deleted."""
    model = entry.instance_type
    if entry.history_step != HistoryStep.MERGE or not issubclass(model, Addressed):
        return None
    former = FormerAddress.objects.filter(kind=model.address_kind, key=getattr(entry, model.address_field)).first()
    return former and model._default_manager.filter(**{model.address_field: former.now}).first()


def as_new(admin: Any, request: HttpRequest) -> QueryDict:
    """The POST of a change form as the form for a new record would send it: without keys, versions and removed rows."""
    sent = request.POST
    data = QueryDict(mutable=True)
    rows: dict[str, list[str]] = {}
    beneath = [FormSet for FormSet, _inline in admin.get_formsets_with_inlines(request)]
    prefixes = {FormSet.get_default_prefix(): FormSet.fk.name for FormSet in beneath}
    for name in sent:
        prefix = next((one for one in prefixes if name.startswith(f"{one}-")), None)
        if prefix is not None:
            match = re.match(r"([0-9]{1,4})-", name.removeprefix(f"{prefix}-"))
            if match and match[1] not in rows.setdefault(prefix, []):
                rows[prefix].append(match[1])
        elif not name.startswith(("initial-", "_")) and name != "read_version":
            data.setlist(name, sent.getlist(name))
    for prefix, parent in prefixes.items():
        kept = [place for place in rows.get(prefix, []) if not sent.get(f"{prefix}-{place}-DELETE")]
        for number, place in enumerate(kept):
            start = f"{prefix}-{place}-"
            for name in sent:
                part = name.removeprefix(start)
                if name.startswith(start) and part not in ("id", "read_version", parent):
                    data.setlist(f"{prefix}-{number}-{part}", sent.getlist(name))
        for key, value in (("TOTAL", len(kept)), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1000)):
            data[f"{prefix}-{key}_FORMS"] = str(value)
    return data


def entered(request: HttpRequest) -> list[tuple[str, str]]:
    """The entered values by field name, where there is no form that could hold them."""
    hidden = ("initial-", "_", "csrf", "read_version", "step", "next")
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value and not name.startswith(hidden) and not name.endswith(("_FORMS", "-id", "-read_version"))
    ]
