"""Every kind of record in the admin: its list, its form, its history, its search, and absurd addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.admin.pages import ReadOnlyAdmin
from comparisons.models import (
    Article,
    Cell,
    Claim,
    ClaimImport,
    ClaimSummary,
    ComparisonEdition,
    Criterion,
    DeskVisit,
    Edition,
    EditionRow,
    Lease,
    Level,
    LinkCheck,
    MeaningChange,
    PageStamp,
    Release,
    Ruling,
    SearchEntry,
    SearchName,
    SearchWord,
    StoredSets,
    Subject,
)
from tests import factories as make
from tests.conftest import made_once

from .forms import change_url, list_url

MODELS = [model for model in admin.site._registry if model._meta.app_label == "comparisons"]
EDITED = [model for model in MODELS if not isinstance(admin.site._registry[model], ReadOnlyAdmin)]
SEARCHED = [model for model in MODELS if admin.site._registry[model].search_fields]


@made_once
def records() -> None:
    """Two of each kind."""
    fill(2)


@make.unsettled()
def fill(size: int) -> None:
    """Make this many records of each kind."""
    criterion = make.make_criterion(levels=("yes", "no"))
    frameworks = tuple(make.make_framework() for _ in range(max(size, 2)))
    for framework in frameworks[:size]:
        make.make_release(framework, "1.0")
        claim = make.make_claim(framework, criterion, level="yes", author=None)
        make.make_check(claim)
        make.make_note(claim)
        make.make_note(make.make_article())
        make.make_run(claim)
        ruling = make.make_ruling(framework, criterion, level=criterion.levels.first())
        ruling.rejected.add(claim)
        make.make_comparison(frameworks=frameworks[:2], criteria=(criterion, make.make_criterion()))
        make.make_group()
        make.make_figure(framework, make.make_benchmark(), 5)
        make.make_former(frameworks[0])
        make.make_proposal(claim, None, statement="Said otherwise.")
        make.make_challenge((framework, criterion), text="Said of a framework.")
        make.make_need(make.make_criterion(group=make.make_group(holds_use_cases=True)), criterion)
        make.make_decision()
    make.make_subject()


DERIVED = {
    ClaimImport,
    ClaimSummary,
    ComparisonEdition,
    DeskVisit,
    Edition,
    EditionRow,
    Lease,
    LinkCheck,
    MeaningChange,
    PageStamp,
    SearchEntry,
    SearchName,
    SearchWord,
    StoredSets,
}


@pytest.mark.parametrize(
    "model", list(apps.get_app_config("comparisons").get_models()), ids=lambda model: model.__name__
)
def test_every_model_is_registered_or_edited_beneath_another(model: type[Any]) -> None:
    if model in DERIVED:
        pytest.skip("derived, or of a machine: nobody edits it, and its own module alone writes it")
    inlines = {inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines}
    assert model in admin.site._registry or model in inlines or model._meta.model_name.startswith("historical")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_pages_of_a_record_open(records: None, chief: Client, model: type[Any]) -> None:
    row = model.objects.first()
    for url in (list_url(model), change_url(row), change_url(row, "history")):
        assert chief.get(url).status_code == 200, url


@pytest.mark.parametrize("model", [m for m in EDITED if m is not Subject], ids=lambda model: model.__name__)
def test_a_record_can_be_added_and_deleted(records: None, chief: Client, model: type[Any]) -> None:
    assert chief.get(list_url(model, "add")).status_code == 200
    assert chief.get(change_url(model.objects.first(), "delete")).status_code == 200


@pytest.mark.parametrize("model", [m for m in MODELS if hasattr(m, "history")], ids=lambda model: model.__name__)
def test_an_old_state_can_be_read_and_takes_no_other_text(records: None, chief: Client, model: type[Any]) -> None:
    row = model.objects.first()
    name = f"admin:comparisons_{model._meta.model_name}_simple_history"
    url = reverse(name, args=[row.pk, row.history.last().pk])
    assert chief.get(url).status_code == 200
    assert chief.post(url, {"name": "Taken over"}).status_code in (403, 409)
    assert str(model.objects.get(pk=row.pk)) == str(row)


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model.__name__)
def test_a_list_can_be_searched(records: None, chief: Client, model: type[Any]) -> None:
    assert chief.get(list_url(model), {"q": "framework"}).status_code == 200


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Claim, "framework"), (Claim, "criterion"), (Claim, "level"), (Claim, "verdict_articles"),
        (Article, "follows"), (Release, "framework"), (Criterion, "group"), (Ruling, "rejected"), (Ruling, "accepted"),
    ],
)  # fmt: skip
def test_an_autocomplete_finds_rows(records: None, chief: Client, model: type[Any], field: str) -> None:
    asked = {"app_label": "comparisons", "model_name": model._meta.model_name, "field_name": field, "term": ""}
    assert chief.get(reverse("admin:autocomplete"), asked).json()["results"]


def test_a_list_takes_the_same_queries_at_any_size(records: None, chief: Client) -> None:
    counts: list[dict[str, int]] = []
    for more in (0, 4):
        if more:
            fill(more)
        found = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                chief.get(list_url(model))
            found[model.__name__] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", [Cell, Level])
def test_what_is_written_elsewhere_cannot_be_edited_here(records: None, chief: Client, model: type[Any]) -> None:
    row = model.objects.first()
    assert chief.get(list_url(model, "add")).status_code == 403
    assert chief.post(change_url(row), {"order": 9}).status_code == 403
    assert chief.post(change_url(row, "delete"), {"post": "yes"}).status_code == 403


def test_pages_of_the_admin_hold_nothing_inline(records: None, chief: Client) -> None:
    claim = Claim.objects.first()
    assert claim
    for url in (list_url(Claim), list_url(Claim, "add"), change_url(claim), change_url(claim, "delete")):
        text = chief.get(url).content.decode()
        assert "<style" not in text and " style=" not in text and " onclick=" not in text, url
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), url


ABSURD = [
    (Claim, {"framework__id__exact": "x"}),
    (Claim, {"framework__id__exact": "9" * 40}),
    (Claim, {"framework__id__exact": "１"}),
    (Claim, {"criterion__group__id__exact": "-1"}),
    (Claim, {"work": "nonsense"}),
    (Claim, {"published_from": "yesterday"}),
    (Claim, {"published_to": "9999-12-31"}),
    (Claim, {"no_such_field": "1"}),
    (Cell, {"strength": "nonsense"}),
    (Article, {"published_on__year": "9999"}),
    (Article, {"published_on__year": "x"}),
    (Release, {"released_on__year": "0"}),
]


@pytest.mark.parametrize(("model", "asked"), ABSURD)
def test_an_absurd_filter_leads_back_to_the_list(
    records: None, chief: Client, model: Any, asked: dict[str, str]
) -> None:
    response = chief.get(list_url(model), asked, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [(f"{list_url(model)}?e=1", 302)]


@pytest.mark.parametrize(
    "asked", [{"p": "-1"}, {"p": "x"}, {"p": "9" * 30}, {"o": "99.-99.x"}, {"q": "%"}, {"whose": "x"}, {"curated": "9"}]
)
@pytest.mark.parametrize("model", [Claim, Cell])
def test_an_absurd_address_does_no_harm(records: None, chief: Client, model: Any, asked: dict[str, str]) -> None:
    assert chief.get(list_url(model), asked, follow=True).status_code == 200
