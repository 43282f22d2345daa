"""Matrices of very many criteria and frameworks: no page is large, and none is cut without saying so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from tests.wide import fill

pytestmark = pytest.mark.django_db
CRITERIA, FRAMEWORKS = 20_000, 17
#: Most bytes of a page, elements of a page, and queries that it takes.
BYTES, ELEMENTS, QUERIES = 400_000, 9_000, 10
PAIR = "/compare/fw-001-vs-fw-002/"
EIGHT = "/compare/" + "-vs-".join(f"fw-{n:03}" for n in range(1, 9)) + "/"
PAGES = [
    "/matrix/",
    "/matrix/?page=50",
    "/matrix/?only=differences",
    "/matrix/?only=disputed&page=2",
    "/matrix/?answer=no&of=every",
    "/matrix/?answer=yes&of=fw-003",
    "/matrix/?q=criterion+00042",
    "/matrix/?group=group-03",
    "/matrix/?columns_by=crit-00007",
    "/matrix/?transpose=1",
    "/matrix/?as_of=2026-11-20&only=disputed",
    "/compare/",
    PAIR,
    PAIR + "?only=all",
    EIGHT,
    EIGHT + "?only=all&page=3",
]


@pytest.fixture(scope="module")
def reader(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    """A reader of a knowledge base of 20,000 criteria, which is filled once for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(FRAMEWORKS, CRITERIA)
        yield Client()
        transaction.set_rollback(True)


def page(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_a_large_matrix_is_small(reader: Client, address: str) -> None:
    reader.get(address)  # the first reader of a process also fills what it keeps
    with CaptureQueriesContext(connection) as queries:
        html = page(reader, address)
    assert len(html.encode()) <= BYTES
    assert len(re.findall(r"<[a-z]", html)) <= ELEMENTS
    assert len(queries) <= QUERIES


def test_a_large_matrix_says_which_rows_it_shows_and_how_many_there_are(reader: Client) -> None:
    html = page(reader, "/matrix/")
    assert "Rows 1 to 80 of 20,000" in html
    assert "17 frameworks, 20,000 criteria: 272,0" in html


def test_a_large_comparison_begins_with_the_differences_and_leads_to_all_rows(reader: Client) -> None:
    html = page(reader, PAIR)
    assert 'id="only-differences"' in html and "of 20,000 criteria" in html
    assert f'href="{PAIR}?only=all#controls">show them' in html
    assert "Rows 1 to 200 of 20,000" in page(reader, PAIR + "?only=all")


def test_why_rows_are_hidden_adds_up(reader: Client) -> None:
    text = re.sub(r"<[^>]+>", "", page(reader, PAIR)).replace(",", "")
    found = re.search(
        r"(\d+) of 20000 criteria\s+differ\s+\((\d+) are hidden: (\d+) where all answers are the same\s+"
        r"(\d+) with fewer than two",
        text,
    )
    assert found
    shown, hidden, alike, one_sided = map(int, found.groups())
    assert shown + hidden == 20_000 and alike + one_sided == hidden


def test_the_last_page_is_reached_and_none_lies_beyond(reader: Client) -> None:
    assert "Rows 19,921 to 20,000 of 20,000" in page(reader, "/matrix/?page=250")
    assert reader.get("/matrix/?page=251").status_code == 404


def test_rows_are_found_by_words_among_all(reader: Client) -> None:
    html = page(reader, "/matrix/?q=criterion+00042")
    assert 'id="c-crit-00042"' in html and html.count('<th scope="row">') == 1
