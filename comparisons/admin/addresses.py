"""The list of former addresses, which redirect to renamed and merged records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.models import FormerAddress, permissions

from .pages import ReadOnlyAdmin


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    """Former addresses of renamed and merged records. Deleting one frees its slug and ends its redirect."""

    list_display = ["key", "kind", "leads_to"]
    list_filter = ["kind"]
    search_fields = ["key", "now"]
    search_help_text = _("Part of the former or the present slug.")
    fields = ["kind", "key", "leads_to"]

    @admin.display(description=_("redirects to"), ordering="now")
    def leads_to(self, former: FormerAddress) -> str:
        return former.now

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(permissions.MERGE)
