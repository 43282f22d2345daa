"""Pros and cons of no, few and many statements."""

from __future__ import annotations

import pytest

from comparisons.views import pros_cons as pros_cons_page
from tests.factories import (
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    settle,
)

from .pros_cons import counts, keys, links, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verdict", ["wrong", "outdated", "cannot-be-checked"])
@pytest.mark.parametrize("polarity", ["pro", "con", "neutral"])
def test_every_claim_with_a_verdict_is_found_whatever_its_polarity(client, verdict, polarity):
    make_claim(key="it", polarity=polarity, verdict=verdict, verdict_note="So.", verdict_on="2026-11-01")
    settle()
    html = page(client, f"?verdict={verdict}")
    assert keys(html) == ["it"] and counts(html, "verdict")[verdict] == "1"


def test_an_empty_knowledge_base_says_so(client):
    html = page(client)
    assert "No statement is on record yet" in html


@pytest.mark.parametrize("query", ["", "?view=list&sort=newest", "?polarity=pro&q=statement&year_from=2019"])
def test_the_number_of_queries_is_the_same_at_any_size(client, django_assert_num_queries, query):
    def fill(number):
        framework = make_framework()
        for _ in range(number):
            make_citation(make_claim(framework, make_criterion(), polarity="pro"), stance="disputes")
        settle()

    fill(2)
    page(client, query)
    with django_assert_num_queries(2):
        page(client, query)
    fill(30)
    page(client, query)
    with django_assert_num_queries(2):
        page(client, query)


def test_many_options_are_cut_with_a_way_to_see_them_all(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.pros_cons.OPTIONS", 2)
    criterion = make_criterion()
    for number in range(4):
        framework = make_framework(f"f{number}")
        for _ in range(number + 1):
            make_claim(framework, criterion, polarity="pro")
    settle()
    html = page(client, "?framework=f0")
    assert counts(html, "framework") == {"f0": "1", "f3": "+4", "f2": "+3"}
    [href] = [href for href in links(html, "Show all 4") if "framework" in href.split("#")[1]]
    assert set(counts(client.get(href.split("#")[0]).content.decode(), "framework")) == {"f0", "f1", "f2", "f3"}


def test_of_very_many_options_those_with_most_are_shown_and_others_found_by_name(client, monkeypatch):
    monkeypatch.setattr(pros_cons_page, "MANY", 3)
    framework = make_framework("alpha")
    for number in range(5):
        criterion = make_criterion(f"crit-{number}", name=f"Limit of part {number}")
        for _ in range(number + 1):
            make_claim(framework, criterion, polarity="pro")
    settle()
    html = page(client, "?more=criterion")
    assert counts(html, "criterion") == {"crit-4": "5", "crit-3": "4", "crit-2": "3"}
    assert "3 of 5, those with most statements." in html
    found = page(client, "?more=criterion&find_criterion=part+0&criterion=crit-4")
    assert counts(found, "criterion") == {"crit-4": "5", "crit-0": "+1"} and 'value="part 0"' in found


def test_statements_are_text(client):
    make_claim(polarity="pro", statement="<script>alert(1)</script> **bold**")
    settle()
    html = page(client)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; bold" in html
