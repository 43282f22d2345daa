"""Sources: the list, and the page of one with the claims that were drawn from it."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import Agreement, Stance, Verdict
from comparisons.evidence.challenges import objections_to
from comparisons.models import Article, Cell, Citation, Claim, remembered
from comparisons.models.base import is_web_address
from comparisons.models.claims import visible
from comparisons.models.proposals import under_review_since
from comparisons.models.ranking import by_verdict
from comparisons.pros_cons import current

from .drawn_page import drawn_page
from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context
from .sheets import claims as claims_sheet
from .sheets import records
from .takeaway import answer, size

#: Articles on a page of the list, citations on a page of one article, and articles named that follow it.
SIZE, DRAWN, FOLLOWERS = 50, 40, 20


@kept(filters.ArticleFilter)
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """All sources by title, a page at a time; four queries."""
    query = filters.ArticleFilter.form_of(request.GET)

    def build() -> dict[str, Any]:
        found = filters.ArticleFilter.read(request.GET)
        paging = Paging.of(found.total, size(found.form, SIZE), found.params["page"])
        return {
            "query": found.form,
            "section": "articles",
            "facets": [found.facet(name) for name in found.counted],
            "paging": paging,
            "articles": (articles := list(found.at(paging.first, paging.last))),
            "keys": [article.pk for article in articles],
        }

    context = remembered_context(article_list, query, build, sealed=("articles", "facets"))
    # Counted from the sets of the pros and cons: the query would read every claim of these sources.
    sets = current.index(timezone.localdate()).claim_sets
    context["drawn"] = [len(sets.of("article", key)) for key in context["keys"]]
    return answer(request, "comparisons/article_list.html", context, records.article_list_sheet, drawn_page)


@kept(filters.PageForm)
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it is, its track record, and a page of what was drawn from it; at most seven queries."""
    query = filters.PageForm.read(request.GET)

    def build() -> dict[str, Any]:
        source = remembered.of(_source, slug)
        citations = Citation.objects.filter(visible("claim__"), article=source)
        paging = Paging.of(citations.count(), size(query, DRAWN), query.params["page"])
        drawn = (
            citations.select_related("claim__framework", "claim__criterion")
            .annotate(in_dispute=_in_dispute("claim__framework", "claim__criterion"))
            .order_by(
                *("claim__criterion__group__order", "claim__criterion__order", by_verdict("claim__verdict")),
                *("claim__framework__order", "claim__key", "pk"),
            )
        )
        return {
            "section": "articles",
            "article": source,
            "host": urlsplit(source.url).hostname if is_web_address(source.url) else "",
            "objections": remembered.made((article, "objections", source.pk), partial(objections_to, source)),
            "followers": remembered.of(_followers, source.pk),
            "facts": remembered.of(_facts, source.pk),
            "record": remembered.of(_record, source.pk),
            "paging": paging,
            "drawn": paging.cut(drawn),
        }

    context = remembered_context(article, query, build, slug)
    return answer(request, "comparisons/article.html", context, claims_sheet.article_sheet, drawn_page)


def _source(slug: str) -> Article:
    """A source that readers see; one query. Raises Http404."""
    articles = Article.objects.published().select_related("follows")
    source: Article = get_object_or_404(
        articles.annotate(review_since=Subquery(under_review_since(Article))), slug=slug
    )
    return source


def _followers(source: int) -> list[Article]:
    """The first of the sources that follow one; one query."""
    return list(Article.objects.published().filter(follows=source).order_by("title")[:FOLLOWERS])


def _citing(citations: QuerySet[Citation]) -> QuerySet[Claim]:
    """Published claims with one of these citations, found from these: from the claims, all of them would be read."""
    return Claim.objects.published().filter(pk__in=citations.order_by().values("claim"))


def _in_dispute(framework: str, criterion: str) -> Exists:
    cells = Cell.objects.filter(framework=OuterRef(framework), criterion=OuterRef(criterion))
    return Exists(cells.filter(agreement=Agreement.DISPUTED))


def _facts(source: int) -> dict[str, int]:
    """How many claims cite this source, how many of them cite others too, and how many are in dispute; one query."""
    claims = _citing(Citation.objects.filter(article=source))
    others = Exists(Citation.objects.filter(claim=OuterRef("pk")).exclude(article=source))
    found = claims.annotate(elsewhere=others, in_dispute=_in_dispute("framework", "criterion"))
    return found.aggregate(
        drawn=Count("pk"),
        shared=Count("pk", filter=Q(elsewhere=True)),
        alone=Count("pk", filter=Q(elsewhere=False)),
        disputed=Count("pk", filter=Q(in_dispute=True)),
    )


def _record(source: int) -> dict[str, Any]:
    """The verdicts on the claims this source supports, in the order of `Verdict`; one query."""
    claims = _citing(Citation.objects.filter(article=source, stance=Stance.SUPPORTS))
    found = dict(claims.order_by().values_list("verdict").annotate(Count("pk")))
    total = sum(found.values())
    verdicts = [
        {"word": word.value, "count": found[word], "share": round(100 * found[word] / total)}
        for word in Verdict
        if found.get(word)
    ]
    return {"total": total, "verdicts": verdicts}
