"""Pitfalls: what goes wrong, and what to do instead."""

import pytest

from comparisons.models import Claim
from tests.factories import make_claim, make_criterion, make_framework

pytestmark = pytest.mark.django_db


def make_pitfall(framework=None, **fields):
    """A published pitfall; without a framework it holds for any."""
    fields = {"impact": "Pages crawl.", "remedy": "Join the tables.", **fields}
    claim = make_claim(framework or make_framework(), kind="pitfall", **fields)
    if framework is None:
        Claim.objects.filter(pk=claim.pk).update(framework=None)
    return claim


def page(client, **parameters):
    return client.get("/pitfalls/", parameters).content.decode()


@pytest.mark.parametrize("size", [1, 20])
def test_queries_do_not_grow_with_pitfalls(client, django_assert_num_queries, size):
    for _ in range(size):
        make_pitfall(make_framework())
    with django_assert_num_queries(5):
        assert client.get("/pitfalls/").status_code == 200


def test_a_pitfall_gives_impact_remedy_criterion_and_its_permalink(client):
    make_pitfall(make_framework("alpha"), key="one-query-per-row", criterion=make_criterion("orm"))
    html = page(client)
    for part in ("Pages crawl.", "Instead:", "Join the tables.", "/criteria/orm/", "/claims/one-query-per-row/"):
        assert part in html


def test_pitfalls_that_are_not_published_are_neither_shown_nor_counted(client):
    make_pitfall(make_framework("alpha"), statement="Secret.", status="draft", published_at=None)
    html = page(client)
    assert "Secret." not in html and "alpha" not in html


def test_pitfalls_can_be_narrowed_to_several_frameworks(client):
    for slug in ("alpha", "beta", "gamma"):
        make_pitfall(make_framework(slug), statement=f"About {slug} only.")
    html = page(client, framework=["alpha", "gamma"])
    assert "About alpha only." in html and "About gamma only." in html and "About beta only." not in html


def test_pitfalls_of_any_framework_can_be_asked_for_alone(client):
    make_pitfall(make_framework("alpha"), statement="Of one.")
    make_pitfall(statement="Of all.")
    html = page(client, general="1")
    assert "Of all." in html and "Of one." not in html


def test_a_framework_without_a_pitfall_gives_an_empty_page_and_not_an_error(client):
    make_framework("alpha")
    assert "No pitfall here" in page(client, framework="alpha")


@pytest.mark.parametrize("query", ["framework=nope", "general=yes", "page=0x1"])
def test_bad_values_are_refused(client, query):
    assert client.get(f"/pitfalls/?{query}").status_code == 400


def test_pitfalls_come_a_page_at_a_time(client):
    framework = make_framework("alpha")
    for number in range(31):
        make_pitfall(framework, key=f"pitfall-{number:02}")
    assert page(client).count("<article>") == 30
    assert page(client, page=2).count("<article>") == 1
    assert client.get("/pitfalls/?page=3").status_code == 404


def test_markup_in_a_pitfall_is_shown_as_text(client):
    make_pitfall(make_framework(), impact="<script>alert(1)</script>")
    assert "<script>alert" not in page(client)
