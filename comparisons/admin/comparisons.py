"""Comparisons with their frameworks, criteria and verdict in order."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.maintenance.checks import FEWEST, MOST
from comparisons.models import Comparison, ComparisonCriterion, ComparisonFramework, Paragraph, VerdictLine

from . import help_texts
from .base import HistoricAdmin, Inline
from .filters import how_many
from .form_filters import Chosen
from .forms import RememberingForm, RowsInTable, described, refuse_hidden
from .work.renaming import RenamingAdmin

#: Criteria that a form lists: of more it could be shown, and would send more fields than the site takes.
MOST_ROWS = 200


class FrameworkInline(Inline):
    model = ComparisonFramework
    form = described(help_texts.COLUMN, RememberingForm)
    fields = ["framework", "headline", "order"]
    formset = RowsInTable
    template = "admin/comparisons/comparison/rows.html"
    autocomplete_fields = ["framework"]
    ordering = ["order", "pk"]
    min_num, max_num = FEWEST, MOST

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("framework")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, validate_max=True, **options)


class CriterionInline(Inline):
    model = ComparisonCriterion
    form = described(help_texts.ROW, RememberingForm)
    fields = ["criterion", "is_key", "order"]
    formset = RowsInTable
    template = "admin/comparisons/comparison/rows.html"
    autocomplete_fields = ["criterion"]
    ordering = ["order", "pk"]
    min_num = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("criterion")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, **options)


class ParagraphForm(RememberingForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        refuse_hidden(self, "claims")
        return cleaned


class ParagraphInline(Inline):
    model: Any = Paragraph
    form = described(help_texts.PARAGRAPH, ParagraphForm)
    fields = ["framework", "text", "claims", "order"]
    autocomplete_fields = ["framework", "claims"]
    ordering = ["order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("framework")


class VerdictLineInline(ParagraphInline):
    model: Any = VerdictLine
    form = described(help_texts.VERDICT_LINE, ParagraphForm)
    fields = ["kind", "framework", "text", "claims", "order"]


@admin.register(Comparison)
class ComparisonAdmin(RenamingAdmin, HistoricAdmin):
    form = described(help_texts.COMPARISON)
    list_display = ["title", "slug", "featured", "order", "frameworks_count", "criteria_count"]
    list_editable = ["order"]
    list_filter = [("frameworks", Chosen), ("criteria", Chosen), "featured"]
    search_fields = ["title", "slug", "introduction"]
    search_help_text = _("Words of the title, the slug or the introduction.")
    ordering = ["order", "title"]
    address_field, address_from = "slug", "title"
    inlines = [FrameworkInline, CriterionInline, ParagraphInline, VerdictLineInline]
    fieldsets = [(None, {"fields": ["title", "slug", "introduction", "featured", "order"]})]

    class Media:
        js = ["js/reorder.js"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Its rows, without the criteria where they are too many for a form; those stay as they are."""
        left_out = {CriterionInline} if self.is_long(obj) else set()
        return [inline for inline in super().get_inlines(request, obj) if inline not in left_out]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        (name, options), *others = super().get_fieldsets(request, obj)
        if self.is_long(obj):
            text = _(
                "Its %(count)d criteria are more than a form can hold, so they stay as they are. Change them in files: "
                "“manage.py export_kb” writes what is stored, and “manage.py seed” loads what you changed."
            )
            options = {**options, "description": text % {"count": obj.criteria_count}}
        return [(name, options), *others]

    def is_long(self, obj: Any) -> bool:
        """Whether a comparison has more criteria than a form lists."""
        return getattr(obj, "criteria_count", 0) > MOST_ROWS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                frameworks_count=how_many(ComparisonFramework, "comparison"),
                criteria_count=how_many(ComparisonCriterion, "comparison"),
            )
        )

    @admin.display(description=_("frameworks"), ordering="frameworks_count")
    def frameworks_count(self, comparison: Any) -> int:
        return comparison.frameworks_count

    @admin.display(description=_("criteria"), ordering="criteria_count")
    def criteria_count(self, comparison: Any) -> int:
        return comparison.criteria_count
