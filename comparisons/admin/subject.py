"""The subject: one record, which is edited and never added to or deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.models import Subject

from . import help_texts
from .base import HistoricAdmin
from .forms import described


@admin.register(Subject)
class SubjectAdmin(HistoricAdmin):
    """The one record about the site. It can be added only while there is none, and is never deleted."""

    form = described(help_texts.SUBJECT)
    list_display = ["name", "title", "noun", "noun_plural"]
    fieldsets = [
        (None, {"fields": ["name", "title", "lead", "noun", "noun_plural", "has_releases", "introduction"]}),
        (_("The editors"), {"fields": ["editors", "contact"]}),
        (_("Licences"), {"fields": ["text_licence", "text_licence_url", "code_licence", "code_licence_url"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Subject.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
