"""Writing a claim: what it would look like and lead to, before it is saved; a key; the next one from an article."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons import filters
from comparisons.admin import help_texts
from comparisons.admin.base import PagesAdmin
from comparisons.admin.forms import RememberingForm
from comparisons.domain.matrix import CellView, Line
from comparisons.domain.vocabulary import CONDITIONS, Agreement, ClaimKind, RulingState, Silence, Stance, Status
from comparisons.editing.duplicates import Likeness, likely
from comparisons.editing.keys import proposed_key
from comparisons.editing.preview import cell_with
from comparisons.evidence.assessing import line_of
from comparisons.language.labels import choices, label
from comparisons.models import Article, Citation, Claim, Criterion, Framework, Level
from comparisons.models.values import value_problems
from comparisons.templatetags.evidence import counts, value_note, value_text

#: Citations of a form that a preview reads.
MOST_CITATIONS = 50
#: Times a proposed key is replaced when somebody else has just taken it.
MOST_KEYS = 5

#: What one claim hands on to the form of the next: primary keys, and where in the article it was read.
CARRIED = filters.Schema(
    filters.Parameter("article", filters.whole(1, 999_999_999)),
    filters.Parameter("framework", filters.whole(1, 999_999_999)),
    filters.Parameter("criterion", filters.whole(1, 999_999_999)),
    filters.Parameter("locator", filters.words),
)


# ── A claim that is being written ────────────────────────────────────


class _Draft(forms.Form):
    """What can be read of a form that is half filled; nothing is required, and what cannot be read is left out."""

    framework = forms.ModelChoiceField(Framework.objects.all(), required=False)
    criterion = forms.ModelChoiceField(Criterion.objects.select_related("group"), required=False)
    level = forms.ModelChoiceField(Level.objects.select_related("criterion"), required=False)
    kind = forms.ChoiceField(choices=choices(ClaimKind), required=False)
    statement = forms.CharField(required=False)
    number = forms.DecimalField(required=False, max_digits=16, decimal_places=4)
    number_high = forms.DecimalField(required=False, max_digits=16, decimal_places=4)
    approximate = forms.BooleanField(required=False)
    text = forms.CharField(required=False, max_length=200)


def draft_of(data: QueryDict, stored: Claim | None = None) -> tuple[Claim, list[Citation]]:
    """The claim and the citations that a form holds, stored nowhere; at most four queries.

    stored: the claim that the form changes; what the form does not hold is taken from it.
    """
    form = _Draft(data)
    form.is_valid()
    read = {**dict.fromkeys(["framework", "criterion", "level", "number", "number_high"]), **form.cleaned_data}
    claim = Claim(pk=stored.pk, key=stored.key, verdict=stored.verdict) if stored else Claim()
    for name, value in read.items():
        setattr(claim, name, value)
    for name in CONDITIONS:
        setattr(claim, name, data.get(name, "").strip())
    claim.kind = claim.kind or ClaimKind.CAPABILITY
    return claim, _citations_of(data, claim)


def _citations_of(data: QueryDict, claim: Claim) -> list[Citation]:
    total = data.get("citations-TOTAL_FORMS", "")
    rows = []
    for place in range(min(int(total), MOST_CITATIONS) if re.fullmatch("[0-9]{1,4}", total) else 0):
        names = ("article", "stance", "reading", "DELETE")
        values = {name: data.get(f"citations-{place}-{name}", "") for name in names}
        if re.fullmatch("[0-9]{1,18}", values["article"]) and not values["DELETE"]:
            rows.append(values)
    articles = Article.objects.in_bulk({int(row["article"]) for row in rows}) if rows else {}
    return [
        Citation(
            claim=claim,
            article=articles[int(row["article"])],
            stance=row["stance"] if row["stance"] in set(Stance) else Stance.SUPPORTS.value,
            reading=bool(row["reading"]),
        )
        for row in rows
        if int(row["article"]) in articles
    ]


# ── What it would look like and lead to ──────────────────────────────


@dataclass(frozen=True)
class Fact:
    """One line of what a cell shows, as it is and as it would become."""

    name: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """What an editor sees of a claim before it is saved. said: the same in one sentence, for those who listen.

    facts: None for a claim that has no cell. criterion: how it is answered, for the script of the form.
    """

    claim: Claim
    facts: list[Fact] | None
    cited: bool
    duplicates: list[Likeness]
    problems: list[str]
    criterion: str
    said: str


def preview_of(claim: Claim, citations: Sequence[Citation], today: date) -> Preview:
    """What a claim would look like and lead to; at most six queries, and nothing is written."""
    criterion = claim.criterion if claim.criterion_id else None
    change = cell_with(claim, citations) if criterion and claim.framework_id else None
    facts = None
    if change and criterion:
        line = line_of(criterion)
        before, after = (_facts(cell, line, today) for cell in change)
        facts = [Fact(str(name), before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    found = likely(claim) if criterion else []
    problems = [str(text) for texts in value_problems(claim).values() for text in texts]
    said = []
    if facts:
        value = facts[0]
        said.append(
            gettext("The cell would read: %(value)s.") % {"value": value.after}
            if any(fact.changes for fact in facts)
            else gettext("The cell would stay as it is.")
        )
    if found:
        said.append(ngettext("%d likely duplicate.", "%d likely duplicates.", len(found)) % len(found))
    return Preview(claim, facts, bool(citations), found, problems, _answered(criterion), " ".join([*said, *problems]))


def _facts(cell: CellView | None, line: Line, today: date) -> dict[Any, str]:
    """What a cell shows, in words, by label."""
    if cell is None:
        return {_("Value"): str(label(Silence.NOBODY))}
    if cell.has_value:
        value, note = value_text(cell, line), value_note(cell, line)
        shown = f"{value} ({note})" if note else value
    elif cell.claims:
        shown = ngettext("%d claim, no value", "%d claims, no value", cell.claims) % cell.claims
    else:
        shown = gettext("Nothing that counts")
    agreement, strength = str(label(Agreement(cell.agreement))), cell.strength(today)
    facts = {_("Value"): shown, _("Agreement"): " ".join(filter(None, [agreement, counts(cell)]))}
    if strength:
        facts[_("Strength")] = str(label(strength))
    facts[_("Sources")] = ngettext("%d source", "%d sources", cell.witnesses) % cell.witnesses
    if cell.ruling != RulingState.NONE:
        facts[_("Ruling")] = str(label(RulingState(cell.ruling)))
    return facts


def _answered(criterion: Criterion | None) -> str:
    """How a criterion is answered, as JSON: its value type, unit, question and levels; one query for levels."""
    if criterion is None:
        return "{}"
    levels = criterion.levels.order_by("order", "pk").values_list("pk", "label")
    return json.dumps(
        {
            "pk": criterion.pk,
            "name": criterion.name,
            "question": criterion.question,
            "type": criterion.value_type,
            "unit": "%" if criterion.unit == "percent" else criterion.unit,
            "levels": [[pk, name] for pk, name in levels] if criterion.value_type == "level" else [],
        }
    )


def tell_duplicates(request: HttpRequest, claim: Claim) -> None:
    """Warn that a claim which was just saved probably repeats others."""
    found = likely(claim)
    if found:
        head = ngettext(
            "It may say the same as a claim that is there already:",
            "It may say the same as claims that are there already:",
            len(found),
        )
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a> ({})',
            (
                (
                    _address(one.pk),
                    Truncator(one.statement).chars(80),
                    label(Status(one.status)),
                )
                for one in found
            ),
        )
        messages.warning(request, format_html("{} {}.", head, links))


def _address(pk: int) -> str:
    return reverse("admin:comparisons_claim_change", args=[pk])


# ── Forms ────────────────────────────────────────────────────────────


class KeyedForm(RememberingForm):
    """A claim whose key may be left empty: one is made. previewed: set on the class for a form that is only shown."""

    previewed = False
    proposes_key = False

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if "key" in self.fields:
            self.fields["key"].required = False
        if "number" in self.fields and self.instance.criterion_id and self.instance.criterion.unit:
            # The admin shows help texts as HTML.
            self.fields["number"].help_text = format_html(gettext("In {unit}."), unit=self.instance.criterion.unit)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        lacking = "key" in self.fields and "key" not in self.errors and not data.get("key")
        if lacking and data.get("criterion") and data.get("statement"):
            data["key"] = proposed_key(data.get("framework"), data["criterion"], data["statement"])
            self.proposes_key = True
        if self.previewed:
            self.add_error(None, _("This is a preview. Nothing is saved yet."))
        return cleaned


class CitationForm(RememberingForm):
    class Meta:
        help_texts = help_texts.CITATION


def save_with_key(claim: Claim, save: Callable[[], Any]) -> None:
    """Save a new claim whose key was proposed; if somebody else has just taken that, with another one."""
    for _attempt in range(MOST_KEYS):
        try:
            with transaction.atomic():
                save()
            return
        except IntegrityError:
            if not Claim.objects.filter(key=claim.key).exists():
                raise
            claim.key = proposed_key(claim.framework, claim.criterion, claim.statement)
    save()


# ── The pages of the admin ───────────────────────────────────────────


class WritingAdmin(PagesAdmin):
    """The form of a claim, with its preview and with what leads from one claim to the next."""

    def page_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview_view)
        return [
            path("preview/", preview, name="comparisons_claim_preview"),
            *super().page_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """A part of a page: what the posted claim would look like and lead to. Writes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        pk = request.POST.get("preview_of", "")
        stored = Claim.objects.filter(pk=int(pk)).first() if re.fullmatch("[0-9]{1,18}", pk) else None
        context = {"preview": preview_of(*draft_of(request.POST, stored), timezone.localdate())}
        return TemplateResponse(request, "admin/comparisons/claim/_preview.html", context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        request.previewed = request.method == "POST" and "_preview" in request.POST  # type: ignore[attr-defined]
        if object_id is None:
            request.carried = self.carried(request)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **options)
        form.previewed = getattr(request, "previewed", False)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        obj = options.get("obj")
        if self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj):
            context["preview"] = self.first_preview(request, obj)
            context["previewed"] = getattr(request, "previewed", False)
        return super().render_change_form(request, context, *args, **options)

    def first_preview(self, request: HttpRequest, obj: Claim | None) -> Preview:
        """The preview that a form opens with: of what was sent, of what is stored, or of what was carried over."""
        if request.method == "POST":
            claim, citations = draft_of(request.POST, obj if obj and obj.pk else None)
        elif obj is not None:
            claim = Claim.objects.select_related("framework", "criterion__group", "level__criterion").get(pk=obj.pk)
            citations = list(claim.citations.select_related("article").order_by("pk"))
        else:
            claim, citations = draft_of(QueryDict(urlencode(self.get_changeform_initial_data(request))))
        return preview_of(claim, citations, timezone.localdate())

    # What one claim hands on to the next

    def carried(self, request: HttpRequest) -> dict[str, Any]:
        """What the address hands over to a new claim, each a row that there is; BadQuery if it cannot be used."""
        asked = CARRIED.read(request.GET)
        models: dict[str, Any] = {"article": Article, "framework": Framework, "criterion": Criterion}
        found: dict[str, Any] = {}
        for name, model in models.items():
            if asked[name]:
                if not model.objects.filter(pk=asked[name]).exists():
                    asked.refuse(name, [str(asked[name])], _("There is no such record."))
                found[name] = asked[name]
        return {**found, "locator": asked["locator"] or ""}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        carried = getattr(request, "carried", {})
        return {name: carried[name] for name in ("framework", "criterion") if name in carried}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        options: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        carried = getattr(request, "carried", {})
        if prefix == "citations" and "article" in carried:
            options["initial"] = [{"article": carried["article"], "locator": carried["locator"]}]
        return options

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return self.next_from_article(request, obj) or response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        return self.next_from_article(request, obj) or response

    def next_from_article(self, request: HttpRequest, claim: Claim) -> HttpResponse | None:
        """An empty form with the framework of this claim and the article and locator of its last citation."""
        if "_nextfromarticle" not in request.POST or not self.has_add_permission(request):
            return None
        citation = claim.citations.order_by("pk").last()
        handed = {"article": citation.article_id, "locator": citation.locator} if citation else {}
        handed |= {"framework": claim.framework_id} if claim.framework_id else {}
        address = reverse("admin:comparisons_claim_add")
        return HttpResponseRedirect(f"{address}?{urlencode({k: v for k, v in handed.items() if v})}")

    # Saving

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        if not change and form.proposes_key:
            save = super().save_model
            save_with_key(obj, lambda: save(request, obj, form, change))
        else:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or {"statement", "framework", "criterion"} & set(form.changed_data):
            tell_duplicates(request, form.instance)
