"""What became of one's work since the last visit of the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from comparisons.editing import proposals, steps, visits
from comparisons.editing.merging import merge_articles
from comparisons.models import DeskVisit
from tests import factories as make
from tests.admin.forms import change_url, text_of
from tests.admin.users import log_in, make_user

from .reviewing import in_review

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def edgar(db: None) -> User:
    return make_user("edgar", role="editor")


@pytest.fixture
def rita_user(db: None) -> User:
    return make_user("rita", role="reviewer")


def was_here(user: User, ago: dt.timedelta = HOUR) -> None:
    at = timezone.now() - ago
    DeskVisit.objects.create(user=user, since=at - HOUR, seen_at=at)


def news_of(user: User) -> list[tuple[str, str]]:
    return [(item.title, item.mark) for item in log_in(user).get("/admin/").context["news"]]


def test_the_desk_says_what_others_did_with_ones_claims(edgar: User, rita_user: User) -> None:
    was_here(edgar)
    mine = {"author": edgar, "written_by": edgar}
    good, bad, old = (in_review(statement=text, **mine) for text in ("Good.", "Bad.", "Old."))
    steps.publish([in_review(statement="Of another.", author=None)], by=rita_user)
    steps.publish([good, old], by=rita_user)
    steps.return_to_draft([bad], by=rita_user, mark="unclear", note="Which?")
    old.refresh_from_db()
    steps.withdraw([old], by=rita_user, reason="No.")
    assert news_of(edgar) == [
        ("Old.", "withdrawn"), ("Bad.", "returned"), ("Old.", "published"), ("Good.", "published"),
    ]  # fmt: skip
    text = text_of(log_in(edgar).get("/admin/"))
    assert change_url(bad, "review") in text and "by rita" in text


def test_what_one_does_oneself_and_what_moves_nothing_is_no_news(edgar: User) -> None:
    was_here(edgar)
    claim = in_review(status="draft", author=edgar, written_by=edgar)
    steps.send_to_review([claim], by=edgar)
    published = make.make_claim(author=edgar)
    published.verdict_note = "Looked at."
    published.save()
    assert news_of(edgar) == []
    assert "Nothing of yours was published" in text_of(log_in(edgar).get("/admin/"))


def test_the_desk_says_what_became_of_ones_changes(edgar: User, rita_user: User) -> None:
    was_here(edgar)
    good, bad = (make.make_proposal(make.make_article(title=title), edgar, title="New") for title in ("Good", "Bad"))
    proposals.approve(good, by=rita_user)
    proposals.send_back(bad, by=rita_user, note="No.")
    assert news_of(edgar) == [("Bad", "returned"), ("Good", "change published")]


def test_the_desk_says_which_change_a_merge_or_a_deletion_closed(edgar: User, rita_user: User) -> None:
    was_here(edgar)
    merged, kept, gone, own = (make.make_article(title=title) for title in ("Merged", "Kept", "Gone", "Own"))
    for article in (merged, gone, own):
        make.make_proposal(article, edgar, title="New")
    merge_articles(merged, kept, by=rita_user)
    for user, article in ((rita_user, gone), (edgar, own)):
        assert log_in(user).post(change_url(article, "delete"), {"post": "yes"}).status_code == 302
    assert news_of(edgar) == [("Gone", "change closed"), ("Merged", "change closed")]


def test_the_desk_says_what_readers_challenged(edgar: User) -> None:
    was_here(edgar)
    article = make.make_article(title="Read by Edgar")
    article._history_user = edgar
    article.save()
    criterion, framework = make.make_criterion(levels=("yes", "no")), make.make_framework("flask", name="Flask")
    claim = make.make_claim(framework, criterion, level="yes", statement="Said by Edgar.", author=edgar)
    for target in (claim, article, (framework, criterion), make.make_claim(), make.make_article()):
        make.make_challenge(target)
    make.make_challenge(claim, sent_at=timezone.now() - 9 * HOUR)
    titles = [title for title, mark in news_of(edgar) if mark == "challenged by a reader"]
    assert titles == [f"Flask × {criterion}", "Read by Edgar", "Said by Edgar."]


@pytest.mark.parametrize(
    ("minutes", "since"),
    [(0, -60), (0.5, -60), (29, -60), (31, 0)],
    ids=["at once", "a moment later", "within the visit", "at the next visit"],
)
def test_a_visit_ends_after_half_an_hour_without_a_look(edgar: User, minutes: float, since: int) -> None:
    now = timezone.now()
    DeskVisit.objects.create(user=edgar, since=now - HOUR, seen_at=now)
    later = now + dt.timedelta(minutes=minutes)
    assert visits.begin_visit(edgar, later) == now + dt.timedelta(minutes=since)
    assert visits.begin_visit(edgar, later) == now + dt.timedelta(minutes=since)


def test_the_first_visit_has_no_visit_before_it(edgar: User) -> None:
    assert "Since your last visit" not in text_of(log_in(edgar).get("/admin/"))
    assert DeskVisit.objects.get().user == edgar


def test_whoever_may_not_see_claims_gets_no_news(db: None) -> None:
    user: Any = make_user("nobody", role="viewer")
    user.groups.clear()
    was_here(user)
    assert "news" not in log_in(user).get("/admin/").context


def test_the_desk_sets_no_cookie_of_its_own(edgar: User) -> None:
    client: Client = log_in(edgar)
    assert set(client.get("/admin/").cookies) <= {settings.CSRF_COOKIE_NAME}
