"""Descriptions of pages in the vocabulary of schema.org. Addresses are absolute and begin with SITE_URL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.defaultfilters import date as format_date

from comparisons.domain.vocabulary import ArticleKind, Precision, Stance, Verdict
from comparisons.language import labels
from comparisons.language.markdown import plain
from comparisons.models import Article, Claim, subject
from comparisons.models.base import is_web_address

CONTEXT = "https://schema.org"
#: Kinds of source for which schema.org has a type of its own.
_TYPES = {
    ArticleKind.OFFICIAL_DOCUMENTATION: "TechArticle",
    ArticleKind.RELEASE_NOTES: "TechArticle",
    ArticleKind.REPOSITORY: "SoftwareSourceCode",
    ArticleKind.MEASUREMENT: "Dataset",
    ArticleKind.SURVEY: "Dataset",
    ArticleKind.BENCHMARK: "Dataset",
    ArticleKind.THREAD: "DiscussionForumPosting",
    ArticleKind.TALK: "CreativeWork",
}
_SHAPES = {Precision.YEAR: "Y", Precision.MONTH: "Y-m"}


def absolute(path: str) -> str:
    """The absolute address of a path of this site."""
    return settings.SITE_URL + path


def site() -> dict[str, Any]:
    """The publisher of this site."""
    return {"@type": "Organization", "name": subject.current().name, "url": absolute("/")}


def work(article: Article) -> dict[str, Any]:
    """A source: its title, author, date and address. Unknown properties are left out."""
    found: dict[str, Any] = {"@type": _TYPES.get(ArticleKind(article.kind), "Article")}
    found |= (
        {"name": article.title, "headline": article.title} if _is_article(found["@type"]) else {"name": article.title}
    )
    if article.author:
        found["author"] = {"@type": "Person", "name": article.author}
    if article.publisher_name:
        found["publisher"] = {"@type": "Organization", "name": article.publisher_name}
        found.setdefault("author", found["publisher"])
    if article.published_on:
        found["datePublished"] = format_date(article.published_on, _SHAPES.get(Precision(article.precision), "Y-m-d"))
    if is_web_address(article.url):
        found["url"] = article.url
    if is_web_address(article.archive_url):
        found["archivedAt"] = article.archive_url
    return found


def _is_article(kind: str) -> bool:
    return kind.endswith("Article") or kind == "DiscussionForumPosting"


def of_article(article: Article, page: str) -> dict[str, Any]:
    """The page of a source, which is a page about somebody else's work. page: its address."""
    about = {**work(article), "subjectOf": {"@type": "WebPage", "@id": page, "publisher": site()}}
    return {"@context": CONTEXT, **about}


def of_claim(claim: Claim, page: str) -> dict[str, Any]:
    """A claim, who makes it, and where it appears. Its citations have to be prefetched."""
    works = [work(citation.article) for citation in claim.citations.all() if citation.stance == Stance.SUPPORTS]
    authors = [found["author"] for found in works if "author" in found]
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Claim",
        "@id": page,
        "url": page,
        "text": plain(claim.statement),
        "datePublished": claim.published_at.date().isoformat() if claim.published_at else None,
        "claimInterpreter": site(),
        "appearance": works,
        "author": [author for at, author in enumerate(authors) if author not in authors[:at]],
        "license": subject.current().text_licence_url,
    }
    if claim.framework:
        about = {"@type": subject.current().schema_type, "name": claim.framework.name}
        found["about"] = {**about, "url": absolute(claim.framework.get_absolute_url())}
    return {name: value for name, value in found.items() if value}


#: What a fact check found, on a scale from 1, refuted, to 5, borne out. The others are no finding about truth.
_RATINGS = {Verdict.HOLDS: 5, Verdict.OUTDATED: 2, Verdict.WRONG: 1}


def review_of(claim: Claim, page: str) -> dict[str, Any] | None:
    """The fact check of a claim; None before there is one. Its citations have to be prefetched.

    Source: https://schema.org/ClaimReview. A rating has a value only where the check found the claim true or not.
    """
    if claim.verdict == Verdict.UNCHECKED:
        return None
    word = Verdict(claim.verdict)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": str(labels.label(word))}
    if word in _RATINGS:
        rating |= {"ratingValue": _RATINGS[word], "bestRating": 5, "worstRating": 1}
    about = of_claim(claim, page)
    shown = ("@type", "@id", "text", "author", "appearance")
    found = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "@id": page + "#fact-check",
        "url": page,
        "claimReviewed": plain(claim.statement),
        "author": site(),
        "datePublished": claim.verdict_on.isoformat() if claim.verdict_on else None,
        "reviewRating": rating,
        "reviewBody": plain(claim.verdict_note),
        "itemReviewed": {name: about[name] for name in shown if name in about},
        "license": subject.current().text_licence_url,
    }
    return {name: value for name, value in found.items() if name != "license" or value}


def breadcrumbs(*parts: tuple[str, str]) -> dict[str, Any]:
    """The way from the front page to a page: (name, path) pairs, the page itself last."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": absolute(path)}
            for at, (name, path) in enumerate(parts, start=1)
        ],
    }


def of_matrix(title: str, text: str, page: str, names: Iterable[str], criteria: Iterable[str]) -> dict[str, Any]:
    """A matrix as a set of data: frameworks by criteria."""
    here = subject.current()
    found = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": title,
        "description": text[:5000],
        "license": here.text_licence_url,
        "isAccessibleForFree": True,
        "creator": site(),
        "about": [{"@type": here.schema_type, "name": name} for name in names],
        "variableMeasured": list(criteria),
    }
    return {name: value for name, value in found.items() if name != "license" or value}
