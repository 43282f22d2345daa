"""Forms that carry what the editor saw: the version of the row, and the value of each field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Precision, Status
from comparisons.history.states import DATED
from comparisons.language.cleaning import tidy

from .choices import choice_text
from .selects import KnowingSelect

#: What a field that chooses a row may send: a primary key or nothing.
KEY_SENT = re.compile("[0-9]{0,18}")
#: What may be typed for a day of which no more is known, by the name of that precision.
KNOWN = {Precision.YEAR: re.compile("[0-9]{4}"), Precision.MONTH: re.compile("[0-9]{4}-(0[1-9]|1[0-2])")}
NO_DAY = _("Write a day as 2026-03-14, and as 2026-03 or 2026 if no more than that is known.")
#: Rows beneath a record that a form may send: each has four fields or more, and a form at most 2000 (kb/settings.py).
MOST_SENT = 500
#: The code of an error that is no mistake in the form.
TOLD = "told"


class ReadVersion(forms.Field):
    """The version that a form was filled from. Anything that is not a version is read as 0, which no row has."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any):
        super().__init__(**{"required": False, "label": "", **options})

    def clean(self, value: Any) -> int:
        return int(value) if re.fullmatch("[0-9]{1,9}", value or "") else 0

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RememberingForm(forms.ModelForm):
    """Sends back the values it was opened with, so that "changed" means changed by this editor.

    refused: set on the class after a save that came too late; the form is then shown again and never saved.
    """

    refused = False
    data: Any

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if self.is_bound:
            self.data = self.data.copy()
        for name, value in self.initial.items():
            if isinstance(value, Decimal):  # as an editor writes it: 8, not 8.0000
                self.initial[name] = Decimal(f"{value.normalize():f}")
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)  # below the wrapper that offers to add a row
            row = self.instance._state.fields_cache.get(name)
            if isinstance(widget, KnowingSelect) and row is not None:
                widget.known = {str(row.pk): choice_text(row)}
            if isinstance(field, forms.ModelChoiceField):
                field.label_from_instance = choice_text  # type: ignore[assignment, method-assign]
            field.show_hidden_initial = not isinstance(field, ReadVersion)
            if self.is_bound:
                # A value that was not sent was empty. If it were left out, the form shown again would take what was
                # entered for it, which would then count as unchanged.
                self.data.setlistdefault(self.add_initial_prefix(name), [])
            if name in DATED and "precision" in self.fields:
                field.error_messages["invalid"] = NO_DAY
                self._spell_out(name)
            if self.is_bound and isinstance(field, forms.ModelChoiceField) and self.add_prefix(name) in self.data:
                # An autocomplete fails on anything that is not a key; 0 is the key of no row, and gets the usual error.
                sent = self.data.getlist(self.add_prefix(name))
                is_name = field.to_field_name is not None
                keys = [tidy(key) if is_name else key if KEY_SENT.fullmatch(key) else "0" for key in sent]
                self.data.setlist(self.add_prefix(name), keys)

    def _spell_out(self, name: str) -> None:
        """Read a month or a year that was typed for a day as the first day of it, and as no more than that."""
        typed = (self.data.get(self.add_prefix(name)) or "").strip() if self.is_bound else ""
        for precision, form in KNOWN.items():
            if form.fullmatch(typed):
                self.data[self.add_prefix(name)] = f"{typed}-01-01"[:10]
                self.data[self.add_prefix("precision")] = precision.value

    def tell(self, text: Any) -> None:
        """Keep the form from being saved for a reason that is no mistake in it."""
        self.add_error(None, forms.ValidationError(text, code=TOLD))

    @property
    def told(self) -> list[str]:
        """Why the form was not saved, if nothing in it is wrong."""
        errors = self.errors.as_data()
        reasons = errors.get(NON_FIELD_ERRORS, [])
        is_right = len(errors) == 1 and reasons and all(error.code == TOLD for error in reasons)
        return [text for error in reasons for text in error.messages] if is_right else []

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refused:
            self.tell(_("Your changes are not saved yet. Check the form below and save it again."))
        return cleaned


class VersionedForm(RememberingForm):
    """Saves its row only if it still has the version that was read; see models.base.Versioned."""

    read_version = ReadVersion()

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if not self.instance._state.adding:
            self.initial["read_version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance._state.adding:
            self.instance.version = self.cleaned_data.get("read_version", 0)
        return cleaned


class ListForm(VersionedForm):
    """One row of a list that is edited in place, where the only label of a field is the head of its column."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class SentRows(BaseInlineFormSet):
    """Rows beneath a record, of which there are as many as were sent, whatever number the form names beside them.

    Django makes a form for each of that number, up to 2000, which takes half a minute and gives a page of 17 MB.
    """

    def total_form_count(self) -> int:
        named = super().total_form_count()
        return min(named, self.sent) if self.is_bound else named

    @cached_property
    def sent(self) -> int:
        """The number of the last row of which anything was sent, counted from one."""
        place = re.compile(rf"{re.escape(str(self.prefix))}-([0-9]{{1,4}})-")
        found = (place.match(name) for name in [*self.data, *self.files])
        return max((int(one[1]) + 1 for one in found if one), default=0)


class RowsInTable(BaseInlineFormSet):
    """Rows in a table, where the only label of a field is the head of its column."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            of = "" if form.instance._state.adding else f": {form.instance}"
            widget.attrs["aria-label"] = f"{field.label}{of}"


def described(help_texts: Mapping[str, Any], form: type[RememberingForm] = VersionedForm) -> Any:
    """A subclass of the form with help texts, by field name, for fields whose model has none."""
    return type(form.__name__, (form,), {"Meta": type("Meta", (), {"help_texts": help_texts})})


def refuse_hidden(form: forms.ModelForm, *names: str) -> None:
    """Add an error to each of these fields that names a claim which readers do not see."""
    for name in names:
        for claim in form.cleaned_data.get(name) or ():
            if claim.status != Status.PUBLISHED:
                form.add_error(name, _("Readers do not see this claim: %(claim)s") % {"claim": claim})
