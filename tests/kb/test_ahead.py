"""Pages that are built ahead after a write: those asked for most, once, by one process, while nobody waits for them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from comparisons.models import stamps
from comparisons.models.stamps import Stamps
from kb import ahead
from kb import store as page_store
from kb.ahead import COUNTED, PAGES, PAUSE, Ahead
from kb.pages import Asked
from kb.store import PageStore

#: What the fixture `store` turns off.
RUN = Ahead.run
ONE, TWO, THREE = Stamps({"*": "1"}), Stamps({"*": "2"}), Stamps({"*": "3"})


class AtOnce:
    """Stands in for a thread, and does its work at once."""

    def __init__(self, target: Any, name: str, daemon: bool):
        self.start = target


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ahead.time, "monotonic", clock)
    monkeypatch.setattr(ahead.threading, "Thread", AtOnce)
    monkeypatch.setattr(ahead.connections, "close_all", lambda: None)
    return clock


def page(number: int) -> Asked:
    return Asked("", f"/{number}/")


def asked(one: Ahead, now: Stamps, *numbers: int) -> None:
    for number in numbers:
        one.count(page(number), now)


def test_after_a_write_the_pages_asked_for_most_are_built_once(clock: Clock) -> None:
    built: list[Asked] = []
    one = Ahead(built.append, lambda: True)
    for number in range(20):
        asked(one, ONE, *[number] * (number + 1))
    assert built == [], "nobody has written"
    clock.now += PAUSE + 1
    asked(one, TWO, 19)
    assert built == [page(number) for number in range(19, 19 - PAGES, -1)]
    asked(one, TWO, 19, 18, 17)
    assert len(built) == PAGES, "each write is followed once"


def test_however_often_somebody_writes_there_is_a_pause(clock: Clock) -> None:
    built: list[Asked] = []
    one = Ahead(built.append, lambda: True)
    asked(one, ONE, 1, 1, 1, 1)
    clock.now += PAUSE + 1
    asked(one, TWO, 1)
    asked(one, THREE, 1)
    assert len(built) == 1
    clock.now += PAUSE + 1
    asked(one, THREE, 1)
    assert len(built) == 2, "the write of the pause is made up for"


def test_one_process_builds_for_all(clock: Clock) -> None:
    """What may begin is said by a lock that all processes share."""
    built: list[Asked] = []
    begun: list[int] = []
    many = [Ahead(built.append, lambda: not begun and not begun.append(1)) for _ in range(3)]
    for one in many:
        asked(one, ONE, 1)
    clock.now += PAUSE + 1
    for one in many:
        asked(one, TWO, 1)
    assert built == [page(1)]


def test_a_page_that_cannot_be_built_harms_nobody(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_: Asked) -> None:
        raise RuntimeError("no such luck")

    one = Ahead(fails, lambda: True)
    asked(one, ONE, 1)
    clock.now += PAUSE + 1
    asked(one, TWO, 1)
    assert "Pages were not built ahead" in caplog.text


def test_what_is_counted_is_bounded_and_what_depends_on_a_header_is_not(clock: Clock) -> None:
    one = Ahead(lambda _: None, lambda: True)
    one.count(Asked("", "/", headers=(("HTTP_HX_REQUEST", "true"),)), ONE)
    assert not one.counts
    asked(one, ONE, *range(3 * COUNTED))
    assert len(one.counts) <= 2 * COUNTED


@pytest.fixture
def site(store: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site of one page whose stamps a test decides on; building waits for `may_build`."""

    class Site:
        now = ONE
        built: list[str] = []
        is_building, may_build = threading.Event(), threading.Event()

        def __init__(self) -> None:
            self.built, self.middleware = [], PageStore(self.build)
            self.may_build.set()

        def build(self, request: Any) -> HttpResponse:
            self.is_building.set()
            assert self.may_build.wait(10)
            self.built.append(self.now.now["*"])
            return HttpResponse(f"edition {self.built[-1]}")

        def get(self) -> str:
            return self.middleware(RequestFactory().get("/matrix/")).content.decode()

    found = Site()
    monkeypatch.setattr(stamps, "current", lambda: found.now)
    monkeypatch.setattr(ahead.connections, "close_all", lambda: None)
    return found


def test_a_reader_gets_what_was_built_ahead(site: Any) -> None:
    assert site.get() == "edition 1"
    site.now = Stamps({"*": "2"}, {"*": "1"})
    RUN(site.middleware.ahead)
    assert site.built == ["1", "2"]
    assert site.get() == "edition 2"
    assert site.built == ["1", "2"], "the reader builds nothing"
    RUN(site.middleware.ahead)
    assert site.built == ["1", "2"], "what is there is not built again"


def test_while_a_page_is_built_ahead_readers_get_the_last_edition_for_a_moment(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page_store.LAST < 1.0
    site.get()
    site.may_build.clear()
    site.is_building.clear()
    site.now = Stamps({"*": "2"}, {"*": "1"}, page_store.time.monotonic())
    builder = threading.Thread(target=RUN, args=[site.middleware.ahead])
    builder.start()
    assert site.is_building.wait(10)
    assert [site.get() for _ in range(5)] == ["edition 1"] * 5
    # Later they wait, and get what was built once it is there.
    site.now = Stamps({"*": "2"}, {"*": "1"}, page_store.time.monotonic() - page_store.LAST)
    monkeypatch.setattr(page_store.time, "sleep", lambda _: (site.may_build.set(), builder.join(10)))
    assert site.get() == "edition 2"
    assert site.built == ["1", "2"], "one builder"
    caches["pages"].clear()


@pytest.mark.parametrize(
    ("error", "level"), [(OperationalError("disk I/O\nerror"), "WARNING"), (ValueError("a fault"), "ERROR")]
)
def test_a_database_that_cannot_be_read_is_no_fault_of_the_code(
    clock: Clock, caplog: pytest.LogCaptureFixture, error: Exception, level: str
) -> None:
    """It is told in a line; anything else with its traceback."""

    def fail(_asked: Asked) -> None:
        raise error

    one = Ahead(fail, lambda: True)
    asked(one, ONE, 1, 1)
    clock.now += PAUSE + 1
    asked(one, TWO, 1)
    (record,) = caplog.records
    assert record.levelname == level and record.getMessage().startswith("Pages were not built ahead")
    assert (record.exc_info is None) == (level == "WARNING") and "\n" not in record.getMessage()
