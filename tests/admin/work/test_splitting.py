"""The page that splits a criterion: what it shows first, what it refuses, what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from comparisons.models import Claim, Criterion, FormerAddress
from tests import factories as make
from tests.admin.forms import REQUIRED, change_url, fields, messages_of, text_of

Browser = Callable[..., Client]


NEW = {"name": "New", "slug": "new", "question": "What of it?", "definition": "This."}


def split(client: Client, old: Criterion, *claims: Claim, **changes: Any) -> HttpResponse:
    """Fill the form; the answer is the preview."""
    url = change_url(old, "split")
    form = {**fields(client.get(url), "split_form"), **NEW, "claims": [claim.pk for claim in claims], **changes}
    return client.post(url, {**form, "preview": "1"})


def confirm(client: Client, old: Criterion, shown: HttpResponse, **changes: Any) -> HttpResponse:
    data = {**fields(shown, "split_form"), "confirm": "1", **changes}
    return client.post(change_url(old, "split"), data, follow=True)


def test_a_criterion_is_split_in_two_steps(rita: Client) -> None:
    old = make.make_criterion("old", levels=("yes", "no"))
    goes, stays = make.make_claim(criterion=old, level="yes"), make.make_claim(criterion=old, level="no")
    draft = make.make_claim(goes.framework, old, status="draft", published_at=None)
    comparison = make.make_comparison("all", (), (old,))
    shown = split(rita, old, goes, draft)
    assert "Claims that move <b>2</b>" in text_of(shown) and "Claims that stay <b>1</b>" in text_of(shown)
    assert not Criterion.objects.filter(slug="new").exists()
    assert "was split from" in messages_of(confirm(rita, old, shown))
    new = Criterion.objects.get(slug="new")
    assert set(new.claims.all()) == {goes, draft} and old.claims.get() == stays
    assert [row.criterion for row in comparison.rows.order_by("order")] == [old, new]


def test_the_choice_can_be_changed_after_the_preview(rita: Client) -> None:
    old = make.make_criterion("old")
    claim, other = make.make_claim(criterion=old), make.make_claim(criterion=old)
    shown = split(rita, old, claim)
    again = rita.post(change_url(old, "split"), {**fields(shown, "split_form"), "change": "1"})
    form = fields(again, "split_form")
    assert form["claims"] == [str(claim.pk)] and form["name"] == ["New"] and form["slug"] == ["new"]
    assert str(other.pk) not in form["claims"]


def test_whole_frameworks_can_be_chosen(rita: Client) -> None:
    old = make.make_criterion("old")
    claims = [make.make_claim(make.make_framework(), old) for _ in range(2)]
    general = make.make_claim(None, old)
    Claim.objects.filter(pk=general.pk).update(framework=None)
    confirm(rita, old, split(rita, old, frameworks=[claims[0].framework_id, 0]))
    assert set(Criterion.objects.get(slug="new").claims.values_list("pk", flat=True)) == {claims[0].pk, general.pk}


def test_of_too_many_claims_the_frameworks_are_listed(rita: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from comparisons.admin.work import splitting

    monkeypatch.setattr(splitting, "LISTED", 2)
    old = make.make_criterion("old")
    claims = [make.make_claim(make.make_framework(), old) for _ in range(3)]
    text = text_of(rita.get(change_url(old, "split")))
    assert 'name="claims"' not in text and text.count('name="frameworks"') == 3
    confirm(rita, old, split(rita, old, frameworks=[claim.framework_id for claim in claims[:2]]))
    assert Criterion.objects.get(slug="new").claims.count() == 2


def test_a_criterion_can_be_replaced_altogether(rita: Client) -> None:
    old = make.make_criterion("old")
    claim = make.make_claim(criterion=old)
    shown = split(rita, old, claim, replaces="on")
    assert "Its address leads to the new criterion" in text_of(shown)
    confirm(rita, old, shown)
    assert Criterion.objects.get().slug == "new" and FormerAddress.objects.get().now == "new"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"slug": "old"}, "errorlist"),
        ({"slug": "former"}, "is the former address of “old”"),
        ({"slug": "Not A Slug"}, "Use lower-case letters"),
        ({"name": ""}, REQUIRED),
        ({"claims": []}, "Choose the claims that go"),
        ({"claims": ["999999"]}, "Choose again"),
        ({"claims": ["x", "9" * 40]}, "Choose the claims that go"),
        ({"comparisons": ["999999"]}, "errorlist"),
        ({"group": "999999"}, "errorlist"),
        ({"replaces": "on"}, "1 would stay"),
    ],
)
def test_a_split_that_cannot_be_says_why(rita: Client, changes: dict[str, Any], text: str) -> None:
    old = make.make_criterion("old")
    make.make_former(old, "former")
    make.make_comparison("all", (), (old,))
    claim = make.make_claim(criterion=old)
    make.make_claim(criterion=old)
    shown = split(rita, old, claim, **changes)
    assert shown.status_code == 200 and text in text_of(shown) and 'name="confirm"' not in text_of(shown)
    confirm(rita, old, shown, **changes)
    assert Criterion.objects.count() == 1


def test_a_split_that_comes_too_late_is_told_so(rita: Client) -> None:
    old = make.make_criterion("old")
    shown = split(rita, old, make.make_claim(criterion=old))
    Criterion.objects.get(pk=old.pk).save()
    response = confirm(rita, old, shown)
    assert response.status_code == 409 and not Criterion.objects.filter(slug="new").exists()
    confirm(rita, old, response)
    assert Criterion.objects.filter(slug="new").exists()
