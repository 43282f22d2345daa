"""Using the site by keyboard alone, and where the focus goes when a part of a page is swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, expect

from .conftest import Window
from .paths import COMPARISON, MATRICES, Page

COMPARED = f"/comparisons/{COMPARISON}/"
#: JavaScript for the element that has the focus: its id, or its tag and text.
FOCUSED = "(() => { const e = document.activeElement; return e.id || `${e.tagName} ${e.textContent.trim()}` })()"
every_matrix = pytest.mark.parametrize("page", MATRICES, ids=lambda page: page.path)


@pytest.fixture
def window(windows: dict[str, Window]) -> Iterator[Window]:
    window = windows["desktop"]
    window.page.emulate_media(color_scheme="light")
    yield window
    assert window.complaints == []


def press(tab: Tab, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def focus_on(tab: Tab, css: str) -> None:
    """Press Tab until a control has the focus, at most 200 times."""
    for _ in range(200):
        if tab.evaluate("css => document.activeElement.matches(css)", css):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {css}")


def use(tab: Tab, css: str, key: str = "Enter") -> None:
    """Move to a control by Tab, use it, and wait until the section has been swapped."""
    focus_on(tab, css)
    tab.evaluate("document.getElementById('matrix').dataset.before = ''")
    tab.keyboard.press(key)
    expect(tab.locator("#matrix:not([data-before]):not(.htmx-swapping):not(.htmx-settling)")).to_be_attached()
    expect(tab.locator("#matrix-said")).not_to_be_empty()


@every_matrix
def test_the_page_scrolls_with_no_focus_and_the_heads_of_the_matrix_stick(
    windows: dict[str, Window], page: Page
) -> None:
    window = windows["phone"]
    window.open(page.path)
    tab = window.page
    tab.evaluate("document.querySelector('.wide-matrix tbody:last-of-type').scrollIntoView({ block: 'end' })")
    down = tab.evaluate("scrollY")
    press(tab, "ArrowUp", *["ArrowRight"] * 5)
    # Two frameworks fit as they are: nothing to scroll sideways.
    tab.wait_for_function(
        """down => scrollY < down && (scrollX > 0 ||
        document.documentElement.scrollWidth <= document.documentElement.clientWidth)""",
        arg=down,
    )
    head, first = tab.evaluate(
        """(() => { const at = (css) => document.querySelector(css).getBoundingClientRect();
        return [at('.wide-matrix thead th').top, at('.wide-matrix tbody th[scope=row]').left] })()"""
    )
    assert abs(head) < 2 and abs(first) < 2, "header row or first column scrolled away"


@pytest.mark.parametrize("width", [390, 320])
def test_two_frameworks_and_the_beginning_of_a_third_show_on_a_narrow_screen(
    windows: dict[str, Window], width: int
) -> None:
    window = windows["phone"]
    window.page.set_viewport_size({"width": width, "height": 844})
    window.open("/matrix/")
    edges = window.page.evaluate(
        """[...document.querySelectorAll('.wide-matrix thead tr:first-child > th')].slice(0, 3)
        .map((th) => th.getBoundingClientRect()).map((box) => [box.left, box.right])"""
    )
    said = window.page.locator(".fit").inner_text()
    window.page.set_viewport_size({"width": 390, "height": 844})
    assert edges[1][1] <= width and edges[2][0] < width - 8 < edges[2][1]
    assert said.startswith("2 of 15 columns shown")


def test_arrow_keys_lead_from_the_name_of_a_row_to_its_cells(window: Window) -> None:
    window.open("/matrix/?criterion=orm&criterion=async-support&framework=django&framework=flask")
    tab = window.page
    focus_on(tab, ".wide-matrix tbody a")
    for keys, column, row in (
        (["ArrowRight"], 1, 0),
        (["ArrowRight"], 2, 0),
        (["ArrowDown"], 2, 1),
        (["ArrowLeft"], 1, 1),
    ):
        press(tab, *keys)
        at = tab.evaluate(
            """(() => { const cell = document.activeElement.parentElement;
            const rows = [...document.querySelectorAll('.wide-matrix tbody tr:not(.grp)')];
            return [cell.cellIndex, rows.indexOf(cell.parentElement)] })()"""
        )
        assert at == [column, row], keys


def test_a_matrix_has_few_elements_and_few_stops_for_the_tab_key(window: Window) -> None:
    window.open("/matrix/")
    rows, elements, stops = window.page.evaluate(
        """[document.querySelectorAll('.wide-matrix th[scope=row]').length,
        document.querySelectorAll('*').length, [...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex]')].filter((e) => e.tabIndex >= 0).length]"""
    )
    # 6,000 elements and 400 stops for 15 frameworks by 100 criteria.
    assert rows >= 100 and elements <= 60 * rows and stops <= 400, (rows, elements, stops)


def test_popover_opens_by_key_and_returns_the_focus(window: Window) -> None:
    window.open("/matrix/?criterion=performance")
    opener, pop = "[popovertarget=p-performance]", "#p-performance"
    focus_on(window.page, opener)
    press(window.page, "Enter")
    expect(window.page.locator(pop)).to_be_visible()
    press(window.page, "Tab")
    assert window.page.evaluate("css => document.activeElement.closest(css) !== null", pop)
    press(window.page, "Escape")
    expect(window.page.locator(pop)).to_be_hidden()
    expect(window.page.locator(opener)).to_be_focused()


def test_panel_closes_by_escape_and_returns_the_focus(window: Window) -> None:
    window.open("/matrix/")
    focus_on(window.page, "#columns > summary")
    press(window.page, "Enter", "Tab")
    expect(window.page.locator("#columns .drop-body")).to_be_visible()
    press(window.page, "Escape")
    expect(window.page.locator("#columns .drop-body")).to_be_hidden()
    expect(window.page.locator("#columns > summary")).to_be_focused()


def test_menu_opens_by_key_on_a_narrow_screen(windows: dict[str, Window]) -> None:
    window = windows["phone"]
    window.open("/")
    focus_on(window.page, ".menu-button")
    press(window.page, "Space")
    expect(window.page.locator("#nav")).to_be_visible()
    press(window.page, "Tab")
    assert window.page.evaluate("document.activeElement.closest('#nav') !== null")
    press(window.page, "Escape")
    expect(window.page.locator("#nav")).to_be_hidden()
    expect(window.page.locator(".menu-button")).to_be_focused()


@every_matrix
def test_control_keeps_the_focus_when_the_section_is_swapped(window: Window, page: Page) -> None:
    window.open(page.path)
    tab = window.page
    tab.evaluate("window.same = true")
    for control in ("only-disputed", "only-recheck"):
        use(tab, f"#{control}")
        assert tab.evaluate(FOCUSED) == control
        expect(tab.locator(f"#{control}")).to_have_attribute("aria-current", "true")
    assert tab.evaluate("window.same"), "the page was reloaded"
    assert tab.url.endswith("?only=disputed&only=recheck")
    assert tab.locator("#matrix-said").inner_text() == tab.locator("#matrix").get_attribute("data-said")


#: JavaScript: put a control at some height of the window, or as near to it as the page allows.
PLACED = "([css, top]) => scrollBy(0, document.querySelector(css).getBoundingClientRect().top - top)"
TOP = "css => document.querySelector(css).getBoundingClientRect().top"


@every_matrix
def test_pressed_control_stays_where_it_is(window: Window, page: Page) -> None:
    """At the top of the window, in its middle, and at its foot."""
    window.open(page.path)
    tab = window.page
    for control, top in (("#only-differences", 600), ("#only-disputed", 40), ("#only-all", 300)):
        tab.evaluate(PLACED, [control, top])
        before = tab.evaluate(TOP, control)
        tab.evaluate("css => document.querySelector(css).focus({ preventScroll: true })", control)
        use(tab, control)
        assert abs(tab.evaluate(TOP, control) - before) <= 2, control


@every_matrix
def test_pressed_control_stays_where_it_is_without_javascript(scriptless: Window, page: Page) -> None:
    """The page is loaded at the control: in the middle of the window, or where it is if the page is not scrolled."""
    scriptless.open(page.path if page.path == "/matrix/" else f"{page.path}#only-all")
    tab = scriptless.page
    for control in ("differences", "disputed", "all"):
        before = tab.locator(f"#only-{control}").bounding_box()
        tab.locator(f"#only-{control}").click()
        tab.wait_for_url(re.compile(f"#only-{control}$"))
        after = tab.locator(f"#only-{control}").bounding_box()
        assert before and after and abs(before["y"] - after["y"]) <= 2, control


def test_swapped_section_is_what_the_address_gives(window: Window) -> None:
    window.open(COMPARED)
    tab = window.page
    use(tab, "#only-differences")
    swapped = tab.locator("#matrix table").inner_html()
    tab.reload()
    assert tab.locator("#matrix table").inner_html() == swapped


def test_back_restores_the_previous_matrix_and_a_focus(window: Window) -> None:
    window.open(COMPARED)
    tab = window.page
    rows = tab.locator("#matrix tbody th[scope=row]").count()
    use(tab, "#only-disputed")
    assert tab.locator("#matrix tbody th[scope=row]").count() < rows
    tab.go_back()
    expect(tab.locator("#matrix tbody th[scope=row]")).to_have_count(rows)
    assert tab.url.endswith(COMPARED)
    expect(tab.locator("#h-matrix")).to_be_focused()
    use(tab, "#only-differences")
    assert tab.evaluate(FOCUSED) == "only-differences"


def test_rows_are_chosen_by_group_and_given_up_by_keys(window: Window) -> None:
    window.open(COMPARED)
    tab = window.page
    focus_on(tab, "#row-groups > summary")
    press(tab, "Enter")
    focus_on(tab, "#row-groups [name=group]")
    count = int(tab.locator("#row-groups .check .n").first.inner_text())
    press(tab, "Space")
    use(tab, "#groups-show")
    assert tab.evaluate("document.activeElement.matches('#row-groups > summary')")
    assert tab.locator("#matrix tbody th[scope=row]").count() == count
    use(tab, ".chips .chip")
    assert tab.evaluate(FOCUSED) == "h-matrix"


def test_parts_that_weigh_all_sources_disappear_from_a_narrowed_view(window: Window) -> None:
    """Parts that the server leaves out of the page do not remain after a swap."""
    window.open(COMPARED)
    tab = window.page
    tab.locator("#more > summary").click()
    tab.locator("#as-of").fill("2024-01-01")
    use(tab, "#more-show")
    assert tab.locator("#verdict, #sources, #toc a[href='#verdict']").count() == 0
    use(tab, ".chips .chip")
    expect(tab.locator("#verdict")).to_be_attached()


def test_a_section_that_cannot_be_swapped_is_opened_as_a_page(window: Window) -> None:
    window.open("/matrix/")
    tab = window.page
    tab.evaluate("window.same = true")

    def refuse(route: Route) -> None:
        if route.request.resource_type == "xhr":
            route.fulfill(status=503, body="Not now.")
        else:
            route.continue_()

    tab.route("**/matrix/?only=disputed", refuse)
    focus_on(tab, "#only-disputed")
    press(tab, "Enter")
    tab.wait_for_url("**/matrix/?only=disputed")
    expect(tab.locator("#only-disputed")).to_have_attribute("aria-current", "true")
    assert not tab.evaluate("window.same"), "it was not opened as a page"
    tab.unroute_all()
    window.complaints.clear()  # the browser reports the 503


def test_matrix_controls_work_without_javascript(scriptless: Window) -> None:
    scriptless.open(COMPARED)
    scriptless.page.locator("#only-disputed").click()
    expect(scriptless.page).to_have_url(re.compile(r"\?only=disputed#only-disputed$"))
    expect(scriptless.page.locator("#only-disputed")).to_have_attribute("aria-current", "true")


def test_back_to_a_list_ticks_what_the_list_shows_and_its_address_holds_no_empty_fields(window: Window) -> None:
    window.open("/pros-cons/")
    tab = window.page
    tab.check("input[name=polarity] >> nth=0")
    tab.click(".facets-body button")
    tab.wait_for_url("**/pros-cons/?polarity=pro&sort=strength")
    tab.go_back()
    expect(tab.locator("input[name=polarity] >> nth=0")).not_to_be_checked()
