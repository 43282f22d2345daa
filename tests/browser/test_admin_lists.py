"""The list of claims and long forms of the admin on a laptop, and rows that are put in order by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Window

LAPTOP = {"width": 1280, "height": 800}
USER, PASSWORD = "laura", "a-long-password-of-hers"
PREPARE = f"""
from django.contrib.auth.models import User
User.objects.create_superuser({USER!r}, password={PASSWORD!r})
from comparisons.models import Comparison, Framework, Criterion
page = Comparison.objects.create(slug="by-hand", title="By hand", introduction="Why.")
for place, slug in enumerate(["flask", "django", "quart"]):
    page.columns.create(framework=Framework.objects.get(slug=slug), order=place)
page.rows.create(criterion=Criterion.objects.first())
print(page.pk)
"""


@pytest.fixture(scope="module")
def laptop(windows: dict[str, Window]) -> Iterator[tuple[Page, str]]:
    """The page of a superuser, and the address of the form of a comparison of three frameworks."""
    window = windows["desktop"]
    pk = window.site.run(PREPARE).strip()
    size = window.page.viewport_size
    window.page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    window.open("/admin/login/")
    window.page.get_by_label("Username").fill(USER)
    window.page.get_by_label("Password").fill(PASSWORD)
    window.page.get_by_role("button", name="Log in").click()
    window.page.locator("#logout-form").wait_for()
    yield window.page, f"{window.site.address}/admin/comparisons/comparison/{pk}/change/"
    window.page.context.clear_cookies()
    window.page.set_viewport_size(size)  # type: ignore[arg-type]


def test_the_list_of_claims_fits_a_laptop(laptop: tuple[Page, str]) -> None:
    page, form = laptop
    page.goto(f"{form.split('/comparison/')[0]}/claim/")
    widths = page.locator(".results").evaluate("(box) => [box.scrollWidth, box.clientWidth]")
    assert widths[0] <= widths[1] and page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]


def test_the_button_to_save_stays_in_the_window_and_citations_are_folded(laptop: tuple[Page, str]) -> None:
    page, form = laptop
    page.goto(f"{form.split('/comparison/')[0]}/claim/?status__exact=published")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("[name=_save]")).to_be_in_viewport()
    says = page.locator("#id_citations-0-says")
    expect(says).to_be_hidden()
    page.locator("#citations-0 summary").click()
    expect(says).to_be_visible()


def test_frameworks_of_a_comparison_are_put_in_order_by_keyboard_and_by_dragging(laptop: tuple[Page, str]) -> None:
    page, form = laptop
    page.goto(form)

    def row(name: str) -> Locator:
        return page.locator("#columns-group tr.form-row").filter(has=page.get_by_role("button", name=f"up: {name}"))

    button = page.get_by_role("button", name="Move down: Flask")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    expect(page.locator("#columns-group [role=status]")).to_have_text("Flask: place 2 of 3")
    row("Quart").locator(".grip").drag_to(row("Django"), target_position={"x": 20, "y": 5})
    expect(page.locator("#columns-group tr.form-row").first).to_contain_text("Quart")
    with page.expect_navigation():
        page.locator("[name=_continue]").click()
    assert window_order(page) == ["Quart", "Django", "Flask"]
    # A row that was added and moved up can be removed again without mixing up the others.
    page.locator("#columns-group .add-row a").click()
    page.get_by_role("button", name="Move up").last.wait_for()
    page.locator("#columns-3 .reorder button").first.click()
    page.locator("#columns-3 .inline-deletelink").click()
    with page.expect_navigation():
        page.locator("[name=_continue]").click()
    assert window_order(page) == ["Quart", "Django", "Flask"]


def window_order(page: Page) -> list[str]:
    """The frameworks as the saved form lists them."""
    expect(page.locator(".messagelist .success, .messagelist .info")).to_be_visible()
    return [text.strip() for text in page.locator("#columns-group .select2-selection__rendered").all_inner_texts()][:3]
