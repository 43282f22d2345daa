"""Earlier states: read beside the present one, and put back as one new save under the rules of an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comparisons.editing import proposals
from comparisons.history import states as revisions
from comparisons.models import Article, Citation, Claim, Comparison, Criterion, Framework, Ruling
from tests import factories as make
from tests.admin.forms import change_url, messages_of, opened, send, with_citation
from tests.admin.users import make_user

from .states import changed, first, put_back, state_url

Browser = Callable[..., Client]


def says(claim: Claim) -> list[tuple[str, str, str]]:
    return list(claim.citations.order_by("pk").values_list("article__slug", "says", "stance"))


def test_a_claim_is_put_back_with_its_citations_as_one_new_save(browser: Browser) -> None:
    kept, dropped, added = (make.make_article(slug) for slug in ("kept", "dropped", "added"))
    claim = make.make_claim(statement="First.", by=(kept, dropped), polarity="pro", status="draft", published_at=None)
    was = says(claim)
    editor = browser("edgar")
    form = {**with_citation(opened(editor, claim), added), "citations-0-says": "Other.", "citations-1-DELETE": "on"}
    send(editor, claim, form, statement="Second.", polarity="con")
    entries, version = claim.history.count(), Claim.objects.get(pk=claim.pk).version
    other = browser("olga")
    assert put_back(other, first(claim)).status_code == 200
    claim.refresh_from_db()
    assert (claim.statement, claim.polarity, claim.status, says(claim)) == ("First.", "pro", "draft", was)
    assert (claim.version, claim.history.count(), str(claim.author)) == (version + 1, entries + 1, "olga")
    last = claim.history.first()
    assert str(last.history_user) == "olga" and last.history_change_reason.startswith("put back as it was on")


def test_what_was_put_back_can_be_undone_in_turn(chief: Client) -> None:
    claim = make.make_claim(statement="First.", by=(make.make_article("a"), make.make_article("b")))
    send(chief, claim, opened(chief, claim), statement="Second.", **{"citations-0-DELETE": "on"})
    second = claim.history.first()
    put_back(chief, first(claim))
    assert len(says(claim)) == 2
    put_back(chief, second)
    claim.refresh_from_db()
    assert claim.statement == "Second." and [slug for slug, _says, _stance in says(claim)] == ["b"]


def test_citations_that_changed_places_are_put_back(chief: Client) -> None:
    article = make.make_article()
    claim = make.make_claim(by=())
    make.make_citation(claim, article, locator="one", says="1")
    make.make_citation(claim, article, locator="two", says="2")
    claim.save()
    before = claim.history.first()
    form = opened(chief, claim)
    send(chief, claim, form, **{"citations-0-locator": "three"})
    send(chief, claim, opened(chief, claim), **{"citations-1-locator": "one"})
    send(chief, claim, opened(chief, claim), **{"citations-0-locator": "two"})
    put_back(chief, before)
    assert set(claim.citations.values_list("locator", "says")) == {("one", "1"), ("two", "2")}


def test_the_states_of_several_saves_hold_the_citations_of_their_time(chief: Client) -> None:
    claim = make.make_claim(by=(make.make_article("a"),))
    for slug in ("b", "c"):
        send(chief, claim, with_citation(opened(chief, claim), make.make_article(slug)))
    entries = claim.history.order_by("history_id")
    assert [len(revisions.state_at(entry).parts) for entry in entries] == [1, 2, 3]


def test_a_state_that_several_entries_tell_of_is_one(chief: Client) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    one, other = (make.make_claim(framework, criterion) for _ in range(2))
    ruling = make.make_ruling(framework, criterion, is_open=True)
    ruling.rejected.add(one)
    send(chief, ruling, opened(chief, ruling), why="New.", accepted=[other.pk])
    entries = list(ruling.history.order_by("history_id"))
    assert [entry.version for entry in entries] == [1, 1, 2, 2]
    states = [revisions.state_at(entry) for entry in entries]
    assert states[0] == states[1] != states[2] == states[3]
    assert (states[1].fields["why"], states[2].fields["why"]) == ("Because.", "New.")
    assert states[2].fields["accepted"] == (other.pk,)


@pytest.mark.parametrize(("role", "waits"), [("editor", True), ("reviewer", True), ("", False)])
def test_an_earlier_text_of_a_published_claim_waits_for_review(browser: Browser, role: str, waits: bool) -> None:
    claim = make.make_claim(statement="First.")
    claim.statement = "Second."
    claim.save()
    response = put_back(browser("someone", role=role), first(claim))
    claim.refresh_from_db()
    assert (claim.statement, claim.status) == ("Second." if waits else "First.", "published")
    assert ("waits for review" in messages_of(response)) == waits
    found = proposals.waiting(claim)
    assert (found is not None and found.state["fields"]["statement"] == "First.") is waits


def test_an_earlier_text_does_not_replace_a_change_that_waits(browser: Browser) -> None:
    claim = make.make_claim(statement="First.")
    claim.statement = "Second."
    claim.save()
    make.make_proposal(claim, None, statement="Third.")
    response = put_back(browser("edgar"), first(claim))
    assert response.status_code == 409 and "waits for review already" in response.content.decode()


def test_a_verdict_stays_when_a_text_is_put_back(chief: Client) -> None:
    claim = make.make_claim(statement="First.")
    claim.statement, claim.verdict, claim.verdict_on = "Second.", "opinion", make.DAY
    claim.save()
    put_back(chief, first(claim))
    claim.refresh_from_db()
    assert (claim.statement, claim.verdict) == ("First.", "opinion")


@pytest.mark.parametrize("version", ["", "0", "1", "x", "9" * 30])
def test_a_state_is_not_put_back_over_what_was_not_seen(chief: Client, version: str) -> None:
    claim = make.make_claim(statement="First.")
    claim.statement = "Somebody's new text."
    claim.save()
    response = chief.post(state_url(first(claim)), {"read_version": version})
    claim.refresh_from_db()
    text = response.content.decode()
    assert (response.status_code, claim.statement) == (409, "Somebody's new text.")
    assert "Nothing was put back" in text and "First." in text
    assert f'name="read_version" value="{claim.version}"' in text


def test_the_present_state_is_not_saved_again(chief: Client) -> None:
    claim = make.make_claim()
    response = put_back(chief, first(claim))
    claim.refresh_from_db()
    assert claim.version == 1 and "the present state is the same" in messages_of(response)
    assert "Make this the present text" not in chief.get(state_url(first(claim))).content.decode()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200)])
def test_whoever_may_not_change_a_claim_puts_nothing_back(browser: Browser, role: str, status: int) -> None:
    claim = make.make_claim(statement="First.", status="draft", published_at=None)
    claim.statement = "Second."
    claim.save()
    client = browser("someone", role=role)
    page = client.get(state_url(first(claim)))
    assert page.status_code == 200
    assert ("Make this the present text" in page.content.decode()) == (role == "editor")
    assert put_back(client, first(claim)).status_code == status
    claim.refresh_from_db()
    assert claim.statement == ("First." if role == "editor" else "Second.")


def test_a_stranger_does_not_see_a_state(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.get(state_url(first(make.make_claim()))).status_code == 403


def test_an_article_that_was_deleted_is_named_and_nothing_is_half_done(chief: Client) -> None:
    gone = make.make_article("gone", title="A lost talk")
    claim = make.make_claim(statement="First.", by=(make.make_article("stays"), gone))
    send(chief, claim, opened(chief, claim), statement="Second.", **{"citations-1-DELETE": "on"})
    gone.delete()
    page = chief.get(state_url(first(claim))).content.decode()
    assert "A lost talk" in page and "Make this the present text" not in page
    response = put_back(chief, first(claim))
    claim.refresh_from_db()
    assert response.status_code == 409 and "A lost talk" in response.content.decode()
    assert (claim.statement, claim.version, len(says(claim))) == ("Second.", 2, 1)


def test_a_citation_that_belongs_to_another_claim_by_now_is_put_back_anew(chief: Client) -> None:
    claim, other = make.make_claim(statement="First.", by=(make.make_article("a"),)), make.make_claim()
    claim.statement = "Second."
    claim.save()
    citation = claim.citations.get()
    citation.claim = other
    citation.save()
    claim.save()
    put_back(chief, first(claim))
    citation.refresh_from_db()
    assert citation.claim == other and [slug for slug, _says, _stance in says(claim)] == ["a"]


def test_a_state_that_breaks_a_rule_of_today_is_refused_in_words(chief: Client) -> None:
    claim = make.make_claim(statement="First.", text="So")
    claim.statement, claim.text = "Second.", ""
    claim.save()
    Criterion.objects.filter(pk=claim.criterion_id).update(value_type="number", unit="ms")
    response = put_back(chief, first(claim))
    claim.refresh_from_db()
    assert response.status_code == 409 and "is answered by a number" in response.content.decode()
    assert claim.statement == "Second."


def test_the_state_of_a_citation_is_read_and_never_put_back_by_itself(chief: Client) -> None:
    claim = make.make_claim()
    citation = claim.citations.get()
    changed(citation, says="Other.")
    assert chief.get(state_url(first(citation))).status_code == 200
    response = chief.post(state_url(first(citation)), {"read_version": 1})
    assert response.status_code == 403
    assert Citation.objects.get(pk=citation.pk).says == "Other."


def test_the_state_of_a_deleted_record_is_shown_and_not_put_back(chief: Client) -> None:
    claim = make.make_claim(statement="Written in vain.", status="draft", published_at=None)
    entry = first(claim)
    claim.delete()
    assert "Written in vain." in chief.get(state_url(entry)).content.decode()
    assert chief.post(state_url(entry), {"read_version": 1}).status_code == 410
    assert not Claim.objects.exists()


@pytest.mark.parametrize("entry", ["0", "x", "9" * 40, "-1", "1'"])
def test_a_state_that_there_is_not_is_not_found(chief: Client, entry: str) -> None:
    claim = make.make_claim()
    assert chief.get(f"/admin/comparisons/claim/{claim.pk}/history/{entry}/").status_code == 404


def test_a_state_of_another_record_is_not_found(chief: Client) -> None:
    claim, other = make.make_claim(), make.make_claim()
    assert chief.get(f"/admin/comparisons/claim/{other.pk}/history/{first(claim).history_id}/").status_code == 404


def test_other_methods_than_get_and_post_are_refused(chief: Client) -> None:
    assert chief.put(state_url(first(make.make_claim()))).status_code == 405


def test_putting_back_needs_the_token_of_the_session(db: None) -> None:
    claim = changed(make.make_claim(statement="First."), statement="Second.")
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("chief"))
    assert client.post(state_url(first(claim)), {"read_version": 2}).status_code == 403
    claim.refresh_from_db()
    assert claim.statement == "Second."


@pytest.mark.parametrize("model", [Article, Framework, Criterion, Comparison, Ruling, Claim, Citation])
def test_a_history_and_its_states_hold_nothing_inline(chief: Client, model: type[Any]) -> None:
    claim = make.make_claim()
    make.make_comparison()
    make.make_ruling(claim.framework, claim.criterion, is_open=True)
    row = model.objects.first()
    if hasattr(row, "version"):
        row.save()
    for url in (change_url(row, "history"), state_url(first(row))):
        text = chief.get(url).content.decode()
        assert "<style" not in text and " style=" not in text and " onclick=" not in text, url


def test_the_list_of_states_names_steps_marks_and_notes(browser: Browser) -> None:
    claim = make.make_claim(status="in-review", published_at=None)
    reviewer = browser("rita", role="reviewer")
    data = {"step": "return_to_draft", "read_version": 1, "mark": "unclear", "note": "Which version?"}
    reviewer.post(change_url(claim, "review"), data)
    text = reviewer.get(change_url(claim, "history")).content.decode()
    assert "Changed, draft" in text and "Created, in review" in text and "Unclear: Which version?" in text
