"""The form of a claim: its preview, a proposed key, likely duplicates, and the next claim from the same article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
from comparisons.admin.forms import RememberingForm
from comparisons.admin.pages import PagesAdmin
from comparisons.domain.vocabulary import Status
from comparisons.editing.duplicates import SimilarClaim, likely, repeated
from comparisons.editing.keys import proposed_key
from comparisons.language.labels import label
from comparisons.models import Article, Claim, Criterion, Framework

from .claim_preview import Preview, draft_of, preview_of

#: How often a proposed key is replaced when somebody else has just taken it.
MOST_KEYS = 5


class CarriedQuery(filters.QueryForm):
    """What one claim passes on to the form of the next: primary keys, and the place in the article."""

    article = filters.PrimaryKeyField()
    framework = filters.PrimaryKeyField()
    criterion = filters.PrimaryKeyField()
    locator = filters.QueryField(empty="")


def tell_duplicates(request: HttpRequest, claim: Claim) -> None:
    """Warn that a claim that was just saved probably repeats others."""
    found = likely(claim)
    if found:
        head = ngettext(
            "It may say the same as an existing claim:",
            "It may say the same as existing claims:",
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
    """A claim whose key may be left empty; then one is proposed. A new one that repeats another is asked about first.

    previewed: set on the class for a form that is only previewed and not saved. repeats: the claims that a new one
    repeats nearly word by word, unless the editor has said that it is another.
    """

    previewed = False
    proposes_key = False
    repeats: Sequence[SimilarClaim] = ()

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
        if self.instance._state.adding and not self.previewed and not self.data.get("another"):
            self._ask_about_repeats()
        if self.previewed:
            self.tell(_("This is a preview. Nothing is saved yet."))
        return cleaned

    def _ask_about_repeats(self) -> None:
        data = self.cleaned_data
        if data.get("criterion") and data.get("statement"):
            about = {name: data.get(name) for name in ("framework", "criterion", "statement")}
            self.repeats = repeated(Claim(**about))
            if self.repeats:
                self.tell(_("Nothing is saved yet: a claim says nearly the same."))


class CitationForm(RememberingForm):
    class Meta:
        help_texts = help_texts.CITATION
        widgets = {"says": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}


def save_with_key(claim: Claim, save: Callable[[], Any]) -> None:
    """Save a new claim with its proposed key, or with another if somebody else has just taken that one."""
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
    """The form of a claim, with its preview and the button for the next claim from the same article."""

    def page_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview_view)
        return [
            path("preview/", preview, name="comparisons_claim_preview"),
            *super().page_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """A fragment of HTML: what the posted claim would look like and change. Writes nothing."""
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
        """The preview that a form opens with: of the posted claim, of the stored one, or of the values carried over."""
        if request.method == "POST":
            claim, citations = draft_of(request.POST, obj if obj and obj.pk else None)
        elif obj is not None:
            claim = Claim.objects.select_related("framework", "criterion__group", "level__criterion").get(pk=obj.pk)
            citations = list(claim.citations.select_related("article").order_by("pk"))
        else:
            claim, citations = draft_of(QueryDict(urlencode(self.get_changeform_initial_data(request))))
        return preview_of(claim, citations, timezone.localdate())

    # What one claim passes on to the next

    def carried(self, request: HttpRequest) -> dict[str, Any]:
        """The values for a new claim from the query string; BadQuery if one names a record that does not exist."""
        query = CarriedQuery.read(request.GET)
        models: dict[str, Any] = {"article": Article, "framework": Framework, "criterion": Criterion}
        found: dict[str, Any] = {}
        for name, model in models.items():
            if pk := query.params[name]:
                if not model.objects.filter(pk=pk).exists():
                    query.refuse(name, query.texts[name], _("There is no such record."))
                found[name] = pk
        return {**found, "locator": query.params["locator"]}

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

    def response_proposed(self, request: HttpRequest, row: Any, proposal: Any) -> HttpResponse:
        response: HttpResponse = super().response_proposed(request, row, proposal)  # type: ignore[misc]
        return self.next_from_article(request, row) or response

    def next_from_article(self, request: HttpRequest, claim: Claim) -> HttpResponse | None:
        """An empty form with the framework of this claim and the article and locator of its last citation."""
        if "_nextfromarticle" not in request.POST or not self.has_add_permission(request):
            return None
        citation = claim.citations.order_by("pk").last()
        passed_on = {"article": citation.article_id, "locator": citation.locator} if citation else {}
        passed_on |= {"framework": claim.framework_id} if claim.framework_id else {}
        address = reverse("admin:comparisons_claim_add")
        return HttpResponseRedirect(f"{address}?{urlencode({k: v for k, v in passed_on.items() if v})}")

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
