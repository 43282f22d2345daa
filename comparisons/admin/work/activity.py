"""What everybody has done in the admin: the newest first, a page at a time, by person and by kind of record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.models import Claim, ClaimImport

#: Entries of a page.
PER_PAGE = 50
#: What was done, in the words of the form.
DONE = {ADDITION: _("Added"), CHANGE: _("Changed"), DELETION: _("Deleted")}


class ActivityForm(forms.Form):
    """Whose activity, on which kind of record, and what was done."""

    person = forms.ModelChoiceField(get_user_model()._default_manager.none(), label=_("Person"), required=False)
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    done = forms.ChoiceField(
        label=_("What was done"), required=False, choices=[("", _("All")), *((str(flag), DONE[flag]) for flag in DONE)]
    )

    def __init__(self, data: Any, kinds: dict[int, str]):
        super().__init__(data)
        person: Any = self.fields["person"]
        person.queryset = get_user_model()._default_manager.filter(is_staff=True).order_by("username")
        person.empty_label = _("All")
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("All")), *((str(pk), name) for pk, name in kinds.items())]

    def entries(self) -> Any:
        """The entries that are asked for; none if the question makes no sense."""
        if not self.is_valid():
            return LogEntry.objects.none()
        asked = {"user": "person", "content_type": "kind", "action_flag": "done"}
        chosen = {field: self.cleaned_data[name] for field, name in asked.items() if self.cleaned_data[name]}
        return LogEntry.objects.filter(**chosen)


def kinds_of(request: HttpRequest, site: AdminSite) -> dict[int, str]:
    """The kinds of record that somebody may see, by the key of their content type."""
    seen = [model for model, one in site._registry.items() if one.has_view_permission(request)]
    types = ContentType.objects.get_for_models(*seen, ClaimImport)
    names = {types[model].pk: str(capfirst(model._meta.verbose_name_plural)) for model in seen}
    if Claim in seen:
        names[types[ClaimImport].pk] = gettext("Imports")
    return dict(sorted(names.items(), key=lambda item: item[1]))


def activity(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The log of the admin, as far as one may see what it is about; the same queries at any length."""
    kinds = kinds_of(request, site)
    form = ActivityForm(request.GET or {}, kinds)
    # The order of the keys is the order of time, and has an index.
    entries = form.entries().filter(content_type__in=kinds).select_related("user", "content_type").order_by("-pk")
    pages = Paginator(entries, PER_PAGE)
    page = pages.get_page(request.GET.get("p"))
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        **site.each_context(request),
        "title": _("Activity"),
        "form": form,
        "page": page,
        "rows": [(entry, _kind(entry), DONE.get(entry.action_flag, "")) for entry in page],
        "around": pages.get_elided_page_range(page.number),
        "query": urlencode(asked),
    }
    return TemplateResponse(request, "admin/activity.html", context)


def _kind(entry: LogEntry) -> str:
    """What one record of this kind is called."""
    model = entry.content_type.model_class() if entry.content_type else None
    return gettext("import") if model is ClaimImport else str(model._meta.verbose_name) if model else ""
