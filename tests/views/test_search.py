"""The search page: what a reader sees, what it costs, and what htmx gets."""

import pytest
from django.urls import reverse

from comparisons.search import index as search_index
from tests.factories import make_article, make_claim, make_comparison, make_criterion, make_framework, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]
HTMX = {"HX-Request": "true"}


def make_records(number=1):
    """Some records of every kind with the word “quick”; as many claims again without it."""
    group, criterion = make_group("g"), make_criterion("speed", name="Quick starts")
    for n in range(number):
        framework = make_framework(f"quick-{n}", name=f"Quick {n}")
        make_criterion(f"quick-{n}", name=f"Quick question {n}", group=group)
        make_article(f"quick-{n}", title=f"Quick article {n}")
        make_comparison(f"quick-{n}", title=f"Quick comparison {n}")
        make_claim(framework, criterion, key=f"quick-{n}", statement="It is *quickly* done & <b>safe</b>.", by=())
    search_index.rebuild()


def page(client, text="", headers=None, **parameters):
    return client.get(reverse("comparisons:search"), {"q": text, **parameters}, headers=headers)


@pytest.mark.parametrize("number", [1, 25])
@pytest.mark.parametrize("text", ["quick", "quikc", "qui", "quick done"])
def test_a_search_takes_at_most_twelve_queries_at_any_size(client, django_assert_max_num_queries, number, text):
    make_records(number)
    with django_assert_max_num_queries(12):
        assert page(client, text).status_code == 200


def test_every_kind_has_its_section_and_its_count(client):
    make_records(2)
    html = page(client, "quick").content.decode()
    for kind in ("frameworks", "comparisons", "criteria", "claims", "articles"):
        assert f'id="r-{kind}"' in html
    assert ">All 11</a>" in html and ">Claims 2</a>" in html


def test_words_are_marked_and_everything_else_is_escaped(client):
    make_records()
    html = page(client, "quick").content.decode()
    assert "It is <mark>quickly</mark> done &amp; safe" in html.replace("&lt;b&gt;", "").replace("&lt;/b&gt;", "")
    assert "<b>safe</b>" not in html


def test_one_kind_is_shown_alone_and_paged(client):
    make_records(55)
    html = page(client, "quick", kind="claims").content.decode()
    assert html.count('class="hit"') == 50
    assert 'id="r-frameworks"' not in html and ">Frameworks 55</a>" in html
    last = page(client, "quick", kind="claims", page=2).content.decode()
    assert last.count('class="hit"') == 5
    assert page(client, "quick", kind="claims", page=3).status_code == 404


def test_a_page_of_all_kinds_is_shown_in_brief_with_links_to_all(client):
    make_records(25)
    html = page(client, "quick").content.decode()
    assert html.count('class="hit"') == 5 * 20
    assert 'href="/search/?q=quick&amp;kind=claims">All 25<' in html


def test_the_page_says_that_only_some_are_ranked(client, monkeypatch):
    monkeypatch.setattr("comparisons.search.find.MOST", 3)
    make_records(5)
    html = page(client, "quick").content.decode()
    assert "More than 15 records hold “quick”" in html
    assert ">Claims 3+</a>" in html and "one word more finds the others" in html


def test_a_typing_error_offers_what_was_meant(client):
    make_records()
    assert 'Did you mean <a href="/search/?q=quick">quick</a>?' in page(client, "qiuck").content.decode()


def test_nothing_among_one_kind_leads_back_to_all(client):
    make_framework("only", name="Onlyhere")
    search_index.rebuild()
    html = page(client, "onlyhere", kind="claims").content.decode()
    assert "Nothing for “onlyhere” among these" in html and ">Search everything</a>" in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 201),
        ("q", "x" * 7_000),
        ("q", "word " * 11),
        ("q", "a\0b"),
        ("kind", "levels"),
        ("page", "0"),
        ("page", "1_0"),
        ("page", "٣"),
    ],
)
def test_what_cannot_be_used_gets_a_page_that_names_it(client, name, value):
    response = client.get(reverse("comparisons:search"), {"q": "quick", name: value})
    assert response.status_code == 400
    if "\0" not in value:
        assert f"<code>{name}=" in response.content.decode()


def test_ten_thousand_characters_are_refused(client):
    assert page(client, "x" * 10_000).status_code == 414


ODD = ['"', "''", "NEAR(", "*", "a:b", "%", "_", "\\", "🚀" * 50, "-", "^", "{", "\ufeff", "é" * 200]


@pytest.mark.parametrize("text", ODD)
def test_nothing_that_is_typed_is_an_error(client, text):
    assert page(client, text).status_code == 200
    assert page(client, text, headers=HTMX).status_code == 200


def test_a_lone_surrogate_is_refused_or_replaced(client):
    assert client.get("/search/?q=%ED%A0%80").status_code in (200, 400)


def test_htmx_gets_the_results_alone_from_the_template_of_the_page(client):
    make_records()
    whole = page(client, "quick").content.decode()
    part = page(client, "quick", headers=HTMX).content.decode()
    assert "<html" not in part and "<title>“quick”, search" in part
    assert part[part.index("<nav") :].strip() in whole


def test_htmx_gets_the_whole_page_for_its_history(client):
    response = page(client, "quick", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()


def test_htmx_is_told_what_cannot_be_used(client):
    response = page(client, "word " * 11, headers=HTMX)
    assert response.status_code == 400
    assert "Give at most 10 words." in response.content.decode()


def test_caches_keep_page_and_part_apart_and_readers_stay_anonymous(client):
    for headers in (None, HTMX):
        response = page(client, "quick", headers=headers)
        assert response.headers["Vary"].startswith("HX-Request, HX-History-Restore-Request")
        assert not response.cookies


def test_the_form_works_without_htmx_and_keeps_the_kind(client):
    html = page(client, "quick", kind="claims").content.decode()
    assert '<form class="search large" action="/search/"' in html
    assert '<input type="hidden" name="kind" value="claims">' in html


def test_htmx_is_loaded_where_it_is_used_and_evaluates_nothing(client):
    html = page(client).content.decode()
    assert "vendor/htmx.min.js" in html and '"allowEval":false' in html
    assert "htmx" not in client.get(reverse("comparisons:method")).content.decode()
