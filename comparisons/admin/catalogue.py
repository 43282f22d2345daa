"""Frameworks, releases, criteria, levels."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.models import Criterion, CriterionGroup, Framework, Level, Release

from .base import HistoricAdmin, ReadOnlyAdmin, VersionedAdmin, VersionedInline


class ReleaseInline(VersionedInline):
    model = Release
    fields = ["version_number", "released_on", "precision", "note"]
    show_change_link = True
    classes = ["collapse"]


@admin.register(Framework)
class FrameworkAdmin(HistoricAdmin):
    list_display = ["name", "slug", "kind", "order", "license", "first_release"]
    list_editable = ["order"]
    list_filter = ["kind", "license"]
    search_fields = ["name", "slug", "tagline", "package_name"]
    address_field, address_from = "slug", "name"
    inlines = [ReleaseInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "tagline", "summary", "kind", "order"]}),
        (_("Where it is found"), {"fields": ["homepage", "documentation", "repository", "package_name"]}),
        (_("Facts"), {"fields": ["license", "first_release"]}),
    ]


@admin.register(Release)
class ReleaseAdmin(VersionedAdmin):
    list_display = ["version_number", "framework", "released_on", "precision", "note"]
    list_filter = ["framework", "precision"]
    list_select_related = ["framework"]
    search_fields = ["version_number", "framework__name", "note"]
    date_hierarchy = "released_on"
    autocomplete_fields = ["framework", "articles"]
    ordering = ["-released_on", "-pk"]


@admin.register(CriterionGroup)
class CriterionGroupAdmin(VersionedAdmin):
    list_display = ["name", "slug", "order", "holds_use_cases", "criteria_count"]
    list_editable = ["order"]
    list_filter = ["holds_use_cases"]
    search_fields = ["name", "slug", "description"]
    ordering = ["order", "name"]
    address_field, address_from = "slug", "name"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(criteria_count=Count("criteria"))

    @admin.display(description=_("criteria"), ordering="criteria_count")
    def criteria_count(self, group: Any) -> int:
        return group.criteria_count


class LevelInline(VersionedInline):
    model = Level
    fields = ["label", "slug", "meaning", "order"]
    ordering = ["order", "pk"]
    prepopulated_fields = {"slug": ["label"]}


@admin.register(Criterion)
class CriterionAdmin(HistoricAdmin):
    list_display = ["name", "group", "question", "value_type", "order"]
    list_editable = ["order"]
    list_filter = ["group", "value_type", "direction"]
    list_select_related = ["group"]
    search_fields = ["name", "slug", "question", "definition"]
    autocomplete_fields = ["group"]
    address_field, address_from = "slug", "name"
    inlines = [LevelInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "group", "order", "question", "definition"]}),
        (
            _("How it is answered"),
            {
                "fields": ["value_type", "unit", "direction"],
                "description": _("A criterion whose value type is “level” needs at least two levels; add them below."),
            },
        ),
    ]


@admin.register(Level)
class LevelAdmin(ReadOnlyAdmin):
    """Here to be found; levels are edited with their criterion."""

    list_display = ["label", "criterion", "meaning", "order"]
    list_filter = ["meaning", "criterion"]
    list_select_related = ["criterion"]
    search_fields = ["label", "slug", "criterion__name"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Levels of the criterion that the form shows, if it says which; see static/js/levels.js."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        criterion = request.GET.get("criterion")
        if criterion is not None and request.path.endswith("/autocomplete/"):
            known = criterion.isascii() and criterion.isdigit() and len(criterion) < 10
            found = found.filter(criterion=int(criterion)) if known else found.none()
        return found, duplicates
