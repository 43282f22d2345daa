"""A client has so many pages made within a minute: not counting what is kept, nor others, nor health checks."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory

from comparisons.views import takeaway
from comparisons.views.limits import sender
from comparisons.views.takeaway import SheetPart as part
from kb import limits
from tests.views.test_taking_away import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Five pages a minute, and a clock that stands still unless its one entry is changed."""
    settings.PAGES_PER_MINUTE = 5
    now = [6_000_042.0]
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: now[0]))
    caches["counts"].clear()
    yield now
    caches["counts"].clear()


def statuses(paths: list[str], address: str = "198.51.100.1", **headers: str) -> list[int]:
    client = Client(REMOTE_ADDR=address, **headers)
    return [client.get(path).status_code for path in paths]


SEARCHES = [f"/search/?q={number}" for number in range(6)]


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        ("198.51.100.1", True),
        ("::ffff:198.51.100.1", True),
        ("198.51.100.2", False),
        ("2001:db8:1:2::9", True),
        ("2001:db8:1:3::9", False),
    ],
)
def test_one_client_is_refused_and_others_are_not(address: str, is_refused: bool) -> None:
    for own in ("198.51.100.1", "2001:db8:1:2::1"):
        assert statuses(SEARCHES, own) == [200] * 5 + [429]
    assert statuses(["/articles/"], address, HTTP_X_FORWARDED_FOR="192.0.2.200") == [429 if is_refused else 200]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 429),
        ("/search/?q=other", 429),
        ("/search/suggest/?q=other", 429),
        ("/matrix/?only=disputed", 429),
        ("/pros-cons/?kind=figure", 429),
        ("/compare/a-vs-b/", 429),
        ("/no-such-page/", 429),
        ("/claims/no-such-claim/", 429),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/admin/login/", 200),
    ],
)
def test_all_pages_count_that_have_to_be_made(path: str, status: int) -> None:
    statuses(SEARCHES)
    assert statuses([path]) == [status]


def test_the_page_says_when_to_go_on_and_that_is_true(minute: list[float]) -> None:
    statuses(SEARCHES)
    response = Client(REMOTE_ADDR="198.51.100.1").get("/search/?q=more")
    assert (response["Retry-After"], response["Cache-Control"]) == ("19", "no-store")
    assert "again in 19 seconds" in response.content.decode() and not response.cookies
    minute[0] += 19
    assert statuses(["/search/?q=more"]) == [200]


def test_what_is_kept_is_given_to_those_who_are_refused(store: None) -> None:
    assert statuses(["/about/method/"], "198.51.100.2") == [200]
    assert statuses([*SEARCHES, "/about/method/", "/about/method/?utm=x", "/", SEARCHES[0]]) == [
        *[200] * 5, 429, 200, 200, 429, 200,
    ]  # fmt: skip


def test_without_a_limit_nothing_is_counted(settings: Any) -> None:
    settings.PAGES_PER_MINUTE = 0
    assert statuses(SEARCHES * 2) == [200] * 12


def test_files_are_limited_by_their_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every size, and before anything is read for them: a client may ask for many small ones, or for parts."""
    fill(3)
    monkeypatch.setattr(takeaway, "PART", 2)
    read = []
    monkeypatch.setattr(takeaway, "SheetPart", lambda sheet, after: read.append(sheet) or part(sheet, after))
    whole, first = "/pitfalls/?format=csv", "/pitfalls/?format=csv&page=1"
    assert statuses([first, whole]) == [200, 200]
    taken = caches["counts"].get(f"files:{sender(RequestFactory(REMOTE_ADDR='198.51.100.1').get('/'))}")
    columns = len(read[0].columns)
    assert taken == columns * (2 + 2 + sum(len(list(sheet.rows)) for sheet in read)), "what is made twice counts twice"
    monkeypatch.setattr(takeaway, "CELLS_AN_HOUR", taken - 1)
    read.clear()
    assert statuses([whole, first, "/pitfalls/"]) == [429, 429, 200]
    assert statuses([whole], "198.51.100.2") == [200]
    refused = Client(REMOTE_ADDR="198.51.100.1").get(whole)
    assert (refused["Retry-After"], refused["Cache-Control"]) == ("3600", "no-store")
    assert 'href="/pitfalls/"' in refused.content.decode()
