"""How long a host is left alone between two requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.links import pace
from comparisons.links.fetching import Fetcher
from comparisons.links.pace import Pace, retry_after
from tests.sites import Clock, answer, moved, site

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999", 86400),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Fri, 20 Nov 2026 12:01:00 -0000", 60),
        ("Fri, 20 Nov 2020 12:01:00 GMT", 0),
        ("Fri, 20 Nov 9999 12:01:00 GMT", 86400),
        *((text, None) for text in ("", "soon", "-5", "1_0", "١٢", "9" * 30, "1.5", "Fri, 99 Nov 2026 12:00:00 GMT")),
    ],
)
def test_a_site_can_ask_for_at_most_a_day(text: str, seconds: int | None) -> None:
    assert retry_after(text, NOON) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text())
def test_no_header_makes_us_wait_longer_than_a_day(text: str) -> None:
    found = retry_after(text, NOON)
    assert found is None or timedelta() <= found <= pace.LONGEST_WAIT


def test_a_host_gets_one_request_a_second_even_for_redirects_while_others_need_not_wait() -> None:
    clock = Clock()
    with site({"/a": moved("/b"), "/b": answer(200)}) as own, site({"/page": answer(200)}) as other:
        places = [own.place, f"other.example:{other.port}"]
        one = Fetcher("C/1", Pace(clock, clock.sleep), allowed=places, resolve=lambda *_: ["127.0.0.1"])
        one.fetch("GET", own.url("/a"))
        assert clock.slept == [pace.PAUSE]
        one.fetch("GET", f"http://{places[1]}/page")
        assert clock.slept == [pace.PAUSE]
        one.fetch("GET", own.url("/b"))
        assert clock.slept == [pace.PAUSE] * 2
