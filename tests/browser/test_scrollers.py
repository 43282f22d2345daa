"""Tables in a region that scrolls: the heads of rows stay, and leave room for what they are the heads of."""

from __future__ import annotations

import pytest

from .conftest import Window

TABLES = [
    "/frameworks/flask/",
    "/frameworks/flask/performance/",
    "/criteria/performance/",
    "/criteria/middleware/",
    "/use-cases/use-large-team/",
    "/about/coverage/?group=async",
]
each_table = pytest.mark.parametrize("path", TABLES)
#: The share of its region that a head takes that stays, where the table is wider than the region; folds are opened.
SHARES = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  return [...document.querySelectorAll(".scroller")].filter((one) => one.scrollWidth > one.clientWidth).map((one) =>
    Math.max(...[...one.querySelectorAll("tbody th[scope=row]")].map((th) => th.offsetWidth / one.clientWidth)));
}"""
#: The text of the element with the focus, if something else lies over its middle; null without a focus.
COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  if (!one.closest("td")) return "";
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return over && !one.contains(over) && !over.contains(one) ? one.textContent.trim() : "";
}"""


@each_table
def test_a_head_that_stays_leaves_room_for_its_row_on_a_phone(windows: dict[str, Window], path: str) -> None:
    windows["phone"].open(path)
    shares = windows["phone"].page.evaluate(SHARES)
    assert shares and max(shares) < 0.6


@each_table
def test_what_has_the_focus_is_not_under_a_head_that_stays(windows: dict[str, Window], path: str) -> None:
    window = windows["phone"]
    window.open(path)
    covered = []
    for _ in range(120):
        window.page.keyboard.press("Tab")
        if (found := window.page.evaluate(COVERED)) is None:
            break
        covered += [found] if found else []
    assert covered == []
