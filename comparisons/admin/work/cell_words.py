"""The page of a cell in the admin: what readers see of it, and how that comes about, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.pages import ReadOnlyAdmin
from comparisons.domain.matrix import CellView
from comparisons.domain.vocabulary import Agreement, RulingState
from comparisons.evidence.assessing import line_of
from comparisons.language import labels, values
from comparisons.language.dates import period_text, to_the_month
from comparisons.models import Cell, Release


class CellInWords(ReadOnlyAdmin):
    """Explains a cell instead of showing the columns that it is stored in."""

    fieldsets = [
        (
            _("What readers see"),
            {
                "fields": ["shown", "limits", "sides", "decided"],
                "description": _(
                    "Computed from published claims, rulings, releases and checks each time one of them changes. "
                    "To change it, change those: nothing is edited here."
                ),
            },
        ),
        (_("How it comes about"), {"fields": ["claims_link", "agreeing", "strong", "steps_taken", "newest"]}),
        (_("Does it still hold?"), {"fields": ["outdated"]}),
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @admin.display(description=_("value"))
    def shown(self, cell: Cell) -> str:
        view, line = _view(cell), line_of(cell.criterion)
        if not view.has_value:
            return values.no_value(view)
        parts = [values.headline(view, line), values.headline_note(view, line), values.other_figures(view)]
        return ", ".join(filter(None, parts))

    @admin.display(description=_("limit"))
    def limits(self, cell: Cell) -> str:
        return cell.caveat or self.get_empty_value_display()

    @admin.display(description=_("sources"))
    def sides(self, cell: Cell) -> str:
        """How many independent sources there are, and where they stand."""
        sides, stances = values.witness_sides(_view(cell)), values.stances(cell.tally)
        return f"{sides} ({stances})" if stances else sides

    @admin.display(description=_("ruling"))
    def decided(self, cell: Cell) -> str:
        return str(labels.label(RulingState(cell.ruling)))

    @admin.display(description=_("agreement"))
    def agreeing(self, cell: Cell) -> str:
        term = labels.term(Agreement(cell.agreement))
        counts = values.reading_counts(_view(cell))
        said = f"{term.label}: {term.meaning}"
        return f"{said} ({counts})" if counts else said

    @admin.display(description=_("strength"))
    def strong(self, cell: Cell) -> str:
        strength = _view(cell).strength(_today())
        return str(labels.label(strength)) if strength else gettext("None: there is no value that it could belong to.")

    @admin.display(description=_("why so strong"))
    def steps_taken(self, cell: Cell) -> SafeString | str:
        steps = _view(cell).reasons(_today())
        lines = [f"{values.points(step)} {values.reason(step)}" for step in steps]
        return linebreaksbr("\n".join(lines)) if lines else self.get_empty_value_display()

    @admin.display(description=_("newest evidence"), ordering="newest_on")
    def newest(self, cell: Cell) -> str:
        return period_text(cell.newest_on, to_the_month(cell.newest_precision))

    @admin.display(description=_("recheck"))
    def outdated(self, cell: Cell) -> str:
        release = cell.recheck(_today())
        if release is None:
            return gettext("Nothing newer is out than what its evidence and its checks speak of.")
        found = Release.objects.filter(framework=cell.framework_id, released_on=release.released)
        precision = found.values_list("precision", flat=True).first() or ""
        said = {"version": release.version, "day": period_text(release.released, precision)}
        return gettext("Version %(version)s, of %(day)s, is newer than its evidence and its checks.") % said


def _view(cell: Cell) -> CellView:
    """The cell as a plain value, read once for all its fields."""
    found: CellView | None = getattr(cell, "as_view", None)
    if found is None:
        found = cell.as_view = Cell.objects.filter(pk=cell.pk).views()[0]  # type: ignore[attr-defined]
    return found


def _today() -> date:
    return timezone.localdate()
