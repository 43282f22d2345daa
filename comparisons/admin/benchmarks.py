"""Benchmarks: tests whose figures may be compared with one another."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comparisons.language.dates import period_text
from comparisons.models import Benchmark, Claim
from comparisons.models.benchmarks import SETUP

from . import help_texts
from .base import HistoricAdmin
from .filters import how_many
from .form_filters import Chosen
from .forms import described


@admin.register(Benchmark)
class BenchmarkAdmin(HistoricAdmin):
    form = described(help_texts.BENCHMARK)
    list_display = [
        "title",
        "criterion",
        "figures_count",
        "like_for_like",
        "states_method",
        "repeatable",
        "dated",
    ]
    list_filter = [("criterion", Chosen), "like_for_like", "states_method", "repeatable", "statistic"]
    list_select_related = ["criterion"]
    search_fields = ["title", "slug", "article__title", "criterion__name", "work"]
    search_help_text = _("Words of the title, the slug, the article, the criterion or the work.")
    date_hierarchy = "measured_on"
    ordering = ["criterion__group__order", "criterion__order", "-measured_on", "slug"]
    autocomplete_fields = ["article", "criterion", "replaced_by"]
    address_field, address_from = "slug", "title"
    fieldsets = [
        (None, {"fields": ["title", "slug", "article", "criterion", "unit", "statistic"]}),
        (
            _("Set-up"),
            {
                "fields": [*SETUP],
                "description": _("What the source does not state stays empty and reads “not stated”."),
            },
        ),
        (_("When"), {"fields": [("measured_on", "precision"), "replaced_by"]}),
        (_("How far it can be trusted"), {"fields": ["states_method", "repeatable", "like_for_like", "note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(figures_count=how_many(Claim, "benchmark"))

    @admin.display(description=_("measured"), ordering="measured_on")
    def dated(self, benchmark: Any) -> str:
        return period_text(benchmark.measured_on, benchmark.precision)

    @admin.display(description=_("figures"), ordering="figures_count")
    def figures_count(self, benchmark: Any) -> SafeString:
        """Their number, linked to their list."""
        url = f"{reverse('admin:comparisons_claim_changelist')}?benchmark__id__exact={benchmark.pk}"
        return format_html('<a href="{}">{}</a>', url, benchmark.figures_count)
