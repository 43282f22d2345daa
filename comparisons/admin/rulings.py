"""Rulings, and the cells that are computed from claims and rulings."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import Agreement, RulingState
from comparisons.language.labels import label
from comparisons.language.values import bare_value
from comparisons.models import Cell, Ruling, permissions

from . import help_texts
from .base import HistoricAdmin
from .filters import InComparison, OfStrength, Work
from .form_filters import Chosen
from .forms import VersionedForm, refuse_hidden
from .pages import PageLink
from .work.cell_words import CellInWords
from .work.checking import CellChecks
from .work.desk import GapsAdmin, claims_of_cell, list_of, ruling_for
from .work.ruling import RulingPages, rule_links


class RulingForm(VersionedForm):
    class Meta:
        help_texts = help_texts.RULING

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        here = [getattr(self.cleaned_data.get(name), "pk", None) for name in ("framework", "criterion")]
        claims = [claim for name in ("accepted", "rejected") for claim in self.cleaned_data.get(name) or ()]
        of_cell = [claim for claim in claims if [claim.framework_id, claim.criterion_id] == here]
        refuse_hidden(self, "accepted", "rejected")
        if None not in here and not of_cell and not self.errors:
            self.add_error("accepted", _("Choose a claim about this framework under this criterion."))
        sides = [self.cleaned_data.get(name) or () for name in ("accepted", "rejected")]
        if not self.errors and self.instance.has_sides_swapped(*sides):
            self.add_error("rejected", _("These claims give the value that stands. Name them among the accepted ones."))
        return cleaned


@admin.register(Ruling)
class RulingAdmin(RulingPages, HistoricAdmin):
    form = RulingForm
    list_display = ["__str__", "reason", "is_open", "stands", "ruled_on"]
    list_filter = [
        Work,
        ("framework", Chosen),
        ("criterion__group", Chosen),
        ("criterion", Chosen),
        "reason",
        "is_open",
    ]
    ordering = ["-ruled_on", "-pk"]
    search_help_text = _("Words of the framework, the criterion or the reasons given.")
    list_select_related = ["framework", "criterion", "level"]
    search_fields = ["framework__name", "criterion__name", "why"]
    date_hierarchy = "ruled_on"
    autocomplete_fields = ["framework", "criterion", "level", "accepted", "rejected"]
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
        (_("The claims on either side"), {"fields": ["accepted", "rejected"]}),
    ]

    class Media:
        js = ["admin/js/jquery.init.js", "js/levels.js"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_judge(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_judge(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_judge(request) and super().has_delete_permission(request, obj)

    @admin.display(description=_("what stands"))
    def stands(self, ruling: Ruling) -> str:
        return bare_value(ruling)

    def may_judge(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.JUDGE)


@admin.register(Cell)
class CellAdmin(CellInWords, CellChecks, GapsAdmin):
    """Cells are computed, so nothing is edited here. Each row links to its claims and to its ruling."""

    list_display = ["__str__", "claims_link", "agreement", "value", "strength", "witnesses", "newest", "recheck"]
    list_filter = [
        Work,
        ("framework", Chosen),
        ("criterion__group", Chosen),
        ("criterion", Chosen),
        "agreement",
        "ruling",
        OfStrength,
        InComparison,
    ]
    list_select_related = ["framework", "criterion", "level"]
    ordering = ["framework_id", "criterion_id"]
    search_fields = ["framework__name", "criterion__name", "text"]
    search_help_text = _("Words of the framework, the criterion or the text value.")

    def get_list_display(self, request: HttpRequest) -> Any:
        judges = request.user.has_perm(permissions.JUDGE)
        cell, claims, *what = super().get_list_display(request)
        return [cell, claims, "rule" if judges else "ruling", *what]

    def object_links(self, request: HttpRequest, obj: Cell) -> list[PageLink]:
        return [*rule_links(request, obj), *super().object_links(request, obj)]

    @admin.display(description=_("value"))
    def value(self, cell: Cell) -> str:
        """What the cell shows, in short."""
        return bare_value(cell)

    @admin.display(description=_("strength"))
    def strength(self, cell: Cell) -> Any:
        if cell.points is None:
            return ""
        return label(strength_of(cell.points, cell.supported_on, timezone.localdate()))

    @admin.display(description=_("recheck"), ordering="release_on")
    def recheck(self, cell: Cell) -> str:
        """The newest release that came after the evidence and the checks."""
        release = cell.recheck(timezone.localdate())
        return release.version if release else ""

    @admin.display(description=_("claims"), ordering="claims")
    def claims_link(self, cell: Cell) -> SafeString:
        return _link(claims_of_cell(cell.framework_id, cell.criterion_id), cell.claims, _("claims of"), cell)

    @admin.display(description=_("ruling"), ordering="ruling")
    def rule(self, cell: Cell) -> SafeString | str:
        """For those who may rule: a link to the ruling, or to the form for one where sources conflict."""
        here = cell.framework_id, cell.criterion_id
        if cell.ruling != RulingState.NONE:
            url = list_of(Ruling, framework__id__exact=here[0], criterion__id__exact=here[1])
            return _link(url, cell.get_ruling_display(), _("ruling on"), cell)
        if cell.agreement == Agreement.DISPUTED:
            return _link(ruling_for(cell), _("Give a ruling"), _("on"), cell)
        return ""


def _link(url: str, text: Any, of: Any, cell: Cell) -> SafeString:
    """A link whose accessible name says which cell it belongs to."""
    return format_html('<a href="{}">{}<span class="visually-hidden"> {} {}</span></a>', url, text, of, cell)
