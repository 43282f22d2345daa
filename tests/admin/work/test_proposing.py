"""Forms whose changes wait for review, and the page on which a change is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from comparisons.editing import proposals
from comparisons.history.state_fields import PART_OF
from comparisons.models import Claim, Proposal
from comparisons.models.proposals import PROPOSABLE
from tests import factories as make
from tests.admin.forms import change_url, messages_of, opened, send, text_of, with_citation

Browser = Callable[..., Client]


@pytest.fixture
def claim(db: None) -> Claim:
    return make.make_claim(statement="As approved.", by=(make.make_article("old"),))


def change(client: Client, row: Any, **values: Any) -> Proposal:
    """Save the form of a record as it opens, with these changes."""
    assert send(client, row, opened(client, row), **values).status_code == 302
    found = proposals.waiting(row)
    assert found is not None
    return found


def decide(client: Client, proposal: Proposal, step: str, **values: Any) -> HttpResponse:
    data = {"step": step, "read_version": proposal.version, **values}
    return client.post(proposal.get_absolute_url(), data, follow=True)


def test_a_form_says_that_its_changes_wait(browser: Browser, claim: Claim) -> None:
    assert "What you save here waits for review" in text_of(browser("edgar").get(change_url(claim)))


def test_a_form_opens_on_the_change_that_waits(browser: Browser, claim: Claim) -> None:
    editor = browser("edgar")
    change(editor, claim, statement="As proposed.")
    assert opened(editor, claim)["statement"] == ["As proposed."]
    assert opened(browser("rita", role="reviewer"), claim)["statement"] == ["As proposed."]
    claim.refresh_from_db()
    assert (claim.statement, claim.version, claim.history.count()) == ("As approved.", 1, 1)


def test_a_superuser_opens_the_approved_text_and_is_told_of_the_change(
    browser: Browser, chief: Client, claim: Claim
) -> None:
    change(browser("edgar"), claim, statement="As proposed.")
    assert opened(chief, claim)["statement"] == ["As approved."]
    assert "is under review since" in text_of(chief.get(change_url(claim)))


def test_an_added_citation_can_be_edited_again_and_approved(browser: Browser, rita: Client, claim: Claim) -> None:
    editor = browser("edgar")
    send(editor, claim, with_citation(opened(editor, claim), make.make_article("new"), says="It says two."))
    form = opened(editor, claim)
    assert form["citations-1-says"] == ["It says two."] and claim.citations.count() == 1
    found = change(editor, claim, **{"citations-1-says": "It says three."})
    decide(rita, found, "approve")
    assert list(claim.citations.order_by("pk").values_list("says", flat=True))[1:] == ["It says three."]


def test_a_removed_citation_stays_until_the_change_is_approved(browser: Browser, rita: Client) -> None:
    claim = make.make_claim(by=(make.make_article("a"), make.make_article("b")))
    found = change(browser("edgar"), claim, **{"citations-1-DELETE": "on"})
    assert claim.citations.count() == 2
    decide(rita, found, "approve")
    assert [citation.article.slug for citation in claim.citations.all()] == ["a"]


def test_a_second_editor_writes_in_the_same_change(browser: Browser, claim: Claim) -> None:
    change(browser("edgar"), claim, statement="As proposed.")
    found = change(browser("rita", role="reviewer"), claim, polarity="pro")
    assert (found.state["fields"]["statement"], found.state["fields"]["polarity"]) == ("As proposed.", "pro")
    assert {str(author) for author in found.authors.all()} == {"edgar", "rita"}


def test_a_form_that_is_not_valid_stores_nothing(browser: Browser, claim: Claim) -> None:
    editor = browser("edgar")
    assert send(editor, claim, opened(editor, claim), statement="").status_code == 200
    assert proposals.waiting(claim) is None


def test_a_form_without_changes_stores_nothing(browser: Browser, claim: Claim) -> None:
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim))
    assert proposals.waiting(claim) is None


def test_a_form_that_gives_the_approved_text_back_takes_the_change_back(browser: Browser, claim: Claim) -> None:
    editor = browser("edgar")
    found = change(editor, claim, statement="As proposed.")
    assert send(editor, claim, opened(editor, claim), statement="As approved.").status_code == 302
    assert "The change was taken back" in messages_of(editor.get(change_url(claim)))
    assert Proposal.objects.get(pk=found.pk).status == "taken-back"


def test_of_two_editors_of_a_change_the_second_sees_both_texts(browser: Browser, claim: Claim) -> None:
    edgar, erna = browser("edgar"), browser("erna")
    forms = [opened(client, claim) for client in (edgar, erna)]
    assert send(edgar, claim, forms[0], statement="By Edgar.").status_code == 302
    late = send(erna, claim, forms[1], statement="By Erna.")
    assert late.status_code == 409 and "By Edgar." in text_of(late) and "By Erna." in text_of(late)
    again = opened(erna, claim)
    change(edgar, claim, polarity="pro")
    assert send(erna, claim, again, statement="By Erna.").status_code == 409


def test_a_form_shows_the_changes_of_both_sides_if_the_record_was_saved(
    browser: Browser, chief: Client, rita: Client, claim: Claim
) -> None:
    editor = browser("edgar")
    found = change(editor, claim, statement="As proposed.")
    send(chief, claim, opened(chief, claim), polarity="con")
    shown = decide(rita, found, "approve")
    assert shown.status_code == 409 and "was saved in the meantime" in text_of(shown)
    form = opened(editor, claim)
    assert (form["statement"], form["polarity"]) == (["As proposed."], ["con"])
    send(editor, claim, form)
    decide(rita, Proposal.objects.get(pk=found.pk), "approve")
    claim.refresh_from_db()
    assert (claim.statement, claim.polarity) == ("As proposed.", "con")


def test_a_reviewer_approves_in_one_step(browser: Browser, rita: Client, claim: Claim) -> None:
    found = change(browser("edgar"), claim, statement="As proposed.")
    text = text_of(rita.get(found.get_absolute_url()))
    assert "approved." in text and "proposed." in text
    assert "readers see it" in messages_of(decide(rita, found, "approve"))
    claim.refresh_from_db()
    assert (claim.statement, str(claim.author), claim.status) == ("As proposed.", "edgar", "published")


def test_a_reviewer_returns_a_change_with_a_note(browser: Browser, rita: Client, claim: Claim) -> None:
    editor = browser("edgar")
    found = change(editor, claim, statement="As proposed.")
    assert "Say what is wrong" in text_of(decide(rita, found, "return"))
    decide(rita, found, "return", note="Name the version.")
    assert "Name the version." in text_of(editor.get(change_url(claim)))
    assert change(editor, claim, statement="As proposed for 3.1.").status == "open"


def test_an_author_takes_a_change_back(browser: Browser, claim: Claim) -> None:
    editor = browser("edgar")
    decide(editor, change(editor, claim, statement="As proposed."), "take-back")
    assert opened(editor, claim)["statement"] == ["As approved."]


@pytest.mark.parametrize(("role", "step"), [("editor", "approve"), ("editor", "return"), ("reviewer", "take-back")])
def test_who_may_not_decide_changes_nothing(browser: Browser, claim: Claim, role: str, step: str) -> None:
    found = make.make_proposal(claim, User.objects.create_user("author"), statement="As proposed.")
    assert decide(browser("somebody", role=role), found, step, note="No.").status_code in (403, 409)
    assert Proposal.objects.get(pk=found.pk).status == "open"


def test_a_proposed_change_of_every_kind_is_edited_in_its_form(browser: Browser) -> None:
    framework = make.make_release(make.make_framework("flask"), "1.0").framework
    criterion = make.make_criterion("speed", levels=("yes", "no"))
    editor = browser("edgar")
    for row, values in (
        (make.make_article(), {"title": "Another title"}),
        (framework, {"tagline": "Another line", "releases-0-note": "Long ago"}),
        (criterion, {"question": "Really?", "levels-1-label": "Never"}),
    ):
        change(editor, row, **values)
        form = opened(editor, row)
        assert {name: form[name] for name in values} == {name: [value] for name, value in values.items()}
    criterion.refresh_from_db()
    assert criterion.question != "Really?" and criterion.levels.filter(label="No").exists()


def test_lists_are_edited_in_place_only_by_those_who_publish(browser: Browser, rita: Client) -> None:
    make.make_framework()
    url = "/admin/comparisons/framework/"
    assert 'name="form-0-order"' in text_of(rita.get(url))
    assert 'name="form-0-order"' not in text_of(browser("edgar").get(url))


def test_what_forms_edit_beneath_a_record_is_what_a_proposal_holds() -> None:
    inlines = [
        inline
        for model, model_admin in admin.site._registry.items()
        if model in PROPOSABLE.values()
        for inline in model_admin.inlines
    ]
    assert {inline.model: set(inline.fields) for inline in inlines} == {
        part.model: set(part.fields) for part in PART_OF.values()
    }


def test_whoever_proposed_a_change_is_led_to_it(browser: Browser, claim: Claim) -> None:
    client = browser("edgar")
    said = messages_of(client.get(send(client, claim, opened(client, claim), statement="By <Edgar>.")["Location"]))
    proposal = Proposal.objects.get()
    assert f'<a href="{proposal.get_absolute_url()}">' in said and "waits for review" in said
