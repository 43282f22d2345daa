"""Sources: all of them, and one with everything that was drawn from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import Agreement, ArticleKind, Interest, Stance, Status, Verdict
from comparisons.models import Article, Cell, Citation, Claim
from comparisons.models.base import is_web_address

from .matrix import Window

#: Articles, and statements of one article, on a page; articles named as followers.
SIZE, DRAWN, FOLLOWERS = 50, 40, 20

ARTICLES = filters.Schema(
    filters.Parameter("kind", filters.one_of(*ArticleKind)),
    filters.Parameter("interest", filters.one_of(*Interest)),
    filters.Parameter("page", filters.whole(1, 10_000)),
    paging=("page",),
)
ARTICLE = filters.Schema(filters.Parameter("page", filters.whole(1, 10_000)), paging=("page",))


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """All sources by title, a page at a time; three queries."""
    asked = ARTICLES.read(request.GET)
    counts = _facets(asked)
    window = Window.of(counts["found"], SIZE, asked["page"] or 1)
    found = {name: asked[name] for name in ("kind", "interest") if asked[name]}
    articles = list(Article.objects.filter(**found).order_by("title", "slug")[max(0, window.first - 1) : window.last])
    published = Count("claim", distinct=True, filter=Q(claim__status=Status.PUBLISHED))
    drawn = dict(
        Citation.objects.filter(article__in=articles).order_by().values_list("article").annotate(found=published)
    )
    context = {
        "section": "articles",
        "asked": asked,
        "counts": counts,
        "window": window,
        "articles": [(article, drawn.get(article.pk, 0)) for article in articles],
    }
    return render(request, "comparisons/article_list.html", context)


def _facets(asked: filters.Query) -> dict[str, Any]:
    """Articles of each kind and interest, each beside what the other filter leaves; one query."""
    kinds, interests, found = dict.fromkeys(map(str, ArticleKind), 0), dict.fromkeys(map(str, Interest), 0), 0
    rows = Article.objects.order_by().values_list("kind", "interest").annotate(Count("pk"))
    for kind, interest, number in rows:
        fits_kind, fits_interest = asked["kind"] in (None, kind), asked["interest"] in (None, interest)
        kinds[kind] += number * fits_interest
        interests[interest] += number * fits_kind
        found += number * (fits_kind and fits_interest)
    return {"kinds": kinds, "interests": interests, "found": found}


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it is, its track record, and a page of what was drawn from it; at most six queries."""
    asked = ARTICLE.read(request.GET)
    source = get_object_or_404(Article.objects.select_related("follows"), slug=slug)
    claims = Claim.objects.published().filter(Exists(Citation.objects.filter(claim=OuterRef("pk"), article=source)))
    citations = Citation.objects.filter(article=source, claim__status=Status.PUBLISHED)
    facts = _facts(source, claims)
    window = Window.of(citations.count(), DRAWN, asked["page"] or 1)
    drawn = (
        citations.select_related("claim__framework", "claim__criterion")
        .annotate(in_dispute=_in_dispute("claim__framework", "claim__criterion"))
        .order_by(
            "claim__criterion__group__order", "claim__criterion__order", "claim__framework__order", "claim__key", "pk"
        )
    )
    context = {
        "section": "articles",
        "asked": asked,
        "article": source,
        "host": urlsplit(source.url).hostname if is_web_address(source.url) else "",
        "followers": source.followed_by.order_by("title")[:FOLLOWERS],
        "facts": facts,
        "record": _record(source, claims),
        "window": window,
        "drawn": drawn[max(0, window.first - 1) : window.last],
    }
    return render(request, "comparisons/article.html", context)


def _in_dispute(framework: str, criterion: str) -> Exists:
    cells = Cell.objects.filter(framework=OuterRef(framework), criterion=OuterRef(criterion))
    return Exists(cells.filter(agreement=Agreement.DISPUTED))


def _facts(source: Article, claims: Any) -> dict[str, int]:
    """How many claims were drawn, how many others cite them too, how many stand in disputed cells; one query."""
    others = Exists(Citation.objects.filter(claim=OuterRef("pk")).exclude(article=source))
    return claims.annotate(elsewhere=others, in_dispute=_in_dispute("framework", "criterion")).aggregate(
        drawn=Count("pk"),
        shared=Count("pk", filter=Q(elsewhere=True)),
        alone=Count("pk", filter=Q(elsewhere=False)),
        disputed=Count("pk", filter=Q(in_dispute=True)),
    )


def _record(source: Article, claims: Any) -> dict[str, Any]:
    """The verdicts on the claims this source supports, in the order of the closed list; one query."""
    backed = Citation.objects.filter(claim=OuterRef("pk"), article=source, stance=Stance.SUPPORTS)
    found = dict(claims.filter(Exists(backed)).order_by().values_list("verdict").annotate(Count("pk")))
    total = sum(found.values())
    verdicts = [
        {"word": word.value, "count": found[word], "share": round(100 * found[word] / total)}
        for word in Verdict
        if found.get(word)
    ]
    return {"total": total, "verdicts": verdicts}
