"""Pages of our own beside those of the stock admin, and the links to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from comparisons.editing.preview import hints

from .filters import QuickList
from .selects import PickingForms
from .unused import UsedFields
from .work import deleted
from .work.deleting import CountedDeletion
from .work.exporting import ExportingAdmin


class PageLink(NamedTuple):
    """A link beside the title of a page."""

    label: str
    url: str


class PagesAdmin(UsedFields, QuickList, PickingForms, CountedDeletion, ExportingAdmin):
    """A model with pages of our own: `page_urls` routes them, `list_links` and `object_links` link to them."""

    def page_urls(self) -> list[URLPattern]:
        """The URL patterns of these pages, below that of the list; each wrapped in `self.admin_site.admin_view`."""
        return []

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        """Links on the list."""
        return [PageLink(_("Export…"), self.export_url(request))]

    def object_links(self, request: HttpRequest, obj: Any) -> list[PageLink]:
        """Links on the form of a record."""
        return []

    def get_urls(self) -> list[URLPattern]:
        return [*self.page_urls(), *self.export_urls(), *super().get_urls()]

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        """Render a page of our own. template: extends admin/comparisons/page.html."""
        common = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, {**common, **context})

    def copy_page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """Status 410: what was entered for a record that was deleted meanwhile, to be copied. context: deletion."""
        values = {"entered": deleted.entered(request), **context}
        response = self.page(request, "admin/comparisons/deleted.html", _("Deleted meanwhile"), **values)
        response.status_code = 410
        return response

    def gone(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """What was sent to a page of a record that was deleted meanwhile, to be copied; None if there is nothing."""
        if request.method != "POST" or not self.has_view_permission(request) or not deleted.entered(request):
            return None
        deletion = deleted.deletion(self, object_id)
        return self.copy_page(request, deletion=deletion) if deletion is not None else None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"list_links": self.list_links(request), **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        obj = options.get("obj")
        context["object_links"] = self.object_links(request, obj) if obj is not None else []
        # What is only shown here was never saved here: it has a history only if one is kept of it.
        context["has_history"] = isinstance(self, SimpleHistoryAdmin) or not isinstance(self, ReadOnlyAdmin)
        return super().render_change_form(request, context, *args, **options)


class ReadOnlyAdmin(PagesAdmin):
    """Rows that are only shown here, and written elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def say_hints(request: HttpRequest, forms: Iterable[Any]) -> None:
    """Say of the texts that were just saved which marks of theirs readers see as typed."""
    for form in forms:
        texts = {field.name for field in form.instance._meta.fields if isinstance(field, models.TextField)}
        for name in form.changed_data:
            for hint in hints(str(form.cleaned_data.get(name) or "")) if name in texts else ():
                messages.warning(request, f"{form.fields[name].label}: {hint}")
