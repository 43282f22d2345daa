"""Charts: what they draw, what they say in words, and the table beside each."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from comparisons.evidence import charts
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    settle,
    unsettled,
)

pytestmark = pytest.mark.django_db
LEVELS = ("full", "some", "none")


def page(client, address):
    return client.get(address).content.decode()


def labels(html):
    """The sentences that stand for pictures."""
    return re.findall(r'<svg class="lane"[^>]*role="img" aria-label="([^"]*)"', html)


@unsettled()
def make_needs(count=2):
    columns = tuple(make_framework(f"f{n}", order=n) for n in (1, 2))
    rows = tuple(make_criterion(f"c{n}", levels=LEVELS) for n in range(count))
    make_claim(columns[0], rows[0], level="full", by=tuple(make_article() for _ in range(3)))
    make_claim(columns[1], rows[0], level="some", by=tuple(make_article() for _ in range(3)))
    make_comparison("f1-and-f2", columns, rows)
    return columns, rows


@pytest.mark.parametrize("address", ["/comparisons/f1-and-f2/", "/compare/f1-vs-f2/"])
def test_a_profile_is_drawn_and_said_and_tabled(client, address):
    make_needs()
    html = page(client, address)
    assert "F1 100 per cent of needs met, between 50 and 100; F2 50 per cent of needs met, between 25 and 75." in html
    assert "50 to 100; 1 of 2" in html


def test_a_framework_has_its_profile_too(client):
    make_needs()
    assert "F1 100 per cent of needs met, between 50 and 100." in page(client, "/frameworks/f1/")


@pytest.mark.parametrize("view", ["?only=disputed", "?as_of=2026-11-20"])
def test_a_narrowed_matrix_has_no_profile(client, view):
    make_needs()
    assert 'id="profile"' not in page(client, "/comparisons/f1-and-f2/" + view)


def test_a_criterion_without_needs_opens_no_span(client):
    _columns, rows = make_needs(count=1)
    kind = make_criterion("kind", levels=("a", "b"), group=rows[0].group)
    kind.levels.update(meaning="neutral")
    assert "F1 100 per cent of needs met, between 100 and 100;" in page(client, "/compare/f1-vs-f2/")


def test_sources_stand_in_time_by_stance_on_claim_and_dossier(client):
    framework, criterion = make_framework("alpha"), make_criterion("crit")
    claim = make_claim(framework, criterion, key="so", text="Yes", by=())
    make_citation(claim, make_article(publisher="Early", published_on=dt.date(2020, 1, 1)))
    make_citation(claim, make_article(publisher="Late", published_on=dt.date(2026, 1, 1)), stance="disputes")
    make_citation(claim, make_article(publisher="Never", published_on=None), stance="qualifies")
    settle()
    sentence = "Never partly agrees, undated; Early supports, January 2020; Late disputes, January 2026."
    assert labels(page(client, "/claims/so/")) == [sentence]
    assert sentence in labels(page(client, "/frameworks/alpha/crit/"))


@pytest.mark.parametrize(("value", "top"), [("7", 8), ("10", 10), ("12000", 15000), ("0.3", "0.3"), ("99", 100)])
def test_an_axis_ends_at_a_round_number(value, top):
    assert charts.nice(Decimal(value)) == Decimal(top)


@pytest.mark.parametrize("address", ["/comparisons/f1-and-f2/", "/frameworks/f1/", "/claims/so/"])
def test_charts_need_no_style_attribute(client, address):
    columns, rows = make_needs()
    make_claim(columns[0], rows[0], key="so")
    assert not re.search(r"<[^>]*\sstyle=", page(client, address))
