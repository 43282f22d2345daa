"""The page of a verdict: what it asks for, who may give one, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import Client

from comparisons.editing import steps as services
from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import change_url, opened, send, text_of
from tests.admin.users import make_user

Browser = Callable[..., Client]


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


def test_a_verdict_on_a_claim_that_changed_is_not_stored_and_not_lost(chief: Client, rita: Client) -> None:
    claim = make.make_claim(statement="As judged.")
    send(chief, claim, opened(chief, claim), statement="Something else.")
    response = judge(rita, claim, verdict="opinion", verdict_note="My thoughts.", read_version=1)
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
