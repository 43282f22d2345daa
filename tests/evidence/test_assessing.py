"""Rows become statements: witnesses, values, and the claims that are left out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparisons.domain.assessment import assess
from comparisons.domain.statements import Decision, Number
from comparisons.evidence import assessing
from comparisons.evidence.rechecks import feature_releases
from comparisons.models import Article, Citation, Claim, Ruling
from tests.factories import (
    DAY,
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_release,
    make_ruling,
)
from tests.worlds import make_world

pytestmark = pytest.mark.django_db


def witnesses() -> dict[str, str]:
    """The witness behind each article, by slug."""
    names = assessing.Witnesses()
    return {a.slug: names.of(a.pk, a.publisher_id, a.slug) for a in Article.objects.all()}


def test_articles_of_one_publisher_are_one_witness():
    make_article("one", publisher="Pallets")
    make_article("two", publisher="Pallets")
    assert witnesses() == {"one": "Pallets", "two": "Pallets"}


def test_an_article_without_publisher_is_a_witness_of_its_own():
    make_article("one", publisher="")
    make_article("two", publisher="")
    assert witnesses() == {"one": "one", "two": "two"}


@pytest.mark.parametrize("publisher", ["Pallets", ""])
def test_a_chain_of_rewrites_is_the_witness_at_its_origin(publisher):
    article = make_article("origin", publisher=publisher)
    for slug in ("second", "third", "fourth"):
        article = make_article(slug, follows=article)
    assert set(witnesses().values()) == {publisher or "origin"}


def circle(*slugs: str) -> list[Article]:
    """Articles each of which follows the next one, and the last the first; saved without validation."""
    made = [make_article(slug) for slug in slugs]
    for article, after in zip(made, [*made[1:], made[0]], strict=True):
        Article.objects.filter(pk=article.pk).update(follows=after)
    return made


def test_a_circle_of_articles_is_one_witness():
    circle("c", "b", "d")
    assert set(witnesses().values()) == {"circle of b"}


def test_an_article_that_follows_into_a_circle_is_no_further_witness():
    first, *_rest = circle("c", "b")
    make_article("a", follows=first)
    make_article("z", follows=make_article("y", follows=first))
    assert set(witnesses().values()) == {"circle of b"}


def test_witnesses_take_one_query_whatever_the_length_of_a_chain(django_assert_num_queries):
    article = make_article()
    for _ in range(5):
        article = make_article(follows=article)
    with django_assert_num_queries(1):
        assessing.Witnesses().of(article.pk, article.publisher_id, article.slug)


@given(st.integers(0, 3), st.sampled_from(["", "Somebody", "Publisher of free"]), st.sampled_from(["claim", "rival"]))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_rewrite_of_an_article_adds_no_witness(world: Any, place: int, publisher: str, key: str):
    """A new article that follows one which is cited, cited in turn for the same claim with the same stance."""
    claim = Claim.objects.get(key=key)
    cited = list(claim.citations.order_by("pk"))
    citation = cited[place % len(cited)]
    before = found(claim)
    rewrite = make_article(follows=citation.article, publisher=publisher)
    added = make_citation(claim, rewrite, citation.stance)
    assert (found(claim).counts, found(claim).witnesses) == (before.counts, before.witnesses)
    added.delete()


@pytest.fixture
def world(db: None) -> Any:
    return make_world()


def found(claim: Claim) -> Any:
    here = Citation.objects.filter(claim__framework=claim.framework, claim__criterion=claim.criterion)
    (claims,) = assessing.statements(here, assessing.Witnesses()).values()
    return assess(claims)


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_a_claim_that_is_not_published_reaches_no_assessment(status):
    withdrawal = {"withdrawn_at": f"{DAY}T00:00Z", "withdrawal_reason": "Misread."} if status == "withdrawn" else {}
    make_claim(status=status, **withdrawal)
    assert assessing.statements(Citation.objects.all(), assessing.Witnesses()) == {}


def test_a_claim_about_no_framework_has_no_cell():
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    assert assessing.statements(Citation.objects.all(), assessing.Witnesses()) == {}


VALUES = {
    # name: fields of the claim, value
    "a number": ({"number": "9.8"}, Number(Decimal("9.8"), Decimal("9.8"))),
    "nought": ({"number": 0}, Number(Decimal(0), Decimal(0))),
    "a range": ({"number": 5, "number_high": 9}, Number(Decimal(5), Decimal(9))),
    "about": ({"number": 5, "approximate": True}, Number(Decimal(5), Decimal(5), True)),
    "a text": ({"text": "So"}, "So"),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("fields", "value"), VALUES.values(), ids=VALUES)
def test_the_value_of_a_claim(fields, value):
    make_claim(criterion=make_criterion(value_type="number" if "number" in fields else "text"), **fields)
    ((statement,),) = assessing.statements(Citation.objects.all(), assessing.Witnesses()).values()
    assert statement.value == value


def test_the_value_of_a_level_is_its_slug():
    make_claim(criterion=make_criterion(levels=("yes", "no")), level="yes")
    ((statement,),) = assessing.statements(Citation.objects.all(), assessing.Witnesses()).values()
    assert statement.value == "yes"


def test_a_source_keeps_what_the_assessment_asks_for():
    living = make_article(kind="official-documentation", interest="own-project", published_on=None, read_on=DAY)
    claim = make_claim(by=())
    make_citation(claim, living, "disputes", reading=True)
    ((statement,),) = assessing.statements(Citation.objects.all(), assessing.Witnesses()).values()
    (source,) = statement.sources
    assert (source.article, source.stance, source.dated) == (living.slug, "disputes", DAY)
    assert source.reading and source.bears_out


@pytest.mark.parametrize(
    ("fields", "stated"), [({"hardware": "4 cores", "payload": "JSON"}, True), ({"hardware": "4 cores"}, False)]
)
def test_a_figure_states_its_method_or_not(fields, stated):
    make_claim(criterion=make_criterion(value_type="number"), kind="figure", number=5, **fields)
    ((statement,),) = assessing.statements(Citation.objects.all(), assessing.Witnesses()).values()
    assert statement.states_method is stated


def test_rulings_are_read_with_their_values():
    framework = make_framework()
    number, text, left_open = make_criterion(value_type="number"), make_criterion(), make_criterion()
    make_ruling(framework, number, number=5, number_high=9)
    make_ruling(framework, text, text="So")
    make_ruling(framework, left_open, is_open=True)
    assert assessing.rulings_by_cell(Ruling.objects.all(), {}) == {
        (framework.pk, number.pk): Decision(Number(Decimal(5), Decimal(9))),
        (framework.pk, text.pk): Decision("So"),
        (framework.pk, left_open.pk): Decision(None),
    }


def test_only_feature_releases_are_read():
    framework = make_framework()
    for version in ("2.0", "2.0.1", "2.1rc1"):
        make_release(framework, version, dt.date(2026, 1, 1))
    assert [r.version for r in feature_releases([framework.pk])[framework.pk]] == ["2.0"]


@pytest.mark.parametrize("size", [1, 6])
def test_a_framework_is_assessed_in_as_many_queries_at_any_size(django_assert_num_queries, size):
    framework = make_framework()
    make_claim()
    for _ in range(size):
        claim = make_claim(framework, make_criterion(), by=(make_article(follows=make_article()), make_article()))
        make_ruling(claim.framework, claim.criterion, is_open=True)
    make_release(framework, "1.0")
    with django_assert_num_queries(6):
        assert len(assessing.assess_framework(framework.pk, assessing.Witnesses())) == size
