"""Two articles with one address are one witness, however the address is spelt."""

from __future__ import annotations

import pytest

from comparisons.evidence.assessing import Witnesses
from comparisons.models import Article, Cell
from comparisons.models.articles import same_address
from comparisons.models.base import address_key
from tests.factories import make_article, make_claim, make_criterion, make_framework, settle

SPELLINGS = {
    "https://example.org/page": "example.org/page",
    "http://www.Example.org/page/": "example.org/page",
    "https://example.org/page#part": "example.org/page",
    "https://example.org/page?utm_source=x": "example.org/page",
    "https://example.org/page?id=2&utm_medium=y": "example.org/page?id=2",
    "https://example.org/Page": "example.org/Page",
    "https://example.org/": "example.org",
    "": "",
    "javascript:alert(1)": "",
}


@pytest.mark.parametrize(("url", "key"), SPELLINGS.items())
def test_spellings_of_one_address_have_one_key(url: str, key: str) -> None:
    assert address_key(url) == key


@pytest.mark.django_db
def test_two_articles_with_one_address_are_one_witness() -> None:
    first = make_article("a", publisher="One", url="https://example.org/page")
    second = make_article("b", publisher="Two", url="http://www.example.org/page/")
    other = make_article("c", publisher="Three", url="https://example.org/other")
    witnesses = Witnesses()
    found = [witnesses.of(article.pk, article.publisher_id, article.slug) for article in (first, second, other)]
    assert found == ["One", "One", "Three"]
    assert list(same_address(first)) == [second]


@pytest.mark.django_db
def test_articles_without_an_address_are_witnesses_of_their_own() -> None:
    articles = [make_article(publisher=name) for name in ("One", "Two")]
    assert [Witnesses().of(a.pk, a.publisher_id, a.slug) for a in articles] == ["One", "Two"]
    assert not same_address(articles[0]).exists()


@pytest.mark.django_db
def test_an_article_that_follows_another_is_the_witness_of_that_one_whatever_its_address() -> None:
    origin = make_article(publisher="Origin")
    make_article("a", publisher="One", url="https://example.org/page")
    rewrite = make_article("b", publisher="Two", url="https://example.org/page", follows=origin)
    assert Witnesses().of(rewrite.pk, "Two", "b") == "Origin"


@pytest.mark.django_db(transaction=True)
def test_cells_follow_when_an_article_gets_the_address_of_another() -> None:
    one = make_article("a", publisher="One", url="https://example.org/page")
    two = make_article("b", publisher="Two", url="https://example.org/other")
    make_claim(make_framework(), make_criterion(), text="So", by=(one, two))
    assert Cell.objects.get().witnesses == 2
    two.url = one.url
    two.save()
    assert Cell.objects.get().witnesses == 1
    one.url = ""
    one.save()
    assert Cell.objects.get().witnesses == 2


@pytest.mark.django_db
def test_a_cell_counts_them_once() -> None:
    articles = tuple(make_article(url="https://example.org/page") for _ in range(3))
    make_claim(make_framework(), make_criterion(), text="So", by=articles)
    settle()
    assert (Cell.objects.get().agreement, Article.objects.count()) == ("single-source", 3)
