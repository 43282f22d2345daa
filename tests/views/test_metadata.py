"""What machines read: titles, canonical addresses, previews, linked data, the map of the site."""

from __future__ import annotations

import datetime as dt
import json
import re
from xml.etree import ElementTree

import pytest
from django.test import override_settings

from comparisons.language.markdown import json_ld
from comparisons.models import Article, Claim, Comparison, Ruling
from comparisons.proof import shown_samples
from comparisons.views import sitemaps
from tests.factories import (
    make_article,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    make_ruling,
    settle,
    unsettled,
)

pytestmark = pytest.mark.django_db
SITE = "https://crosscheck.example"
THEN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
HOSTILE = '</script><script>alert(1)</script>&"'


def page(client, address):
    return client.get(address).content.decode()


def linked(html):
    """The linked data of a page."""
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def all_linked(html):
    """All linked data of a page, in order."""
    return [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    ]


def canonical(html):
    return re.search(r'<link rel="canonical" href="([^"]*)"', html)[1].removeprefix(SITE)


def tag(html, name):
    """The content of a meta element."""
    return re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)"', html)[1]


def locations(client, address):
    """Addresses and dates of a file of the map."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(client.get(address).content)  # noqa: S314 (our own answer)
    return {entry.findtext(f"{space}loc"): entry.findtext(f"{space}lastmod") for entry in root}


@unsettled()
def make_pair():
    columns = (make_framework("alpha"), make_framework("beta"))
    criterion = make_criterion("crit", levels=("full", "some", "none"), group=make_group("features"))
    for framework in columns:
        make_claim(framework, criterion, level="full", key=f"claim-{framework.slug}")
    comparison = make_comparison("alpha-and-beta", columns, (criterion,), title="Alpha and Beta")
    return comparison


# ── Titles, canonical addresses, previews ────────────────────────────


def test_every_page_has_a_title_and_a_description_of_its_own(client):
    make_pair()
    make_criterion("use-shop", levels=("yes", "no"), group=make_group("uses", holds_use_cases=True))
    paths = [
        path.removeprefix(SITE)
        for file in locations(client, "/sitemap.xml")
        for path in locations(client, file.removeprefix(SITE))
    ]
    titles = [re.search(r"<title>(.*?)</title>", page(client, path), re.DOTALL)[1] for path in paths]
    assert len(paths) > 20 and len(set(titles)) == len(titles)


def test_a_source_named_like_a_criterion_has_another_title(client):
    make_criterion("caching")
    make_article("its-page", title="Caching", publisher="Alpha project")
    titles = [
        re.search(r"<title>(.*?)</title>", page(client, path))[1]
        for path in ("/criteria/caching/", "/articles/its-page/")
    ]
    assert titles == ["Caching – Crosscheck", "Source: Caching (Alpha project) – Crosscheck"]


def test_addresses_come_from_the_settings_and_not_from_the_request(client):
    make_pair()
    with override_settings(ALLOWED_HOSTS=["*"]):
        html = client.get("/comparisons/alpha-and-beta/", headers={"host": "evil.example"}).content.decode()
    assert "evil.example" not in html


def test_the_preview_says_what_the_page_says(client):
    make_pair()
    html = page(client, "/comparisons/alpha-and-beta/")
    assert tag(html, "og:title") == "Alpha and Beta"
    assert tag(html, "og:description") == tag(html, "description")
    assert tag(html, "og:image") == f"{SITE}/cards/comparison/alpha-and-beta.png"


def test_later_pages_of_a_list_have_titles_of_their_own(client):
    for number in range(51):
        make_article(f"a{number}")
    assert "<title>Sources, page 2 – Crosscheck</title>" in page(client, "/articles/?page=2")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/pros-cons/?framework=alpha&polarity=con&sort=newest", "Pros and cons: Alpha, Against"),
        ("/articles/?kind=article", "Sources: Article"),
        ("/disagreements/?state=open&framework=beta", "Disagreements: Open, Beta"),
        ("/pros-cons/?year_from=2020", "Pros and cons: Sources from 2020"),
        ("/pros-cons/?q=fast+enough", "Pros and cons: “fast enough”"),
        ("/search/?q=fast", "“fast”, search"),
        ("/matrix/?framework=beta&framework=alpha", "All frameworks, all criteria: Beta, Alpha"),
        ("/matrix/?criterion=crit&answer=yes&of=beta", "All frameworks, all criteria: Crit, Yes, Beta"),
        ("/matrix/?as_of=2025-02-01&print=1&sources=1", "All frameworks, all criteria, for paper: known on 1 Feb 2025"),
        ("/criteria/?group=features", "Questions (criteria): Features"),
        ("/comparisons/alpha-and-beta/?density=compact", "Alpha and Beta"),
    ],
)
def test_a_title_says_what_is_chosen(client, address, title):
    make_pair()
    assert f"<title>{title} – Crosscheck</title>" in page(client, address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/articles/?kind=article", "/articles/"),
        ("/articles/?page=2", "/articles/?page=2"),
        ("/articles/?kind=article&page=2", "/articles/"),
        ("/pros-cons/?framework=alpha&sort=newest", "/pros-cons/"),
        ("/disagreements/?state=open", "/disagreements/"),
        ("/matrix/?only=differences&density=compact", "/matrix/"),
        ("/comparisons/alpha-and-beta/?transpose=1", "/comparisons/alpha-and-beta/"),
        ("/frameworks/?utm_source=x", "/frameworks/"),
        ("/compare/beta-vs-alpha/?only=differences", "/compare/alpha-vs-beta/"),
    ],
)
def test_filters_and_orders_make_no_new_canonical_address(client, address, expected):
    make_pair()
    for number in range(60):
        make_article(f"a{number}", kind="article")
    assert canonical(page(client, address)) == expected


# ── Linked data ──────────────────────────────────────────────────────


def test_a_claim_is_linked_data_with_its_author_and_where_it_appears(client):
    article = make_article(title="Said it", author="Ann", publisher="House", url="https://house.example/said")
    make_claim(make_framework("alpha"), key="so", statement="It *is* so.", by=(article,))
    data = linked(page(client, "/claims/so/"))
    assert (data["@type"], data["text"], data["url"]) == ("Claim", "It is so.", f"{SITE}/claims/so/")
    assert data["author"] == [{"@type": "Person", "name": "Ann"}]
    assert data["appearance"][0]["url"] == "https://house.example/said"


@pytest.mark.parametrize(
    ("verdict", "rating"),
    [("holds", 5), ("outdated", 2), ("wrong", 1), ("opinion", None), ("cannot-be-checked", None)],
)
def test_a_fact_check_is_a_review_of_the_claim(client, verdict, rating):
    claim = make_claim(make_framework("alpha"), key="so", statement="It *is* so.", by=(make_article("one"),))
    day = dt.date(2026, 5, 1)
    Claim.objects.filter(pk=claim.pk).update(verdict=verdict, verdict_note="Tried.", verdict_on=day)
    [_claim, review] = all_linked(page(client, "/claims/so/"))[:2]
    assert (review["@type"], review["claimReviewed"], review["datePublished"]) == (
        "ClaimReview",
        "It is so.",
        "2026-05-01",
    )
    assert review["reviewRating"].get("ratingValue") == rating and review["reviewRating"]["alternateName"]


def test_breadcrumbs_lead_from_the_front_page_to_the_page(client):
    make_pair()
    data = next(one for one in all_linked(page(client, "/frameworks/alpha/crit/")) if one["@type"] == "BreadcrumbList")
    assert [one["item"] for one in data["itemListElement"]] == [
        SITE + path for path in ("/", "/frameworks/", "/frameworks/alpha/", "/frameworks/alpha/crit/")
    ]


def test_a_claim_that_nobody_checked_has_no_review(client):
    make_claim(make_framework("alpha"), key="so")
    assert "ClaimReview" not in page(client, "/claims/so/")


@pytest.mark.parametrize(("precision", "date"), [("year", "2024"), ("month", "2024-05"), ("day", "2024-05-01")])
def test_a_source_is_linked_data_with_the_date_as_far_as_it_is_known(client, precision, date):
    make_article("one", published_on=dt.date(2024, 5, 1), precision=precision)
    data = linked(page(client, "/articles/one/"))
    assert (data["@type"], data["datePublished"]) == ("Article", date)


def test_an_address_that_may_not_be_linked_is_not_in_linked_data_either(client):
    make_article("one")
    assert "url" not in linked(page(client, "/articles/one/"))


@pytest.mark.parametrize("address", ["/matrix/", "/comparisons/alpha-and-beta/"])
def test_a_matrix_is_a_dataset(client, address):
    make_pair()
    data = linked(page(client, address))
    assert data["@type"] == "Dataset" and data["variableMeasured"] == ["Crit"]
    assert data["url"] == SITE + address


def test_linked_data_cannot_leave_its_element(client):
    make_claim(key="so", statement=HOSTILE)
    html = page(client, "/claims/so/")
    assert "<script>alert" not in html
    assert "alert(1)" in linked(html)["text"]
    assert json_ld({"a": HOSTILE + "\u2028"}).count("<") == 2


# ── The map of the site ──────────────────────────────────────────────


def test_robots_are_told_where_the_map_is(client):
    assert f"Sitemap: {SITE}/sitemap.xml" in page(client, "/robots.txt")


def test_every_address_of_the_map_answers(client, monkeypatch):
    monkeypatch.setattr(shown_samples, "_kept", None)  # whether there are samples is looked up
    make_pair()
    paths = [
        path.removeprefix(SITE)
        for file in locations(client, "/sitemap.xml")
        for path in locations(client, file.removeprefix(SITE))
    ]
    assert {"/comparisons/alpha-and-beta/", "/frameworks/alpha/crit/", "/claims/claim-alpha/"} <= set(paths)
    assert {client.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_claims_that_are_not_published_are_not_on_the_map(client, status):
    make_claim(make_framework("alpha"), make_criterion("crit"), key="secret", status=status, published_at=None)
    settle()
    assert locations(client, "/sitemap-claims.xml") == {}
    assert locations(client, "/sitemap-cells.xml") == {}


def test_dates_come_from_the_history(client):
    make_pair()
    for model in (Claim, Article, Comparison):
        model.history.update(history_date=THEN)
    assert locations(client, "/sitemap-claims.xml")[f"{SITE}/claims/claim-alpha/"] == "2026-03-01T00:00:00+00:00"
    for section in ("articles", "comparisons", "frameworks", "criteria", "pages"):
        assert set(locations(client, f"/sitemap-{section}.xml").values()) == {"2026-03-01T00:00:00+00:00"}


def test_a_cell_changes_with_its_ruling(client):
    make_pair()
    claim = Claim.objects.get(key="claim-alpha")
    make_ruling(claim.framework, claim.criterion, level=claim.level)
    Claim.history.update(history_date=THEN)
    Ruling.history.update(history_date=THEN + dt.timedelta(days=1))
    dates = locations(client, "/sitemap-cells.xml")
    assert dates[f"{SITE}/frameworks/alpha/crit/"].startswith("2026-03-02")
    assert dates[f"{SITE}/frameworks/beta/crit/"].startswith("2026-03-01")


def test_what_was_written_out_of_sight_does_not_change_a_date(client):
    make_pair()
    Claim.history.update(history_date=THEN)
    claim = Claim.objects.get(key="claim-alpha")
    Claim.history.create(**{**_state(claim), "status": "draft"}, history_date=THEN + dt.timedelta(days=9))
    assert locations(client, "/sitemap-claims.xml")[f"{SITE}/claims/claim-alpha/"].startswith("2026-03-01")


def _state(claim):
    return {field.attname: getattr(claim, field.attname) for field in claim._meta.concrete_fields} | {
        "history_type": "~"
    }


def test_the_map_is_cut_into_files(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "LIMIT", 2)
    for number in range(5):
        make_article(f"a{number}")
    files = locations(client, "/sitemap.xml")
    assert f"{SITE}/sitemap-articles.xml?page=3" in files
    assert len(locations(client, "/sitemap-articles.xml?page=3")) == 1
    assert client.get("/sitemap-articles.xml?page=4").status_code == 404
    assert client.get("/sitemap-articles.xml?page=x").status_code == 400


@pytest.mark.parametrize("size", [1, 8])
@pytest.mark.parametrize(
    "address", ["/sitemap.xml", *(f"/sitemap-{name}.xml" for name in ["pages", *sitemaps.SECTIONS])]
)
def test_each_file_takes_as_many_queries_at_any_size(client, django_assert_num_queries, address, size):
    for number in range(size):
        make_claim(make_framework(f"f{number}"))
    settle()
    with django_assert_num_queries(3 if address == "/sitemap-cells.xml" else 1):
        assert client.get(address).status_code == 200


def test_an_unknown_file_is_not_found(client):
    assert client.get("/sitemap-nope.xml").status_code == 404
