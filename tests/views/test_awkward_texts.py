"""Texts of people that are read from right to left, or hold links, on every page that shows them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import hostile

from .markup import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", hostile.PAGES)
def test_a_link_in_a_text_never_nests_in_another(client: Client, path: str) -> None:
    hostile.make_hostile_world(hostile.LINKED)
    found = read(client.get(path).content.decode())
    assert found.nested_links == []


@pytest.mark.parametrize("path", hostile.PAGES)
def test_a_text_of_another_direction_is_isolated(client: Client, path: str) -> None:
    hostile.make_hostile_world(hostile.RIGHT_TO_LEFT * 6)
    page = client.get(path).content.decode()
    assert "שלום" in page or path == "/frameworks/one/empty/"
    assert read(page).not_isolated == []
