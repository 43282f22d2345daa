"""The same pros and cons on profiles and comparisons."""

from __future__ import annotations

import pytest

from comparisons.models import Criterion, Framework
from tests.factories import (
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    settle,
)

from .pros_cons import keys, links, page

pytestmark = pytest.mark.django_db


def section(html, start, end):
    return html.split(start)[1].split(end)[0]


def test_a_profile_shows_the_same_claims_in_the_same_order(client, pros_and_cons):
    here = section(client.get("/frameworks/one/").content.decode(), 'id="h-pc"', 'id="h-dis"')
    assert keys(here) == keys(page(client, "?framework=one"))
    assert "Disputed by" in here


def test_a_profile_leads_to_the_rest_of_a_side(client):
    framework = make_framework("full", name="Full")
    for _ in range(10):
        make_claim(framework, polarity="con")
    settle()
    html = client.get("/frameworks/full/").content.decode()
    [href] = links(html, "All 10 against Full")
    assert len(keys(client.get(href).content.decode())) == 10


def test_comparisons_show_the_same_claims(client, pros_and_cons):
    make_comparison("both", tuple(Framework.objects.order_by("order")), (Criterion.objects.get(slug="speed"),))
    for address, expected in (
        ("/comparisons/both/", ["fast", "slow", "huge"]),
        ("/compare/one-vs-two/", ["fast", "slow", "easy", "huge"]),
        ("/compare/two-vs-one/", ["easy", "huge", "fast", "slow"]),
        ("/compare/one-vs-two/?group=work", ["easy"]),
    ):
        html = client.get(address).content.decode()
        assert keys(section(html, 'id="pros-cons"', "<footer")) == expected, address


def test_a_comparison_links_to_its_own_criteria_only(client):
    framework, speed = make_framework("one", name="One"), make_criterion("speed")
    for _ in range(6):
        make_claim(framework, speed, polarity="pro")
    make_claim(framework, make_criterion("other"), polarity="pro")
    make_comparison("both", (framework, make_framework("two")), (speed,))
    settle()
    html = client.get("/comparisons/both/").content.decode()
    assert links(html, "All 6 for One") == ["/pros-cons/?framework=one&criterion=speed&polarity=pro"]


def test_the_eyes_of_one_source_show_no_pros_and_cons_of_all(client, pros_and_cons):
    assert 'id="pros-cons"' not in client.get("/compare/one-vs-two/?article=new").content.decode()
