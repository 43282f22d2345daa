"""How much of a matrix the browser works out before a reader scrolls, and that all of it can be reached."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, expect

from .conftest import Window


def test_rows_out_of_sight_are_not_styled(browser: Browser, windows: dict[str, Window]) -> None:
    window = windows["phone"]
    browser.start_tracing(page=window.page, categories=["devtools.timeline"])
    window.open("/matrix/")
    window.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = sum(event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree")
    elements = window.page.locator("*").count()
    assert 100 < styled < elements / 2, "a rule of the style sheets makes each part of the page style all of it"


def test_a_row_out_of_sight_is_laid_out_when_it_is_reached(windows: dict[str, Window]) -> None:
    window = windows["phone"]
    window.open("/matrix/")
    row = window.page.locator(".wide-matrix tbody tr:not(.grp)").last
    seen = "row => row.querySelector('td').checkVisibility({ contentVisibilityAuto: true })"
    assert not row.evaluate(seen)
    row.locator("th").scroll_into_view_if_needed()
    expect(row.locator("th > a")).to_be_in_viewport()
    assert row.evaluate(seen)


def test_density_shows_at_once(windows: dict[str, Window]) -> None:
    window = windows["desktop"]
    window.open("/matrix/?framework=flask&framework=django")
    tally = window.page.locator(".wide-matrix .e").first
    expect(tally).to_be_visible()
    window.page.evaluate("document.getElementById('density-compact').click()")
    expect(tally).to_be_hidden()
