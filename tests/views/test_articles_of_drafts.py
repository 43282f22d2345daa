"""An article that only hidden claims cite is public nowhere; it appears with the first of them that is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comparisons.models import Article, Citation, Claim, Release, SearchEntry
from comparisons.pros_cons.catalogue import Catalogue
from comparisons.search import index
from tests.factories import (
    NOON,
    make_article,
    make_benchmark,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_release,
    settle,
)

pytestmark = pytest.mark.django_db

LISTS = ("/articles/", "/search/?q=zebrafish", "/sitemap-articles.xml", "/pros-cons/", "/articles/zebrafis/", "/")
HIDDEN: list[dict[str, Any]] = [
    {"status": "draft", "published_at": None},
    {"status": "in-review", "published_at": None},
    {"status": "withdrawn", "published_at": NOON, "withdrawn_at": NOON, "withdrawal_reason": "No."},
]


def cited_by(**fields: Any) -> tuple[Article, Claim]:
    article = make_article("zebrafish", title="All about zebrafish")
    claim = make_claim(make_framework("fish"), make_criterion("water"), by=(), **fields)
    make_citation(claim, article)
    settle()
    index.rebuild()
    return article, claim


def hide_framework(claim: Claim) -> None:
    type(claim.framework).objects.filter(pk=claim.framework_id).update(is_draft=True)


def shown() -> list[str]:
    """The pages that name the article or have it as their subject."""
    client = Client()
    own = [
        path for path in ("/articles/zebrafish/", "/matrix/?article=zebrafish") if client.get(path).status_code == 200
    ]
    return own + [
        path
        for path in LISTS
        if "about zebrafish" in client.get(path).content.decode().replace("<mark>", "")
        or "articles/zebrafish/" in client.get(path).content.decode()
    ]


@pytest.mark.parametrize("state", HIDDEN, ids=lambda state: state["status"])
def test_an_article_that_only_hidden_claims_cite_is_on_no_page(state: dict[str, Any]) -> None:
    cited_by(**state)
    assert shown() == []
    assert "zebrafish" not in {record.slug for record in Catalogue.read().articles}
    assert not SearchEntry.objects.filter(title__contains="zebrafish").exists()


def test_an_article_of_a_draft_framework_is_hidden_with_it() -> None:
    _article, claim = cited_by()
    assert {"/articles/zebrafish/", "/articles/", "/search/?q=zebrafish"} <= set(shown())
    hide_framework(claim)
    assert not Article.objects.published().exists()


def test_what_hidden_records_alone_name_is_hidden_however_they_name_it() -> None:
    """By a verdict, by a release, and by articles that follow one another and are hidden themselves."""
    article, claim = cited_by()
    verdict, release = make_article("ruled"), make_article("released")
    claim.verdict_articles.add(verdict)
    make_release(claim.framework, "1.0").articles.add(release)
    draft = make_claim(make_framework("newt"), claim.criterion, key="draft", by=(), status="draft", published_at=None)
    make_citation(draft, make_article("rewrite", follows=article))
    assert Article.objects.published().count() == 3
    hide_framework(claim)
    assert not Article.objects.published().exists()


@pytest.mark.django_db(transaction=True)
def test_an_article_that_only_the_benchmark_of_a_draft_names_is_hidden_until_that_is_published() -> None:
    article = make_article("zebrafish", title="All about zebrafish")
    speed = make_criterion("speed", value_type="number", is_draft=True)
    make_benchmark("swim", criterion=speed, article=article)
    entry = SearchEntry.objects.filter(title__contains="zebrafish")
    assert shown() == [] and not entry.exists()
    speed.is_draft = False
    speed.save()
    assert "/articles/zebrafish/" in shown() and entry.exists()
    assert list(index.stale()) == []


@pytest.mark.parametrize("named", ["nothing", "release", "follower", "verdict"])
def test_an_article_that_is_named_elsewhere_stays_public(named: str) -> None:
    article, claim = cited_by(status="draft", published_at=None)
    if named == "release":
        release: Release = make_release(claim.framework, "1.0")
        release.articles.add(article)
    elif named == "follower":
        make_article("another", follows=article)
    elif named == "verdict":
        make_claim(claim.framework, claim.criterion, key="public").verdict_articles.add(article)
    assert Article.objects.published().filter(pk=article.pk).exists() == (named != "nothing")


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_an_article_once_a_claim_that_cites_it_is_published() -> None:
    _article, claim = cited_by(status="draft", published_at=None)
    entry = SearchEntry.objects.filter(title__contains="zebrafish")
    assert not entry.exists()
    Claim.objects.filter(pk=claim.pk).update(status="published", published_at=NOON)
    assert entry.exists()
    claim.framework.is_draft = True
    claim.framework.save()
    assert not entry.exists()
    assert list(index.stale()) == []


@pytest.mark.django_db(transaction=True)
def test_the_search_forgets_an_article_once_a_draft_alone_cites_it() -> None:
    """And what it follows, if drafts alone cite that too."""
    article = make_article("zebrafish", title="All about zebrafish")
    rewrite = make_article("rewrite", title="A rewrite about zebrafish", follows=article)
    entries = SearchEntry.objects.filter(title__contains="zebrafish")
    assert entries.count() == 2
    claim = make_claim(make_framework("fish"), make_criterion("water"), by=(), status="draft", published_at=None)
    make_citation(claim, article)
    assert entries.count() == 2, "an article that readers see follows it"
    make_citation(claim, rewrite)
    assert not entries.exists()
    assert list(index.stale()) == []
    Citation.objects.all().delete()
    assert entries.count() == 2
