"""Publishers are records that readers can tell apart, under every name that they have or had."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from comparisons.models import Article, Publisher, PublisherAlias
from comparisons.models.publishers import KnownPublishers, present_name, publisher_of
from tests.factories import make_article, make_publisher, make_publisher_alias

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Any:
    make_publisher_alias("Acme Books", "Acme Ltd")
    return Publisher.objects.get()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ACME ltd", "cannot tell “ACME ltd” from the publisher “Acme Ltd”"),
        ("acme\u200b books", "is an alias of the publisher “Acme Ltd”"),
        ("\u200f", "Nothing of this name is seen"),
    ],
)
def test_a_publisher_takes_no_name_that_means_another(acme: Any, name: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Publisher(name=name).validate_unique()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ACME ltd", "from the name of the publisher “Acme Ltd”"),
        ("ACME Books", "is an alias of the publisher “Acme Ltd” already"),
        ("\u2800", "Nothing of this name is seen"),
    ],
)
def test_an_alias_means_one_publisher_only(acme: Any, name: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PublisherAlias(publisher=make_publisher("Other"), name=name).clean()


@pytest.mark.crossing
def test_the_database_keeps_names_and_aliases_apart_from_any_writer(acme: Any) -> None:
    other = make_publisher("Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Publisher.objects.filter(pk=other.pk).update(name="ACME LTD")
    with pytest.raises(IntegrityError), transaction.atomic():
        PublisherAlias(publisher=other, name="ACME BOOKS").save()


@pytest.mark.parametrize("text", ["Acme Ltd", "acme\u2060 LTD", "ACME Books", "Acme\u202e Books"])
def test_a_publisher_is_found_by_all_that_looks_like_one_of_its_names(acme: Any, text: str) -> None:
    assert publisher_of(text) == acme
    assert KnownPublishers().find(text) == present_name(text) == "Acme Ltd"


def test_a_name_that_nobody_has_is_no_publisher(acme: Any) -> None:
    assert publisher_of("Acme") is KnownPublishers().find("Acme") is None
    assert (present_name("Acme"), present_name(""), present_name(None)) == ("Acme", None, None)


@pytest.mark.parametrize(("text", "name"), [("ACME BOOKS", "Acme Ltd"), ("New Press", "New Press"), ("\u200f", "")])
def test_a_raw_save_finds_the_publisher_that_it_means_or_makes_it(acme: Any, text: str, name: str) -> None:
    article = make_article("one", publisher="Acme Ltd")
    article.publisher_id = text
    (record,) = serializers.deserialize("json", serializers.serialize("json", [article]))
    record.save()
    assert Article.objects.get().publisher_name == name


@pytest.mark.crossing
def test_the_name_stands_in_the_article_itself(acme: Any, django_assert_num_queries: Any) -> None:
    make_article("one", publisher="Acme Ltd")
    make_article("two", publisher="")
    with django_assert_num_queries(1) as queries:
        assert list(Article.objects.order_by("slug").values_list("publisher", flat=True)) == ["Acme Ltd", None]
    assert "comparisons_publisher" not in queries[0]["sql"]
    with django_assert_num_queries(1):
        assert [article.publisher_name for article in Article.objects.order_by("slug")] == ["Acme Ltd", ""]


def test_a_publisher_of_articles_is_not_deleted(acme: Any) -> None:
    make_article(publisher="Acme Ltd")
    with pytest.raises(ProtectedError):
        acme.delete()
