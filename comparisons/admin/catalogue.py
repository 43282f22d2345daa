"""Frameworks, releases, criteria, levels."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.language.dates import period_text
from comparisons.models import Criterion, CriterionGroup, Framework, Level, Release, StartingNeed

from . import help_texts
from .base import HistoricAdmin, History, VersionedAdmin, VersionedInline
from .filters import how_many
from .form_filters import Chosen, ChosenText
from .forms import described
from .pages import ReadOnlyAdmin
from .unused import OfReleases
from .work.publishing import DraftsAdmin
from .work.renaming import RenamingAdmin
from .work.splitting import SplittingAdmin


class ReleaseInline(OfReleases, VersionedInline):
    model = Release
    form = described(help_texts.RELEASE)
    fields = ["version_number", "released_on", "precision", "note"]
    show_change_link = True
    classes = ["collapse"]


@admin.register(Framework)
class FrameworkAdmin(DraftsAdmin, RenamingAdmin, HistoricAdmin):
    form = described(help_texts.FRAMEWORK)
    list_display = ["name", "slug", "is_draft", "kind", "order", "license", "first_release"]
    list_editable = ["order"]
    list_filter = ["is_draft", ("kind", ChosenText), ("license", ChosenText), ("comparisons", Chosen)]
    search_fields = ["name", "slug", "aliases", "tagline", "package_name"]
    search_help_text = _("Words of the name, the slug, the aliases, the tagline or the package name.")
    ordering = ["order", "name"]
    address_field, address_from = "slug", "name"
    inlines = [ReleaseInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "aliases", "tagline", "summary", "kind", "order"]}),
        (_("Where to find it"), {"fields": ["homepage", "documentation", "repository", "package_name"]}),
        (_("Facts"), {"fields": ["license", "first_release"]}),
    ]


@admin.register(Release)
class ReleaseAdmin(OfReleases, VersionedAdmin):
    form = described(help_texts.RELEASE)
    list_display = ["version_number", "framework", "dated", "note", "by_machine"]
    list_filter = [("framework", Chosen), "precision", "by_machine", "is_yanked"]
    readonly_fields = ["by_machine"]
    list_select_related = ["framework"]
    search_help_text = _("Words of the version, the framework or the note.")
    search_fields = ["version_number", "framework__name", "note"]
    date_hierarchy = "released_on"
    autocomplete_fields = ["framework", "articles"]
    ordering = ["-released_on", "-pk"]

    @admin.display(description=_("released"), ordering="released_on")
    def dated(self, release: Any) -> str:
        return period_text(release.released_on, release.precision)


@admin.register(CriterionGroup)
class CriterionGroupAdmin(RenamingAdmin, VersionedAdmin):
    form = described(help_texts.GROUP)
    list_display = ["name", "slug", "order", "holds_use_cases", "criteria_count"]
    list_editable = ["order"]
    list_filter = ["holds_use_cases"]
    search_fields = ["name", "slug", "description"]
    search_help_text = _("Words of the name, the slug or the description.")
    ordering = ["order", "name"]
    address_field, address_from = "slug", "name"
    object_history_template: ClassVar[Any] = None  # its states are not kept, only the log of the admin

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(criteria_count=how_many(Criterion, "group"))

    @admin.display(description=_("criteria"), ordering="criteria_count")
    def criteria_count(self, group: Any) -> int:
        return group.criteria_count


class LevelInline(VersionedInline):
    model = Level
    form = described(help_texts.LEVEL)
    fields = ["label", "slug", "aliases", "meaning", "order"]
    ordering = ["order", "pk"]
    prepopulated_fields = {"slug": ["label"]}


@admin.register(Criterion)
class CriterionAdmin(DraftsAdmin, SplittingAdmin, HistoricAdmin):
    form = described(help_texts.CRITERION)
    list_display = ["name", "group", "question", "value_type", "is_draft", "order"]
    list_editable = ["order"]
    list_filter = [
        "is_draft",
        ("group", Chosen),
        ("comparisons", Chosen),
        "value_type",
        "direction",
        "is_count",
        "changes_with_releases",
        "beside_name",
    ]
    list_select_related = ["group"]
    search_fields = ["name", "slug", "aliases", "question", "definition"]
    search_help_text = _("Words of the name, the slug, the aliases, the question or the definition.")
    ordering = ["group__order", "order", "name"]
    autocomplete_fields = ["group"]
    address_field, address_from = "slug", "name"
    inlines = [LevelInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "aliases", "group", "order", "question", "definition"]}),
        (
            _("How it is answered"),
            {
                "fields": ["value_type", "unit", "direction", "is_count", "changes_with_releases", "beside_name"],
                "description": _("A criterion whose value type is “level” needs at least two levels; add them below."),
            },
        ),
    ]


@admin.register(Level)
class LevelAdmin(ReadOnlyAdmin, History):
    """Levels are found here, and edited with their criterion."""

    list_display = ["label", "criterion", "meaning", "order"]
    list_filter = [("criterion__group", Chosen), ("criterion", Chosen), "meaning"]
    list_select_related = ["criterion"]
    search_fields = ["label", "slug", "aliases", "criterion__name"]
    search_help_text = _("Words of the label, the slug, the aliases or the criterion.")
    ordering = ["criterion__group__order", "criterion__order", "criterion__name", "order"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Only levels of the criterion that the form shows, if the request names one; see static/js/levels.js."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        criterion = request.GET.get("criterion")
        if criterion is not None and request.path.endswith("/autocomplete/"):
            known = criterion.isascii() and criterion.isdigit() and len(criterion) < 10
            found = found.filter(criterion=int(criterion)) if known else found.none()
        return found, duplicates


@admin.register(StartingNeed)
class StartingNeedAdmin(VersionedAdmin):
    """What readers who choose for a kind of project start from."""

    form = described(help_texts.STARTING_NEED)
    list_display = ["use_case", "criterion", "level", "bound", "weight", "order"]
    list_editable = ["weight", "order"]
    list_filter = [("use_case", Chosen), ("criterion", Chosen), "weight"]
    list_select_related = ["use_case", "criterion", "level"]
    search_fields = ["use_case__name", "criterion__name"]
    search_help_text = _("Words of the use case or the criterion.")
    autocomplete_fields = ["use_case", "criterion", "level"]
    ordering = ["use_case__group__order", "use_case__order", "use_case__name", "order", "pk"]

    class Media:
        js = ["admin/js/jquery.init.js", "js/levels.js"]
