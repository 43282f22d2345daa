"""The page of what everybody has done: whose, on what, and no more than one may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.models import Article, Claim
from tests import factories as make
from tests.admin.forms import act, change_url, text_of
from tests.admin.users import make_user

from .reviewing import in_review, take

Browser = Callable[..., Client]


def log(user: User, row: object, flag: int = CHANGE, text: str = "") -> None:
    LogEntry.objects.log_actions(user.pk, [row], flag, text)  # type: ignore[arg-type]


def shown(client: Client, **asked: object) -> list[str]:
    return [str(row[0].object_repr) for row in client.get(reverse("admin:activity"), asked).context["rows"]]


def kind(model: type) -> int:
    return ContentType.objects.get_for_model(model).pk


def test_the_newest_come_first_and_each_filter_narrows_them(browser: Browser) -> None:
    client, ada, ben = browser("vera", "viewer"), make_user("ada", role="editor"), make_user("ben", role="editor")
    claim, article = make.make_claim(statement="A claim."), make.make_article(title="An article")
    log(ada, claim, ADDITION), log(ben, article, CHANGE, "Changed <it>."), log(ada, article, DELETION)
    assert shown(client) == ["An article", "An article", "A claim."]
    assert shown(client, person=ada.pk) == ["An article", "A claim."]
    assert shown(client, kind=kind(Article), done=CHANGE) == ["An article"]
    assert shown(client, kind=kind(Claim), person=ben.pk) == []
    text = text_of(client.get(reverse("admin:activity")))
    assert "Changed &lt;it&gt;." in text and change_url(claim) in text


@pytest.mark.parametrize("asked", [{"person": "x"}, {"person": "9" * 30}, {"kind": "0"}, {"done": "9"}])
def test_a_question_that_makes_no_sense_says_so_and_shows_nothing(chief: Client, asked: dict[str, str]) -> None:
    log(User.objects.get(), make.make_claim())
    response = chief.get(reverse("admin:activity"), asked)
    assert response.context["rows"] == [] and "errorlist" in text_of(response)


def test_what_one_may_not_see_is_not_named(browser: Browser, chief: Client) -> None:
    log(User.objects.get(username="chief"), User.objects.get(username="chief"))
    assert shown(chief) == ["chief"]
    rita = browser("rita", "reviewer")
    assert shown(rita) == [] and shown(rita, kind=kind(User)) == []


def test_steps_of_review_are_among_it(rita: Client, chief: Client) -> None:
    first, second, third = (in_review(statement=f"Number {number}.") for number in range(3))
    take(rita, first, "publish")
    act(rita, Claim, "publish", second, third, confirmed="yes")
    assert sorted(shown(chief, kind=kind(Claim))) == ["Number 0.", "Number 1.", "Number 2."]
    assert text_of(chief.get(reverse("admin:activity"))).count("<td>Published.</td>") == 3


def test_the_page_takes_the_same_queries_at_any_length_and_keeps_its_filters(chief: Client) -> None:
    numbers, claim = [], make.make_claim()
    chief.get(reverse("admin:activity"))
    for size in (60, 120):
        for number in range(size):
            log(make_user(f"user-{size}-{number}", role="editor") if number < 3 else User.objects.first(), claim)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as queries:
            response = chief.get(reverse("admin:activity"), {"kind": kind(Claim), "p": "2"})
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] and len(response.context["rows"]) == 50
    assert f"?p=3&amp;kind={kind(Claim)}" in text_of(response)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999"])
def test_any_page_opens(chief: Client, page: str) -> None:
    assert chief.get(reverse("admin:activity"), {"p": page}).status_code == 200


def test_a_record_is_called_by_what_it_is_and_without_markdown(chief: Client) -> None:
    log(make_user("ada"), make.make_claim(statement="A **bold** [claim](https://example.org/)."), ADDITION)
    text = text_of(chief.get(reverse("admin:activity")))
    assert 'A bold claim.</a> <span class="quiet">claim</span>' in text
