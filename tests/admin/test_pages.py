"""Every page of the admin opens, with the same number of queries at any size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.models import (
    Article,
    Claim,
    Comparison,
    Criterion,
    Framework,
)
from tests import factories as make

from .forms import change_url, list_url, messages_of


@pytest.mark.parametrize(("chosen", "found"), [("own", 2), ("", 0), ("x", 0), ("9" * 30, 0), (None, 4)])
def test_only_levels_of_the_chosen_criterion_are_offered(chief: Client, chosen: str | None, found: int) -> None:
    own = make.make_criterion(levels=("yes", "no"))
    make.make_criterion(levels=("yes", "no"))
    asked = {"app_label": "comparisons", "model_name": "claim", "field_name": "level", "term": ""}
    if chosen is not None:
        asked["criterion"] = str(own.pk) if chosen == "own" else chosen
    assert len(chief.get(reverse("admin:autocomplete"), asked).json()["results"]) == found


def test_the_form_of_a_claim_takes_the_same_queries_however_many_citations_it_has(chief: Client) -> None:
    claim = make.make_claim()
    counts = []
    ContentType.objects.get_for_model(Claim)  # it is looked up once for each process
    for number in (2, 6):
        while claim.citations.count() < number:
            make.make_citation(claim)
        with CaptureQueriesContext(connection) as queries:
            chief.get(change_url(claim))
        counts.append(len(queries))
    assert counts[1] == counts[0]


def test_the_form_of_a_comparison_takes_the_same_queries_however_many_rows_it_has(chief: Client) -> None:
    counts = []
    ContentType.objects.get_for_model(Comparison)
    for size in (2, 8):
        frameworks = [make.make_framework() for _ in range(size)]
        page = make.make_comparison(frameworks=frameworks, criteria=[make.make_criterion() for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            chief.get(change_url(page))
        counts.append(len(queries))
    assert counts[1] == counts[0]


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
