"""The site as deployed says no to whatever it cannot use, and one reader never gets what was made for another."""

from __future__ import annotations

import re

import pytest

from kb.edge import MAX_ADDRESS
from tests.serving import Site

from .attempts import BODIES, FIRST, HEADERS, HOSTS, LOGIN, VARIANTS, send

#: What never stands in an answer: words of the attempts, and of the code.
_LEAKS = re.compile(rb"Traceback|SECRET_KEY|root:x:|File \"|set-cookie: a=b")


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case[0])
def test_a_body_that_cannot_be_used_is_refused(site: Site, case: tuple[str, tuple[str, ...], bytes, set[int]]) -> None:
    _name, headers, body, statuses = case
    said = send(site.port, LOGIN, *headers, body=body, ends=0 in statuses)
    assert said.status in statuses
    assert not _LEAKS.search(said.body)


@pytest.mark.parametrize(("first", "statuses"), FIRST, ids=lambda part: part[:40] if isinstance(part, str) else "")
def test_what_there_is_not_is_refused(site: Site, first: str, statuses: set[int]) -> None:
    said = send(site.port, first)
    assert said.status in statuses
    assert not _LEAKS.search(said.body)
    assert "set-cookie" not in said.headers
    moved = said.headers.get("location", "/")
    assert re.match(r"/(?![/\\])", moved) and "\r" not in moved


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(site: Site, host: str) -> None:
    said = send(site.port, "GET /articles/", host=host)
    assert said.status == 400
    assert b"evil" not in said.body


def test_the_host_of_a_whole_address_counts_no_more_than_the_header(site: Site) -> None:
    assert send(site.port, "GET http://evil.example/articles/").status in (200, 400)
    assert b"evil" not in send(site.port, "GET http://evil.example/articles/").body


def test_a_header_changes_no_page_for_who_sends_it_nor_for_others(site: Site) -> None:
    for path in ("/articles/", "/search/?q=celery", "/robots.txt", "/nowhere/"):
        before = send(site.port, f"GET {path}")
        for header in HEADERS:
            own = send(site.port, f"GET {path}", header)
            assert (own.status, own.body) == (before.status, before.body), (path, header)
            assert "evil" not in f"{own.headers}", (path, header)
            after = send(site.port, f"GET {path}")
            assert (after.status, after.body) == (before.status, before.body), f"{path} after {header}"


def test_no_reader_gets_the_page_of_another_question(site: Site) -> None:
    """Asked in turns, so that each finds what the others have left in the store."""
    for _turn in range(3):
        for query, shown in VARIANTS:
            page = send(site.port, f"GET /search/?{query}").body.decode()
            assert f'value="{shown}"' in page, query


@pytest.mark.parametrize(("length", "status"), [(MAX_ADDRESS, 404), (MAX_ADDRESS + 1, 414)])
def test_the_longest_address_is_as_long_as_is_said(site: Site, length: int, status: int) -> None:
    assert send(site.port, "GET /" + "a" * (length - 1)).status == status
