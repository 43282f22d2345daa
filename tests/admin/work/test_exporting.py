"""Export of the lists of the admin: what the file contains, who gets it, and that it can be imported again."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import yaml
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client

from comparisons.admin.work.exporting import ExportingAdmin
from comparisons.exchange import claims as importing
from comparisons.exchange import tables
from comparisons.exchange.formulas import unescaped
from comparisons.models import Article, Check, Citation, Claim, Framework, Release, Ruling, Run
from tests.admin.forms import fields, list_url
from tests.admin.users import log_in, make_user
from tests.conftest import made_once
from tests.factories import (
    make_article,
    make_benchmark,
    make_challenge,
    make_check,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_decision,
    make_former,
    make_framework,
    make_group,
    make_need,
    make_proposal,
    make_release,
    make_ruling,
    make_run,
    make_subject,
    unsettled,
)

pytestmark = pytest.mark.django_db
LISTS = [
    model for model, page in admin.site._registry.items() if isinstance(page, ExportingAdmin) and page.export_urls()
]
each_list = pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
each_format = pytest.mark.parametrize("format", tables.FORMATS)


def export(client: Client, model: Any, format: str = "json", **query: Any) -> HttpResponse:
    return client.get(list_url(model, "export"), {"_format": format, **query})


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows(response: HttpResponse, format: str = "json") -> list[dict[str, Any]]:
    text = body(response).decode()
    if format == "csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return json.loads(text) if format == "json" else yaml.safe_load(text)


@made_once
@unsettled()
def world() -> Claim:
    """A row for each list."""
    django, flask = make_framework("django", name="=1+1"), make_framework("flask", tagline="-5", summary="'=quoted")
    orm = make_criterion("orm", levels=("built-in", "none"))
    docs, blog = make_article("docs"), make_article("blog")
    make_release(django, "5.10").articles.add(blog, docs)
    claim = make_claim(django, orm, level="built-in", key="has-orm", by=(docs,), statement="@it\nhas one",
                       author=User.objects.create_user("writer"))  # fmt: skip
    claim.verdict_articles.add(docs, blog)
    make_citation(claim, blog, "disputes", says="+ no", locator="§ 1", reading=True)
    make_claim(flask, orm, key="none", status="draft", published_at=None, by=())
    make_ruling(django, orm, is_open=True).rejected.add(claim)
    make_comparison("page", (django, flask), (orm,))
    make_former(orm, "mapper")
    make_proposal(blog, None, title="Another title")
    Group.objects.get_or_create(name="Editors")
    make_check(claim)
    make_challenge(claim, mail="ada@example.org")
    make_run(claim)
    make_benchmark("speed")
    make_need(make_criterion(group=make_group(holds_use_cases=True)), orm)
    make_decision()
    make_subject()
    return claim


def test_every_list_of_content_has_an_export(chief):
    for model in LISTS:
        assert list_url(model, "export") in chief.get(list_url(model)).content.decode()
    assert {model.__name__ for model in LISTS} >= {"Claim", "Citation", "Article", "Framework", "Cell", "Ruling"}


@each_list
def test_every_list_is_exported(chief, world, model):
    """In one format each, in turns; all of them with the same code for every list."""
    format = list(tables.FORMATS)[LISTS.index(model) % len(tables.FORMATS)]
    answer = export(chief, model, format)
    assert answer["Content-Type"] == f"{tables.FORMATS[format]}; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Content-Disposition"].endswith(f'.{format}"')
    assert "no-store" in answer["Cache-Control"]
    found = rows(answer, format)
    assert len(found) == model._base_manager.count() > 0
    assert list(found[0]) == [column.name for column in tables.columns_of(model)]
    assert not {"id", "password", "mail", "receipt"} & set(found[0])
    assert ("version" in found[0]) == (model in (Check, Run))  # theirs is content, all others count saves


@each_list
def test_the_page_of_an_export_asks_for_the_format(chief, world, model):
    page = chief.get(list_url(model, "export"))
    assert fields(page, "export_form")["_format"] == ["csv"]
    assert f"contains {model._base_manager.count()} record" in page.content.decode()


def test_other_records_are_named_by_their_natural_keys(chief, world):
    (ruling,) = rows(export(chief, Ruling))
    assert (ruling["framework"], ruling["rejected"]) == ("django", ["has-orm"])
    claim = rows(export(chief, Claim))[0]
    assert (claim["level"], claim["author"]) == ("orm / built-in", "writer")
    assert claim["verdict_articles"] == ["docs", "blog"] or claim["verdict_articles"] == ["blog", "docs"]
    assert rows(export(chief, Release, "csv"), "csv")[0]["articles"] in ("blog; docs", "docs; blog")


def test_a_formula_is_escaped_in_csv_and_nothing_is_lost(chief, world):
    found = {row["slug"]: row for row in rows(export(chief, Framework, "csv"), "csv")}
    assert (found["django"]["name"], found["flask"]["tagline"], found["flask"]["summary"]) == (
        "'=1+1",
        "-5",
        "''=quoted",
    )
    assert unescaped(found["flask"]["summary"]) == "'=quoted"
    assert {row["slug"]: row["name"] for row in rows(export(chief, Framework))}["django"] == "=1+1"


def test_filters_and_search_of_the_list_hold(chief, world):
    assert [row["key"] for row in rows(export(chief, Claim, status__exact="draft"))] == ["none"]
    assert [row["key"] for row in rows(export(chief, Claim, q="has-orm"))] == ["has-orm"]
    assert rows(export(chief, Claim, q="nothing like it")) == []


def test_the_order_of_the_list_holds(chief, world):
    assert [row["key"] for row in rows(export(chief, Claim))] == ["has-orm", "none"]
    assert [row["key"] for row in rows(export(chief, Claim, o="-2"))] != [
        row["key"] for row in rows(export(chief, Claim, o="2"))
    ]


def test_the_link_and_the_form_carry_the_filters_of_the_list(chief, world):
    page = chief.get(list_url(Claim), {"status__exact": "draft", "q": "none"}).content.decode()
    link = list_url(Claim, "export") + "?status__exact=draft&amp;q=none"
    assert link in page
    form = fields(chief.get(link.replace("&amp;", "&")), "export_form")
    assert (form["status__exact"], form["q"]) == (["draft"], ["none"])


def test_an_export_goes_beyond_the_page_of_the_list(chief, world):
    for _ in range(60):
        make_article()
    assert len(rows(export(chief, Article, p="2"))) == Article.objects.count() > 50


def test_the_empty_list_is_a_file_too(chief):
    for format in tables.FORMATS:
        assert rows(export(chief, Claim, format, q="nowhere"), format) == []


@pytest.mark.parametrize(
    "query", [{"status__exact": "x"}, {"nosuch": "1"}, {"framework__id__exact": "x"}, {"o": "99.x"}]
)
def test_absurd_filters_are_no_server_error(chief, world, query):
    assert export(chief, Claim, **query).status_code in (200, 302, 400)


@pytest.mark.parametrize(("format", "form"), [("xlsx", ""), ("", ""), ("csv", "everything")])
def test_what_no_export_can_do_asks_again(chief, world, format, form):
    assert "export_form" in export(chief, Claim, format, _form=form).content.decode()


def test_a_look_up_that_the_list_does_not_allow_is_refused(chief, world):
    assert export(chief, Claim, author__password__startswith="pbkdf2").status_code == 400


def test_only_reading_is_allowed(chief, world):
    assert chief.post(list_url(Claim, "export"), {"_format": "csv"}).status_code == 405


def test_who_may_see_the_list_may_export_it_and_nobody_else(world):
    assert export(log_in(make_user("vera", role="viewer")), Claim).status_code == 200
    stranger = User.objects.create_user("stranger", is_staff=True)
    assert export(log_in(stranger), Claim).status_code == 403
    assert Client().get(list_url(Claim, "export")).status_code == 302


@each_format
def test_claims_exported_for_an_import_change_nothing_when_they_are_imported(chief, world, format):
    content = body(export(chief, Claim, format, _form="import"))
    plan = importing.plan(importing.read(content, format))
    assert (plan.problems, plan.unknown) == ([], [])
    assert plan.counts == {"created": 0, "changed": 0, "unchanged": 2, "refused": 0}
    assert [len(item.record.citations) for item in plan.items] == [2, 0]


@each_format
def test_claims_exported_for_an_import_come_back_with_nothing_lost(chief, world, format):
    content = body(export(chief, Claim, format, _form="import"))
    before = list(Citation.objects.order_by("claim__key", "pk").values_list("claim__key", "says", "locator", "reading"))
    Ruling.objects.all().delete()
    Claim.objects.all().update(published_at=None, status="draft")
    Claim.objects.all().delete()
    importing.apply(importing.plan(importing.read(content, format)))
    after = list(Citation.objects.order_by("claim__key", "pk").values_list("claim__key", "says", "locator", "reading"))
    assert after == before
    claim = Claim.objects.get(key="has-orm")
    assert (claim.statement, claim.level.slug, claim.status) == ("@it\nhas one", "built-in", "draft")


@pytest.mark.parametrize("form", ["fields", "import"])
@pytest.mark.parametrize("size", [60, 120])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(chief, django_assert_num_queries, size, form):
    framework, criterion, article = make_framework(), make_criterion(), make_article()
    for _ in range(size):
        make_claim(framework, criterion, by=(article,)).verdict_articles.add(article)
    with django_assert_num_queries(7):
        body(export(chief, Claim, _form=form))


def test_an_error_half_way_is_no_file(chief, world, monkeypatch):
    def fails(*args: Any) -> Any:
        yield {"slug": "a"}
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(tables, "records", fails)
    chief.raise_request_exception = False
    assert export(chief, Framework).status_code == 500


def test_people_are_named_by_name_and_without_their_password(db):
    user = make_user("edgar", role="editor")
    (row,) = tables.records(User.objects.filter(pk=user.pk), tables.columns_of(User))
    assert (row["username"], row["groups"]) == ("edgar", ["editor"])
    assert user.password not in map(str, row.values())
