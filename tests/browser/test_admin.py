"""Every page of the admin in a real browser: accessible in light and dark and on a phone, without console messages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.serving import Site

from .admin_paths import PAGES, PASSWORD, PEOPLE, SETUP, Page
from .conftest import DESKTOP, PHONE, REPORT, Window
from .test_pages import COLOURS, EVERYTHING, violations

#: Rules that a page can break on a narrow screen only.
NARROW = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.fixture(scope="module")
def keys(site: Site) -> dict[str, int]:
    """The primary keys of the records that the addresses contain."""
    return json.loads(site.run(SETUP))


@pytest.fixture(scope="module")
def desks(browser: Browser, site: Site, keys: dict[str, int]) -> Iterator[dict[str, Window]]:
    """A window for each role, logged in."""
    contexts = {}
    for role, name in PEOPLE.items():
        context = browser.new_context(reduced_motion="reduce", viewport=DESKTOP)
        context.add_init_script(REPORT)
        window = Window(context.new_page(), site)
        window.open("/admin/login/")
        window.page.get_by_label("Username").fill(name)
        window.page.get_by_label("Password").fill(PASSWORD)
        window.page.get_by_role("button", name="Log in").click()
        window.page.locator(".desk").wait_for()
        contexts[role] = window
    yield contexts
    for window in contexts.values():
        window.page.context.close()


@every_page
def test_page_of_the_admin_is_accessible_and_silent(desks: dict[str, Window], keys: dict[str, int], page: Page) -> None:
    """Checked in light and dark, and on a phone, where the page itself must not scroll sideways."""
    window = desks[page.role]
    tab = window.page
    tab.set_viewport_size(DESKTOP)
    tab.emulate_media(color_scheme="light")
    assert window.open(page.path.format(**keys)) == 200
    if page.act:
        page.act(tab)
    # The buttons of a form stand at their own place there: what scrolls beneath them is not hidden for good.
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    said = [*window.complaints]  # taken before axe runs, which may add messages of its own
    found = violations(window, EVERYTHING)
    tab.set_viewport_size(PHONE)
    width = tab.evaluate("document.documentElement.scrollWidth")
    if not page.name.startswith("new "):  # an empty form has the colours and controls of a full one
        found += [f"on a phone: {text}" for text in violations(window, NARROW)]
        tab.emulate_media(color_scheme="dark")
        found += [f"dark: {text}" for text in violations(window, COLOURS)]
    if width > PHONE["width"]:
        found.append(f"on a phone: {width} px wide")
    found += [text for text in said if "409" not in text]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_login_has_the_look_of_the_site(windows: dict[str, Window], scheme: str) -> None:
    window = windows["phone"]
    window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    try:
        assert window.open("/admin/login/") == 200
        assert window.complaints == []
        assert violations(window, EVERYTHING) == []
        assert window.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        admin = window.page.evaluate("getComputedStyle(document.querySelector('#container')).backgroundColor")
        window.open("/")
        assert admin == window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    finally:
        window.page.emulate_media(color_scheme="light")
