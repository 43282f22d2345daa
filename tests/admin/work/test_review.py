"""The review page of a claim: what is seen there, the steps taken from there, and the verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.domain.vocabulary import ReviewMark
from comparisons.editing import steps as services
from comparisons.models import Claim, Ruling
from comparisons.models.pages import Paragraph
from tests import factories as make
from tests.admin.conftest import log_in, make_user
from tests.admin.forms import act, change_url, fields, list_url, messages_of, opened, send, with_citation

Browser = Callable[..., Client]


def in_review(**values: Any) -> Claim:
    return make.make_claim(**{"status": "in-review", "published_at": None, **values})


def take(client: Client, claim: Claim, step: str, **answers: Any) -> HttpResponse:
    """Press a button of the review page as it stands now."""
    version = Claim.objects.get(pk=claim.pk).version
    data = {"step": step, "read_version": version, **answers}
    return client.post(change_url(claim, "review"), data, follow=True)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


# ── Steps ────────────────────────────────────────────────────────────


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
        act(chief, Claim, "publish", claim)
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


# ── The version that was seen ────────────────────────────────────────


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
    data = {"action": "publish", "_selected_action": [seen.pk], "select_across": "1", f"seen-{seen.pk}": 1}
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
    said = messages_of(act(reviewer, Claim, "publish", good, own, bare, there))
    for words in ("1 claim published", "1 claim was there already", "what you wrote", "no citation supports it"):
        assert words in said


def test_claims_returned_in_bulk_carry_mark_and_note(browser: Browser) -> None:
    claims = [in_review(), in_review()]
    reviewer = browser("rita", role="reviewer")
    asked = act(reviewer, Claim, "return_to_draft", *claims)
    assert asked.templates[0].name == "admin/comparisons/claim/ask.html"
    act(reviewer, Claim, "return_to_draft", *claims, confirmed="1", mark="duplicate", note="Of another.")
    assert set(Claim.objects.values_list("status", "mark", "mark_note")) == {("draft", "duplicate", "Of another.")}


# ── What names a claim ───────────────────────────────────────────────


def named_claim() -> tuple[Claim, Ruling]:
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(make.make_framework("flask"), criterion, level="yes")
    ruling = make.make_ruling(claim.framework, criterion, level=claim.level)
    ruling.side_a.add(claim)
    comparison = make.make_comparison("duel", title="The duel")
    Paragraph.objects.create(comparison=comparison, text="So.").claims.add(claim)
    return claim, ruling


def test_a_withdrawal_lists_what_names_the_claim(chief: Client) -> None:
    claim, ruling = named_claim()
    for response in (chief.get(change_url(claim, "review")), act(chief, Claim, "withdraw", claim)):
        text = text_of(response)
        assert "Comparison: The duel" in text and f"Ruling: {ruling}" in text and change_url(ruling) in text


def test_a_claim_that_nothing_names_is_withdrawn_without_a_warning(chief: Client) -> None:
    assert chief.get(change_url(make.make_claim(), "review")).context["mentions"] == []


def test_every_relation_to_a_claim_is_a_mention_or_goes_with_it() -> None:
    own = {"Citation", "ClaimSummary"}
    counted = {"Ruling", "Paragraph"}
    found = {relation.related_model.__name__ for relation in Claim._meta.related_objects}
    assert {name for name in found if not name.startswith("Historical")} == own | counted


# ── What is shown ────────────────────────────────────────────────────


def test_a_claim_that_was_never_published_is_said_to_be_new(chief: Client) -> None:
    text = text_of(chief.get(change_url(in_review(), "review")))
    assert "It was never published: all of it is new" in text


def test_the_page_sets_what_changed_beside_what_was_published(browser: Browser) -> None:
    old, new = make.make_article("old"), make.make_article("new")
    claim = make.make_claim(statement="It has one worker.", by=(old,))
    editor = browser("edgar")
    form = with_citation(opened(editor, claim), new, says="It says two.")
    send(editor, claim, form, statement="It has two workers.", **{"citations-0-says": "Said otherwise."})
    sections = editor.get(change_url(claim, "review")).context["sections"]
    assert [(section.title, section.kind) for section in sections] == [
        ("", "changed"), ("Title of old", "changed"), ("Title of new", "added"),
    ]  # fmt: skip
    (line,) = [line for line in sections[0].lines if line.is_changed]
    assert ("del", "one worker.") in line.before and ("ins", "two workers.") in line.after


def test_a_removed_citation_is_shown(browser: Browser) -> None:
    claim = make.make_claim(by=(make.make_article("a"), make.make_article("b")))
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), **{"citations-1-DELETE": "on"})
    sections = editor.get(change_url(claim, "review")).context["sections"]
    assert [(section.title, section.kind) for section in sections[1:]] == [
        ("Title of a", "same"), ("Title of b", "removed"),
    ]  # fmt: skip


def test_drafts_in_between_are_not_what_was_published(browser: Browser) -> None:
    claim = make.make_claim(statement="Published.")
    editor = browser("edgar")
    for text in ("First try.", "Second try."):
        send(editor, claim, opened(editor, claim), statement=text)
    (line,) = [one for one in editor.get(change_url(claim, "review")).context["sections"][0].lines if one.is_changed]
    assert ["".join(piece.text for piece in side) for side in (line.before, line.after)] == [
        "Published.",
        "Second try.",
    ]


def test_a_change_far_into_a_long_text_is_shown(browser: Browser) -> None:
    start = "word " * 3000
    claim = make.make_claim(statement=f"{start}old end")
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), statement=f"{start}new end")
    (line,) = [one for one in editor.get(change_url(claim, "review")).context["sections"][0].lines if one.is_changed]
    assert [piece for piece in line.after if piece.kind == "ins"] == [("ins", "new ")]


def test_texts_that_differ_all_over_are_compared_in_bounded_time(browser: Browser) -> None:
    claim = make.make_claim(statement="a b " * 5000)
    editor = browser("edgar")
    send(editor, claim, opened(editor, claim), statement="b c " * 5000)
    assert editor.get(change_url(claim, "review")).status_code == 200


def test_the_cell_is_shown_as_it_is_and_as_it_would_become(chief: Client) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    first = make.make_claim(criterion=criterion, level="yes")
    claim = in_review(framework=first.framework, criterion=criterion, level="no")
    context = chief.get(change_url(claim, "review")).context
    assert (context["before"].agreement, context["before"].level_slug) == ("single-source", "yes")
    assert context["after"].agreement == "disputed"


def test_a_published_claim_shows_the_cell_without_it(chief: Client) -> None:
    claim = make.make_claim(criterion=make.make_criterion(levels=("yes", "no")), level="yes")
    context = chief.get(change_url(claim, "review")).context
    assert context["before"].level_slug == "yes" and context["after"] is None


def test_a_claim_about_no_framework_has_no_cell(chief: Client) -> None:
    claim = in_review()
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    assert "has no cell" in text_of(chief.get(change_url(claim, "review")))


def test_hostile_text_is_harmless_on_every_page(browser: Browser) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    article = make.make_article(title=hostile, publisher=hostile)
    criterion = make.make_criterion(levels=("yes", "no"), name="n" + hostile, question=hostile)
    claim = make.make_claim(criterion=criterion, level="yes", statement=hostile, by=(article,), impact=hostile)
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    send(editor, claim, opened(editor, claim), statement=f"{hostile} {hostile}", **{"citations-0-says": hostile})
    take(reviewer, claim, "return_to_draft", mark="unclear", note=hostile)
    for page in ("review", "verdict", "history", "change"):
        text = text_of(reviewer.get(change_url(claim, page)))
        assert "<script>alert" not in text and "<img src=x" not in text, page


def test_the_page_takes_the_same_queries_however_much_there_is(chief: Client) -> None:
    claim = make.make_claim()
    counts = []
    for size in (2, 8):
        while claim.citations.count() < size:
            make.make_citation(claim)
            other = make.make_claim(claim.framework, claim.criterion)
            ruling = make.make_ruling(make.make_framework(), claim.criterion, is_open=True)
            ruling.side_a.add(claim)
            Paragraph.objects.create(comparison=make.make_comparison(), text="So.").claims.add(claim, other)
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(change_url(claim, "review")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[1] <= 40, counts


def test_form_and_page_lead_to_one_another(chief: Client) -> None:
    claim = in_review()
    assert f'href="{change_url(claim, "review")}"' in text_of(chief.get(change_url(claim)))
    assert f'href="{change_url(claim)}"' in text_of(chief.get(change_url(claim, "review")))


def test_pages_hold_nothing_inline(chief: Client) -> None:
    claim = make.make_claim()
    for page in ("review", "verdict", "history"):
        text = text_of(chief.get(change_url(claim, page)))
        assert "<style" not in text and " style=" not in text and " onclick=" not in text, page
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), page


# ── A verdict ────────────────────────────────────────────────────────


def judge(client: Client, claim: Claim, **values: Any) -> HttpResponse:
    data = {
        "verdict": "holds", "verdict_on": "2026-11-20", "verdict_note": "Tried it.",
        "read_version": Claim.objects.get(pk=claim.pk).version, **values,
    }  # fmt: skip
    return client.post(change_url(claim, "verdict"), data)


def test_a_verdict_is_stored_with_its_articles_and_leaves_the_claim_published(browser: Browser) -> None:
    claim, proof = make.make_claim(), make.make_article()
    response = judge(browser("rita", role="reviewer"), claim, verdict_articles=[proof.pk])
    claim.refresh_from_db()
    assert response.status_code == 302
    assert (claim.verdict, claim.verdict_note, claim.status, claim.author) == ("holds", "Tried it.", "published", None)
    assert list(claim.verdict_articles.all()) == [proof]
    last = claim.history.first()
    assert (str(last.history_user), last.history_change_reason) == ("rita", "verdict given")


def test_the_day_of_a_verdict_is_proposed(chief: Client) -> None:
    form = chief.get(change_url(make.make_claim(), "verdict")).context["form"]
    assert form["verdict_on"].value() is not None


@pytest.mark.parametrize("verdict", ["holds", "outdated", "wrong"])
@pytest.mark.parametrize("lacking", ["verdict_note", "verdict_articles", "verdict_on"])
def test_a_verdict_that_says_what_is_so_needs_note_articles_and_day(chief: Client, verdict: str, lacking: str) -> None:
    claim = make.make_claim()
    values = {"verdict": verdict, "verdict_articles": [make.make_article().pk], lacking: []}
    response = judge(chief, claim, **values)
    claim.refresh_from_db()
    assert claim.verdict == "unchecked" and list(response.context["form"].errors) == [lacking]


@pytest.mark.parametrize("verdict", ["opinion", "cannot-be-checked", "unchecked"])
def test_other_verdicts_need_neither_note_nor_articles(chief: Client, verdict: str) -> None:
    claim = make.make_claim(verdict="opinion", verdict_on=make.DAY)
    assert judge(chief, claim, verdict=verdict, verdict_note="").status_code == 302
    claim.refresh_from_db()
    assert claim.verdict == verdict


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_judges_give_verdicts(browser: Browser, role: str) -> None:
    claim = make.make_claim()
    someone = browser("edgar", role=role)
    assert someone.get(change_url(claim, "verdict")).status_code == 403
    assert judge(someone, claim, verdict="opinion").status_code == 403
    with pytest.raises(PermissionDenied):
        services.give_verdict(claim, by=User.objects.get(username="edgar"), articles=())


def test_the_service_refuses_a_proven_verdict_without_proof(db: None) -> None:
    claim = make.make_claim(verdict="unchecked")
    claim.verdict, claim.verdict_on, claim.verdict_note = "wrong", make.DAY, "No."
    with pytest.raises(ValidationError):
        services.give_verdict(claim, by=make_user("chief"), articles=())


def test_a_verdict_on_a_claim_that_changed_is_not_stored_and_not_lost(browser: Browser) -> None:
    claim = make.make_claim(statement="As judged.")
    editor, reviewer = browser("edgar"), browser("rita", role="reviewer")
    send(editor, claim, opened(editor, claim), statement="Something else.")
    response = judge(reviewer, claim, verdict="opinion", verdict_note="My thoughts.", read_version=1)
    claim.refresh_from_db()
    text = text_of(response)
    assert (response.status_code, claim.verdict) == (409, "unchecked")
    assert (
        "My thoughts." in text and "Something else." in text and f'name="read_version" value="{claim.version}"' in text
    )


@pytest.mark.parametrize("sent", ["x", "0", "9" * 40, "\0"])
def test_a_malformed_article_of_a_verdict_is_an_error_of_its_field(chief: Client, sent: str) -> None:
    claim = make.make_claim()
    response = judge(chief, claim, verdict_articles=[sent])
    assert response.status_code == 200 and "verdict_articles" in response.context["form"].errors


def test_a_claim_whose_value_fits_no_more_can_still_be_judged(chief: Client) -> None:
    claim = make.make_claim(text="So")
    type(claim.criterion).objects.filter(pk=claim.criterion.pk).update(value_type="level")
    assert judge(chief, claim, verdict="opinion").status_code == 302


def test_the_site_is_one_link_of_a_review_and_the_claim_another(browser: Browser) -> None:
    claim = make.make_claim()
    page = text_of(browser("rita", role="reviewer").get(change_url(claim, "review")))
    assert '<a href="/">View site</a>' in page
    assert f'<a href="{claim.get_absolute_url()}" class="viewsitelink">' in page
