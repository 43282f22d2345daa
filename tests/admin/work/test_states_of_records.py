"""Earlier states of each kind of record with a history: they can be put back, and the page says what is not kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from comparisons.history.state_fields import FIELDS, NOT_KEPT
from comparisons.models import Claim, Comparison, Criterion, Framework
from tests import factories as make

from .states import changed, first, put_back, state_url

Browser = Callable[..., Client]


RECORDS: list[tuple[str, Callable[[], Any], dict[str, Any]]] = [
    ("article", lambda: make.make_article(title="First", note="Old"), {"title": "Second", "note": "New"}),
    ("benchmark", lambda: make.make_benchmark(hardware="First"), {"hardware": "Second", "like_for_like": "part"}),
    ("framework", lambda: make.make_framework(tagline="First", order=3), {"tagline": "Second", "order": 9}),
    ("criterion", lambda: make.make_criterion(definition="First"), {"definition": "Second", "question": "Why?"}),
    ("comparison", lambda: make.make_comparison(introduction="First"), {"introduction": "Second", "featured": True}),
    (
        "ruling",
        lambda: make.make_ruling(make.make_framework(), make.make_criterion(), text="First", why="First"),
        {"text": "", "is_open": True, "why": "Second"},
    ),
]


@pytest.mark.parametrize(("name", "build", "values"), RECORDS, ids=[name for name, _b, _v in RECORDS])
def test_every_record_with_a_history_is_put_back(
    chief: Client, name: str, build: Callable[[], Any], values: dict[str, Any]
) -> None:
    row = build()
    was = {field: getattr(row, field) for field in values}
    changed(row, **values)
    assert put_back(chief, first(row)).status_code == 200
    row.refresh_from_db()
    assert {field: getattr(row, field) for field in values} == was
    assert row.version == 3 and row.history.count() == 3


@pytest.mark.parametrize(("name", "build", "values"), RECORDS, ids=[name for name, _b, _v in RECORDS])
def test_no_record_is_put_back_over_what_was_not_seen(
    chief: Client, name: str, build: Callable[[], Any], values: dict[str, Any]
) -> None:
    row = changed(build(), **values)
    assert chief.post(state_url(first(row)), {"read_version": 1}).status_code == 409
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.parametrize(("name", "build", "values"), RECORDS, ids=[name for name, _b, _v in RECORDS])
def test_what_can_be_put_back_is_every_field_that_is_edited(
    name: str, build: Callable[[], Any], values: dict[str, Any], db: None
) -> None:
    model = type(build())
    left_out = {
        *("id", "version", "slug", "link_health", "link_checked_at", "url_key", "name_key"),
        *("frameworks", "criteria", "is_draft"),
    }
    fields = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    assert fields - left_out == set(FIELDS[model])


def test_an_address_stays_when_a_record_is_put_back(chief: Client) -> None:
    framework = make.make_framework("old", tagline="First")
    changed(framework, slug="new", tagline="Second")
    put_back(chief, first(framework))
    framework.refresh_from_db()
    assert (framework.slug, framework.tagline) == ("new", "First")


@pytest.mark.parametrize("model", [Framework, Criterion, Comparison, Claim])
def test_what_the_history_does_not_hold_is_said(chief: Client, model: type[Any]) -> None:
    make.make_claim()
    make.make_comparison()
    row = model.objects.first()
    assert str(NOT_KEPT[model]) in chief.get(state_url(first(row))).content.decode()


def test_the_sides_of_a_ruling_are_put_back(chief: Client) -> None:
    claim, other = make.make_claim(), make.make_claim()
    ruling = make.make_ruling(claim.framework, claim.criterion, is_open=True)
    ruling.rejected.set([claim])
    before = ruling.history.first()
    changed(ruling, why="Other.")
    ruling.rejected.set([other])
    put_back(chief, before)
    ruling.refresh_from_db()
    assert (ruling.why, list(ruling.rejected.all())) == ("Because.", [claim])


def test_a_ruling_is_not_put_back_with_a_claim_that_readers_do_not_see(chief: Client) -> None:
    claim = make.make_claim(statement="Taken back.")
    ruling = make.make_ruling(claim.framework, claim.criterion, is_open=True)
    ruling.rejected.set([claim])
    before = ruling.history.first()
    changed(ruling, why="Other.").rejected.clear()
    changed(claim, status="withdrawn", withdrawn_at=make.NOON, withdrawal_reason="No.")
    response = put_back(chief, before)
    ruling.refresh_from_db()
    assert response.status_code == 409 and "Readers do not see this claim" in response.content.decode()
    assert ruling.why == "Other."


def test_an_editor_does_not_put_a_ruling_back(browser: Browser) -> None:
    ruling = changed(make.make_ruling(make.make_framework(), make.make_criterion(), is_open=True), why="Other.")
    assert put_back(browser("edgar"), first(ruling)).status_code == 403


def test_a_name_that_is_taken_by_now_is_refused_in_words(chief: Client) -> None:
    framework = make.make_framework(name="Flask")
    changed(framework, name="Quart")
    make.make_framework(name="Flask")
    response = put_back(chief, first(framework))
    framework.refresh_from_db()
    assert (response.status_code, framework.name) == (409, "Quart")
