"""Pages as a newcomer meets them: few words of ours on the first screen, and no text too long for a narrow one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import hostile
from tests.conftest import SECOND_DOMAIN
from tests.serving import Site, served

from .conftest import Window
from .paths import ERRORS, PAGES, VARIATIONS, Page

#: Words that stand for ideas of ours. A newcomer learns at most six of them on one screen.
OURS = {
    "claim": r"claims?",
    "citation": r"citations?|cited?",
    "source": r"sources?|articles?",
    "cell": r"cells?",
    "criterion": r"criterion|criteria",
    "value": r"values?",
    "reading": r"readings?",
    "witness": r"witness(es)?",
    "stance": r"stances?",
    "verdict": r"verdicts?",
    "ruling": r"rulings?|ruled",
    "strength": r"strength",
    "agreement": r"agreement",
    "recheck": r"rechecks?",
}
MOST = 6
#: The text above the fold that is seen: neither hidden for screen readers nor in a closed popover.
FIRST_SCREEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange();
    if (!node.data.trim() || node.parentElement.closest(".vh, script, style, textarea, .meaning")) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width && box.height && box.top < innerHeight) found.push(node.data);
  }
  return found.join(" ");
}"""
#: Elements that stick out at the side of the page, apart from what lies in a labelled region that scrolls.
WIDE = """() => [...document.querySelectorAll("main *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest(".scroller, .toc, .vh, [popover], svg, .seg")
).slice(0, 5).map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"""


@pytest.mark.parametrize("page", [*(one for one in PAGES if one not in VARIATIONS), *ERRORS], ids=lambda one: one.path)
def test_the_first_screen_has_at_most_six_words_of_ours(windows: dict[str, Window], page: Page) -> None:
    window = windows["desktop"]
    window.open(page.path)
    text = window.page.evaluate(FIRST_SCREEN).lower()
    found = [word for word, forms in OURS.items() if re.search(rf"\b({forms})\b", text)]
    assert len(found) <= MOST, found


@pytest.mark.parametrize("path", ["/claims/flask-simple-extensible-core/", "/frameworks/", "/pros-cons/"])
def test_a_word_is_explained_where_it_stands_without_a_mouse_or_a_script(scriptless: Window, path: str) -> None:
    scriptless.open(path)
    button = scriptless.page.locator(".term").first
    meaning = scriptless.page.locator(f"#{button.get_attribute('popovertarget')}")
    assert not meaning.is_visible()
    button.press("Enter")
    assert meaning.is_visible() and len(meaning.inner_text()) > 30
    scriptless.page.keyboard.press("Escape")
    assert not meaning.is_visible()


@pytest.fixture(scope="module")
def awkward() -> Iterator[Site]:
    """A small site in which every text of people is one word of 400 letters, where the database holds as many."""
    with served(content=SECOND_DOMAIN) as site:
        site.run("from tests import hostile; hostile.make_hostile_world(hostile.LONG)")
        yield site


@pytest.mark.parametrize("path", hostile.PAGES)
def test_no_word_is_too_long_for_a_narrow_screen(browser: Browser, awkward: Site, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    answer = page.goto(awkward.address + path)
    width, wide = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(WIDE)
    page.close()
    assert answer is not None and answer.status == 200
    assert (width, wide) == (320, [])
