"""The subject: one record, which is edited and never added to or deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.domain.statements import METHOD_NEEDS
from comparisons.language.called import CONDITIONS, FACTS
from comparisons.models import Subject

from . import help_texts
from .base import HistoricAdmin
from .forms import VersionedForm, described


class SubjectForm(VersionedForm):
    """The form of the subject. A fact that stands nowhere since there are no releases is empty here too."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in FACTS:
            if name not in self.instance.facts:
                self.initial[f"fact_{name}"] = ""


@admin.register(Subject)
class SubjectAdmin(HistoricAdmin):
    """The one record about the site. It can be added only while there is none, and is never deleted."""

    form = described(help_texts.SUBJECT, SubjectForm)
    list_display = ["name", "title", "noun", "noun_plural"]
    fieldsets = [
        (None, {"fields": ["name", "title", "lead", "introduction"]}),
        (_("What is compared"), {"fields": ["noun", "noun_plural", "schema_type", "has_releases"]}),
        (
            _("Facts of a profile"),
            {
                "fields": [f"fact_{name}" for name in FACTS],
                "description": _(
                    "What each is called on profiles and forms. An empty one is not shown, nor asked for."
                ),
                "classes": ["collapse"],
            },
        ),
        (
            _("Conditions of a figure"),
            {
                "fields": [f"condition_{name}" for name in CONDITIONS],
                "description": _(
                    "What each is called on pages and forms. Figures of this subject do not have an empty one."
                ),
                "classes": ["collapse"],
            },
        ),
        (_("The editors"), {"fields": ["editors", "contact"]}),
        (_("Licences"), {"fields": ["text_licence", "text_licence_url", "code_licence", "code_licence_url"]}),
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store a changed record, and say if answers that are stored depend on what has changed."""
        super().save_related(request, form, formsets, change)
        needs = [f"condition_{name}" for name in METHOD_NEEDS]
        if any(bool(form.initial.get(name)) != bool(form.cleaned_data.get(name)) for name in needs if change):
            text = _(
                "Other figures count as stating their method now. Run “manage.py rebuild_cells”: answers follow then."
            )
            self.message_user(request, text, messages.WARNING)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Subject.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
