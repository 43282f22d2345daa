"""Former addresses, in paths and in parameters: each leads to what has taken its place, and reveals nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from comparisons import urls
from comparisons.models import Claim, FormerAddress
from comparisons.views import redirects
from tests.conftest import rows_of_module
from tests.factories import (
    make_claim,
    make_comparison,
    make_criterion,
    make_former,
    make_framework,
    make_group,
    unsettled,
)

from .reading import make_world

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A world in which everything was called otherwise before."""
    with rows_of_module(django_db_blocker):
        _fill()
        yield


@unsettled()
def _fill() -> None:
    make_world(2)
    case = make_criterion("case", levels=("yes", "no"), group=make_group("cases", holds_use_cases=True))
    claim = Claim.objects.get(key="fw0-crit0-pro")
    for record, key in (
        (claim, "old-claim"),
        (claim.framework, "old-fw"),
        (claim.criterion, "old-crit"),
        (claim.criterion.group, "old-group"),
        (claim.citations.get().article, "old-article"),
        (case, "old-case"),
        (make_comparison("mine", (claim.framework, make_framework()), (claim.criterion,)), "old-vs-mine"),
    ):
        make_former(record, key)


PATHS = [
    ("/frameworks/old-fw/", "/frameworks/fw0/"),
    ("/frameworks/old-fw/old-crit/", "/frameworks/fw0/crit0/"),
    ("/frameworks/fw0/old-crit/", "/frameworks/fw0/crit0/"),
    ("/frameworks/old-fw/crit0/", "/frameworks/fw0/crit0/"),
    ("/criteria/old-crit/", "/criteria/crit0/"),
    ("/claims/old-claim/", "/claims/fw0-crit0-pro/"),
    ("/embed/comparison/old-vs-mine/", "/embed/comparison/mine/"),
    ("/challenge/claim/old-claim/", "/challenge/claim/fw0-crit0-pro/"),
    ("/challenge/cell/old-fw/old-crit/", "/challenge/cell/fw0/crit0/"),
    ("/comparisons/old-vs-mine/", "/comparisons/mine/"),
    ("/comparisons/old-vs-mine/card.svg", "/comparisons/mine/card.svg"),
    (f"/comparisons/old-vs-mine/@{TODAY}", f"/comparisons/mine/@{TODAY}"),
    ("/cards/comparison/old-vs-mine.png", "/cards/comparison/mine.png"),
    ("/cards/compare/old-fw-vs-other.png", "/cards/compare/fw0-vs-other.png"),
    ("/compare/old-fw-vs-other/", "/compare/fw0-vs-other/"),
    ("/compare/other-vs-old-fw-vs-fw1/", "/compare/other-vs-fw0-vs-fw1/"),
    ("/use-cases/old-case/", "/use-cases/case/"),
    ("/feeds/frameworks/old-fw/", "/feeds/frameworks/fw0/"),
    ("/feeds/criteria/old-case/", "/feeds/criteria/case/"),
    ("/feeds/comparisons/old-vs-mine/", "/feeds/comparisons/mine/"),
    ("/feeds/claims/old-claim/", "/feeds/claims/fw0-crit0-pro/"),
]


@pytest.mark.parametrize(("before", "after"), PATHS)
@pytest.mark.parametrize("query", ["", "?page=1", "?utm=a%20b&utm=c"])
def test_a_former_address_leads_to_the_present_one(client: Client, before: str, after: str, query: str) -> None:
    response = client.get(before + query)
    assert (response.status_code, response["Location"]) == (301, after + query)
    assert client.get(response["Location"]).status_code == 200
    assert not response.cookies and response["Cache-Control"] == "public, max-age=3600"


def test_an_article_is_found_by_its_former_address(client: Client) -> None:
    article = Claim.objects.get(key="fw0-crit0-pro").citations.get().article
    assert client.get("/articles/old-article/")["Location"] == f"/articles/{article.slug}/"


PARAMETERS = [
    ("/matrix/?framework=old-fw", "/matrix/?framework=fw0"),
    ("/matrix/?framework=other&framework=old-fw&only=disputed", "/matrix/?framework=other&framework=fw0&only=disputed"),
    ("/matrix/?framework=old-fw&framework=fw0", "/matrix/?framework=fw0"),
    ("/matrix/?criterion=old-crit&group=old-group", "/matrix/?criterion=crit0&group={group}"),
    ("/matrix/?article=old-article", "/matrix/?article={article}"),
    ("/comparisons/mine/?criterion=old-crit", "/comparisons/mine/?criterion=crit0"),
    ("/comparisons/old-vs-mine/?criterion=old-crit", "/comparisons/mine/?criterion=crit0"),
    ("/compare/fw0-vs-other/?article=old-article", "/compare/fw0-vs-other/?article={article}"),
    ("/compare/?framework=old-fw", "/compare/?framework=fw0"),
    ("/pros-cons/?framework=old-fw&polarity=pro", "/pros-cons/?framework=fw0&polarity=pro"),
    ("/pros-cons/?criterion=old-crit", "/pros-cons/?criterion=crit0"),
    ("/pros-cons/?group=old-group", "/pros-cons/?group={group}"),
    ("/pros-cons/?article=old-article&q=statement", "/pros-cons/?article={article}&q=statement"),
    ("/pros-cons/?after=old-claim", "/pros-cons/?after=fw0-crit0-pro"),
    ("/disagreements/?framework=old-fw", "/disagreements/?framework=fw0"),
    ("/use-cases/?framework=old-fw", "/use-cases/?framework=fw0"),
    ("/choose/?must.old-crit=full&weigh_group.old-group=most", "/choose/?must.crit0=full&weigh_group.{group}=most"),
    ("/choose/?distrust=old-article&framework=old-fw", "/choose/?distrust={article}&framework=fw0"),
    ("/pitfalls/?framework=old-fw", "/pitfalls/?framework=fw0"),
]


@pytest.mark.parametrize(("before", "after"), PARAMETERS)
def test_a_former_name_in_a_parameter_leads_to_the_present_one(client: Client, before: str, after: str) -> None:
    claim = Claim.objects.get(key="fw0-crit0-pro")
    names = {"article": claim.citations.get().article.slug, "group": claim.criterion.group.slug}
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (301, after.format(**names))
    assert client.get(response["Location"]).status_code == 200


def test_every_address_that_names_a_record_follows_its_renames() -> None:
    patterns: list[URLPattern] = urls.urlpatterns
    naming = {str(one.name): set(one.pattern.converters) for one in patterns if one.pattern.converters}
    naming = {name: kinds for name, kinds in naming.items() if not name.startswith("api_")}  # programs follow no rename
    del naming["sitemap_file"], naming["data_file"]  # name a section and a file
    del naming["benchmark"], naming["benchmark_rounds"], naming["card_benchmark"]  # benchmarks are not renamed
    del naming["decision"]  # nor are records of decisions
    for name in ("sample_task", "sample_task_zip", "sample_zip", "card_sample"):  # files of the repository, not records
        del naming[name]
    assert naming.pop("claim_revision") == {"key", "number"}
    assert naming.pop("comparison_edition") == {"slug", "day"}
    kinds_of = {
        name: kinds
        for name, kinds in redirects.PATHS.items()
        if name not in (*redirects.REVISIONS, "comparison_edition")
    }
    assert naming == {name: set(kinds) for name, kinds in kinds_of.items()}


@pytest.mark.parametrize("address", ["/frameworks/fw0/?page=99", "/frameworks/nothing/", "/claims/nothing/?after=x"])
def test_what_was_never_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_unknown_name_beside_a_former_one_is_still_refused(client: Client) -> None:
    response = client.get("/matrix/?framework=old-fw&framework=nobody", follow=True)
    assert response.redirect_chain == [("/matrix/?framework=fw0&framework=nobody", 301)]
    assert response.status_code == 400


@pytest.mark.parametrize("value", ["%00", "x" * 500, "a%0d%0aX: y", "//evil.example", "..%2f", "%F0%9F%A6%A4"])
def test_hostile_names_lead_nowhere(client: Client, value: str) -> None:
    assert client.get(f"/matrix/?framework={value}").status_code == 400
    response = client.get(f"/matrix/?framework=old-fw&note={value}&framework={value}")
    assert response.status_code in (301, 400)
    if response.status_code == 301:
        assert response["Location"].startswith("/matrix/?") and "\n" not in response["Location"]


def test_a_record_comes_before_a_former_address_of_its_name(client: Client) -> None:
    make_framework("taken")
    FormerAddress.objects.create(kind="framework", key="taken", now="fw0")
    assert client.get("/frameworks/taken/").status_code == 200
    assert client.get("/frameworks/taken/?page=99").status_code == 404


def test_a_former_address_of_another_kind_leads_nowhere(client: Client) -> None:
    assert client.get("/criteria/old-fw/").status_code == 404


def test_a_former_address_of_nothing_is_not_found(client: Client) -> None:
    FormerAddress.objects.create(kind="framework", key="lost", now="nobody")
    assert client.get("/frameworks/lost/").status_code == 404


@pytest.mark.parametrize(("status", "answer"), [("draft", 404), ("in-review", 404), ("withdrawn", 301)])
def test_a_former_address_reveals_no_claim_that_readers_may_not_see(client: Client, status: str, answer: int) -> None:
    withdrawn = {"withdrawn_at": "2026-11-20T00:00Z", "withdrawal_reason": "No."} if status == "withdrawn" else {}
    claim = make_claim(key="secret", status=status, **withdrawn)
    make_former(claim, "zzz-old")
    response = client.get("/claims/zzz-old/")
    assert response.status_code == answer
    if answer == 404:
        unknown = client.get("/claims/zzz-new/")
        assert (
            response.content.decode().replace("zzz-old", "zzz-new").replace("zzz old", "zzz new")
            == unknown.content.decode()
        )


def test_a_page_that_is_there_asks_for_no_former_address(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in ("/frameworks/fw0/crit0/", "/matrix/?framework=fw0", "/claims/fw0-crit0-pro/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert "formeraddress" not in " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("number", [1, 50])
def test_a_former_address_costs_one_query_more_at_any_number_of_names(
    client: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    names = "&".join(f"framework=x{n}" for n in range(number))
    client.get("/matrix/")
    with django_assert_max_num_queries(2):
        assert client.get(f"/matrix/?framework=old-fw&{names}").status_code == 301
