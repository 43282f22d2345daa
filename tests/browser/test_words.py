"""Words on pages: explained where they stand, and none too long for a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import hostile
from tests.conftest import SECOND_DOMAIN
from tests.serving import Site, served

from .conftest import Window

#: Elements that stick out at the side of the page, apart from what lies in a labelled region that scrolls.
WIDE = """() => [...document.querySelectorAll("main *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest(".scroller, .toc, .vh, [popover], svg, .seg")
).slice(0, 5).map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"""


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
