"""The word in addresses for what is compared: that of the subject, and where earlier ones lead."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, clear_script_prefix, get_resolver, resolve, reverse, set_script_prefix

from comparisons import urls
from comparisons.language.nouns import TAKEN, word_in_addresses
from comparisons.models import Subject, subject
from comparisons.views import cards
from comparisons.views.addresses import path
from tests import factories as make

pytestmark = pytest.mark.django_db

#: Addresses with the word of the patterns, and with that of a subject of browsers.
MOVED = [
    ("/frameworks/", "/browsers/"),
    ("/frameworks/?page=1&x=%2F%3F", "/browsers/?page=1&x=%2F%3F"),
    ("/frameworks/one/", "/browsers/one/"),
    ("/frameworks/one/level/?article=free", "/browsers/one/level/?article=free"),
    ("/feeds/frameworks/one/", "/feeds/browsers/one/"),
    ("/cards/framework/one.png", "/cards/browsers/one.png"),
]


@pytest.fixture
def browsers() -> Subject:
    """A site about browsers, with one."""
    make.make_claim(make.make_framework("one"), make.make_criterion("level"))
    found = make.make_subject(noun="browser", noun_plural="browsers")
    subject.current()
    return found


@pytest.mark.parametrize(("before", "after"), MOVED)
def test_an_address_with_the_word_of_the_patterns_leads_to_that_of_the_subject(
    client: Client, browsers: Subject, before: str, after: str
) -> None:
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (301, after)
    assert resolve(after.partition("?")[0]).func is not urls.redirects.renamed


def test_every_address_is_made_and_found_in_the_word_of_the_subject(client: Client, browsers: Subject) -> None:
    assert reverse("comparisons:cell", args=["one", "level"]) == "/browsers/one/level/"
    assert client.get("/browsers/one/level/").status_code == 200
    assert client.get(reverse("comparisons:card_framework", args=["one"])).status_code == 200
    for page in ("/", "/browsers/", "/matrix/", "/browsers/one/", "/criteria/level/", "/feeds/", "/data/",
                 "/sitemap.xml", "/sitemap-browsers.xml", "/sitemap-cells.xml", "/llms.txt"):  # fmt: skip
        html = client.get(page).content.decode()
        assert "/frameworks/" not in html.replace("/api/v1/frameworks/", ""), page
    assert "<loc>https://crosscheck.example/browsers/one/</loc>" in client.get("/sitemap-browsers.xml").content.decode()


def test_addresses_that_are_remembered_follow_the_word_and_where_the_site_is_mounted() -> None:
    assert path("cell", "one", "level") == reverse("comparisons:cell", args=["one", "level"])
    make.make_subject(noun="browser", noun_plural="browsers")
    subject.current()
    assert path("cell", "one", "level") == "/browsers/one/level/"
    set_script_prefix("/under/")
    try:
        assert path("cell", "one", "level") == "/under/browsers/one/level/"
    finally:
        clear_script_prefix()


def test_the_words_of_earlier_subjects_lead_on(client: Client, browsers: Subject) -> None:
    browsers.noun_plural = "web clients"
    browsers.save()
    assert client.get("/browsers/one/")["Location"] == "/web-clients/one/"
    assert client.get("/frameworks")["Location"] == "/frameworks/"
    browsers.noun, browsers.noun_plural = "framework", "frameworks"
    browsers.save()
    assert client.get("/web-clients/one/")["Location"] == "/frameworks/one/"
    assert client.get("/frameworks/one/").status_code == 200


@pytest.mark.parametrize("rest", ["/evil.example/", "%0dX:%20y/", "%3Fa=b/", "%252e/", "\u2028/", "x" * 300 + "/"])
def test_what_follows_the_word_stays_as_it_is(client: Client, browsers: Subject, rest: str) -> None:
    response = client.get(f"/frameworks/{rest}")
    assert response["Location"].startswith("/browsers/")
    assert client.get(response["Location"]).status_code == 404


@pytest.mark.parametrize("word", ["frameworks", "nothing", "clients", "cards/framework", "feeds/clients"])
def test_no_address_leads_to_itself(client: Client, word: str) -> None:
    assert client.get(f"/{word}/x/y/z.txt").status_code == 404


@pytest.mark.parametrize(
    ("plural", "word"),
    [
        ("browsers", "browsers"),
        ("Password managers", "password-managers"),
        ("Éditeurs_de texte", "editeurs-de-texte"),
        ("criteria", "compared-criteria"),
        ("admin", "compared-admin"),
        ("браузеры", "compared"),
        ("浏览器", "compared"),
        ("<b>/../", "b"),
        ("../admin/", "compared-admin"),
    ],
)
def test_the_word_is_made_of_the_plural_and_stands_for_no_other_page(plural: str, word: str) -> None:
    assert word_in_addresses(plural) == word


def test_every_word_that_stands_for_other_pages_is_taken() -> None:
    patterns = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)] + urls.urlpatterns
    first = {str(one.pattern).partition("/")[0] for one in patterns} - {"frameworks", ""}
    assert {one for one in first if "." not in one and "<" not in one} | {*cards.CONTENT} - {"site"} <= {
        *TAKEN,
        "framework",
    }
