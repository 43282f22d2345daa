"""Suggestions below the search field: a fragment of a few pages that may be meant."""

import re

import pytest

from comparisons.search import names as search_names
from tests.factories import make_criterion, make_framework, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.fixture
def world():
    for place, name in enumerate(["Alpha", "Alpine", "Beta"]):
        make_framework(name.lower(), name=name, order=place)
    group = make_group("features")
    make_criterion("async", name="Async support", group=group, aliases="coroutines")
    make_criterion("auth", name="Authentication", group=group, aliases="login, sign-in")
    make_criterion("shop", name="Shop on the web", group=make_group("uses", holds_use_cases=True), aliases="e-commerce")
    search_names.rebuild()


def suggested(client, text):
    html = client.get("/search/suggest/", {"q": text}).content.decode()
    return re.findall(r'role="option"[^>]* href="([^"]+)"', html)


TYPED = [
    ("a", []),
    ("alp", ["/frameworks/alpha/", "/frameworks/alpine/"]),
    ("beta", ["/frameworks/beta/", "/compare/beta-vs-alpha/", "/compare/beta-vs-alpine/"]),
    ("beta as", ["/frameworks/beta/async/"]),
    ("beta log", ["/frameworks/beta/auth/"]),
    ("does beta have", ["/frameworks/beta/", "/compare/beta-vs-alpha/", "/compare/beta-vs-alpine/"]),
    ("beta vs", ["/compare/beta-vs-alpha/", "/compare/beta-vs-alpine/"]),
    ("beta vs alpi", ["/compare/beta-vs-alpine/"]),
    ("alpha or beta", ["/compare/alpha-vs-beta/", "/frameworks/alpha/", "/frameworks/beta/"]),
    ("asy", ["/criteria/async/"]),
    ("corou", ["/criteria/async/"]),
    ("shop", ["/use-cases/shop/"]),
    ("ecommerce", ["/use-cases/shop/"]),
    ("supports async", ["/criteria/async/"]),
    ("zzz", []),
    ("", []),
    ("\0", []),
    ("x" * 201, []),
    ('"%_\\', []),
    ("word " * 40, []),
]


def test_what_may_be_meant_is_suggested(client, world, subtests):
    for text, expected in TYPED:
        with subtests.test(text=text):
            assert suggested(client, text) == expected


def test_an_alias_is_shown_beside_the_name_that_it_leads_to(client, world):
    html = client.get("/search/suggest/", {"q": "login"}).content.decode()
    assert '<span>Authentication</span><span class="what">login</span>' in html


def test_the_list_is_a_listbox_of_named_groups(client, world):
    html = client.get("/search/suggest/", {"q": "beta"}).content.decode()
    assert '<div role="listbox" id="suggestions" aria-label="Suggestions">' in html
    assert re.findall(r'role="group" aria-label="([^"]+)"', html) == ["Frameworks", "Comparisons"]


def test_names_are_escaped(client):
    make_framework("evil", name="<b>Evil</b>")
    search_names.rebuild()
    assert "&lt;b&gt;Evil&lt;/b&gt;" in client.get("/search/suggest/", {"q": "b evil"}).content.decode()


@pytest.mark.parametrize("number", [1, 40])
def test_suggestions_take_at_most_three_queries_and_are_at_most_eight(
    client, world, django_assert_max_num_queries, number
):
    for place in range(number):
        make_framework(f"gamma-{place}", name=f"Gamma {place}")
        make_criterion(f"gamma-{place}", name=f"Gamma rays {place}")
    search_names.rebuild()
    with django_assert_max_num_queries(3):
        assert len(suggested(client, "gamma")) <= 8


def test_readers_stay_anonymous_and_no_engine_lists_the_fragment(client, world):
    response = client.get("/search/suggest/", {"q": "beta"})
    assert not response.cookies and response["X-Robots-Tag"] == "noindex"
    assert client.post("/search/suggest/", {"q": "beta"}).status_code == 405


def test_every_page_has_a_plain_form_for_when_there_is_no_script(client, world):
    html = client.get("/criteria/").content.decode()
    assert '<form class="search" action="/search/" role="search"' in html
    assert 'data-hx-get="/search/suggest/"' in html
