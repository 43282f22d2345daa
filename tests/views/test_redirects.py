"""Former addresses, in paths and in parameters: each leads to what has taken its place, and reveals nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from comparisons import urls
from comparisons.editing import merging as moving
from comparisons.editing.merging import Split
from comparisons.history import changes, news
from comparisons.models import Claim, FormerAddress
from comparisons.views import redirects
from tests.admin.users import make_user
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_former,
    make_framework,
    make_group,
    make_ruling,
    settle,
)

from .reading import make_world

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def world(db: None) -> None:
    """A world in which everything was called otherwise before."""
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
    settle()


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
def test_a_former_address_leads_to_the_present_one(
    client: Client, world: None, before: str, after: str, query: str
) -> None:
    response = client.get(before + query)
    assert (response.status_code, response["Location"]) == (301, after + query)
    assert client.get(response["Location"]).status_code == 200
    assert not response.cookies and response["Cache-Control"] == "public, max-age=3600"


def test_an_article_is_found_by_its_former_address(client: Client, world: None) -> None:
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
def test_a_former_name_in_a_parameter_leads_to_the_present_one(
    client: Client, world: None, before: str, after: str
) -> None:
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
    del naming["benchmark"], naming["card_benchmark"]  # benchmarks are not renamed
    del naming["decision"]  # nor are records of decisions
    for name in ("sample_task", "sample_task_zip", "sample_zip"):  # files of the repository, not records
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
def test_what_was_never_there_is_not_found(client: Client, world: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_unknown_name_beside_a_former_one_is_still_refused(client: Client, world: None) -> None:
    response = client.get("/matrix/?framework=old-fw&framework=nobody", follow=True)
    assert response.redirect_chain == [("/matrix/?framework=fw0&framework=nobody", 301)]
    assert response.status_code == 400


@pytest.mark.parametrize("value", ["%00", "x" * 500, "a%0d%0aX: y", "//evil.example", "..%2f", "%F0%9F%A6%A4"])
def test_hostile_names_lead_nowhere(client: Client, world: None, value: str) -> None:
    assert client.get(f"/matrix/?framework={value}").status_code == 400
    response = client.get(f"/matrix/?framework=old-fw&note={value}&framework={value}")
    assert response.status_code in (301, 400)
    if response.status_code == 301:
        assert response["Location"].startswith("/matrix/?") and "\n" not in response["Location"]


def test_a_record_comes_before_a_former_address_of_its_name(client: Client, world: None) -> None:
    make_framework("taken")
    FormerAddress.objects.create(kind="framework", key="taken", now="fw0")
    assert client.get("/frameworks/taken/").status_code == 200
    assert client.get("/frameworks/taken/?page=99").status_code == 404


def test_a_former_address_of_another_kind_leads_nowhere(client: Client, world: None) -> None:
    assert client.get("/criteria/old-fw/").status_code == 404


def test_a_former_address_of_nothing_is_not_found(client: Client, world: None) -> None:
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


def test_a_page_that_is_there_asks_for_no_former_address(client: Client, world: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in ("/frameworks/fw0/crit0/", "/matrix/?framework=fw0", "/claims/fw0-crit0-pro/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert "formeraddress" not in " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("number", [1, 50])
def test_a_former_address_costs_one_query_more_at_any_number_of_names(
    client: Client, world: None, number: int, django_assert_max_num_queries: Any
) -> None:
    names = "&".join(f"framework=x{n}" for n in range(number))
    client.get("/matrix/")
    with django_assert_max_num_queries(2):
        assert client.get(f"/matrix/?framework=old-fw&{names}").status_code == 301


# ── Pages after a move ───────────────────────────────────────────────


def everywhere(client: Client) -> str:
    """What readers find of the claims: lists, search, the map of the site."""
    found = [client.get(address).content.decode() for address in (
        "/", "/matrix/", "/pros-cons/", "/articles/", "/criteria/", "/frameworks/", "/search/?q=statement",
        "/search/?q=title", "/sitemap-claims.xml", "/sitemap-articles.xml", "/sitemap-criteria.xml",
        "/sitemap-cells.xml", "/sitemap-frameworks.xml",
    )]  # fmt: skip
    return "".join(found)


@pytest.mark.django_db(transaction=True)
def test_only_the_present_record_is_shown_after_every_move(client: Client) -> None:
    chief = make_user("chief")
    framework, gone, kept = (
        make_framework("lost-fw", name="One", tagline="A", summary="A"),
        make_criterion("lost-crit", definition="A"),
        make_criterion("kept"),
    )
    article, copy = make_article("lost-article", title="Title A", publisher="A"), make_article("copy", title="Title B")
    claim = make_claim(framework, gone, text="So", key="lost-claim", polarity="pro", by=(article,))
    twin = make_claim(framework, kept, text="So", key="twin", polarity="pro", by=(copy,))
    settle()
    assert "lost-claim" in everywhere(client)
    moving.rename(framework, "first", by=chief)
    moving.merge_criteria(gone, kept, by=chief)
    moving.merge_articles(article, copy, by=chief)
    moving.merge_claims(Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=twin.pk), by=chief)
    pages = everywhere(client) + client.get("/claims/twin/").content.decode()
    pages += client.get("/articles/copy/").content.decode() + client.get("/frameworks/first/kept/").content.decode()
    for lost in ("lost-fw", "lost-crit", "lost-article", "lost-claim", "Statement of lost"):
        assert lost not in pages
    assert "Statement of twin" in pages
    assert "https://crosscheck.example/claims/twin/" in pages
    for before, after in (
        ("/frameworks/lost-fw/lost-crit/", "/frameworks/first/kept/"),
        ("/claims/lost-claim/", "/claims/twin/"),
        ("/articles/lost-article/", "/articles/copy/"),
    ):
        assert client.get(before)["Location"] == after


@pytest.mark.django_db(transaction=True)
def test_a_split_is_seen_on_every_page(client: Client) -> None:
    chief = make_user("chief")
    old = make_criterion("old", name="Old", levels=("yes", "no"))
    claim = make_claim(make_framework("fw"), old, level="yes", key="moved", polarity="pro")
    new = type(old)(slug="new", name="New", question="What?", definition="This.", group=old.group)
    moving.split_criterion(old, new, Split(frozenset({claim.pk}), replaces=True), by=chief)
    assert client.get("/criteria/old/")["Location"] == "/criteria/new/"
    assert client.get("/frameworks/fw/old/")["Location"] == "/frameworks/fw/new/"
    assert "moved" in client.get("/pros-cons/?criterion=new").content.decode()
    assert "/criteria/old/" not in everywhere(client) and "/criteria/new/" in everywhere(client)


def test_the_history_of_a_claim_keeps_what_was_public(client: Client) -> None:
    """Names of articles, criteria and levels that were merged away stay in it, and what came along is told."""
    chief = make_user("chief")
    gone, kept = (
        make_criterion("gone", name="Former question", levels=("yes", "no")),
        make_criterion("kept", levels=("full", "none")),
    )
    gone.levels.filter(slug="yes").update(label="Former level")
    article, copy = make_article("a", title="Former source"), make_article("b", title="Present source")
    claim = make_claim(make_framework(), gone, level="yes", key="claim", by=(article,))
    _at(claim, 3)
    levels = {level.pk: new.pk for level, new in zip(gone.levels.all(), kept.levels.all(), strict=True)}
    moving.merge_criteria(gone, kept, by=chief, levels=levels)
    moving.merge_articles(article, copy, by=chief)
    twin = make_claim(claim.framework, kept, level="full", key="twin")
    make_citation(twin, make_article(), says="Came along.")
    moving.merge_claims(twin, Claim.objects.get(pk=claim.pk), by=chief)
    settle()
    page = client.get("/claims/claim/").content.decode()
    history = page[page.index('id="history"') :]
    for text in ("Former", "question", "Present", "Full", "Came along."):
        assert text in history, text


def _at(claim: Claim, days: int) -> None:
    """Let what is recorded so far have happened some days ago."""
    from datetime import timedelta

    from django.utils import timezone

    day = timezone.now() - timedelta(days=days)
    claim.history.update(history_date=day)
    for citation in claim.citations.all():
        citation.history.update(history_date=day)


def test_what_only_moved_is_no_news_and_is_found_where_it_is_now() -> None:
    chief = make_user("chief")
    gone, kept = make_criterion("gone"), make_criterion("kept")
    claims = [make_claim(make_framework(f"fw{n}"), gone, key=f"claim-{n}") for n in range(3)]
    make_ruling(claims[0].framework, gone, text="So")
    settle()
    changes.rebuild()
    before = [(change.on, change.kind) for change in news.latest(9)]
    moving.merge_criteria(gone, kept, by=chief)
    moving.rename(Claim.objects.get(key="claim-1"), "renamed", by=chief)
    settle()
    changes.rebuild()
    after = news.latest(9)
    assert [(change.on, change.kind) for change in after] == before and len(before) == 1
    assert [change.href for change in after] == ["/frameworks/fw0/kept/"]
