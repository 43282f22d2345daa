"""Checks: recorded by a button elsewhere, and listed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.models import Check, permissions

from .form_filters import Chosen, Days
from .pages import ReadOnlyAdmin


@admin.register(Check)
class CheckAdmin(ReadOnlyAdmin):
    """Checks are recorded by a button; one that was recorded by mistake is deleted here."""

    list_display = ["claim", "version", "holds", "checked_on", "by"]
    list_filter = ["holds", ("claim__framework", Chosen), ("claim__criterion", Chosen), ("checked_on", Days)]
    list_select_related = ["claim", "by"]
    ordering = ["-checked_on", "-pk"]
    search_help_text = _("Words of the claim or of the note, or a version.")
    search_fields = ["claim__key", "claim__statement", "note", "version"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(permissions.EDIT)
