"""Every page of the admin opens, with the same number of queries at any size."""

from __future__ import annotations

from collections.abc import Callable
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
    Comparison,
    ComparisonEdition,
    Criterion,
    DeskVisit,
    Edition,
    EditionRow,
    Framework,
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

from .forms import change_url, list_url, messages_of

MODELS = [model for model in admin.site._registry if model._meta.app_label == "comparisons"]
EDITED = [model for model in MODELS if not isinstance(admin.site._registry[model], ReadOnlyAdmin)]
SEARCHED = [model for model in MODELS if admin.site._registry[model].search_fields]


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
    make.settle()


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
def test_the_pages_of_a_record_open(chief: Client, model: type[Any]) -> None:
    fill(2)
    row = model.objects.first()
    for url in (list_url(model), change_url(row), change_url(row, "history")):
        assert chief.get(url).status_code == 200, url


@pytest.mark.parametrize("model", [m for m in EDITED if m is not Subject], ids=lambda model: model.__name__)
def test_a_record_can_be_added_and_deleted(chief: Client, model: type[Any]) -> None:
    fill(1)
    assert chief.get(list_url(model, "add")).status_code == 200
    assert chief.get(change_url(model.objects.first(), "delete")).status_code == 200


@pytest.mark.parametrize("model", [m for m in MODELS if hasattr(m, "history")], ids=lambda model: model.__name__)
def test_an_old_state_can_be_read_and_takes_no_other_text(chief: Client, model: type[Any]) -> None:
    fill(1)
    row = model.objects.first()
    name = f"admin:comparisons_{model._meta.model_name}_simple_history"
    url = reverse(name, args=[row.pk, row.history.last().pk])
    assert chief.get(url).status_code == 200
    assert chief.post(url, {"name": "Taken over"}).status_code in (403, 409)
    assert str(model.objects.get(pk=row.pk)) == str(row)


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model.__name__)
def test_a_list_can_be_searched(chief: Client, model: type[Any]) -> None:
    fill(1)
    assert chief.get(list_url(model), {"q": "framework"}).status_code == 200


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Claim, "framework"), (Claim, "criterion"), (Claim, "level"), (Claim, "verdict_articles"),
        (Article, "follows"), (Release, "framework"), (Criterion, "group"), (Ruling, "rejected"), (Ruling, "accepted"),
    ],
)  # fmt: skip
def test_an_autocomplete_finds_rows(chief: Client, model: type[Any], field: str) -> None:
    fill(1)
    asked = {"app_label": "comparisons", "model_name": model._meta.model_name, "field_name": field, "term": ""}
    assert chief.get(reverse("admin:autocomplete"), asked).json()["results"]


@pytest.mark.parametrize(("chosen", "found"), [("own", 2), ("", 0), ("x", 0), ("9" * 30, 0), (None, 4)])
def test_only_levels_of_the_chosen_criterion_are_offered(chief: Client, chosen: str | None, found: int) -> None:
    own = make.make_criterion(levels=("yes", "no"))
    make.make_criterion(levels=("yes", "no"))
    asked = {"app_label": "comparisons", "model_name": "claim", "field_name": "level", "term": ""}
    if chosen is not None:
        asked["criterion"] = str(own.pk) if chosen == "own" else chosen
    assert len(chief.get(reverse("admin:autocomplete"), asked).json()["results"]) == found


def test_a_list_takes_the_same_queries_at_any_size(chief: Client) -> None:
    counts: list[dict[str, int]] = []
    for size in (2, 6):
        fill(size)
        found = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                chief.get(list_url(model))
            found[model.__name__] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_form_of_a_claim_takes_the_same_queries_however_many_citations_it_has(chief: Client) -> None:
    claim = make.make_claim()
    counts = []
    for number in (2, 6):
        while claim.citations.count() < number:
            make.make_citation(claim)
        with CaptureQueriesContext(connection) as queries:
            chief.get(change_url(claim))
        counts.append(len(queries))
    assert counts[1] == counts[0]


def test_the_form_of_a_comparison_takes_the_same_queries_however_many_rows_it_has(chief: Client) -> None:
    counts = []
    for size in (2, 8):
        frameworks = [make.make_framework() for _ in range(size)]
        page = make.make_comparison(frameworks=frameworks, criteria=[make.make_criterion() for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            chief.get(change_url(page))
        counts.append(len(queries))
    assert counts[1] == counts[0]


@pytest.mark.parametrize("model", [Cell, Level])
def test_what_is_written_elsewhere_cannot_be_edited_here(chief: Client, model: type[Any]) -> None:
    fill(1)
    row = model.objects.first()
    assert chief.get(list_url(model, "add")).status_code == 403
    assert chief.post(change_url(row), {"order": 9}).status_code == 403
    assert chief.post(change_url(row, "delete"), {"post": "yes"}).status_code == 403


def test_pages_of_the_admin_hold_nothing_inline(chief: Client) -> None:
    fill(1)
    claim = Claim.objects.first()
    assert claim
    for url in (list_url(Claim), list_url(Claim, "add"), change_url(claim), change_url(claim, "delete")):
        text = chief.get(url).content.decode()
        assert "<style" not in text and " style=" not in text and " onclick=" not in text, url
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), url


def test_an_article_that_is_cited_cannot_be_deleted(chief: Client) -> None:
    article = make.make_article()
    make.make_claim(by=(article,))
    response = chief.post(change_url(article, "delete"), {"post": "yes"})
    assert response.status_code == 200 and "protected" in response.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("model", [Framework, Criterion, Article])
def test_a_bulk_deletion_leaves_what_claims_rest_on(chief: Client, model: type[Any]) -> None:
    make.make_claim()
    row = model.objects.get()
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    response = chief.post(list_url(model), data, follow=True)
    assert response.status_code == 200
    assert model.objects.filter(pk=row.pk).exists()


def test_a_deletion_that_meets_a_new_claim_is_refused_with_a_message(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = make.make_framework()
    row = admin.site._registry[Framework]
    monkeypatch.setattr(row, "get_deleted_objects", lambda *args: make.make_claim(framework) and ([], {}, set(), []))
    response = chief.post(change_url(framework, "delete"), {"post": "yes"}, follow=True)
    assert "Nothing was deleted" in messages_of(response)


def test_a_comparison_needs_two_frameworks(chief: Client) -> None:
    data = {"title": "One", "slug": "one", "introduction": "Why.", "order": 0}
    for prefix, total in (("columns", 1), ("rows", 0), ("verdict", 0)):
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"columns-0-framework": make.make_framework().pk, "columns-0-order": 0}
    assert chief.post(list_url(Comparison, "add"), data).status_code == 200
    assert not Comparison.objects.exists()


def test_an_address_is_not_changed_in_the_form_of_its_record(browser: Callable[..., Client], chief: Client) -> None:
    framework = make.make_framework("flask")
    assert 'name="slug"' not in browser("edgar").get(change_url(framework)).content.decode()
    assert 'name="slug"' not in chief.get(change_url(framework)).content.decode()


def test_a_page_links_to_what_readers_see(chief: Client) -> None:
    claim = make.make_claim(key="kept")
    assert f'href="{claim.get_absolute_url()}"' in chief.get(change_url(claim)).content.decode()


def test_a_draft_has_no_page_for_readers(chief: Client) -> None:
    claim = make.make_claim(key="kept", status="draft", published_at=None)
    assert f'href="{claim.get_absolute_url()}"' not in chief.get(change_url(claim)).content.decode()


def test_an_article_that_a_verdict_rests_on_cannot_be_deleted(chief: Client) -> None:
    article, claim = make.make_article(), make.make_claim()
    claim.verdict_articles.add(article)
    response = chief.post(change_url(article, "delete"), {"post": "yes"})
    assert "Its verdict rests on this article" in response.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()


def test_fields_edited_in_a_list_are_labelled(chief: Client) -> None:
    make.make_framework("flask", name="Flask")
    assert 'aria-label="Order: Flask"' in chief.get(list_url(Framework)).content.decode()


@pytest.mark.parametrize(
    ("make_row", "has"), [(make.make_run, False), (make.make_check, False), (make.make_citation, True)]
)
def test_what_has_no_history_offers_none(chief: Client, make_row: Any, has: bool) -> None:
    row = make_row(make.make_claim())
    assert ("historylink" in chief.get(change_url(row)).content.decode()) == has
