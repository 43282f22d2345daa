"""A page of each type serves everybody: by keyboard, in forced colours, and without motion.

Each is opened once, and all its faults are told together. What the size of a screen, zoom, contrast and scripts do to
a page is tested in test_pages.
"""

from __future__ import annotations

import pytest
from django.urls import resolve

from .conftest import Window
from .page_types import TYPES
from .paths import ERRORS, Page

#: A page for other sites has neither head nor menu.
FRAMED = {"embed_cell", "embed_row", "embed_comparison"}
#: Stops of the Tab key that are looked at: those of the head, and the first of the page itself.
STOPS = 20
#: What has the focus and does not show it: its name if it has no ring, nor its label, or is out of sight.
LOST = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.closest("label");
  const rings = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    || label && getComputedStyle(label).outlineStyle !== "none";
  const name = e.id || `${e.localName} ${e.textContent.trim().slice(0, 40)}`;
  if (e === document.body) return "";
  if (!rings) return `no ring on ${name}`;
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight ? "" : `${name} is out of sight`;
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e);
  return s.animationName !== "none" || parseFloat(s.transitionDuration) > 0 }).map((e) => `moves: ${e.className}`)"""
#: States that only a background shows, and controls without an edge.
UNSEEN = """() => {
  const seen = (css) => [...document.querySelectorAll(css)].filter((e) => e.checkVisibility());
  const style = (e) => getComputedStyle(e);
  const canvas = style(document.body).backgroundColor;
  return [
    ...seen(".tally i:not(.o), .seg [aria-current], .seg label:has(:checked)")
      .filter((e) => [canvas, "rgba(0, 0, 0, 0)"].includes(style(e).backgroundColor)),
    ...seen(".btn, .badge, .chip, .input")
      .filter((e) => style(e).borderTopWidth === "0px" || style(e).borderTopColor === canvas),
  ].map((e) => `unseen in forced colours: ${e.outerHTML.slice(0, 120)}`);
}"""


@pytest.mark.parametrize("page", [*TYPES, ERRORS[3]], ids=lambda page: page.path)
def test_page_serves_everybody(windows: dict[str, Window], page: Page) -> None:
    window, tab = windows["desktop"], windows["desktop"].page
    tab.emulate_media(color_scheme="light")
    assert window.open(page.path) == page.status
    found = [] if resolve(page.path.partition("?")[0]).url_name in FRAMED else skipping(window)
    found += {lost for _ in range(STOPS) if not tab.keyboard.press("Tab") and (lost := tab.evaluate(LOST))}
    found += tab.evaluate(MOVING)
    tab.emulate_media(forced_colors="active")
    try:
        found += tab.evaluate(UNSEEN)
    finally:
        tab.emulate_media(forced_colors="none")
    assert found + window.complaints == []


def skipping(window: Window) -> list[str]:
    """What is wrong with the link that skips the head: it comes first, is seen, and leads to the content."""
    tab = window.page
    tab.evaluate("document.activeElement.blur()")  # a field may have the focus when a page opens
    tab.keyboard.press("Tab")
    is_first = tab.evaluate(
        "(e => e.classList.contains('skip') && e.getBoundingClientRect().top >= 0)(document.activeElement)"
    )
    tab.keyboard.press("Enter")
    leads = tab.evaluate("document.activeElement.id === 'main'")
    return ([] if is_first else ["the first stop skips nothing"]) + (
        [] if leads else ["it does not lead to the content"]
    )
