"""Runs of the programs that prove claims: made by `prove`, and only to be read here."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comparisons.models import Run

from .filters import Work
from .form_filters import Chosen, Days
from .pages import ReadOnlyAdmin


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """What came out, the newest first. Programs are files of the fixtures: nobody can change or start one from here."""

    list_display = ["claim", "version", "outcome", "ran_on", "python"]
    list_filter = [Work, "outcome", ("claim__framework", Chosen), ("claim__criterion", Chosen), ("ran_on", Days)]
    list_select_related = ["claim"]
    ordering = ["-ran_on", "-pk"]
    search_help_text = _("Words of the claim, of what was printed, or a version.")
    search_fields = ["claim__key", "claim__statement", "output", "version"]
