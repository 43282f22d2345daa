"""Whole pages that are drawn once for what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from comparisons.models import Framework, drawn
from comparisons.views.drawn_page import drawn_page
from tests import factories as make

from .reading import kept_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept() -> Iterator[list[bytes]]:
    """The pages that were kept."""
    with kept_by(drawn.pages) as pages:
        yield pages


def test_a_page_of_the_same_content_is_drawn_once(client: Client, kept: list[bytes]) -> None:
    make.make_framework("one", name="One")
    first = client.get("/compare/").content
    assert client.get("/compare/").content == first
    assert kept == [first]


def test_a_page_of_other_content_is_drawn_anew(client: Client) -> None:
    make.make_framework("one", name="One")
    client.get("/compare/")
    Framework.objects.update(name="Renamed")
    assert b"Renamed" in client.get("/compare/").content


def test_a_page_that_is_asked_for_otherwise_is_told_apart(client: Client) -> None:
    for slug in ("one", "two"):
        make.make_framework(slug)
    plain, ticked = client.get("/compare/").content, client.get("/compare/?framework=one").content
    assert b" checked>" not in plain.split(b"picker")[1].split(b"</form>")[0]
    assert b'value="one" checked' in ticked


def test_the_same_context_at_another_path_is_another_page() -> None:
    requests = RequestFactory()
    one, other = (drawn_page(requests.get(path), "404.html", {}).content for path in ("/one/", "/other/"))
    assert b"/one/" in one
    assert one.replace(b"/one/", b"/other/") == other


def test_a_page_that_asks_the_database_is_drawn_each_time(kept: list[bytes]) -> None:
    make.make_framework("one", name="One")
    request = RequestFactory().get("/")
    context = {"frameworks": Framework.objects.all, "chosen": ()}
    assert b"One" in drawn_page(request, "comparisons/_picker.html", context).content
    Framework.objects.update(name="Renamed")
    assert b"Renamed" in drawn_page(request, "comparisons/_picker.html", context).content
    assert kept == []


def test_while_templates_are_edited_every_page_is_drawn(client: Client, settings: Any, kept: list[bytes]) -> None:
    settings.DEBUG = True
    client.get("/compare/")
    assert kept == []
