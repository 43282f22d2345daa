"""The forms of the reading desk: a claim, what the article says of it, and its framework and criterion together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin import help_texts
from comparisons.admin.forms import RememberingForm
from comparisons.admin.selects import RecordSelect
from comparisons.domain.claim_fields import Part, names_of
from comparisons.domain.vocabulary import CONDITIONS
from comparisons.models import Citation, Claim, Level, subject

from .writing import KeyedForm

NO_LEVEL = _("None: it only argues")


class CellSelect(RecordSelect):
    """Finds a framework and a criterion together; static/js/writing.js puts the choice into their fields."""

    def __init__(self, field: Any, admin_site: Any, url: str):
        self.url = url
        super().__init__(field, admin_site, attrs={"data-placeholder": gettext("parts of both names")})

    def get_url(self) -> str:
        return self.url

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-placeholder": base_attrs["data-placeholder"], "data-allow-clear": "false"}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """This field never keeps a choice."""
        return [(None, [self.create_option(name, "", "", False, 0)], 0)]


class DeskForm(KeyedForm):
    """A claim, without the fields that a new one seldom needs."""

    class Meta:
        model = Claim
        fields = [
            "statement", *names_of(Part.SUBJECT), "kind", "polarity",
            *names_of(Part.VALUE, Part.CONDITIONS, Part.PITFALL), "key",
        ]  # fmt: skip
        help_texts = help_texts.CLAIM
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "autofocus": True}),
            "impact": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "remedy": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "polarity": forms.RadioSelect,
        }

    def __init__(self, *args: Any, admin_site: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("framework", "criterion"):
            field: Any = self.fields[name]
            choices = field.choices
            field.widget = RecordSelect(Claim._meta.get_field(name), admin_site, choices=choices)
            field.widget.is_required = field.required
        polarity: Any = self.fields["polarity"]
        polarity.choices = [choice for choice in polarity.choices if choice[0]]
        self.fields["key"].widget = forms.HiddenInput()
        self.fields["level"] = forms.ModelChoiceField(
            self._levels(), required=False, blank=True, widget=forms.RadioSelect, empty_label=NO_LEVEL, label=_("Level")
        )
        for name in (*CONDITIONS, "text"):
            self.fields[name].widget.attrs["class"] = "vTextField"
        for name in subject.current().unused["claim"]:
            self.fields.pop(name, None)

    def _levels(self) -> Any:
        """The levels of the chosen criterion, and the level that was sent, so that an error can name it."""
        chosen = self.data if self.is_bound else self.initial  # reading a bound field here would fix its present widget
        sent = {name: str(chosen.get(name) or "") for name in ("criterion", "level")}
        pks = {
            name: int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
            for name, value in sent.items()
        }
        return Level.objects.filter(Q(criterion=pks["criterion"]) | Q(pk=pks["level"])).order_by("order", "pk")


class DeskCitationForm(RememberingForm):
    """The citation of a claim that is added at the desk; its article is the one on the desk."""

    class Meta:
        model = Citation
        fields = ["locator", "stance", "reading", "says", "quote"]
        help_texts = {
            **help_texts.CITATION,
            "says": _("Leave it empty if the source says just what the statement says."),
        }
        widgets = {
            "says": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "locator": forms.TextInput(attrs={"class": "vTextField"}),
            "quote": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args: Any, statement: str = "", **options: Any):
        super().__init__(*args, prefix="citations-0", **options)
        self.statement = statement
        self.fields["says"].required = False

    def clean_says(self) -> str:
        return self.cleaned_data["says"] or self.statement.strip()
