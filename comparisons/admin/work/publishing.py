"""The step that lets readers see a framework or a criterion, which is a draft when it is added."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.pages import PagesAdmin
from comparisons.editing.publishing import publish_drafts
from comparisons.models import permissions


class DraftsAdmin(PagesAdmin):
    """Records that are drafts until a reviewer publishes them."""

    actions = ["publish"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.PUBLISH)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.is_draft = True
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may not publish deletes drafts alone: no review can put back what readers saw."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.is_draft or self.has_publish_permission(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        seen = [] if self.has_publish_permission(request) else [one for one in objs if not one.is_draft]
        if seen and self.has_delete_permission(request):
            named = {gettext("“%(row)s”, which readers see") % {"row": one} for one in seen}
            lacking = (lacking - {self.opts.verbose_name}) | named
        return found, counts, lacking, protected

    @admin.action(description=_("Publish drafts"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = publish_drafts(queryset, by=request.user)
        for row in done:
            self.log_change(request, row, gettext("Published."))
        text = ngettext("%(count)d record is published.", "%(count)d records are published.", len(done))
        self.message_user(request, text % {"count": len(done)}, messages.SUCCESS if done else messages.INFO)
