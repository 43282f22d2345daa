"""The steps in the life of a claim, taken by the buttons of its page: what each needs, and who may take it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from comparisons.domain.vocabulary import ReviewMark
from comparisons.editing import steps as services
from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import act, change_url, messages_of, opened, send, text_of
from tests.admin.users import log_in, make_user

from .reviewing import in_review, take

Browser = Callable[..., Client]


def test_a_claim_goes_its_whole_way_by_the_buttons_of_its_page(browser: Browser) -> None:
    claim = in_review(status="draft")
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    take(editor, claim, "send_to_review")
    take(reviewer, claim, "return_to_draft", mark="unclear", note="Which version?")
    take(editor, claim, "send_to_review")
    take(reviewer, claim, "publish")
    take(reviewer, claim, "withdraw", reason="The source took it back.")
    steps = list(claim.history.order_by("history_id").values_list("status", "mark", "mark_note"))
    assert steps == [
        ("draft", "", ""),
        ("in-review", "", ""),
        ("draft", "unclear", "Which version?"),
        ("in-review", "", ""),
        ("published", "", ""),
        ("withdrawn", "", ""),
    ]


@pytest.mark.parametrize(
    ("step", "answers", "status"),
    [
        ("return_to_draft", {"mark": "", "note": "Why."}, "in-review"),
        ("return_to_draft", {"mark": "unclear", "note": " \n"}, "in-review"),
        ("return_to_draft", {"mark": "nonsense", "note": "Why."}, "in-review"),
        ("return_to_draft", {}, "in-review"),
        ("withdraw", {"reason": " "}, "published"),
        ("withdraw", {}, "published"),
    ],
)
def test_a_step_that_asks_for_words_waits_for_them(
    chief: Client, step: str, answers: dict[str, str], status: str
) -> None:
    claim = in_review(status=status, published_at=make.NOON if status == "published" else None)
    response = take(chief, claim, step, **answers)
    claim.refresh_from_db()
    assert response.status_code == 200 and "errorlist" in text_of(response)
    assert (claim.status, claim.mark, claim.version) == (status, "", 1)


@pytest.mark.parametrize(("mark", "note"), [("", "Why."), ("nonsense", "Why."), ("unclear", " \n")])
def test_a_return_without_mark_or_note_is_refused_by_the_service(db: None, mark: str, note: str) -> None:
    with pytest.raises(ValidationError):
        services.return_to_draft([in_review()], by=make_user("chief"), mark=mark, note=note)


@pytest.mark.parametrize("mark", list(ReviewMark))
def test_every_mark_sends_a_claim_back(chief: Client, mark: ReviewMark) -> None:
    claim = in_review()
    take(chief, claim, "return_to_draft", mark=mark.value, note="See above.")
    claim.refresh_from_db()
    assert (claim.status, claim.mark, claim.mark_note) == ("draft", mark.value, "See above.")


def test_mark_and_note_are_shown_to_the_author_on_page_and_form(browser: Browser) -> None:
    claim = in_review()
    take(browser("rita", role="reviewer"), claim, "return_to_draft", mark="several", note="Two claims in one.")
    editor = browser("edgar")
    for page in ("review", "change"):
        text = text_of(editor.get(change_url(claim, page)))
        assert "More than one claim" in text and "Two claims in one." in text, page


def test_notes_stay_in_the_life_of_a_claim_once_it_is_sent_on(browser: Browser) -> None:
    claim = in_review()
    reviewer = browser("rita", role="reviewer")
    take(reviewer, claim, "return_to_draft", mark="several", note="Two claims in one.")
    take(browser("edgar"), claim, "send_to_review")
    life = reviewer.get(change_url(claim, "review")).context["life"]
    assert [(event.by, event.mark, event.note) for event in life] == [
        ("edgar", "", ""),
        ("rita", "several", "Two claims in one."),
        ("", "", ""),
    ]


@pytest.mark.parametrize("role", ["editor", "viewer"])
@pytest.mark.parametrize("step", ["publish", "return_to_draft", "withdraw"])
def test_a_step_of_a_reviewer_is_refused_to_others(browser: Browser, role: str, step: str) -> None:
    claim = in_review()
    response = take(browser("edgar", role=role), claim, step, mark="unclear", note="No.", reason="No.")
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (403, "in-review")


def test_a_viewer_sees_the_page_and_moves_nothing(browser: Browser) -> None:
    claim = in_review(status="draft")
    viewer = browser("vic", role="viewer")
    page = viewer.get(change_url(claim, "review"))
    assert page.status_code == 200 and 'name="step"' not in text_of(page)
    assert take(viewer, claim, "send_to_review").status_code == 403


@pytest.mark.parametrize(
    ("role", "status", "why"),
    [
        ("viewer", "draft", "you may only look at claims"),
        ("editor", "in-review", "only a reviewer may do this"),
        ("editor", "published", "only a reviewer may do this"),
    ],
)
def test_whoever_lacks_a_permission_reads_why(browser: Browser, role: str, status: str, why: str) -> None:
    claim = in_review(status=status, published_at=make.NOON if status == "published" else None)
    text = text_of(browser("someone", role=role).get(change_url(claim, "review")))
    assert why in text and 'name="step"' not in text


def test_a_stranger_does_not_see_the_page(db: None) -> None:
    claim = in_review(statement="Hidden.")
    stranger = log_in(User.objects.create_user("stranger", is_staff=True))
    assert stranger.get(change_url(claim, "review")).status_code == 403
    assert "login" in Client().get(change_url(claim, "review"))["Location"]


def test_a_button_that_may_not_be_pressed_is_not_offered_and_says_why(browser: Browser) -> None:
    reviewer = browser("rita", role="reviewer")
    claim = in_review(author=User.objects.get(username="rita"))
    for page in ("review", "change"):
        text = text_of(reviewer.get(change_url(claim, page)))
        assert "somebody else has to publish what you wrote" in text, page
    assert 'value="publish"' not in text_of(reviewer.get(change_url(claim, "review")))
    assert 'value="return_to_draft"' in text_of(reviewer.get(change_url(claim, "review")))


@pytest.mark.parametrize("field", ["author", "written_by"])
def test_nobody_publishes_what_they_wrote_first_or_changed_last(browser: Browser, field: str) -> None:
    reviewer = browser("rita", role="reviewer")
    claim = in_review(**{field: User.objects.get(username="rita")})
    response = take(reviewer, claim, "publish")
    claim.refresh_from_db()
    assert claim.status == "in-review" and "somebody else has to publish" in messages_of(response)


@pytest.mark.parametrize("way", ["button", "action"])
def test_a_superuser_who_publishes_their_own_claim_leaves_a_word_in_its_history(chief: Client, way: str) -> None:
    claim = in_review(author=User.objects.get(username="chief"))
    if way == "button":
        take(chief, claim, "publish")
    else:
        act(chief, Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert claim.status == "published"
    assert claim.history.first().history_change_reason == "published by its own author, a superuser"
    for page in ("review", "history"):
        assert "published by its own author" in text_of(chief.get(change_url(claim, page))), page


def test_publishing_the_claim_of_somebody_else_needs_no_word(chief: Client) -> None:
    claim = in_review(author=make_user("edgar", role="editor"))
    take(chief, claim, "publish")
    assert claim.history.first().history_change_reason is None


def test_a_withdrawn_claim_is_published_again_by_its_button(chief: Client) -> None:
    claim = make.make_claim(status="withdrawn", withdrawn_at=make.NOON, withdrawal_reason="By mistake.")
    take(chief, claim, "publish")
    claim.refresh_from_db()
    assert (claim.status, claim.withdrawal_reason) == ("published", "")


def test_a_step_needs_the_token_of_the_session(db: None) -> None:
    claim = in_review()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("chief"))
    response = client.post(change_url(claim, "review"), {"step": "publish", "read_version": 1})
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (403, "in-review")


@pytest.mark.parametrize("step", ["", "delete", "__class__", "_move", "mentions", "publish\0"])
def test_what_is_no_step_is_refused(chief: Client, step: str) -> None:
    claim = in_review()
    response = chief.post(change_url(claim, "review"), {"step": step, "read_version": 1})
    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (400, "in-review")


@pytest.mark.parametrize("pk", ["0", "999999", "x", "9" * 40, "1/../2"])
def test_a_review_of_no_claim_leads_to_the_list(chief: Client, pk: str) -> None:
    for page in ("review", "verdict"):
        assert chief.get(f"/admin/comparisons/claim/{pk}/{page}/").status_code in (302, 404), pk


def test_a_superuser_who_changes_a_published_claim_in_place_leaves_a_word_in_its_history(chief: Client) -> None:
    claim = make.make_claim()
    send(chief, claim, opened(chief, claim), statement="Otherwise.")
    assert claim.history.first().history_change_reason == "changed in place by a superuser"
    assert "Changed in place by a superuser" in text_of(chief.get(change_url(claim, "review")))
