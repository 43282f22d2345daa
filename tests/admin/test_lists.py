"""The lists of the admin: what their filters, searches and pages show, and how they answer absurd addresses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.admin.form_filters import Chosen
from comparisons.models import (
    Article,
    Cell,
    Citation,
    Claim,
    Comparison,
    Criterion,
    Framework,
    Level,
    Ruling,
    Subject,
)
from tests import factories as make

from .forms import list_url
from .test_every_record import MODELS, fill
from .users import log_in, make_user


def listed(client: Client, model: Any, **asked: Any) -> list[Any]:
    """The rows of the list, in its order."""
    response = client.get(list_url(model), asked)
    assert response.status_code == 200, response.get("Location")
    return list(response.context["cl"].result_list)


ASKED: list[tuple[Any, dict[str, Any]]] = [
    (Claim, {"q": "framework statement article", "o": "-5"}),
    (Claim, {"status__exact": "published", "framework__id__exact": "", "published_from": "2020-01-01"}),
    (Claim, {"work": "unchecked", "whose": "others"}),
    (Cell, {"q": "criterion", "strength": "thin", "curated": "1"}),
    (Citation, {"q": "says", "stance__exact": "supports"}),
    (Article, {"q": "title", "o": "6", "publisher": ""}),
    (Framework, {"q": "framework", "kind": ""}),
    (Ruling, {"q": "because", "reason__exact": "opinion"}),
]


def test_a_filtered_list_takes_the_same_queries_at_any_size(chief: Client) -> None:
    def queries_of(model: Any, asked: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert listed(chief, model, **asked), (model, asked)
        return len(queries)

    fill(2)
    few = [queries_of(*one) for one in ASKED]
    fill(60)  # two pages, whose keys are looked up first
    many = [queries_of(*one) for one in ASKED]
    # One more for the keys of the page.
    assert [one for one, less, more in zip(ASKED, few, many, strict=True) if more - less not in (0, 1)] == []


@pytest.mark.parametrize("model", [m for m in MODELS if m is not Subject], ids=lambda model: model.__name__)
def test_a_list_offers_filters_a_search_and_an_order(model: Any) -> None:
    model_admin = admin.site._registry[model]
    assert model_admin.search_fields and model_admin.list_filter and model_admin.search_help_text
    assert model_admin.ordering or model._meta.ordering


def test_a_page_keeps_the_order_of_the_list(chief: Client) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    for number in range(120):
        make.make_claim(framework, criterion, key=f"claim-{number:03}", by=())
    make.make_citation(Claim.objects.get(key="claim-077"))
    found = listed(chief, Claim, p=2)
    assert [claim.key for claim in found] == [f"claim-{number:03}" for number in range(50, 100)]
    first = listed(chief, Claim, o="-5")[0]
    assert (first.key, first.citations_count) == ("claim-077", 1)


def test_one_of_many_is_chosen_in_a_select(chief: Client) -> None:
    here, there = make.make_framework(), make.make_framework()
    claim = make.make_claim(here)
    make.make_claim(there)
    everywhere = Claim.objects.create(
        key="general", framework=None, criterion=claim.criterion, kind="practice", statement="So.", polarity="neutral"
    )
    assert listed(chief, Claim, framework__id__exact=here.pk) == [claim]
    assert listed(chief, Claim, framework__id__exact="none") == [everywhere]
    assert len(listed(chief, Claim, framework__id__exact="")) == 3


def test_the_form_of_a_list_keeps_what_else_was_asked(chief: Client) -> None:
    make.make_claim()
    text = chief.get(list_url(Claim), {"q": "claim", "status__exact": "published", "p": "1"}).content.decode()
    form = text.partition('id="changelist-filter"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="q" value="claim">' in form
    assert '<input type="hidden" name="status__exact" value="published">' in form
    assert 'name="p"' not in form


def test_a_publisher_is_chosen_among_those_there_are(chief: Client) -> None:
    article = make.make_article(publisher="<b>Gazette</b>")
    make.make_article(publisher="")
    assert listed(chief, Article, publisher="<b>Gazette</b>") == [article]
    assert "&lt;b&gt;Gazette&lt;/b&gt;</option>" in chief.get(list_url(Article)).content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"published_from": "2026-01-02"}, {"second", "third"}),
        ({"published_to": "2026-01-02"}, {"first", "second"}),
        ({"published_from": "2026-01-02", "published_to": "2026-01-02"}, {"second"}),
        ({"published_from": "", "published_to": ""}, {"first", "second", "third"}),
    ],
)
def test_claims_are_found_by_the_days_of_their_publication(
    chief: Client, asked: dict[str, str], found: set[str]
) -> None:
    for day, key in enumerate(("first", "second", "third"), start=1):
        make.make_claim(key=key, published_at=dt.datetime(2026, 1, day, 23, 59, tzinfo=dt.UTC))
    assert {claim.key for claim in listed(chief, Claim, **asked)} == found


def test_own_claims_are_told_from_those_of_others(db: None) -> None:
    me, other = make_user("me", role="editor"), make_user("other", role="editor")
    make.make_claim(key="begun", written_by=me, author=other)
    make.make_claim(key="changed", written_by=other, author=me)
    make.make_claim(key="theirs", written_by=other, author=other)
    make.make_claim(key="nobodys", written_by=None, author=None)
    client = log_in(me)
    assert {claim.key for claim in listed(client, Claim, whose="mine")} == {"begun", "changed"}
    assert {claim.key for claim in listed(client, Claim, whose="others")} == {"theirs", "nobodys"}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("needle", {"statement"}),
        ("haystack", {"framework"}),
        ("barn", {"criterion"}),
        ("gazette", {"article"}),
        ("GAZETTE article", {"article"}),
        ("needle gazette", set()),
        ('"with needle"', {"statement"}),
        ("100%", set()),
        ('"', set()),
    ],
)
def test_a_search_of_claims_looks_into_all_that_they_name(chief: Client, search: str, found: set[str]) -> None:
    criterion = make.make_criterion()
    framework = make.make_framework()
    make.make_claim(framework, criterion, key="statement", statement="One with needle.")
    make.make_claim(make.make_framework(name="Haystack"), criterion, key="framework")
    make.make_claim(framework, make.make_criterion(name="Barn"), key="criterion")
    twice = make.make_article(title="Gazette article"), make.make_article(title="Gazette again")
    make.make_claim(framework, criterion, key="article", by=twice)
    assert {claim.key for claim in listed(chief, Claim, q=search)} == found


def test_a_search_that_is_too_long_is_cut(chief: Client) -> None:
    make.make_claim(statement="One word.")
    with CaptureQueriesContext(connection) as queries:
        listed(chief, Claim, q="word " * 30 + "nothing")
    assert max(len(query["sql"]) for query in queries) < 20_000


@pytest.mark.parametrize("model", [Framework, Criterion, Comparison], ids=lambda model: model.__name__)
def test_the_order_is_edited_in_the_list(chief: Client, model: Any) -> None:
    fill(2)
    assert 'name="form-0-order"' in chief.get(list_url(model)).content.decode()


def test_a_list_bears_the_name_of_what_it_lists(chief: Client) -> None:
    assert chief.get(list_url(Claim)).context["title"] == "Claims"
    assert chief.get(list_url(Level)).context["title"] == "Levels"


def test_a_cell_leads_to_its_claims(chief: Client) -> None:
    claim = make.make_claim()
    make.make_claim()
    make.settle()
    text = chief.get(list_url(Cell)).content.decode()
    url = f"{list_url(Claim)}?framework__id__exact={claim.framework_id}&amp;criterion__id__exact={claim.criterion_id}"
    assert f'href="{url}"' in text
    assert listed(chief, Claim, framework__id__exact=claim.framework_id, criterion__id__exact=claim.criterion_id) == [
        claim
    ]


@pytest.mark.parametrize(("role", "offered"), [("editor", False), ("reviewer", True)])
def test_a_disputed_cell_leads_a_judge_to_a_ruling(db: None, role: str, offered: bool) -> None:
    criterion, framework = make.make_criterion(levels=("yes", "no")), make.make_framework()
    make.make_claim(framework, criterion, level="yes")
    make.make_claim(framework, criterion, level="no")
    make.settle()
    text = log_in(make_user("me", role=role)).get(list_url(Cell)).content.decode()
    assert (reverse("admin:comparisons_ruling_rule", args=[framework.slug, criterion.slug]) in text) == offered


def test_a_cell_that_is_ruled_leads_to_its_ruling(chief: Client) -> None:
    criterion, framework = make.make_criterion(), make.make_framework()
    make.make_claim(framework, criterion)
    ruling = make.make_ruling(framework, criterion, is_open=True)
    make.settle()
    asked = {"framework__id__exact": framework.pk, "criterion__id__exact": criterion.pk}
    url = f"{list_url(Ruling)}?framework__id__exact={framework.pk}&amp;criterion__id__exact={criterion.pk}"
    assert f'href="{url}"' in chief.get(list_url(Cell)).content.decode()
    assert listed(chief, Ruling, **asked) == [ruling]


def test_an_article_leads_to_its_citations(chief: Client) -> None:
    article = make.make_article()
    claim = make.make_claim(by=(article,))
    make.make_claim()
    assert f'href="{list_url(Citation)}?article__id__exact={article.pk}">1</a>' in (
        chief.get(list_url(Article)).content.decode()
    )
    assert [row.claim for row in listed(chief, Citation, article__id__exact=article.pk)] == [claim]


def test_the_list_of_rulings_says_what_stands(chief: Client) -> None:
    criterion = make.make_criterion(value_type="number", unit="ms")
    make.make_ruling(make.make_framework(), criterion, number="293", number_high="310.5")
    assert b"293 \xe2\x80\x93 310.5" in chief.get(list_url(Ruling)).content


def test_a_filter_of_too_many_records_searches_among_them(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [make.make_claim() for _ in range(4)]
    chosen = claims[2].criterion
    monkeypatch.setattr(Chosen, "MOST", 3)
    text = chief.get(list_url(Claim), {"criterion__id__exact": chosen.pk}).content.decode()
    select = text.partition('id="filter-criterion__id__exact"')[2].partition("</select>")[0]
    assert re.findall("<option[^>]*>([^<]+)", select) == ["All", chosen.name]
    assert 'data-field-name="criterion"' in select and "select2.full" in text


@pytest.mark.parametrize("chosen", ["abc", "-1", "1 OR 1=1", "9" * 40, "²"])
def test_an_action_on_what_is_no_row_is_a_bad_request(chief: Client, chosen: str) -> None:
    make.make_framework()
    sent = {"action": "delete_selected", "_selected_action": chosen}
    assert chief.post(list_url(Framework), sent).status_code == 400
    assert Framework.objects.count() == 1
