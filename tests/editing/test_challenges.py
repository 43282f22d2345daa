"""Objections of readers: who answers them, what an answer needs, and what becomes of the mail address."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from comparisons.editing import challenges
from comparisons.editing.challenges import Reply, Sent, SentBefore
from comparisons.models import Challenge, StaleVersion
from tests import factories as make
from tests.admin.forms import change_url, list_url
from tests.admin.users import log_in, make_user
from tests.editing.merging.builders import pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita() -> User:
    return make_user("rita", role="reviewer")


def objection(**fields: Any) -> Challenge:
    return make.make_challenge(make.make_claim(key="known"), mail="ada@example.org", **fields)


@pytest.mark.parametrize("status", ["kept", "changed", "set-aside"])
def test_an_answer_is_signed_and_dated_and_the_mail_address_is_gone(rita: User, status: str) -> None:
    found = challenges.answer(objection(), Reply(status, "*Looked.*", is_quoted=False), by=rita)
    assert (found.status, found.answer, found.answered_by, found.is_quoted) == (status, "*Looked.*", rita, False)
    assert found.answered_at and not found.mail and not Challenge.objects.exclude(mail="").exists()


@pytest.mark.parametrize(
    ("status", "text"), [("open", "So."), ("", "So."), ("kept", " "), ("changed", ""), ("kept", "x" * 2001)]
)
def test_an_answer_says_what_came_of_it_and_why(rita: User, status: str, text: str) -> None:
    with pytest.raises(ValidationError):
        challenges.answer(objection(), Reply(status, text), by=rita)
    assert Challenge.objects.get().mail


def test_a_change_names_the_revision_that_came_of_it(rita: User) -> None:
    assert challenges.answer(objection(), Reply("changed", "Mended."), by=rita).revision == 1
    assert challenges.answer(make.make_challenge(make.make_claim()), Reply("kept", "So."), by=rita).revision is None


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_who_may_publish_answers(role: str) -> None:
    with pytest.raises(PermissionDenied):
        challenges.answer(objection(), Reply("kept", "So."), by=make_user("ed", role=role))


def test_of_two_answers_the_second_is_refused(rita: User) -> None:
    found = objection()
    challenges.answer(Challenge.objects.get(pk=found.pk), Reply("kept", "First."), by=rita)
    with pytest.raises(StaleVersion):
        challenges.answer(found, Reply("changed", "Second."), by=rita)
    assert Challenge.objects.get().answer == "First."


def test_the_same_form_stores_one_text_and_says_so_of_another() -> None:
    claim, sent = make.make_claim(), Sent("wrong", "It is not so.", "", "", "a receipt")
    challenges.receive(claim, sent)
    challenges.receive(claim, sent)
    with pytest.raises(SentBefore):
        challenges.receive(claim, sent._replace(text="Something else."))
    assert Challenge.objects.count() == 1


@pytest.mark.parametrize("maker", [make.make_claim, make.make_article, make.make_criterion])
def test_objections_go_where_the_record_went_that_they_are_about(maker: Any, rita: User) -> None:
    duplicate, kept, merge = pair(maker)
    field = duplicate._meta.model_name
    found = make.make_challenge((make.make_framework(), duplicate) if field == "criterion" else duplicate)
    merge(duplicate, kept, by=rita)
    found.refresh_from_db()
    assert getattr(found, field) == kept


@pytest.mark.parametrize(("role", "sees"), [("viewer", False), ("editor", False), ("reviewer", True)])
def test_only_who_may_answer_sees_the_mail_address(role: str, sees: bool) -> None:
    found, client = objection(text="<script>x</script>"), log_in(make_user("one", role=role))
    text = client.get(change_url(found)).content.decode()
    assert ("ada@example.org" in text) is sees and ("answer_form" in text) is sees
    assert "<script>x" not in text and "&lt;script&gt;x" in text
    for address in (list_url(Challenge), f"{list_url(Challenge, 'export')}?_format=csv", "/admin/"):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        assert response.status_code == 200 and b"ada@" not in body, address
    assert client.get(f"{list_url(Challenge)}?mail__startswith=ada").status_code != 200
    assert client.get(f"{list_url(Challenge)}?q=ada@example").content.count(b"field-about") == 0


def test_an_answer_that_came_too_late_changes_nothing_and_is_given_back(rita: User) -> None:
    found, client = objection(), log_in(rita)
    data = {"status": "changed", "answer": "Second.", "is_quoted": "on", "read_version": found.version}
    challenges.answer(Challenge.objects.get(), Reply("kept", "First."), by=rita)
    response = client.post(change_url(found), data)
    text = response.content.decode()
    assert response.status_code == 409 and "somebody answered it" in text
    assert "First." in text and "\nSecond.</textarea>" in text
    assert Challenge.objects.get().answer == "First."


def test_the_desk_counts_what_waits(client: Client) -> None:
    found = objection()
    challenges.answer(make.make_challenge(make.make_claim()), Reply("kept", "So."), by=make_user("r", role="reviewer"))
    text = log_in(make_user("ed", role="editor")).get("/admin/").content.decode()
    assert change_url(found) in text and '<span class="count">1</span> Objections of readers' in text
