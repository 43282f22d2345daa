"""Every page in a real browser: accessible, without console messages, and complete without JavaScript.

A page is opened once at each size, and all that the size is for is looked for then; a fault is named by its check.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import expect

from .conftest import Window
from .page_types import TYPES
from .paths import ADMIN, ERRORS, MATRICES, PAGES, TEXTS, Page
from .words import MOST_WORDS, words_of_ours

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"type": "tag", "values": [*WCAG, "best-practice"]}
#: Dark differs from light in colours alone.
COLOURS: dict[str, Any] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


#: Marks the rows of tables and lists that have nothing of a new kind: axe takes most of its time for the colours of
#: rows that are all alike. What makes an element of a kind: the classes and attributes that styles and rules go by, the
#: classes around its row, and whether it has a text. The last row of each table or list is never marked.
MARK_ROWS_ALIKE = """() => {
  const seen = new Set();
  const named = (e) => e.localName + "." + (e.getAttribute("class") ?? "");
  const kind = (e) => [named(e), e.textContent.trim() !== "", ...[...e.attributes].map((a) =>
    /^(class|id|href|title|name|value|for)$|^aria-(label|describe|controls)|target$/.test(a.name)
      ? a.name + (a.value.trim() !== "") : a.name + a.value)].join(" ");
  for (const row of document.querySelectorAll("tbody tr, li")) {
    row.removeAttribute("data-alike");
    if (row.querySelector("tr, li")) continue;
    let around = "";
    for (let e = row.parentElement; e; e = e.parentElement) around += named(e) + " ";
    const kinds = [row, ...row.querySelectorAll("*")].map((e) => `${around}|${named(e.parentElement)}|${kind(e)}`);
    const isNew = kinds.filter((one) => !seen.has(one)).map((one) => seen.add(one)).length > 0;
    if (!isNew && row.nextElementSibling) row.setAttribute("data-alike", "");
  }
}"""
#: Runs axe and returns each violation at its first three places.
RUN_AXE = """async (options) => {
  const { violations } = await axe.run({ exclude: [["[data-alike]"]] }, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`));
}"""


def violations(window: Window, rules: dict[str, object], *, but: Collection[str] = ()) -> list[str]:
    """The violations that axe finds on the page, each at its first three places; of rows alike it sees the first.

    but: rules that are left out.
    """
    tab = window.page
    tab.evaluate("document.fonts.ready.then(() => true)")
    expect(tab.locator("[aria-busy=true]")).to_have_count(0)  # dimmed until its content arrives
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    tab.evaluate(MARK_ROWS_ALIKE)
    options = {"resultTypes": ["violations"], "runOnly": rules, "rules": {rule: {"enabled": False} for rule in but}}
    return tab.evaluate(RUN_AXE, options)


#: One page of each type has the parts that all of its type have.
TYPICAL = {*TYPES, *MATRICES, *ERRORS[3:]}
#: Every page on the widest and on the narrowest screen, a typical one at sizes between them too.
SIZES = [
    (page, size)
    for page in [*PAGES, *ERRORS]
    for size in ("desktop", "narrow", "phone", "zoomed")
    if size in ("desktop", "narrow") or page in TYPICAL
]


@pytest.mark.parametrize(("page", "size"), SIZES, ids=lambda value: getattr(value, "path", value))
def test_page_is_accessible_and_silent_and_fits(windows: dict[str, Window], page: Page, size: str) -> None:
    window = windows[size]
    window.page.emulate_media(color_scheme="light")
    assert window.open(page.path) == page.status
    found = [f"too wide: {part}" for part in too_wide(window)] if size == "narrow" else []
    if size in ("desktop", "phone") and len(words := words_of_ours(window)) > MOST_WORDS:
        found.append(f"more than {MOST_WORDS} words of ours on the first screen: {words}")
    # axe takes most of the time of this test, and most of its own for colours, which are the same at every size. The
    # narrowest layout has the smallest targets, and hides most.
    if size == "desktop":
        found += [f"light: {text}" for text in violations(window, EVERYTHING)]
    if size == "narrow" and page in TYPICAL:
        found += violations(window, EVERYTHING, but=COLOURS["values"])
    if size == "desktop" and page in TYPICAL:
        window.page.emulate_media(color_scheme="dark")
        found += [f"dark: {text}" for text in violations(window, COLOURS)]
    found += window.complaints
    assert not found, "\n".join(found)


def too_wide(window: Window) -> list[str]:
    """What is wider than 320 px, which is 1280 px at 400 %, apart from tables and the like.

    A page with a matrix scrolls sideways as a whole, so that it has one scroller; all but the table stays in place.
    """
    if window.page.locator(".wide-page .matrix-wrap").count():
        wide = """[...document.querySelectorAll('.site-head, .site-foot, .page > :not(#matrix, .vh), #matrix > .pin')]
            .filter((part) => part.getBoundingClientRect().right > 320.5
              || part.scrollWidth > 320 && getComputedStyle(part).overflowX === 'visible')
            .map((part) => part.className || part.localName)"""
        return window.page.evaluate(wide)
    width = window.page.evaluate("document.documentElement.scrollWidth")
    return [f"the page, {width} px"] if width > 320 else []


@pytest.mark.parametrize("page", sorted(TYPICAL), ids=lambda page: page.path)
def test_page_is_complete_without_javascript(scriptless: Window, page: Page) -> None:
    assert scriptless.open(page.path) == page.status
    assert scriptless.page.locator("main h1").first.inner_text().strip()
    assert len(scriptless.page.locator("main").inner_text()) > 60
    assert scriptless.complaints == []


@pytest.mark.parametrize("page", MATRICES, ids=lambda page: page.path)
def test_matrix_form_works_without_javascript(scriptless: Window, page: Page) -> None:
    scriptless.open(page.path)
    rows = scriptless.page.locator("#matrix table th[scope=row]").count()
    scriptless.page.locator("#row-groups > summary").click()
    scriptless.page.locator("#row-groups input[name=group]").first.check()
    scriptless.page.locator("#groups-show").click()
    # A click does not wait for the page that it leads to.
    scriptless.page.wait_for_url(re.compile(r"group="))
    assert 0 < scriptless.page.locator("#matrix table th[scope=row]").count() < rows


@pytest.mark.parametrize("page", ADMIN, ids=lambda page: page.path)
def test_admin_login_works_under_the_policy(windows: dict[str, Window], page: Page) -> None:
    window = windows["desktop"]
    window.page.emulate_media(color_scheme="light")
    assert window.open(page.path) == page.status
    assert violations(window, {"type": "tag", "values": WCAG}) == []
    window.page.get_by_label("Username").fill("nobody")
    window.page.get_by_label("Password").fill("wrong")
    window.page.get_by_role("button", name="Log in").click()
    expect(window.page.locator(".errornote")).to_be_visible()
    assert window.complaints == []
    window.page.context.clear_cookies()


def test_every_address_of_the_site_is_listed() -> None:
    """Only pages in the lists of paths.py are tested here."""

    def names(patterns: list[URLPattern | URLResolver]) -> set[str | None]:
        found: set[str | None] = set()
        for pattern in patterns:
            found |= names(pattern.url_patterns) if isinstance(pattern, URLResolver) else {pattern.name} - {None}
        return found

    public = names([p for p in get_resolver().url_patterns if str(p.pattern) != "admin/"])
    listed = {resolve(path.partition("?")[0]).url_name for path in [*(page.path for page in PAGES), *TEXTS]}
    # Forms that differ from that about an answer in what they name, and files.
    same = {"challenge_claim", "challenge_article"}
    assert public - listed <= {"favicon", "healthz", "readyz", "data_file", *same}


STYLED = [MATRICES[0].path, "/pros-cons/", "/frameworks/django/architectural-pattern/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", STYLED)
def test_more_contrast_is_given_on_request(windows: dict[str, Window], path: str, scheme: Literal["light"]) -> None:
    """Hairlines become edges of at least 3 : 1, secondary text becomes primary, and nothing loses contrast."""
    tab = windows["desktop"].page
    windows["desktop"].open(path)
    tab.emulate_media(color_scheme=scheme, contrast="more")
    style = "getComputedStyle(document.documentElement)"
    try:
        assert tab.evaluate(f"{style}.getPropertyValue('--rule') === {style}.getPropertyValue('--edge')")
        assert violations(windows["desktop"], COLOURS) == []
    finally:
        tab.emulate_media(color_scheme="light", contrast="no-preference")
