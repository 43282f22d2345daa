"""What comes out of a printer: every column, every row, the heads on each sheet, the legend once."""

from __future__ import annotations

import pytest

from .conftest import Window
from .page_types import TYPES
from .paths import COMPARISON, PAGES, Page
from .sheets import printed

LEGEND = "how much, not how good"
#: Width of a sheet in millimetres, upright and on its side, and of the margin at either side, in CSS pixels.
UPRIGHT, SIDEWAYS = 210, 297
INSIDE = {UPRIGHT: 703, SIDEWAYS: 1046}
NAMES = """() => [...document.querySelectorAll(".paper-part")].map((part) => ({
  columns: [...part.querySelectorAll("thead th")].map((e) => e.firstChild.textContent.trim()),
  rows: [...part.querySelectorAll("tbody th[scope=row]")].map((e) => e.firstChild.textContent.trim()),
}))"""


@pytest.fixture
def desktop(windows: dict[str, Window]) -> Window:
    return windows["desktop"]


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/matrix/?print=1", SIDEWAYS),
        ("/matrix/?print=1&group=data&transpose=1", SIDEWAYS),
        ("/compare/django-vs-flask/?print=1&only=disputed", UPRIGHT),
    ],
)
def test_every_row_and_column_is_on_paper_and_the_legend_once(desktop: Window, path: str, width: int) -> None:
    sheets = printed(desktop, path)
    parts = desktop.page.evaluate(NAMES)
    text = " ".join(sheet.text for sheet in sheets)
    assert {sheet.width for sheet in sheets} == {width}
    for part in parts:
        assert [name for name in part["columns"] + part["rows"] if name not in text] == []
    assert text.count(LEGEND) == 1


def test_the_heads_of_a_part_are_on_each_of_its_sheets(desktop: Window) -> None:
    sheets = printed(desktop, "/matrix/?print=1")
    parts = [part["columns"] for part in desktop.page.evaluate(NAMES)]
    assert len(parts) == 2
    heads = [[all(name in sheet.text for name in columns) for sheet in sheets] for columns in parts]
    assert all(any(of_part) for of_part in zip(*heads, strict=True))
    assert [sum(of_part) > 1 for of_part in heads] == [True, True]


@pytest.mark.parametrize("sources", [False, True])
def test_a_handout_takes_four_sheets_without_its_sources(desktop: Window, sources: bool) -> None:
    sheets = printed(desktop, f"/comparisons/{COMPARISON}/?print=1{'&sources=1' * sources}")
    text = " ".join(sheet.text for sheet in sheets)
    assert ("those behind most answers first" in text) is sources
    if not sources:
        assert len(sheets) <= 4
    assert "Where sources disagree" in text
    assert [row for part in desktop.page.evaluate(NAMES) for row in part["rows"] if row not in text] == []


def test_the_button_that_prints_appears_with_scripts_only(desktop: Window, scriptless: Window) -> None:
    for window, seen in ((desktop, 1), (scriptless, 0)):
        window.open("/matrix/?print=1&group=data")
        assert window.page.locator("main [data-print]").filter(visible=True).count() == seen
        assert window.page.get_by_label("With a list of the sources").is_visible()


def test_a_printed_comparison_has_no_controls_and_every_source_with_its_address(desktop: Window) -> None:
    desktop.open(f"/comparisons/{COMPARISON}/")
    tab = desktop.page
    tab.emulate_media(media="print")
    try:
        for css in (".site-head", ".site-foot", ".controls .facets", ".controls .seg", ".jump", ".toc", ".pop"):
            assert tab.locator(f"{css}:visible").count() == 0, css
        head = "getComputedStyle(document.querySelector('.wide-matrix thead')).display"
        assert tab.evaluate(head) == "table-header-group"
        assert tab.locator(".print-head, .key").filter(visible=True).count() == 2
        sources = tab.locator("#sources .sources > li")
        assert sources.filter(visible=True).count() == sources.count() > 20
        assert tab.locator("#sources .print-address").filter(visible=True).count() > sources.count() / 2
    finally:
        tab.emulate_media(media="null")


def test_the_page_of_a_matrix_prints_every_column_and_names_its_version_for_paper(desktop: Window) -> None:
    sheets = printed(desktop, "/matrix/")
    columns = desktop.page.locator(".wide-matrix thead th > a").all_text_contents()
    assert len(columns) > 8
    assert [name for name in columns if "".join(name.split()) not in "".join(sheets[0].text.split())] == []
    assert "/matrix/?print=1" in sheets[0].text
    assert sheets[0].text.count(LEGEND) == 1


#: One page of each type, and the variations that differ on paper: versions for paper, other columns, smaller letters.
ON_PAPER = [
    page
    for page in PAGES
    if (page in TYPES or any(word in page.path for word in ("print=1", "transpose=1", "density=compact")))
    and not page.path.startswith("/embed/")  # printed with the page of another site that it stands in
]


@pytest.mark.parametrize("page", ON_PAPER, ids=lambda page: page.path)
def test_nothing_is_lost_at_the_edge_of_the_paper(desktop: Window, page: Page) -> None:
    """No page is wider than its sheet: a browser would cut it off, or print all of it in smaller letters."""
    sheets = printed(desktop, page.path)
    for sheet in sheets:
        assert [run for run in sheet.runs if run.left > (sheet.width - 10) * 72 / 25.4] == []
    # The name at the foot of a sheet; as a source it may stand elsewhere.
    sizes = [run.size for run in sheets[0].runs if run.text.startswith("Crosscheck")]
    assert any(size == pytest.approx(7.5, abs=0.25) for size in sizes)
    desktop.page.emulate_media(media="print")
    desktop.page.set_viewport_size({"width": INSIDE[sheets[0].width], "height": 900})
    try:
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desktop.page.evaluate(wider) <= 0.03 * INSIDE[sheets[0].width]  # a wide matrix is made a little smaller
    finally:
        desktop.page.set_viewport_size({"width": 1440, "height": 900})
        desktop.page.emulate_media(media="null")


def test_columns_of_a_verdict_begin_on_one_line_on_paper(desktop: Window) -> None:
    desktop.open(f"/comparisons/{COMPARISON}/")
    desktop.page.emulate_media(media="print")
    desktop.page.set_viewport_size({"width": INSIDE[UPRIGHT], "height": 900})
    tops = desktop.page.evaluate("[...document.querySelectorAll('.verdicts h3')].map((e) => e.offsetTop)")
    desktop.page.emulate_media(media="null")
    desktop.page.set_viewport_size({"width": 1440, "height": 900})
    assert len(tops) == 3 and len(set(tops)) == 1
