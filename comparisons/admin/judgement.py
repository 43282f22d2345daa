"""Rulings, and the cells that everything adds up to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comparisons.models import Cell, Ruling

from .base import HistoricAdmin, ReadOnlyAdmin
from .forms import VersionedForm, refuse_hidden


class RulingForm(VersionedForm):
    class Meta:
        help_texts = {
            "level": _("One of the levels of the criterion; choose the criterion first."),
            "side_a": _("Published claims that give one value; at least one claim here or below is of this very cell."),
            "side_b": _("Published claims that give another."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        here = [getattr(self.cleaned_data.get(name), "pk", None) for name in ("framework", "criterion")]
        claims = [claim for name in ("side_a", "side_b") for claim in self.cleaned_data.get(name) or ()]
        of_cell = [claim for claim in claims if [claim.framework_id, claim.criterion_id] == here]
        refuse_hidden(self, "side_a", "side_b")
        if None not in here and not of_cell and not self.errors:
            self.add_error("side_a", _("Name a claim about this framework under this criterion."))
        return cleaned


@admin.register(Ruling)
class RulingAdmin(HistoricAdmin):
    form = RulingForm
    list_display = ["__str__", "reason", "is_open", "level", "number", "text", "ruled_on"]
    list_filter = ["reason", "is_open", "framework", "criterion__group"]
    list_select_related = ["framework", "criterion", "level"]
    search_fields = ["framework__name", "criterion__name", "why"]
    date_hierarchy = "ruled_on"
    autocomplete_fields = ["framework", "criterion", "level", "side_a", "side_b"]
    fieldsets = [
        (_("Which cell"), {"fields": ["framework", "criterion"]}),
        (
            _("What stands"),
            {
                "fields": ["is_open", "level", ("number", "number_high"), "text"],
                "description": _("One value as the criterion asks for it, or “open” and no value."),
            },
        ),
        (_("Why"), {"fields": ["reason", "why", "ruled_on"]}),
        (_("The claims on either side"), {"fields": ["side_a", "side_b"]}),
    ]

    class Media:
        js = ["admin/js/jquery.init.js", "js/levels.js"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_judge(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_judge(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_judge(request) and super().has_delete_permission(request, obj)

    def may_judge(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comparisons.judge_claim")


@admin.register(Cell)
class CellAdmin(ReadOnlyAdmin):
    """Derived from the claims; nothing is edited here."""

    list_display = ["__str__", "agreement", "ruling", "level", "number", "text", "witnesses", "claims", "newest_on"]
    list_filter = ["agreement", "ruling", "framework", "criterion__group"]
    list_select_related = ["framework", "criterion", "level"]
    search_fields = ["framework__name", "criterion__name", "text"]
