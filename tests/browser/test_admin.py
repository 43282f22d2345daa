"""Every page of the admin in a real browser: accessible in light and dark and on a phone, without console messages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.serving import Site

from .admin_paths import PAGES, PASSWORD, PEOPLE, SETUP, Page
from .conftest import DESKTOP, PHONE, REPORT, Window
from .test_pages import COLOURS, EVERYTHING, violations

TABLET = {"width": 768, "height": 1024}
#: Rules that a page can break on a narrow screen only.
NARROW = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
#: Fields and buttons that are cut off at the side, by whatever hides what does not fit.
CUT_OFF = """() => [...document.querySelectorAll("#content :is(input, select, textarea, button, .select2-selection)")]
  .filter((field) => field.checkVisibility({ visibilityProperty: true }) && field.type !== "hidden"
    && !field.closest(".visually-hidden, .select2-hidden-accessible"))
  .flatMap((field) => {
    const { left, right } = field.getBoundingClientRect();
    for (let frame = field.parentElement; frame.id !== "content"; frame = frame.parentElement) {
      const edge = frame.getBoundingClientRect(), { overflowX } = getComputedStyle(frame);
      if (["auto", "scroll"].includes(overflowX)) return [];
      if (["hidden", "clip"].includes(overflowX) && (left < edge.left - 1 || right > edge.right + 1))
        return [`${field.localName} ${field.name ?? ""} is cut off by ${frame.className}`];
    }
    const leaves = right > document.documentElement.clientWidth + 1;
    return leaves ? [`${field.localName} ${field.name ?? ""} leaves the window`] : [];
  })"""
#: How wide the page is once it has noticed the size of the window, to which an open list of choices is moved.
WIDTH = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => done(document.documentElement.scrollWidth))))"""
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
    for name, size in (("a tablet", TABLET), ("a phone", PHONE)):
        tab.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"on {name}: {text}" for text in tab.evaluate(CUT_OFF)]
    width = tab.evaluate(WIDTH)
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


def test_the_ring_of_a_field_is_seen_whole(desks: dict[str, Window]) -> None:
    """The rows of a form do not cut off what is drawn around the field that has the focus."""
    tab = desks[""].page
    desks[""].open("/admin/comparisons/article/add/")
    tab.locator("#id_title").focus()
    cuts = """(field) => {
      const rows = [], { left } = field.getBoundingClientRect();
      for (let row = field.parentElement; row; row = row.parentElement) {
        const hides = ["hidden", "clip"].includes(getComputedStyle(row).overflowX);
        if (hides && left - row.getBoundingClientRect().left < 4) rows.push(row.className);
      }
      return rows;
    }"""
    for size in (DESKTOP, PHONE):
        tab.set_viewport_size(size)  # type: ignore[arg-type]
        assert tab.locator("#id_title").evaluate(cuts) == []


def test_a_review_is_printed_without_what_is_pressed(desks: dict[str, Window], keys: dict[str, int]) -> None:
    """What the page says is on paper; menus, links to other pages, keys and forms are not."""
    tab = desks["reviewer"].page
    tab.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    desks["reviewer"].open(f"/admin/comparisons/claim/{keys['waiting']}/review/")
    tab.emulate_media(media="print")
    try:
        hidden = ("#nav-sidebar", "#user-tools", ".breadcrumbs", ".object-tools", "#keys", ".steps", "#note_form")
        assert [css for css in hidden if tab.locator(css).is_visible()] == []
        for heading in ("Where it stands", "Its cell", "History of the claim"):
            assert tab.get_by_role("heading", name=heading).is_visible()
        assert tab.locator(".review").evaluate("(page) => page.getBoundingClientRect().left") < 40
    finally:
        tab.emulate_media(media="screen")


def test_a_statement_in_another_direction_turns_nothing_round_beside_it(desks: dict[str, Window]) -> None:
    tab = desks["reviewer"].page
    desks["reviewer"].open("/admin/")
    order = """(item) => {
      item.querySelector("a").textContent = "\u202eThe statement";
      const words = item.querySelector(".detail").firstChild, place = document.createRange();
      const at = (start) => {
        place.setStart(words, start);
        place.setEnd(words, start + 1);
        return place.getBoundingClientRect().left;
      };
      return at(0) < at(2);
    }"""
    assert tab.locator(".entry li:has(.detail)").first.evaluate(order)


def test_a_form_that_is_shown_again_begins_at_the_first_field_with_an_error(desks: dict[str, Window]) -> None:
    tab = desks[""].page
    desks[""].open("/admin/comparisons/claim/add/")
    tab.locator("#id_statement").fill("A statement, and nothing else.")
    tab.locator(".submit-row [name=_save]").click()
    tab.locator(".errornote").wait_for()
    expect(tab.locator(".field-criterion .select2-selection")).to_be_focused()
