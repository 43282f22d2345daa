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

from comparisons import filters
from comparisons.admin.choices import hold
from comparisons.admin.forms import KEY_SENT
from comparisons.admin.pages import PageLink, say_hints
from comparisons.domain.vocabulary import ClaimKind
from comparisons.editing import steps
from comparisons.models import Article, Citation, Claim, Criterion, Framework, permissions, subject
from comparisons.models.base import is_web_address
from comparisons.search import terms

from .citing import CitingDesk, citations_in_review, known_claims, near
from .claim_preview import draft_of, preview_of
from .desk_forms import CellSelect, DeskCitationForm, DeskForm
from .threads import NoteThreads
from .writing import save_with_key, tell_duplicates

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


class ReadingDesk(CitingDesk, NoteThreads):
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

    def reading_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the desk; after a claim was added, redirect back to it. The number of queries is constant."""
        claims = self.claims
        if not (self.has_view_permission(request) and claims.has_view_permission(request)):
            raise PermissionDenied
        article = Article.objects.select_related("follows").filter(pk=pk).first() if pk < 2**63 else None
        if article is None:
            if (page := self.gone(request, str(pk))) is not None:
                return page
            raise Http404
        hold(request, article)
        may_add = claims.has_add_permission(request)
        if request.method == "POST" and not may_add:
            raise PermissionDenied
        params = DeskQuery.read(request.GET).params
        form = citation = None
        if may_add and request.method == "POST":
            data = _with_names(request.POST)
            if "_cite" in data:
                return self._cite(request, article, params, data)
            if "_find" in data:
                return self._desk(request, article, params, *self._kept(data), data)
            form, citation = self._sent(article, data)
            if form.is_valid() & citation.is_valid():
                return self._add(request, article, form, citation)
            return self._desk(request, article, params, form, citation, data)
        if may_add:
            form, citation = self._empty(params)
        return self._desk(request, article, params, form, citation)

    def _sent(self, article: Article, data: QueryDict) -> tuple[DeskForm, DeskCitationForm]:
        """The forms as they were sent to be added or previewed."""
        form_class: Any = DeskForm
        form = form_class(data, admin_site=self.admin_site)
        form.previewed = "_preview" in data
        statement = data.get("statement", "")
        return form, DeskCitationForm(data, statement=statement, instance=Citation(article=article))

    def _kept(self, data: QueryDict) -> tuple[DeskForm, DeskCitationForm]:
        """The forms with all that was typed, which is not looked at yet."""
        form_class: Any = DeskForm
        typed: dict[str, Any] = data.dict()
        for name in ("framework", "criterion"):
            typed[name] = typed.get(name, "") if KEY_SENT.fullmatch(typed.get(name, "")) else ""
        cited = {name: data.get(f"citations-0-{name}", "") for name in DeskCitationForm.Meta.fields}
        return form_class(initial=typed, admin_site=self.admin_site), DeskCitationForm(initial=cited)

    def _empty(self, params: dict[str, Any]) -> tuple[DeskForm, DeskCitationForm]:
        """Forms for the next claim, with what is kept of the one before."""
        form_class: Any = DeskForm
        kept: dict[str, Any] = {"kind": params["kind"] or ClaimKind.CAPABILITY.value}
        rows: dict[str, Any] = {"framework": Framework, "criterion": Criterion}
        for name, model in rows.items():
            if params[name] and model.objects.filter(pk=params[name]).exists():
                kept[name] = params[name]
        form = form_class(initial=kept, admin_site=self.admin_site)
        return form, DeskCitationForm(initial={"locator": params["locator"]})

    def _cite(self, request: HttpRequest, article: Article, params: dict[str, Any], data: QueryDict) -> HttpResponse:
        """Cite the article on the claim whose button was pressed. A claim that is typed meanwhile stays in the form."""
        done = self.cite_posted(request, article, data)
        form, kept = self._kept(data)
        if done.claim is None:
            return self._desk(request, article, params, form, done.form, data)
        text = gettext("Cited; it waits for review: {}") if done.waits else gettext("Cited: {}")
        messages.success(request, format_html(text, _link_to(done.claim)))
        if data.get("statement", "").strip() and not done.is_typed:
            data["find"] = ""
            return self._desk(request, article, {**params, "added": done.claim.pk}, form, kept, data)
        chosen = {name: getattr(done.draft, name) for name in ("framework_id", "criterion_id", "kind")}
        kept_values = {name.removesuffix("_id"): value for name, value in chosen.items()}
        return self._next(article, {**kept_values, "locator": done.form.instance.locator, "added": done.claim.pk})

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
        text = gettext("Added and sent to review: {}") if review else gettext("Added as a draft: {}")
        messages.success(request, format_html(text, _link_to(claim)))
        tell_duplicates(request, claim)
        say_hints(request, [form, cited])
        kept = {
            "framework": claim.framework_id, "criterion": claim.criterion_id, "kind": claim.kind,
            "locator": citation.locator, "added": claim.pk,
        }  # fmt: skip
        return self._next(article, kept)

    def _next(self, article: Article, kept: dict[str, Any]) -> HttpResponse:
        return HttpResponseRedirect(f"{desk_url(article.pk)}?{urlencode({k: v for k, v in kept.items() if v})}")

    def _desk(
        self,
        request: HttpRequest,
        article: Article,
        params: dict[str, Any],
        form: Any,
        cited: Any,
        data: QueryDict | None = None,
    ) -> HttpResponse:
        """The page. data: what was sent, names replaced by keys; None for a form that is opened anew."""
        drawn = Citation.objects.filter(article=article).order_by("pk")
        pages = Paginator(drawn.select_related("claim__framework", "claim__criterion", "claim__level"), ON_A_PAGE)
        page = pages.page(min(params["page"] or pages.num_pages, pages.num_pages))
        context: dict[str, Any] = {
            "article": article,
            "link": article.url if is_web_address(article.url) else "",
            "page": page,
            "pages": pages,
            "added": params["added"],
            "in_review": citations_in_review(article),
            "form": form,
            "cited": cited,
            "conditions": subject.conditions(),
            "may_review": request.user.has_perm(permissions.EDIT),
        }
        if form is not None:
            sent = QueryDict(urlencode(form.initial)) if data is None else data
            context["preview"] = preview_of(*draft_of(sent), timezone.localdate())
            context["known"] = known_claims(article, sent)
            context["near"] = near(article, form.repeats)
            context["may_cite"] = self.may_cite(request)
            context["names"] = {name: sent.get(f"{name}_name", "") for name in ("framework", "criterion")}
            context["find"] = sent.get("find", "")
            context["is_sent"] = data is not None
            context["previewed"] = form.previewed
            both = CellSelect(
                Claim._meta.get_field("criterion"), self.admin_site, reverse("admin:comparisons_article_cells")
            )
            context["both"] = both.render("both", None, {"id": "id_both"})
            context["media"] = self.media + form.media + forms.Media(js=["js/turns.js", "js/writing.js", "js/known.js"])
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


def _link_to(claim: Claim) -> Any:
    url = reverse("admin:comparisons_claim_change", args=[claim.pk])
    return format_html('<a href="{}">{}</a>', url, Truncator(claim).chars(80))


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
