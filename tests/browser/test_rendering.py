"""How much of a matrix the browser works out before a reader scrolls, and that all of it can be reached."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.serving import ROOT

from .conftest import Window


def test_most_rows_wait_until_they_come_into_sight(windows: dict[str, Window]) -> None:
    window = windows["phone"]
    window.open("/matrix/")
    window.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    drawn, rows = window.page.evaluate(
        """(() => { const rows = [...document.querySelectorAll(".wide-matrix tbody tr:not(.grp)")];
        const isDrawn = (row) => row.querySelector("td").checkVisibility({ contentVisibilityAuto: true });
        return [rows.filter(isDrawn).length, rows.length] })()"""
    )
    assert 0 < drawn < rows / 2


def test_no_rule_looks_for_a_checked_control_anywhere_on_the_page_of_a_matrix() -> None:
    """Each part of a table that arrives would make the browser style all of it anew."""
    rules = re.sub(r"(?s)/\*.*?\*/", "", (ROOT / "static/css/wide-matrix.css").read_text())
    assert ":has(" in rules and re.findall(r":has\([^)]*(?::checked|\[value)", rules) == []


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


def test_the_points_of_a_reason_stand_on_one_line(windows: dict[str, Window]) -> None:
    window = windows["desktop"]
    window.open("/frameworks/django/architectural-pattern/")
    lines = """all => all.map((one) => {
      const text = document.createRange();
      text.selectNodeContents(one);
      return text.getClientRects().length;
    })"""
    # How many reasons there are is not said here: other tests write to what this cell rests on.
    assert set(window.page.locator(".steps-of li > b").evaluate_all(lines)) == {1}
