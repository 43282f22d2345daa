"""Pros and cons in order, page by page."""

from __future__ import annotations

import pytest

from tests.factories import (
    make_article,
    make_claim,
    make_criterion,
    make_framework,
    settle,
)

from .pros_cons import ADDRESS, keys, links, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("strength", ["fast", "slow", "easy", "mild", "huge"]),
        ("newest", ["fast", "slow", "easy", "mild", "huge"]),
        ("framework", ["fast", "slow", "easy", "mild", "huge"]),
        ("criterion", ["fast", "slow", "mild", "huge", "easy"]),
    ],
)
def test_statements_come_in_the_order_asked_for(client, pros_and_cons, sort, expected):
    assert keys(page(client, f"?view=list&sort={sort}")) == expected


def walk(client, query):
    """The statements of every page, one page after the other."""
    pages, address = [], ADDRESS + query
    while address:
        html = client.get(address).content.decode()
        pages.append(keys(html))
        address = next(iter(links(html, "Next")), None)
    return pages


@pytest.mark.parametrize("sort", ["strength", "newest", "framework", "criterion"])
def test_every_page_goes_on_where_the_last_one_ended(client, monkeypatch, sort):
    monkeypatch.setattr("comparisons.views.pros_cons.SIZE", 3)
    frameworks, criteria = [make_framework() for _ in range(2)], [make_criterion() for _ in range(2)]
    for number in range(10):
        make_claim(
            frameworks[number % 2], criteria[number % 2], polarity="pro", by=(make_article(),) * (number % 2) or None
        )
    settle()
    pages = walk(client, f"?view=list&sort={sort}")
    assert [len(one) for one in pages] == [3, 3, 3, 1]
    assert len({key for one in pages for key in one}) == 10


def test_claims_that_are_added_while_one_reads_leave_no_gap_and_repeat_nothing(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.pros_cons.SIZE", 2)
    framework, criterion = make_framework(), make_criterion()
    for number in range(5):
        make_claim(framework, criterion, key=f"k{number}", polarity="pro")
    settle()
    first = page(client, "?view=list")
    make_claim(framework, criterion, key="strongest", polarity="pro", by=tuple(make_article() for _ in range(3)))
    settle()
    [after] = links(first, "Next")
    assert keys(client.get(after).content.decode()) == ["k2", "k3"]
    assert "4 to 5 of 6" in client.get(after).content.decode()
