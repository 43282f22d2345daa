"""A claim from draft to withdrawal, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from comparisons.domain.vocabulary import Status
from comparisons.editing import proposals
from comparisons.editing import steps as services
from comparisons.models import Cell, Claim
from tests import factories as make

from .forms import REQUIRED, act, change_url, fields, list_url, messages_of, opened, send, text_of, with_citation
from .users import log_in, make_user

Browser = Callable[..., Client]


def draft(**fields: Any) -> Claim:
    return make.make_claim(**{"status": "draft", "published_at": None, **fields})


def in_review(**fields: Any) -> Claim:
    return draft(status="in-review", **fields)


def test_a_new_claim_is_a_draft_of_its_author_with_its_citations(browser: Browser) -> None:
    editor = browser("edgar")
    article, framework, criterion = make.make_article(), make.make_framework(), make.make_criterion()
    form = fields(editor.get(list_url(Claim, "add")), "claim_form")
    form |= {
        "key": "new", "framework": framework.pk, "criterion": criterion.pk, "kind": "capability",
        "statement": "It does.", "polarity": "pro",
    }  # fmt: skip
    assert editor.post(list_url(Claim, "add"), with_citation(form, article)).status_code == 302
    claim = Claim.objects.get(key="new")
    assert (claim.status, str(claim.author), claim.citations.get().article) == ("draft", "edgar", article)


def test_a_claim_goes_from_draft_to_review_to_published(browser: Browser) -> None:
    claim = draft()
    act(browser("edgar"), Claim, "send_to_review", claim)
    act(browser("rita", role="reviewer"), Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert claim.status == Status.PUBLISHED and claim.published_at is not None
    steps = list(claim.history.order_by("history_id").values_list("status", "history_user__username"))
    assert steps == [("draft", None), ("in-review", "edgar"), ("published", "rita")]


def test_an_author_cannot_publish_what_they_wrote(browser: Browser) -> None:
    reviewer = browser("rita", role="reviewer")
    claim = in_review(author=User.objects.get(username="rita"))
    response = act(reviewer, Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert claim.status == Status.IN_REVIEW
    assert "somebody else has to publish what you wrote" in messages_of(response)


def test_a_superuser_may_publish_what_they_wrote(chief: Client) -> None:
    claim = in_review(author=User.objects.get(username="chief"))
    act(chief, Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert claim.status == Status.PUBLISHED


@pytest.mark.parametrize("action", ["publish", "return_to_draft", "withdraw"])
def test_an_editor_is_not_offered_the_steps_of_a_reviewer(browser: Browser, action: str) -> None:
    claim = in_review()
    editor = browser("edgar")
    act(editor, Claim, action, claim, confirmed="1", reason="Because.", mark="unclear", note="Because.")
    claim.refresh_from_db()
    assert claim.status == Status.IN_REVIEW
    assert f'value="{action}"' not in editor.get(list_url(Claim)).content.decode()


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        (services.send_to_review, {}),
        (services.publish, {}),
        (services.return_to_draft, {"mark": "unclear", "note": "Say more."}),
        (services.withdraw, {"reason": "Wrong."}),
    ],
)
def test_a_step_asks_for_a_permission_by_itself(db: None, step: Any, answers: dict[str, str]) -> None:
    nobody = User.objects.create_user("nobody", is_staff=True)
    with pytest.raises(PermissionDenied):
        step([draft()], by=nobody, **answers)


def test_whoever_changed_a_claim_last_is_its_author(browser: Browser) -> None:
    claim = in_review()
    reviewer = browser("rita", role="reviewer")
    send(reviewer, claim, opened(reviewer, claim), statement="Better said.")
    act(reviewer, Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert (str(claim.author), claim.status) == ("rita", "in-review")


def test_a_changed_citation_makes_an_author_too(browser: Browser) -> None:
    claim = in_review()
    editor = browser("edgar")
    send(editor, claim, with_citation(opened(editor, claim), make.make_article()))
    claim.refresh_from_db()
    assert str(claim.author) == "edgar"


def test_a_change_of_a_published_claim_waits_and_hides_nothing(browser: Browser) -> None:
    claim = make.make_claim(statement="As approved.")
    reviewer = browser("rita", role="reviewer")
    send(reviewer, claim, opened(reviewer, claim), statement="Said otherwise.")
    claim.refresh_from_db()
    assert (claim.statement, claim.status, claim.version) == ("As approved.", "published", 1)
    assert proposals.waiting(claim).state["fields"]["statement"] == "Said otherwise."


def test_a_forged_form_does_not_keep_a_changed_claim_published(browser: Browser) -> None:
    """A form that claims to have read the changed text changes nothing."""
    claim = make.make_claim(statement="Kept.")
    reviewer = browser("rita", role="reviewer")
    forged = {**opened(reviewer, claim), "initial-statement": ["Forged."]}
    send(reviewer, claim, forged, statement="Forged.")
    claim.refresh_from_db()
    assert (claim.statement, claim.status) == ("Kept.", Status.PUBLISHED)


def test_a_forged_field_beside_a_changed_one_waits_for_review(browser: Browser) -> None:
    claim = make.make_claim(statement="As approved.")
    reviewer = browser("rita", role="reviewer")
    forged = {**opened(reviewer, claim), "initial-statement": ["Forged."]}
    send(reviewer, claim, forged, statement="Forged.", polarity="pro")
    claim.refresh_from_db()
    assert (claim.statement, claim.status) == ("As approved.", Status.PUBLISHED)
    assert proposals.waiting(claim).state["fields"]["statement"] == "Forged."


def test_a_superuser_changes_a_published_claim_in_place(chief: Client) -> None:
    claim = make.make_claim()
    send(chief, claim, opened(chief, claim), statement="Said otherwise.")
    claim.refresh_from_db()
    assert (claim.statement, claim.status) == ("Said otherwise.", "published")


@pytest.mark.parametrize("role", ["editor", "reviewer", ""])
def test_no_verdict_is_given_in_the_form_of_a_claim(browser: Browser, role: str) -> None:
    claim = draft()
    client = browser("edgar", role=role)
    send(client, claim, opened(client, claim), verdict="opinion", verdict_on="2026-11-20", statement="Mine.")
    claim.refresh_from_db()
    assert (claim.verdict, claim.statement) == ("unchecked", "Mine.")


def test_a_claim_without_support_is_not_published(chief: Client) -> None:
    claim = in_review(by=())
    make.make_citation(claim, stance="disputes")
    assert "no citation supports it" in messages_of(act(chief, Claim, "publish", claim, confirmed="yes"))


def test_a_draft_is_not_published_without_review(chief: Client) -> None:
    claim = draft()
    assert "it is “Draft”" in messages_of(act(chief, Claim, "publish", claim, confirmed="yes"))


def test_a_claim_in_review_can_be_returned(browser: Browser) -> None:
    claim = in_review()
    answers = {"confirmed": "1", "mark": "unclear", "note": "Which version?"}
    act(browser("rita", role="reviewer"), Claim, "return_to_draft", claim, **answers)
    claim.refresh_from_db()
    assert (claim.status, claim.mark, claim.mark_note) == ("draft", "unclear", "Which version?")


def test_a_withdrawal_asks_for_a_reason_first(chief: Client) -> None:
    claim = make.make_claim()
    response = act(chief, Claim, "withdraw", claim)
    assert response.templates[0].name == "admin/comparisons/claim/ask.html"
    response = act(chief, Claim, "withdraw", claim, confirmed="1", reason=" ")
    assert REQUIRED in response.content.decode()
    claim.refresh_from_db()
    assert claim.status == Status.PUBLISHED


def test_a_withdrawal_records_when_and_why(browser: Browser) -> None:
    claim = make.make_claim()
    act(browser("rita", role="reviewer"), Claim, "withdraw", claim, confirmed="1", reason="The source took it back.")
    claim.refresh_from_db()
    assert claim.status == Status.WITHDRAWN and claim.withdrawn_at is not None
    assert claim.withdrawal_reason == "The source took it back."
    assert claim.history.first().history_user.username == "rita"


def test_a_withdrawn_claim_can_be_published_again(chief: Client) -> None:
    claim = make.make_claim()
    act(chief, Claim, "withdraw", claim, confirmed="1", reason="By mistake.")
    act(chief, Claim, "publish", claim, confirmed="yes")
    claim.refresh_from_db()
    assert (claim.status, claim.withdrawn_at, claim.published_at) == ("published", None, make.NOON)


def test_a_service_refuses_a_blank_reason(db: None) -> None:
    with pytest.raises(ValidationError):
        services.withdraw([make.make_claim()], by=make_user("chief"), reason="  \n")


def test_a_step_run_twice_changes_nothing_more(db: None) -> None:
    claim, chief = in_review(), make_user("chief")
    services.publish([claim], by=chief)
    claim.refresh_from_db()
    version, entries = claim.version, claim.history.count()
    report = services.publish([claim], by=chief)
    claim.refresh_from_db()
    assert report.unchanged == [claim] and not report.done
    assert (claim.version, claim.history.count()) == (version, entries)


def test_a_published_claim_is_not_deleted_by_its_page(chief: Client) -> None:
    claim = make.make_claim()
    response = chief.post(change_url(claim, "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert "withdrawn, not deleted" in response.content.decode()
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_published_claims_are_not_deleted_in_bulk(chief: Client) -> None:
    kept, other = make.make_claim(), draft()
    response = act(chief, Claim, "delete_selected", kept, other, post="yes")
    assert "withdrawn, not deleted" in response.content.decode()
    assert Claim.objects.count() == 2


def test_a_withdrawn_claim_is_not_deleted(chief: Client) -> None:
    claim = make.make_claim()
    act(chief, Claim, "withdraw", claim, confirmed="1", reason="Wrong.")
    act(chief, Claim, "delete_selected", claim, post="yes")
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_draft_is_deleted_with_its_citations(browser: Browser) -> None:
    claim = draft()
    assert browser("edgar").post(change_url(claim, "delete"), {"post": "yes"}).status_code == 302
    assert not Claim.objects.exists()


def test_whoever_may_only_view_changes_nothing(db: None) -> None:
    from django.contrib.auth.models import Permission

    claim = make.make_claim()
    viewer = User.objects.create_user("vic", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_claim", "view_citation"]))
    client = log_in(viewer)
    assert client.get(change_url(claim)).status_code == 200
    assert client.post(change_url(claim), {"statement": "Mine.", "read_version": claim.version}).status_code == 403
    assert client.post(change_url(claim), {"statement": "Mine.", "read_version": 0}).status_code == 403


def test_the_key_of_a_published_claim_stays(chief: Client) -> None:
    claim = make.make_claim(key="kept")
    send(chief, claim, opened(chief, claim), key="other", statement="Changed.")
    claim.refresh_from_db()
    assert (claim.key, claim.statement) == ("kept", "Changed.")


def test_a_broken_rule_is_explained_in_words(chief: Client) -> None:
    claim = draft()
    text = send(chief, claim, opened(chief, claim), hardware="A laptop").content.decode()
    assert "Only a claim of the kind “figure” has conditions." in text


def test_a_save_without_changes_writes_nothing(chief: Client) -> None:
    claim = make.make_claim()
    entries = claim.history.count()
    assert send(chief, claim, opened(chief, claim)).status_code == 302
    claim.refresh_from_db()
    assert (claim.version, claim.history.count()) == (1, entries)


@pytest.mark.django_db(transaction=True)
def test_a_save_in_the_admin_brings_the_cell_up_to_date() -> None:
    chief = log_in(make_user("chief"))
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(criterion=criterion, level="yes")
    no = criterion.levels.get(slug="no")
    assert send(chief, claim, opened(chief, claim), level=no.pk).status_code == 302
    assert Cell.objects.get(criterion=criterion).level == no


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_claim_leaves_its_cell() -> None:
    chief = log_in(make_user("chief"))
    claim = make.make_claim(criterion=make.make_criterion(levels=("yes", "no")), level="yes")
    assert Cell.objects.exists()
    act(chief, Claim, "withdraw", claim, confirmed="1", reason="Wrong.")
    assert not Cell.objects.exists()


def test_a_ruling_rests_on_a_published_claim_of_its_cell(chief: Client) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(criterion=criterion, level="yes")
    ruling = make.make_ruling(claim.framework, criterion, level=criterion.levels.get(slug="yes"))
    form = opened(chief, ruling)
    assert "Choose a claim about this framework" in send(chief, ruling, form, why="New.").content.decode()
    hidden = send(chief, ruling, form, rejected=[draft().pk]).content.decode()
    assert "Readers do not see this claim" in hidden
    assert send(chief, ruling, form, accepted=[claim.pk]).status_code == 302
    assert list(ruling.accepted.all()) == [claim]


def test_only_judges_rule(browser: Browser) -> None:
    ruling = make.make_ruling(make.make_framework(), make.make_criterion(), is_open=True)
    assert browser("edgar").post(change_url(ruling), {}).status_code == 403


def test_a_refused_save_does_not_say_that_the_claim_waits_for_review(browser: Browser) -> None:
    claim = make.make_claim()
    ada, rita = browser("ada"), browser("rita", role="reviewer")
    form = opened(rita, claim)
    send(ada, claim, opened(ada, claim), statement="Ada's.")
    assert "waits for review" not in messages_of(send(rita, claim, form, statement="Rita's."))


def test_a_number_opens_as_it_would_be_written_and_counts_as_unchanged(chief: Client) -> None:
    criterion = make.make_criterion(value_type="number", unit="MiB")
    claim = make.make_claim(criterion=criterion, number="100.0000", number_high="8000.5")
    form = opened(chief, claim)
    assert (form["number"], form["number_high"]) == (["100"], ["8000.5"])
    send(chief, claim, form)
    claim.refresh_from_db()
    assert (claim.status, claim.number) == (Status.PUBLISHED, 100)


def test_only_a_claim_that_was_never_published_has_a_button_to_delete_it(chief: Client) -> None:
    for claim, has in ((make.make_claim(), False), (make.make_claim(status="draft", published_at=None), True)):
        assert (change_url(claim, "delete") in text_of(chief.get(change_url(claim)))) == has
