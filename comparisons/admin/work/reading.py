"""The reading desk: an article, the claims taken from it, and a short form for the next one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons import filters
from comparisons.admin import help_texts
from comparisons.admin.forms import RememberingForm
from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.domain.claim_fields import Part, names_of
from comparisons.domain.vocabulary import CONDITIONS, ClaimKind
from comparisons.editing import steps
from comparisons.models import Article, Citation, Claim, Criterion, Framework, Level, permissions
from comparisons.models.base import is_web_address
from comparisons.search import terms

from .claim_preview import draft_of, preview_of
from .writing import KeyedForm, save_with_key, tell_duplicates

#: Claims on a page of the desk; most words in a search for a cell; most records found by a word; most cells listed.
ON_A_PAGE, MOST_WORDS, MOST_FOUND, MOST_CELLS = 100, 6, 60, 30


class DeskQuery(filters.QueryForm):
    """What the desk keeps of the claim just added, and the page of claims that is shown."""

    framework = filters.PrimaryKeyField()
    criterion = filters.PrimaryKeyField()
    kind = filters.WordField(ClaimKind)
    locator = filters.QueryField(empty="")
    added = filters.PrimaryKeyField()
    page = filters.PrimaryKeyField()


class _CellSelect(AutocompleteSelect):
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
            field.widget = AutocompleteSelect(Claim._meta.get_field(name), admin_site, choices=choices)
            field.widget.is_required = field.required
        polarity: Any = self.fields["polarity"]
        polarity.choices = [choice for choice in polarity.choices if choice[0]]
        self.fields["key"].widget = forms.HiddenInput()
        self.fields["level"] = forms.ModelChoiceField(
            self._levels(), required=False, blank=True, widget=forms.RadioSelect, empty_label=NO_LEVEL, label=_("Level")
        )
        for name in (*CONDITIONS, "text"):
            self.fields[name].widget.attrs["class"] = "vTextField"

    def _levels(self) -> Any:
        """The levels of the chosen criterion, and the level that was sent, so that an error can name it."""
        chosen = self.data if self.is_bound else self.initial  # reading a bound field here would fix its present widget
        sent = {name: str(chosen.get(name) or "") for name in ("criterion", "level")}
        pks = {
            name: int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
            for name, value in sent.items()
        }
        return Level.objects.filter(Q(criterion=pks["criterion"]) | Q(pk=pks["level"])).order_by("order", "pk")


NO_LEVEL = _("None: it only argues")


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


class ReadingDesk(PagesAdmin):
    """Adds the reading desk to the pages of an article."""

    def page_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/read/", wrap(self.reading_view), name="comparisons_article_read"),
            path("cells/", wrap(self.cells_view), name="comparisons_article_cells"),
            *super().page_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: Any) -> list[PageLink]:
        return [PageLink(gettext("Read and add claims"), desk_url(obj.pk)), *super().object_links(request, obj)]

    @property
    def claims(self) -> Any:
        """The admin of claims, which knows who may add one and writes the log."""
        return self.admin_site.get_model_admin(Claim)

    def reading_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the desk; after a claim was added, redirect back to it. The number of queries is constant."""
        claims = self.claims
        if not (self.has_view_permission(request) and claims.has_view_permission(request)):
            raise PermissionDenied
        article = Article.objects.select_related("follows").filter(pk=pk).first() if pk < 2**63 else None
        if article is None:
            raise Http404
        may_add = claims.has_add_permission(request)
        if request.method == "POST" and not may_add:
            raise PermissionDenied
        params = DeskQuery.read(request.GET).params
        form = citation = None
        if may_add:
            form, citation = self._forms(request, article, params)
            if request.method == "POST" and form.is_valid() & citation.is_valid():
                return self._add(request, article, form, citation)
        return self._desk(request, article, params, form, citation)

    def _forms(
        self, request: HttpRequest, article: Article, params: dict[str, Any]
    ) -> tuple[DeskForm, DeskCitationForm]:
        form_class: Any = DeskForm
        if request.method == "POST":
            data = _with_names(request.POST)
            form = form_class(data, admin_site=self.admin_site)
            form.previewed = "_preview" in data
            statement = data.get("statement", "")
            cited = DeskCitationForm(data, statement=statement, instance=Citation(article=article))
            return form, cited
        kept: dict[str, Any] = {"kind": params["kind"] or ClaimKind.CAPABILITY.value}
        rows: dict[str, Any] = {"framework": Framework, "criterion": Criterion}
        for name, model in rows.items():
            if params[name] and model.objects.filter(pk=params[name]).exists():
                kept[name] = params[name]
        form = form_class(initial=kept, admin_site=self.admin_site)
        return form, DeskCitationForm(initial={"locator": params["locator"]})

    def _add(self, request: HttpRequest, article: Article, form: Any, cited: Any) -> HttpResponse:
        """Store the claim with its citation in one transaction, and redirect to an empty form."""
        claim, citation = form.instance, cited.instance
        review = "_review" in request.POST
        with transaction.atomic():
            claim.author = claim.written_by = request.user
            save_with_key(claim, claim.save)
            citation.claim = claim
            citation.save()
            self.claims.log_addition(request, claim, [{"added": {}}])
            if review:
                steps.send_to_review([claim], by=request.user)
        link = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:comparisons_claim_change", args=[claim.pk]),
            Truncator(claim).chars(80),
        )
        text = gettext("Added and sent to review: {}") if review else gettext("Added as a draft: {}")
        messages.success(request, format_html(text, link))
        tell_duplicates(request, claim)
        kept = {
            "framework": claim.framework_id, "criterion": claim.criterion_id, "kind": claim.kind,
            "locator": citation.locator, "added": claim.pk,
        }  # fmt: skip
        return HttpResponseRedirect(f"{desk_url(article.pk)}?{urlencode({k: v for k, v in kept.items() if v})}")

    def _desk(
        self, request: HttpRequest, article: Article, params: dict[str, Any], form: Any, cited: Any
    ) -> HttpResponse:
        drawn = Citation.objects.filter(article=article).order_by("pk")
        pages = Paginator(drawn.select_related("claim__framework", "claim__criterion", "claim__level"), ON_A_PAGE)
        page = pages.page(min(params["page"] or pages.num_pages, pages.num_pages))
        context: dict[str, Any] = {
            "article": article,
            "link": article.url if is_web_address(article.url) else "",
            "page": page,
            "pages": pages,
            "added": params["added"],
            "form": form,
            "cited": cited,
            "conditions": CONDITIONS,
            "may_review": request.user.has_perm(permissions.EDIT),
        }
        if form is not None:
            sent = form.data if form.is_bound else QueryDict(urlencode(form.initial))
            context["preview"] = preview_of(*draft_of(sent), timezone.localdate())
            context["previewed"] = form.previewed
            both = _CellSelect(
                Claim._meta.get_field("criterion"), self.admin_site, reverse("admin:comparisons_article_cells")
            )
            context["both"] = both.render("both", None, {"id": "id_both"})
            context["media"] = self.media + form.media + forms.Media(js=["js/writing.js"])
        title = gettext("Reading desk: %(article)s") % {"article": article.title}
        return self.page(request, "admin/comparisons/article/read.html", title, **context)

    def cells_view(self, request: HttpRequest) -> JsonResponse:
        """Cells whose names contain all the words typed, as JSON for an autocomplete."""
        if not self.claims.has_add_permission(request):
            raise PermissionDenied
        found = cells_named(request.GET.get("term", ""))
        return JsonResponse({"results": found, "pagination": {"more": False}})


def _with_names(sent: QueryDict) -> QueryDict:
    """A form sent without JavaScript, with the primary keys of the framework and the criterion that it names."""
    data = sent.copy()
    models: dict[str, Any] = {"framework": Framework, "criterion": Criterion}
    for field, model in models.items():
        name = data.get(f"{field}_name", "").replace("\0", "").strip()
        if name:
            row = model.objects.filter(Q(name__iexact=name) | Q(slug=name)).first()
            data[field] = str(row.pk) if row else "0"  # the key of no row, so the field reports it
    return data


def desk_url(pk: int) -> str:
    """The address of the reading desk of an article."""
    return reverse("admin:comparisons_article_read", args=[pk])


class _Named(NamedTuple):
    """A framework or a criterion, and which of the typed words are in its name."""

    pk: int | None
    name: str
    words: frozenset[str] = frozenset()


def cells_named(text: str) -> list[dict[str, Any]]:
    """Cells in which each word is part of the name of the framework or of the criterion; at most four queries.

    Words of frameworks alone give all criteria, and words of criteria alone give every framework and none in
    particular; cells that match in both names come first. No words give no cells.
    """
    words = list(dict.fromkeys(word.text for word in terms.scan(text[:200])))[:MOST_WORDS]
    if not words:
        return []
    whole = frozenset(words)
    frameworks, criteria = _named(Framework, words), _named(Criterion, words)
    if any(one.words == whole for one in frameworks):
        criteria += _all(Criterion, criteria)
    if any(one.words == whole for one in criteria):
        frameworks += [_Named(None, gettext("No framework in particular")), *_all(Framework, frameworks)]
    pairs = [(f, c) for f, c in itertools.product(frameworks, criteria) if f.words | c.words == whole]
    pairs.sort(key=lambda pair: not (pair[0].words and pair[1].words))
    return [
        {
            "id": f"{framework.pk or ''}:{criterion.pk}",
            "text": f"{framework.name}: {criterion.name}",
            "framework": [framework.pk, framework.name] if framework.pk else None,
            "criterion": [criterion.pk, criterion.name],
        }
        for framework, criterion in pairs[:MOST_CELLS]
    ]


def _named(model: Any, words: Sequence[str]) -> list[_Named]:
    """Records with any of these words in their name, each with those words."""
    any_of = reduce(or_, (Q(name__icontains=word) for word in words))
    rows = model.objects.filter(any_of).values_list("pk", "name")[:MOST_FOUND]
    return [_Named(pk, name, _within(words, name)) for pk, name in rows]


def _within(words: Sequence[str], name: str) -> frozenset[str]:
    folded = " ".join(word.text for word in terms.scan(name))
    return frozenset(word for word in words if word in folded)


def _all(model: Any, but: Sequence[_Named]) -> list[_Named]:
    """The first records in their order, except those found already."""
    rows = model.objects.exclude(pk__in=[one.pk for one in but]).values_list("pk", "name")[:MOST_FOUND]
    return [_Named(pk, name) for pk, name in rows]
