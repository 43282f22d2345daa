"""Matrices of very many frameworks: columns come a page at a time, and any of them can be found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.wide import fill

BYTES = 400_000
PAGES = [
    "/matrix/",
    "/matrix/?across=13&page=2",
    "/matrix/?only=differences",
    "/matrix/?columns_by=crit-00003",
    "/matrix/?transpose=1",
    "/matrix/?framework=fw-299&framework=fw-001",
    "/compare/",
    "/compare/fw-001-vs-fw-300/",
]


@pytest.fixture(scope="module")
def reader(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    """A reader of a knowledge base of 300 frameworks and 100 criteria, which is filled once for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(300, 100, groups=8)
        yield Client()
        transaction.set_rollback(True)


def page(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_a_broad_matrix_is_small(reader: Client, address: str) -> None:
    assert len(page(reader, address).encode()) <= BYTES


def test_a_broad_matrix_says_which_columns_it_shows(reader: Client) -> None:
    html = page(reader, "/matrix/?across=2")
    assert "Frameworks 25 to 48 of 300" in html and "25 of 300" in html
    assert reader.get("/matrix/?across=14").status_code == 404


def test_any_framework_can_be_added_to_the_columns_by_name(reader: Client) -> None:
    html = page(reader, "/matrix/?framework=fw-001")
    assert '<option value="fw-300">Framework 300</option>' in html
    assert html.count('type="checkbox" name="framework"') == 1


def test_frameworks_to_compare_are_found_by_words_and_ticked_ones_stay(reader: Client) -> None:
    html = page(reader, "/compare/?framework=fw-007&q=framework+123")
    assert 'value="fw-007" checked' in html and 'value="fw-123">' in html
    assert html.count('type="checkbox" name="framework"') == 2
