"""The reading desk and the form of a claim in a real browser: few steps, by keyboard, and no input is lost.

How steps are counted: every click, every press of a key that does something, and every run of letters typed into a
field is one, from the moment the statement is typed until the claim is stored with its citation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Window
from .test_pages import WCAG

ARTICLE = "quart-docs"
USER, PASSWORD = "edith", "a-long-password-of-hers"
PREPARE = f"""
from django.contrib.auth.models import Group, User
user = User.objects.filter(username="{USER}").first() or User.objects.create_user("{USER}", is_staff=True)
user.set_password("{PASSWORD}")
user.save()
user.groups.add(Group.objects.get(name="editor"))
from comparisons.models import Article
print(f"/admin/comparisons/article/{{Article.objects.get(slug={ARTICLE!r}).pk}}/read/")
"""
FIND = """
from comparisons.models import Claim
claim = Claim.objects.filter(statement={statement!r}).get()
citation = claim.citations.get()
print(claim.framework, claim.criterion, claim.level or claim.number, claim.polarity, claim.kind, claim.status,
    citation.article.slug, citation.locator or "-", citation.says == claim.statement, sep="|")
"""


@dataclass
class Hands:
    """An editor who uses the page and whose steps are counted."""

    page: Page
    steps: int = 0

    def click(self, css: str) -> None:
        self.steps += 1
        self.page.locator(css).click()
        if "select2" in css:
            expect(self.page.locator(".select2-search__field:focus")).to_have_count(1)

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.steps += 1
        self.page.keyboard.type(text)


@pytest.fixture(scope="module")
def signed_in(windows: dict[str, Window]) -> Iterator[tuple[Window, str]]:
    """The window of an editor who is logged in, and the address of the desk with an article."""
    window = windows["desktop"]
    path = window.site.run(PREPARE).strip()
    window.open(f"/admin/login/?next={path}")
    window.page.get_by_label("Username").fill(USER)
    window.page.get_by_label("Password").fill(PASSWORD)
    window.page.get_by_role("button", name="Log in").click()
    window.page.wait_for_url(f"**{path}")
    yield window, path
    window.page.context.clear_cookies()


@pytest.fixture
def desk(signed_in: tuple[Window, str]) -> Window:
    """The desk with an article, opened again, so that no choice is remembered."""
    window, path = signed_in
    window.page.emulate_media(color_scheme="light")
    window.open(path)
    return window


def stored(window: Window, statement: str) -> list[str]:
    return window.site.run(FIND.format(statement=statement)).strip().split("|")


def state(window: Window, statement: str) -> Hands:
    """Type the statement into the field that has the focus, and begin to count steps."""
    expect(window.page.locator("#id_statement")).to_be_focused()
    window.page.keyboard.type(statement)
    return Hands(window.page)


def test_a_claim_with_its_citation_takes_at_most_six_steps(desk: Window) -> None:
    """The first claim of an article: framework, criterion, level and polarity are chosen, nothing is remembered."""
    statement = "Django ships with users, groups and permissions of its own."
    hands = state(desk, statement)
    hands.click(".field-both .select2-selection")
    hands.type("django authentication")
    expect(desk.page.locator(".select2-results__option--highlighted")).to_have_text("Django: Authentication")
    hands.press("Enter")
    expect(desk.page.locator("#level-options input").first).to_be_focused()
    hands.click("#level-options label:first-child")
    hands.click(".field-polarity label:first-of-type")
    hands.press("Control+Enter")
    expect(desk.page.locator(".messagelist .success")).to_contain_text("Added as a draft")
    assert hands.steps <= 6
    assert stored(desk, statement) == [
        "Django", "Authentication", "Built in", "pro", "capability", "draft", ARTICLE, "-", "True",
    ]  # fmt: skip
    expect(desk.page.locator(".desk-drawn .added")).to_contain_text(statement)

    # The next one under the same criterion, and one under another.
    statement = "Sessions of Django are kept on the server unless one asks for cookies."
    hands = state(desk, statement)
    hands.click("#level-options label:first-child")
    hands.click(".field-polarity label:first-of-type")
    hands.press("Control+Enter")
    expect(desk.page.locator(".desk-drawn .added")).to_contain_text(statement)
    assert hands.steps <= 3
    assert stored(desk, statement)[:4] == ["Django", "Authentication", "Built in", "pro"]
    assert desk.complaints == []


def test_three_claims_of_an_article_two_of_them_known_take_ten_clicks_and_eight_fields(desk: Window) -> None:
    """All from one page. A run of letters is a field; the keys that are pressed count as clicks do."""
    tab, fields, clicks = desk.page, 0, 0
    known = {"django channels websocket": "section 1", "flask socketio": "section 2"}
    for words, place in known.items():
        tab.locator("#id_find").fill(words)
        tab.locator("[name=citations-0-locator]").fill(place)
        fields += 2
        button = tab.locator(".known-rows li").first.get_by_role("button", name="supports")
        expect(tab.locator(".known-rows li").first).to_contain_text(words.split()[1], ignore_case=True)
        button.click()
        clicks += 1
        expect(tab.locator(".messagelist .success")).to_contain_text("Cited; it waits for review")
    statement = "Flask leaves the layout of a project to its authors."
    tab.locator("[name=citations-0-locator]").fill("section 3")
    tab.locator("#id_statement").fill(statement)
    hands = Hands(tab)
    hands.click(".field-both .select2-selection")
    tab.keyboard.type("flask authentication")
    fields += 3
    expect(tab.locator(".select2-results__option--highlighted")).to_have_text("Flask: Authentication")
    hands.press("Enter")
    expect(tab.locator("#level-options input").first).to_be_focused()
    hands.click("#level-options label:first-child")
    hands.click(".field-polarity label:first-of-type")
    hands.press("Control+Enter")
    expect(tab.locator(".desk-drawn .added")).to_contain_text(statement)
    assert clicks + hands.steps <= 10 and fields <= 8
    assert desk.complaints == []


def test_a_figure_takes_at_most_six_steps(desk: Window) -> None:
    statement = "A bare Django takes thirty milliseconds to start."
    hands = state(desk, statement)
    hands.click(".field-both .select2-selection")
    hands.type("django memory")
    expect(desk.page.locator(".select2-results__option--highlighted")).to_have_text("Django: Memory use")
    hands.press("Enter")
    expect(desk.page.locator("#id_number")).to_be_focused()
    assert desk.page.locator(".unit").inner_text() != ""
    hands.type("30")
    hands.click(".field-polarity label:last-of-type")
    hands.press("Control+Enter")
    expect(desk.page.locator(".desk-drawn .added")).to_contain_text(statement)
    assert hands.steps <= 6
    assert stored(desk, statement)[2:5] == ["30.0000", "neutral", "figure"]


def test_a_claim_is_added_by_the_keyboard_alone(desk: Window) -> None:
    """Moving to a field counts as a step too, so there are more of them."""
    statement = "Django leaves GraphQL to packages of others."
    hands = state(desk, statement)
    hands.press("Tab")
    hands.press("Enter")
    expect(desk.page.locator(".select2-search__field:focus")).to_have_count(1)
    hands.type("django graphql")
    expect(desk.page.locator(".select2-results__option--highlighted")).to_have_text("Django: GraphQL")
    hands.press("Enter")
    expect(desk.page.locator("#level-options input").first).to_be_focused()
    hands.press("Space")
    desk.page.locator(".field-polarity input").first.focus()
    hands.press("Space")
    hands.press("Control+Enter")
    expect(desk.page.locator(".desk-drawn .added")).to_contain_text(statement)
    assert stored(desk, statement)[:2] == ["Django", "GraphQL"]


def test_a_key_held_down_adds_one_claim(desk: Window) -> None:
    statement = "Pressed twice, and added once."
    hands = state(desk, statement)
    hands.click(".field-both .select2-selection")
    hands.type("flask graphql")
    expect(desk.page.locator(".select2-results__option--highlighted")).to_have_text("Flask: GraphQL")
    hands.press("Enter")
    hands.click(".field-polarity label:last-of-type")
    desk.page.evaluate(
        """const form = document.getElementById("desk_form");
        for (const _ of [1, 2]) form.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true}));"""
    )
    expect(desk.page.locator(".desk-drawn .added")).to_contain_text(statement)
    assert len(stored(desk, statement)) == 9  # exactly one


def test_fields_follow_the_criterion_and_keep_their_values(desk: Window) -> None:
    tab = desk.page
    hands = state(desk, "It takes a while.")
    for css in (".field-level", ".field-number", ".field-text"):
        expect(tab.locator(f"#desk_form {css}")).to_be_hidden()
    hands.click(".field-both .select2-selection")
    hands.type("flask memory")
    expect(tab.locator(".select2-results__option--highlighted")).to_have_text("Flask: Memory use")
    hands.press("Enter")
    expect(tab.locator("#id_number")).to_be_focused()
    hands.type("41")
    hands.click(".field-both .select2-selection")
    hands.type("flask authentication")
    expect(tab.locator(".select2-results__option--highlighted")).to_have_text("Flask: Authentication")
    hands.press("Enter")
    expect(tab.locator(".field-level")).to_be_visible()
    expect(tab.locator("#id_number")).to_have_value("41")
    expect(tab.locator(".field-number .misfit")).to_be_visible()
    tab.locator("#id_number").fill("")
    expect(tab.locator(".field-number")).to_be_hidden()
    assert desk.complaints == []


def test_the_preview_follows_what_is_typed(desk: Window) -> None:
    tab = desk.page
    hands = state(desk, "Flask has **no** users of its own.")
    expect(tab.locator("#preview .rendered strong")).to_have_text("no")
    hands.click(".field-both .select2-selection")
    hands.type("flask authentication")
    expect(tab.locator(".select2-results__option--highlighted")).to_have_text("Flask: Authentication")
    hands.press("Enter")
    expect(tab.locator("#preview .cell-change")).to_be_visible()
    hands.click("#level-options label:has-text('None') >> nth=0")
    expect(tab.locator("#preview .changes").first).to_be_visible()
    expect(tab.locator("#preview-said")).to_contain_text("The cell would read")
    assert desk.complaints == []


def test_a_failed_preview_is_reported_and_loses_no_input(desk: Window) -> None:
    tab = desk.page
    tab.route("**/claim/preview/", lambda route: route.abort())
    try:
        state(desk, "It stays where it is.")
        expect(tab.locator("#preview-failed")).to_be_visible()
        expect(tab.locator("#id_statement")).to_have_value("It stays where it is.")
        tab.unroute("**/claim/preview/")
        tab.keyboard.type(" *Still.*")
        expect(tab.locator("#preview .rendered em")).to_have_text("Still.")
        expect(tab.locator("#preview-failed")).to_be_hidden()
    finally:
        tab.unroute_all()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_accessible(desk: Window, scheme: str) -> None:
    tab = desk.page
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    tab.reload()
    rules = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(tab, context="#content-main", options=rules).response["violations"]
    nodes = [f"{violation['id']}: {node['html']}" for violation in found for node in violation["nodes"]]
    tab.emulate_media(color_scheme="light")
    assert [node for node in nodes if "select2" not in node] == []  # the markup of the admin's own autocomplete


def test_the_form_of_a_claim_follows_the_criterion(desk: Window) -> None:
    tab = desk.page
    pk = desk.site.run(
        "from comparisons.models import Claim; print(Claim.objects.filter(number__isnull=False, kind='figure')[0].pk)"
    )
    desk.open(f"/admin/comparisons/claim/{pk.strip()}/change/")
    expect(tab.locator(".form-row.field-number")).to_be_visible()
    for css in (".form-row.field-level", ".form-row.field-text", "fieldset:has(#id_impact)"):
        expect(tab.locator(css)).to_be_hidden()
    expect(tab.locator("fieldset:has(#id_hardware)")).to_be_visible()
    assert tab.locator(".unit").inner_text() != ""
    tab.locator("#id_statement").fill("Said *otherwise*.")
    expect(tab.locator("#preview .rendered em")).to_have_text("otherwise")
    assert desk.complaints == []


def test_the_form_of_the_desk_has_room_beside_its_preview(desk: Window) -> None:
    box = desk.page.locator("#id_statement").bounding_box()
    assert box is not None and box["width"] > 400


def test_links_of_a_claim_stand_clear_of_its_steps(desk: Window) -> None:
    pk = desk.site.run("from comparisons.models import Claim; print(Claim.objects.published()[0].pk)").strip()
    desk.open(f"/admin/comparisons/claim/{pk}/change/")
    links = desk.page.locator(".object-tools").bounding_box()
    steps = desk.page.locator("section.way-on").bounding_box()
    assert links is not None and steps is not None and links["y"] + links["height"] <= steps["y"]
