"""Practices: habits that hold for any framework."""

import pytest

from comparisons.models import Claim
from tests.factories import make_citation, make_claim, make_criterion, make_framework

pytestmark = pytest.mark.django_db


def make_practice(general=True, **fields):
    claim = make_claim(make_framework(), kind="practice", **fields)
    if general:
        Claim.objects.filter(pk=claim.pk).update(framework=None)
    return claim


def page(client, **parameters):
    return client.get("/practices/", parameters).content.decode()


@pytest.mark.parametrize("size", [1, 20])
def test_queries_do_not_grow_with_practices(client, django_assert_num_queries, size):
    for _ in range(size):
        make_practice()
    with django_assert_num_queries(4):
        assert client.get("/practices/").status_code == 200


def test_a_practice_stands_under_its_criterion_with_its_sources_and_verdict(client):
    claim = make_practice(
        criterion=make_criterion("testing"), by=(), verdict="holds", verdict_note="So it is.", verdict_on="2026-11-01"
    )
    make_citation(claim, says="Test early.")
    html = page(client)
    for part in ("/criteria/testing/", claim.get_absolute_url(), "Test early.", "So it is."):
        assert part in html


def test_a_practice_of_one_framework_names_it(client):
    make_claim(make_framework("alpha"), kind="practice", statement="Do this.")
    assert '<b dir="auto">Alpha:</b>' in page(client)


def test_practices_that_are_not_published_are_not_shown(client):
    make_practice(statement="Secret.", status="in-review", published_at=None)
    assert "Secret." not in page(client)


def test_practices_come_a_page_at_a_time(client):
    criterion = make_criterion()
    for _ in range(31):
        make_practice(criterion=criterion)
    assert client.get("/practices/?page=2").status_code == 200
    assert client.get("/practices/?page=3").status_code == 404
    assert client.get("/practices/?page=two").status_code == 400
