"""Notes of those who work here: written beside a claim or an article, and listed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from comparisons.models import Note, permissions

from .base import History
from .form_filters import Chosen, Days
from .pages import PageLink, ReadOnlyAdmin


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin, History):
    """All notes, the newest first. They stay here: there is no export of them. Who may publish may delete one."""

    list_display = ["__str__", "record", "author", "written_at"]
    list_filter = [("author", Chosen), ("written_at", Days)]
    list_select_related = ["claim", "article", "author"]
    ordering = ["-written_at", "-pk"]
    search_help_text = _("Words of the note, of its claim or of its article.")
    search_fields = ["text", "claim__key", "claim__statement", "article__title"]

    @admin.display(description=_("about"))
    def record(self, note: Note) -> str:
        return str(note.record)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("claim", "article")

    def export_urls(self) -> list[URLPattern]:
        return []

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        return []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(permissions.PUBLISH)
