"""The short form of a ruling: the values given for a cell side by side, to choose the one that stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import VersionedForm, refuse_hidden
from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.admin.selects import RecordsSelect
from comparisons.domain.vocabulary import ValueType
from comparisons.editing import proposals, steps
from comparisons.evidence import assessing
from comparisons.evidence.claims import Card, cards_of, claims_of
from comparisons.models import Claim, Criterion, FormerAddress, Framework, Ruling, StaleVersion, permissions

OPEN = "open"


def _named(rows: Any, slug: str) -> Any:
    """The record with a slug that it has or had: a form may be open while it is renamed or merged. Raises Http404."""
    former = FormerAddress.objects.filter(kind=rows.model.address_kind, key=slug).values("now")
    found = rows.filter(slug=slug).first() or rows.filter(slug__in=former).first()
    if found is None:
        raise Http404
    return found


class Value(NamedTuple):
    """The value that a claim or a ruling gives. `token` names it in a form."""

    level: int | None = None
    number: Decimal | None = None
    number_high: Decimal | None = None
    text: str = ""

    @property
    def token(self) -> str:
        numbers = ["" if number is None else f"{number.normalize():f}" for number in (self.number, self.number_high)]
        return ":".join([str(self.level or ""), *numbers, self.text])

    @classmethod
    def of(cls, row: Any, value_type: str) -> Value | None:
        """The value of a claim or ruling; None if it has none that fits its criterion."""
        value = cls(row.level_id, row.number, row.number_high, row.text)
        fits = {
            ValueType.LEVEL: row.level_id is not None and row.level.criterion_id == row.criterion_id,
            ValueType.NUMBER: row.number is not None,
            ValueType.TEXT: bool(row.text),
        }
        return value if fits[ValueType(value_type)] else None


class ValueChoice(NamedTuple):
    """One value of a cell with the claims that give it. row: one of them, or the ruling, whose value is shown."""

    value: Value
    row: Any
    cards: list[Card]
    witnesses: int
    is_chosen: bool = False

    @property
    def token(self) -> str:
        return self.value.token


def readings(criterion: Criterion, cards: list[Card], ruling: Ruling | None) -> list[ValueChoice]:
    """The values that count in a cell, by number of sources; a value that only the ruling gives comes last."""
    found: dict[str, tuple[Value, list[Card]]] = {}
    for card in cards:
        value = Value.of(card.claim, criterion.value_type)
        if value is not None and card.counts:
            found.setdefault(value.token, (value, []))[1].append(card)
    named = [
        ValueChoice(value, group[0].claim, group, sum(card.standing.witnesses for card in group))
        for value, group in found.values()
    ]
    named.sort(key=lambda reading: -reading.witnesses)
    own = Value.of(ruling, criterion.value_type) if ruling is not None else None
    if own is not None and own.token not in found:
        named.append(ValueChoice(own, ruling, [], 0))
    return named


class ShortRulingForm(VersionedForm):
    """A ruling whose value is chosen among those given.

    seen: which claims of the cell, in which versions, were on the page.
    """

    stands = forms.ChoiceField(label=_("What stands"), widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Ruling
        fields = ("reason", "why", "ruled_on", "accepted", "rejected")
        widgets = {
            "why": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "ruled_on": AdminDateWidget(),
            **{name: RecordsSelect(Ruling._meta.get_field(name), admin.site) for name in ("accepted", "rejected")},
        }

    def __init__(self, *args: Any, choices: list[ValueChoice], **options: Any):
        super().__init__(*args, **options)
        self.values = {reading.token: reading.value for reading in choices}
        stands: Any = self.fields["stands"]
        stands.choices = [(token, token) for token in [*self.values, OPEN]]
        for name in ("stands", "seen"):
            self.fields[name].show_hidden_initial = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        refuse_hidden(self, "accepted", "rejected")
        here = [self.instance.framework_id, self.instance.criterion_id]
        named = [claim for name in ("accepted", "rejected") for claim in self.cleaned_data.get(name) or ()]
        if not self.errors and not any([claim.framework_id, claim.criterion_id] == here for claim in named):
            self.add_error("accepted", _("Choose a claim about this framework under this criterion."))
        stands = self.cleaned_data.get("stands")
        if stands is not None:
            value = self.values.get(stands, Value())
            self.instance.is_open = stands == OPEN
            self.instance.level_id, self.instance.number, self.instance.number_high, self.instance.text = value
            self._follow_the_value()
        return cleaned

    def _follow_the_value(self) -> None:
        """Exchange the sides if the claims behind the chosen value are named as rejected, as they were preset."""
        accepted, rejected = (self.cleaned_data.get(name) or () for name in ("accepted", "rejected"))
        if self.instance.has_sides_swapped(accepted, rejected):
            self.cleaned_data |= {"accepted": rejected, "rejected": accepted}


class RulingPages(PagesAdmin):
    """Adds the short form of a ruling, which the claims of a disputed cell link to."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.rule_view)
        return [
            path("rule/<str:framework>/<str:criterion>/", view, name="comparisons_ruling_rule"),
            *super().page_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: Ruling) -> list[PageLink]:
        return [*rule_links(request, obj), *super().object_links(request, obj)]

    def rule_view(self, request: HttpRequest, framework: str, criterion: str) -> HttpResponse:
        """Rule on a cell, or change its ruling: a choice among its values, with their claims and sources."""
        if not request.user.has_perm(permissions.JUDGE) or not self.has_add_permission(request):
            raise PermissionDenied(permissions.FOR_REVIEWERS)
        of = _named(Framework.objects.all(), framework)
        by = _named(Criterion.objects.select_related("group"), criterion)
        is_stale = False
        if request.method == "POST":
            ruling, cards, form = self.short_form(request, of, by)
            if form.is_valid():
                sides = {name: form.cleaned_data[name] for name in ("accepted", "rejected")}
                is_new = form.instance._state.adding
                try:
                    if is_new and form.cleaned_data["read_version"]:  # deleted meanwhile
                        raise StaleVersion(form.instance)
                    self.store(request, form.instance, seen=form.cleaned_data["seen"], **sides)
                except StaleVersion:
                    is_stale = True
                except proposals.ProposalRefused as refused:
                    self.message_user(request, str(refused), messages.WARNING)
                    return HttpResponseRedirect(reverse("admin:comparisons_ruling_change", args=[form.instance.pk]))
                else:
                    (self.log_addition if is_new else self.log_change)(request, form.instance, gettext("Ruled."))
                    return HttpResponseRedirect(reverse("admin:comparisons_ruling_change", args=[form.instance.pk]))
            else:
                is_stale = request.POST.get("seen") != steps.stamp_of_cell(of.pk, by.pk)
        ruling, cards, form = self.short_form(request, of, by)
        if is_stale:
            form.data["read_version"] = str(ruling.version if ruling else "")
            form.data["seen"] = steps.stamp_of_cell(of.pk, by.pk)
        return self.rule_page(request, of, by, ruling, cards, form, is_stale)

    def store(self, request: HttpRequest, ruling: Ruling, **values: Any) -> None:
        """Store a ruling; the change of one that readers see waits for review if this person may not publish."""

        def save() -> None:
            steps.rule(ruling, by=request.user, **values)

        if not ruling._state.adding and proposals.must_propose(ruling, request.user):
            proposals.propose_edit(ruling, save, by=request.user)
            text = gettext("The change waits for review. Until it is approved, readers see the approved text.")
        else:
            save()
            text = gettext("The ruling is stored, and readers see it.")
        self.message_user(request, text)

    def short_form(
        self, request: HttpRequest, framework: Framework, criterion: Criterion
    ) -> tuple[Ruling | None, list[Card], ShortRulingForm]:
        """The stored ruling, the claims of the cell, and the form."""
        stored = Ruling.objects.filter(framework=framework, criterion=criterion).select_related("level").first()
        claims: list[Claim] = list(claims_of(framework, criterion))
        cards = cards_of(claims, assessing.Witnesses())
        choices = readings(criterion, cards, stored)
        initial: dict[str, Any] = {"seen": steps.stamp_of_cell(framework.pk, criterion.pk)}
        if stored is None:
            initial["ruled_on"] = timezone.localdate()
            initial["accepted"] = [card.claim.pk for reading in choices[:1] for card in reading.cards]
            initial["rejected"] = [card.claim.pk for reading in choices[1:] for card in reading.cards]
        else:
            value = Value.of(stored, criterion.value_type)
            initial["stands"] = OPEN if stored.is_open else value.token if value else ""
        edited = Ruling.objects.get(pk=stored.pk) if stored else Ruling(framework=framework, criterion=criterion)
        data = request.POST if request.method == "POST" else None
        return stored, cards, ShortRulingForm(data, instance=edited, initial=initial, choices=choices)

    def rule_page(
        self,
        request: HttpRequest,
        framework: Framework,
        criterion: Criterion,
        ruling: Ruling | None,
        cards: list[Card],
        form: ShortRulingForm,
        is_stale: bool,
    ) -> HttpResponse:
        chosen = form["stands"].value()
        found = [reading._replace(is_chosen=reading.token == chosen) for reading in readings(criterion, cards, ruling)]
        shown = {card.claim.pk for reading in found for card in reading.cards}
        response = self.page(
            request,
            "admin/comparisons/ruling/rule.html",
            gettext("Rule on a cell"),
            subtitle=f"{framework} × {criterion}",
            framework=framework,
            criterion=criterion,
            ruling=ruling,
            readings=found,
            apart=[card for card in cards if card.claim.pk not in shown],
            is_open=chosen == OPEN,
            form=form,
            fields=[form[name] for name in ("reason", "why", "ruled_on", "accepted", "rejected")],
            media=self.media + form.media,
            is_stale=is_stale,
            today=timezone.localdate(),
            cell_url=reverse("comparisons:cell", args=[framework.slug, criterion.slug]),
            ruling_url=reverse("admin:comparisons_ruling_change", args=[ruling.pk]) if ruling else "",
        )
        response.status_code = 409 if is_stale else 200
        return response


def rule_links(request: HttpRequest, row: Any) -> list[PageLink]:
    """The link to the short form for the cell of a row, for those who may rule."""
    if row.framework is None or not request.user.has_perm(permissions.JUDGE):
        return []
    return [
        PageLink(
            gettext("Rule on this cell"),
            reverse("admin:comparisons_ruling_rule", args=[row.framework.slug, row.criterion.slug]),
        )
    ]
