"""Metadata in the head of a page, for programs."""

from __future__ import annotations

import html
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.matrix import Matrix
from comparisons.language import markdown
from comparisons.models import Article, Claim, subject
from comparisons.views import cards, linked_data

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The content of a block of the page, rendered again: the title is also the title of link previews."""
    block: SafeString = context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)
    return block


@register.simple_tag
def site_name() -> str:
    """The name of the site as far as it is known without a query; "" if it is not."""
    return subject.known_name()


@register.inclusion_tag("comparisons/_share_image.html")
def share_image(kind: str, *slugs: str) -> dict[str, str]:
    """The picture that previews show for a page. kind: one of `card_comparisons.CONTENT`; "site" has no slugs.

    Pages name none where pictures cannot be made into PNG, since most previews show nothing else.
    """
    if not cards.can_rasterise():
        return {}
    return {"address": linked_data.absolute(reverse(f"comparisons:card_{kind}", args=slugs))}


@register.simple_tag
def picture_address(kind: str, *slugs: str) -> str:
    """The absolute address of the picture of a page; "" where pictures cannot be made into PNG."""
    return share_image(kind, *filter(None, slugs)).get("address", "")


@register.simple_tag
def article_data(article: Article) -> SafeString:
    """A source as linked data in the vocabulary of schema.org."""
    return markdown.json_ld(linked_data.of_article(article, linked_data.absolute(article.get_absolute_url())))


@register.simple_tag
def claim_data(claim: Claim) -> SafeString:
    """A claim and its fact check as linked data in the vocabulary of schema.org, from its prefetched citations."""
    page = linked_data.absolute(claim.get_absolute_url())
    review = linked_data.review_of(claim, page)
    found = markdown.json_ld(linked_data.of_claim(claim, page))
    return found if review is None else found + markdown.json_ld(review)


@register.inclusion_tag("comparisons/_crumbs.html", takes_context=True)
def crumbs(context: Context, *parts: Any) -> dict[str, Any]:
    """The way from the front page to this one, as links and as linked data.

    parts: the name and the path of each page between them, then the name of this page.
    """
    *between, here = [str(part) for part in parts]
    way = [(str(_("Home")), reverse("comparisons:home")), *zip(between[::2], between[1::2], strict=True)]
    path = context["request"].path
    return {"way": way, "here": here, "data": markdown.json_ld(linked_data.breadcrumbs(*way, (here, path)))}


@register.simple_tag(takes_context=True)
def trail(context: Context) -> str:
    """The way from the front page to a page of no single record as linked data, by its title; "" for all others.

    Pages of records show their way and have it as linked data there: see `crumbs`.
    """
    request = context["request"]
    home, match = reverse("comparisons:home"), request.resolver_match
    if match is None or match.kwargs or request.path == home:
        return ""
    title = html.unescape(str(again(context, "title")))
    return markdown.json_ld(linked_data.breadcrumbs((str(_("Home")), home), (title, request.path)))


@register.simple_tag
def matrix_data(matrix: Matrix, title: Any, text: Any, page: str) -> SafeString:
    """A matrix as a Dataset in the vocabulary of schema.org."""
    names = [column.name for column, _span in matrix.frameworks]
    criteria = [row.criterion.name for row in matrix.rows]
    return markdown.json_ld(linked_data.of_matrix(str(title), str(text), page, names, criteria))
