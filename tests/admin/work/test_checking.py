"""Checks are recorded with one click from the desk, a cell and a claim, and in bulk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.models import Cell, Check, Claim, Proposal
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, messages_of, opened, send, text_of

RECORD = "admin:comparisons_claim_record_checks"
OLD = dt.date(2024, 3, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
@make.unsettled()
def claim() -> Claim:
    """A claim whose cell is due for a recheck because of "Flask 3.1"."""
    framework = make.make_framework("flask", name="Flask")
    make.make_release(framework, "3.1", dt.date(2025, 1, 1))
    claim = make.make_claim(
        framework, make.make_criterion(levels=("yes", "no")), level="yes", by=(make.make_article(published_on=OLD),)
    )
    return claim


def is_due() -> bool:
    make.settle()
    return Cell.objects.filter(release_on__isnull=False).exists()


def sent(claim: Claim, **values: Any) -> dict[str, Any]:
    return {"claim": claim.pk, f"seen-{claim.pk}": claim.version, "version": "3.1", **values}


def test_the_desk_names_the_newest_release_and_records_a_check_with_one_click(browser, claim):
    editor = browser("edgar")
    text = text_of(editor.get("/admin/"))
    assert "Flask 3.1 is newer" in text and "Still holds in 3.1" in text
    response = editor.post(reverse(RECORD), sent(claim, next="/admin/"), follow=True)
    assert response.redirect_chain[-1][0] == "/admin/" and "1 claim checked: still holds." in messages_of(response)
    check = Check.objects.get()
    assert (check.claim, check.version, check.by.username) == (claim, "3.1", "edgar") and not is_due()


def test_the_button_of_the_desk_carries_the_versions_that_were_seen(browser, claim):
    text = text_of(browser("edgar").get("/admin/"))
    assert f'name="seen-{claim.pk}" value="{claim.version}"' in text and 'name="csrfmiddlewaretoken"' in text


def test_the_page_of_a_cell_lists_the_claims_behind_its_headline(browser, claim):
    editor = browser("edgar")
    url = reverse("admin:comparisons_cell_check", args=[Cell.objects.get().pk])
    form = fields(editor.get(url), "check_form")
    assert form["claim"] == [str(claim.pk)] and form["version"] == ["3.1"]
    editor.post(reverse(RECORD), {**form, "holds": "1", "note": "Tried it."})
    assert Check.objects.get().note == "Tried it." and not is_due()


def test_a_claim_can_be_checked_on_its_review_page(browser, claim):
    editor = browser("edgar")
    assert "Still holds in 3.1" in text_of(editor.get(change_url(claim, "review")))
    make.make_check(claim, "3.0", note="By hand.")
    text = text_of(editor.get(change_url(claim, "review")))
    assert "Checked with 3.0 on" in text and "By hand." in text


@pytest.mark.parametrize(("role", "page"), [("editor", "change"), ("reviewer", "verdict")])
def test_a_claim_that_no_longer_holds_leads_to_the_form_that_corrects_it(browser, claim, role, page):
    response = browser("somebody", role=role).post(reverse(RECORD), sent(claim, holds="0"))
    assert response["Location"] == change_url(claim, page)
    assert not Check.objects.get().holds and is_due()


def test_claims_are_checked_in_bulk(browser, claim):
    act(browser("edgar"), Claim, "still_holds", claim)
    assert Check.objects.get().version == "3.1"


def test_cells_are_checked_in_bulk_after_a_look_at_their_claims(browser, claim):
    editor = browser("edgar")
    response = act(editor, Cell, "check_claims", Cell.objects.get())
    assert not Check.objects.exists() and str(claim.statement) in text_of(response)
    editor.post(reverse(RECORD), {**fields(response, "check_form"), "holds": "1"})
    assert Check.objects.get().claim == claim


def test_a_claim_that_changed_since_it_was_seen_is_not_checked(browser, claim):
    response = browser("edgar").post(reverse(RECORD), sent(claim, **{f"seen-{claim.pk}": 9}), follow=True)
    assert "it has changed since you saw it" in messages_of(response) and not Check.objects.exists()


def test_a_check_goes_on_to_pages_of_the_admin_only(browser, claim):
    response = browser("edgar").post(reverse(RECORD), sent(claim, next="https://elsewhere.example/admin/"))
    assert response["Location"] == "/admin/"


def test_a_version_that_is_too_long_is_refused(browser, claim):
    response = browser("edgar").post(reverse(RECORD), sent(claim, version="3" * 41), follow=True)
    assert "too long" in messages_of(response) and not Check.objects.exists()


def test_who_may_not_change_claims_is_not_offered_checks(browser, claim):
    viewer = browser("vera", role="viewer")
    assert "Still holds" not in text_of(viewer.get("/admin/"))
    assert "Still holds" not in text_of(viewer.get(change_url(claim, "review")))
    cell = reverse("admin:comparisons_cell_check", args=[Cell.objects.get().pk])
    assert [viewer.get(cell).status_code, viewer.post(reverse(RECORD), sent(claim)).status_code] == [403, 403]
    assert not Check.objects.exists()


def test_checks_are_recorded_by_post_only(chief):
    assert chief.get(reverse(RECORD)).status_code == 405


def living(claim: Claim) -> Any:
    article = make.make_article(kind="official-documentation", published_on=None, read_on=OLD, publisher="P")
    make.make_citation(claim, article)
    return article


def read_again(editor: Client, article: Any) -> Any:
    form = opened(editor, article)
    return editor.post(change_url(article), {**form, "read_on": "2026-02-01", "_save": "Save"})


def test_reading_an_article_again_asks_which_claims_were_looked_at(browser, claim):
    editor, article = browser("rita", role="reviewer"), living(claim)
    response = read_again(editor, article)
    assert response["Location"] == reverse("admin:comparisons_article_reread", args=[article.pk])
    page = editor.get(response["Location"])
    assert claim.statement in text_of(page) and "claim" not in fields(page, "check_form") and is_due()
    editor.post(reverse(RECORD), {**fields(page, "check_form"), "claim": claim.pk, "holds": "1"})
    assert Check.objects.get().claim == claim and not is_due()
    assert claim.citations.get(article=article).dated_on is None


def test_the_same_is_asked_where_the_new_day_waits_for_review(browser, claim):
    editor, article = browser("edgar"), living(claim)
    response = read_again(editor, article)
    assert response["Location"] == reverse("admin:comparisons_article_reread", args=[article.pk])
    page = editor.get(response["Location"])
    assert ">1 February 2026</time>" in text_of(page) and claim.statement in text_of(page)
    editor.post(reverse(RECORD), {**fields(page, "check_form"), "claim": claim.pk, "holds": "1"})
    proposal = Proposal.objects.get()
    assert proposal.looked_at == [claim.pk] and not is_due()
    step = {"step": "approve", "read_version": proposal.version}
    browser("rita", role="reviewer").post(proposal.get_absolute_url(), step)
    article.refresh_from_db()
    assert article.read_on == dt.date(2026, 2, 1) and claim.citations.get(article=article).dated_on is None


def test_another_change_of_an_article_asks_nothing(browser, claim):
    editor, article = browser("edgar"), living(claim)
    response = send(editor, article, opened(editor, article), note="A note.")
    assert response["Location"] == change_url(article)


def test_a_check_made_by_mistake_is_deleted(browser, claim):
    check, editor = make.make_check(claim, "3.1"), browser("edgar")
    assert editor.get(list_url(Check)).status_code == 200
    editor.post(change_url(check, "delete"), {"post": "yes"})
    assert not Check.objects.exists() and is_due()
