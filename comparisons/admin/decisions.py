"""Decision records, which readers keep and nobody changes: only to be read here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comparisons.models import DecisionRecord

from .form_filters import Days
from .pages import ReadOnlyAdmin


@admin.register(DecisionRecord)
class DecisionRecordAdmin(ReadOnlyAdmin):
    """What readers decided, the newest first; “View on site” leads to what has changed since."""

    list_display = ["key", "day", "title", "verdict"]
    list_filter = [("day", Days)]
    fields = ["key", "day", "title", "context", "verdict", "certainty"]
    ordering = ["-day", "key"]
    search_fields = ["key"]
    search_help_text = _("The key, or a part of it.")

    @admin.display(description=_("title"))
    def title(self, record: Any) -> str:
        return record.state.get("title", "")

    @admin.display(description=_("context"))
    def context(self, record: Any) -> str:
        return record.state.get("context", "")

    @admin.display(description=_("outcome"))
    def verdict(self, record: Any) -> str:
        return record.state.get("verdict", "")

    @admin.display(description=_("certainty"))
    def certainty(self, record: Any) -> str:
        return record.state.get("certainty", "")
