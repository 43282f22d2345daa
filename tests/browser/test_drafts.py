"""Nothing typed into the admin is lost: the session ends, the form is too old, the line breaks, a tab closes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.serving import PATIENCE, Site

USER, PASSWORD = "dora", "a-long-password-of-hers"
PREPARE = f"""
import json
from django.contrib.auth.models import Group, User
from comparisons.models import Article
for name in ({USER!r}, "otto"):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
article = Article.objects.get(slug="quart-docs").pk
print(json.dumps({{"desk": f"/admin/comparisons/article/{{article}}/read/",
    "article": f"/admin/comparisons/article/{{article}}/change/"}}))
"""
NEW_CLAIM = "/admin/comparisons/claim/add/"
TYPED = "Typed, and not saved yet."


@pytest.fixture(scope="module")
def paths(site: Site) -> dict[str, str]:
    return json.loads(site.run(PREPARE))


@pytest.fixture
def desk(browser: Browser, site: Site, paths: dict[str, str]) -> Iterator[BrowserContext]:
    """A browser of its own, in which nothing is kept yet, with an editor who is logged in."""
    context = browser.new_context(base_url=site.address)
    context.set_default_timeout(PATIENCE * 1000)
    log_in(context.new_page(), "/admin/")
    yield context
    context.close()


def log_in(page: Page, path: str, name: str = USER) -> None:
    if path:
        page.goto(f"/admin/login/?next={path}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("#logout-form").wait_for()


def kept(page: Page) -> int:
    """Wait until the page has kept what was typed; how many texts are kept."""
    count = "() => Object.entries(localStorage).filter(([key]) => key.startsWith('draft:')).length"
    page.wait_for_function(count)
    return page.evaluate(count)


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="session")


def spoil_token(page: Page) -> None:
    page.locator("[name=csrfmiddlewaretoken]").first.evaluate("(field) => { field.value = 'x'.repeat(64); }")
    page.locator("#desk_form [name=csrfmiddlewaretoken]").evaluate("(field) => { field.value = 'x'.repeat(64); }")


def cut_the_line(page: Page) -> None:
    page.route("**/read/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


@pytest.mark.parametrize("happens", [end_session, spoil_token, cut_the_line], ids=lambda one: one.__name__)
def test_what_was_sent_in_vain_is_offered_again(
    desk: BrowserContext, paths: dict[str, str], happens: Callable[[Page], None]
) -> None:
    page = desk.pages[0]
    page.goto(paths["desk"])
    page.locator("#id_statement").fill(TYPED)
    page.locator("[name=citations-0-locator]").fill("section 7")
    happens(page)
    page.locator("#desk_form .submit-row [name=_add]").click()
    if happens is end_session:
        log_in(page, "")
        page.get_by_role("link", name="Open the page without it").click()
    elif happens is spoil_token:
        expect(page.locator("h1")).to_contain_text("Nothing was saved")
        page.get_by_role("link", name="Open the page again").click()
    else:
        page.unroute_all()
        page.goto(paths["desk"])
    expect(page.locator(".draft-offer q")).to_have_text(TYPED)
    expect(page.locator("#id_statement")).to_have_value("")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_statement")).to_have_value(TYPED)
    expect(page.locator("[name=citations-0-locator]")).to_have_value("section 7")
    assert {cookie.get("name") for cookie in desk.cookies()} <= {"session", "csrf", "known", "messages"}


def test_a_form_of_a_closed_tab_comes_back_whole_and_is_forgotten_when_it_is_saved(desk: BrowserContext) -> None:
    page = desk.pages[0]
    page.goto(NEW_CLAIM)
    page.locator("#id_statement").fill(TYPED)
    for field, words in (("criterion", "graphql"), ("framework", "falcon")):
        page.locator(f".field-{field} .select2-selection").click()
        page.keyboard.type(words)
        expect(page.locator(".select2-results__option--highlighted")).to_contain_text(words, ignore_case=True)
        page.keyboard.press("Enter")
    page.locator("#id_kind").select_option("capability")
    page.locator("#id_polarity").select_option("pro")
    page.locator("#citations-group .add-row a").click()
    page.locator("#id_citations-1-says").fill("The second citation.")
    kept(page)
    page.close()
    page = desk.new_page()
    page.goto(NEW_CLAIM)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_statement")).to_have_value(TYPED)
    expect(page.locator("#id_citations-1-says")).to_have_value("The second citation.")
    expect(page.locator("#select2-id_framework-container")).to_contain_text("Falcon")
    expect(page.locator("#select2-id_criterion-container")).to_contain_text("GraphQL")
    page.locator("#citations-1 .inline-deletelink").click()
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("domcontentloaded")  # the message is painted before the page has all been read
    page.goto(NEW_CLAIM)
    page.locator("#id_statement").wait_for()
    assert page.locator(".draft-offer").count() == 0


def test_leaving_unsaved_changes_is_asked_about_and_they_are_for_nobody_else(
    desk: BrowserContext, paths: dict[str, str]
) -> None:
    page = desk.pages[0]
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(paths["article"])
    page.locator("#id_note").click()
    page.goto(paths["article"])  # nothing was typed
    assert asked == []
    page.locator("#id_note").press_sequentially("Mine.")
    kept(page)
    page.goto("/admin/")
    assert asked == ["beforeunload"]
    end_session(page)
    log_in(page, paths["article"], "otto")
    page.locator("#id_note").wait_for()
    page.wait_for_load_state("load")
    assert page.locator(".draft-offer").count() == 0


def test_a_note_that_was_added_is_not_offered_again(desk: BrowserContext, paths: dict[str, str]) -> None:
    page = desk.pages[0]
    page.goto(paths["article"])
    page.locator("#id_thread_text").fill("A note for the others.")
    kept(page)
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#notes li")).to_contain_text("A note for the others.")
    expect(page.locator(".messagelist .success")).to_have_text("The note is added.")
    page.goto(paths["article"])
    page.locator("#id_thread_text").wait_for()
    assert page.locator(".draft-offer").count() == 0
