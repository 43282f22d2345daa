"""192 hostile texts in every text that readers see: no page runs, draws or follows anything of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import hostile
from tests.conftest import rows_of_module

from .markup import read

pytestmark = pytest.mark.django_db

#: Lists, which have a page for so many records each, up to the first page that there is not.
LISTS = (
    "/", "/frameworks/", "/criteria/", "/articles/", "/disagreements/", "/pros-cons/", "/pros-cons/?view=list",
    "/pitfalls/", "/use-cases/", "/matrix/", "/matrix/?transpose=1", "/compare/", "/comparisons/", "/comparisons/it/",
    "/about/coverage/", "/search/?q=evil", "/search/?q=evil&kind=claims", "/search/suggest/?q=evil",
)  # fmt: skip
#: A page of each of the many records: each record is looked at on two of them, each kind of page with a third of them.
RECORDS = (
    "/frameworks/f{}/", "/frameworks/f{}/c{}/", "/criteria/c{}/", "/claims/no{}/", "/articles/a{}-1/",
    "/use-cases/u{}/",
)  # fmt: skip
#: Documents that are no pages.
XML = ("/comparisons/it/card.svg", "/feeds/", "/sitemap.xml")


class Evil(HTMLParser):
    """Finds what of a text has become more than a text, as `found`."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = dict(attrs).get("type") or "code" if tag in ("script", "style") else ""
        leads_out = ("javascript:", "data:", "vbscript:")
        for name, value in attrs:
            is_address = name in ("href", "src", "action", "formaction", "xlink:href")
            if "evil" in name or (is_address and (value or "").strip().lower().startswith(leads_out)):
                self.found.append(f"{tag} {name}={value}")
        if "evil" in tag:
            self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside.endswith("json"):
            json.loads(data)
        elif self.inside and "evil" in data:
            self.found.append(f"script: {data[:60]}")
        elif "70014" in data:
            self.found.append("a template was rendered")

    def handle_comment(self, data: str) -> None:
        if "evil" in data:
            self.found.append(f"comment: {data[:60]}")


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with rows_of_module(django_db_blocker):
        yield hostile.make_hostile_crowd()


def check(path: str) -> bool:
    """Whether there is a page at a path; if so, it is no more than text."""
    response = Client().get(path)
    if response.status_code != 200:
        return False
    page = response.content.decode()
    found = read(page)
    assert Evil(page).found == [], path
    assert (found.nested_links, found.repeated_ids) == ([], []), path
    return True


def test_there_are_192_texts_that_are_short_and_all_different() -> None:
    assert len(set(hostile.TEXTS)) == 192
    assert max(map(len, hostile.TEXTS)) <= 26


@pytest.mark.parametrize("path", LISTS)
def test_no_list_is_more_than_text(crowd: int, path: str) -> None:
    assert check(path)
    joint = "&" if "?" in path else "?"
    for parameter in ("page", "across"):
        number = 2
        while number < 9 and check(f"{path}{joint}{parameter}={number}"):
            number += 1


@pytest.mark.parametrize(("place", "pattern"), list(enumerate(RECORDS)))
def test_no_page_of_a_record_is_more_than_text(crowd: int, place: int, pattern: str) -> None:
    for number in range(place % 3, crowd, 3):
        assert check(pattern.replace("{}", str(number))), number


@pytest.mark.parametrize("path", XML)
def test_no_other_document_is_more_than_text(crowd: int, path: str) -> None:
    found = ElementTree.fromstring(Client().get(path).content)  # noqa: S314  # our own
    assert [one.tag for one in found.iter() if "evil" in one.tag] == []
    assert [name for one in found.iter() for name in one.attrib if "evil" in name] == []
