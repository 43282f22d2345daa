"""Steps apply to the version that was shown: a claim that changed meanwhile is left as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, messages_of, opened, send, text_of, with_citation

from .reviewing import in_review

Browser = Callable[..., Client]


@pytest.mark.parametrize("step", ["publish", "return_to_draft"])
def test_a_step_after_an_edit_does_nothing_and_shows_the_new_state(browser: Browser, step: str) -> None:
    claim = in_review(statement="As reviewed.")
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    page = change_url(claim, "review")
    seen = reviewer.get(page).context["claim"].version
    send(editor, claim, opened(editor, claim), statement="Not reviewed.")
    answers = {"mark": "unclear", "note": "My long note."}
    response = reviewer.post(page, {"step": step, "read_version": seen, **answers})
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (409, "in-review")
    text = text_of(response)
    assert "Not reviewed." in text and "Nothing has happened" in text
    assert ("My long note." in text) == (step == "return_to_draft")


def test_a_step_after_a_change_of_citations_does_nothing(browser: Browser) -> None:
    claim = in_review()
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    page = change_url(claim, "review")
    seen = reviewer.get(page).context["claim"].version
    send(editor, claim, with_citation(opened(editor, claim), make.make_article("another")))
    response = reviewer.post(page, {"step": "publish", "read_version": seen})
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (409, "in-review")
    assert "Title of another" in text_of(response)


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30, "1.0"])
def test_a_step_without_a_proper_version_does_nothing(chief: Client, version: str) -> None:
    claim = in_review()
    response = chief.post(change_url(claim, "review"), {"step": "publish", "read_version": version})
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (409, "in-review")


@pytest.mark.parametrize("action", ["publish", "return_to_draft"])
def test_an_action_of_a_list_that_shows_an_old_text_leaves_the_claim_alone(browser: Browser, action: str) -> None:
    claim, other = in_review(), in_review()
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    seen = dict(fields(reviewer.get(list_url(Claim)), "changelist-form"))
    send(editor, claim, opened(editor, claim), statement="Not reviewed.")
    data = {
        **seen, "action": action, "_selected_action": [claim.pk, other.pk],
        "confirmed": "1", "mark": "unclear", "note": "Which?",
    }  # fmt: skip
    response = reviewer.post(list_url(Claim), data, follow=True)
    claim.refresh_from_db(), other.refresh_from_db()
    assert claim.status == "in-review" and other.status != "in-review"
    assert "it has changed since you saw it" in messages_of(response) and "1 claim " in messages_of(response)


@pytest.mark.parametrize("action", ["send_to_review", "publish", "return_to_draft", "withdraw"])
def test_an_action_sent_without_versions_moves_nothing(chief: Client, action: str) -> None:
    status = {"send_to_review": "draft", "withdraw": "published"}.get(action, "in-review")
    claim = in_review(status=status, published_at=make.NOON if status == "published" else None)
    data = {"action": action, "_selected_action": [claim.pk], "confirmed": "1", "mark": "unclear", "note": "x"}
    response = chief.post(list_url(Claim), {**data, "reason": "x"}, follow=True)
    claim.refresh_from_db()
    assert claim.status == status and "was not on the page" in messages_of(response)


def test_an_action_on_all_pages_moves_what_was_on_this_one(chief: Client) -> None:
    seen, unseen = in_review(), in_review()
    data = {
        "action": "publish",
        "confirmed": "1",
        "_selected_action": [seen.pk],
        "select_across": "1",
        f"seen-{seen.pk}": 1,
    }
    response = chief.post(list_url(Claim), data, follow=True)
    seen.refresh_from_db(), unseen.refresh_from_db()
    assert (seen.status, unseen.status) == ("published", "in-review")
    assert "1 claim was not on the page" in messages_of(response)


@pytest.mark.parametrize(("action", "status"), [("return_to_draft", "in-review"), ("withdraw", "published")])
def test_an_action_that_asks_first_keeps_the_versions_of_the_list(browser: Browser, action: str, status: str) -> None:
    claim = in_review(status=status, published_at=make.NOON if status == "published" else None)
    reviewer = browser("rita", role="reviewer")
    asked = act(reviewer, Claim, action, claim)
    assert f'name="seen-{claim.pk}" value="1"' in text_of(asked)
    form = {"action": action, "_selected_action": [claim.pk], f"seen-{claim.pk}": 1, "confirmed": "1"}
    verdict = User.objects.get(username="rita")
    changed = Claim.objects.get(pk=claim.pk)
    changed._history_user = verdict  # type: ignore[attr-defined]
    changed.save()
    answers = {"mark": "unclear", "note": "Which?", "reason": "Wrong."}
    response = reviewer.post(list_url(Claim), {**form, **answers}, follow=True)
    claim.refresh_from_db()
    assert claim.status == status and "it has changed since you saw it" in messages_of(response)


def test_a_bulk_step_says_what_moved_and_why_others_did_not(browser: Browser) -> None:
    reviewer = browser("rita", role="reviewer")
    good, own = in_review(), in_review(author=User.objects.get(username="rita"))
    bare, there = in_review(by=()), make.make_claim()
    said = messages_of(act(reviewer, Claim, "publish", good, own, bare, there, confirmed="yes"))
    for words in ("1 claim published", "1 claim was there already", "what you wrote", "no citation supports it"):
        assert words in said


def test_claims_returned_in_bulk_carry_mark_and_note(browser: Browser) -> None:
    claims = [in_review(), in_review()]
    reviewer = browser("rita", role="reviewer")
    asked = act(reviewer, Claim, "return_to_draft", *claims)
    assert asked.templates[0].name == "admin/comparisons/claim/ask.html"
    act(reviewer, Claim, "return_to_draft", *claims, confirmed="1", mark="duplicate", note="Of another.")
    assert set(Claim.objects.values_list("status", "mark", "mark_note")) == {("draft", "duplicate", "Of another.")}
