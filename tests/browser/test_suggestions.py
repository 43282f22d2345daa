"""The search field of every page: suggestions while one types, by keyboard, by touch, and without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from .conftest import Window
from .test_pages import EVERYTHING, violations

HERE, CELL = "/practices/", "/frameworks/flask/orm/"


@pytest.fixture(params=["desktop", "phone"])
def window(windows: dict[str, Window], request: pytest.FixtureRequest) -> Iterator[Window]:
    window = windows[request.param]
    window.open(HERE)
    yield window
    assert window.complaints == []


def typed(tab: Tab, text: str) -> None:
    """Type into the field at once, before htmx is there, and wait for what is suggested."""
    tab.locator("#site-q").fill(text)
    expect(tab.locator("#suggest [role=option]").first).to_be_visible()


def test_arrow_keys_move_through_the_suggestions_and_enter_opens_one(window: Window) -> None:
    tab, field = window.page, window.page.locator("#site-q")
    typed(tab, "flask object")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    option = tab.locator("#suggest [aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    expect(option).to_have_attribute("href", CELL)
    field.press("Enter")
    expect(tab).to_have_url(re.compile(re.escape(CELL) + "$"))


def test_escape_closes_the_suggestions_and_enter_then_searches(window: Window) -> None:
    tab, field = window.page, window.page.locator("#site-q")
    typed(tab, "flask")
    field.press("Escape")
    expect(tab.locator("#suggest")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("flask")
    field.press("Enter")
    expect(tab).to_have_url(re.compile(r"/search/\?q=flask$"))


def test_a_tap_opens_a_suggestion_and_one_elsewhere_closes_them(window: Window) -> None:
    tab = window.page
    typed(tab, "flask object")
    tab.mouse.click(2, 700)
    expect(tab.locator("#suggest")).to_be_hidden()
    tab.locator("#site-q").click()
    tab.locator("#suggest [role=option]").first.click()
    expect(tab).to_have_url(re.compile(re.escape(CELL) + "$"))


def test_nothing_is_shown_for_what_names_nothing(window: Window) -> None:
    tab = window.page
    typed(tab, "flask")
    tab.locator("#site-q").fill("qqqqqq")
    expect(tab.locator("#suggest")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_suggestions_are_accessible_and_fit_the_screen(window: Window, scheme: str) -> None:
    tab = window.page
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    typed(tab, "flask a")
    tab.locator("#site-q").press("ArrowDown")
    assert violations(window, EVERYTHING) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.emulate_media(color_scheme="light")


def test_without_a_script_the_field_searches(scriptless: Window) -> None:
    scriptless.open(HERE)
    scriptless.page.locator("#site-q").fill("flask")
    scriptless.page.locator("#site-q").press("Enter")
    expect(scriptless.page).to_have_url(re.compile(r"/search/\?q=flask$"))
