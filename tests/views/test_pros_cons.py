"""Pros and cons: what a reader filters, counts and drops, and what it costs."""

from __future__ import annotations

import re
from html import unescape

import pytest

from comparisons.models import Claim
from tests.conftest import made_once
from tests.factories import (
    settle,
)

from .conftest import make_pros_and_cons
from .pros_cons import counts, keys, links, page

pytestmark = pytest.mark.django_db

pros_and_cons = made_once(make_pros_and_cons)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"fast", "slow", "easy", "huge", "mild"}),
        ("?framework=one", {"fast", "slow"}),
        ("?framework=one&framework=two", {"fast", "slow", "easy", "huge", "mild"}),
        ("?group=work", {"easy"}),
        ("?criterion=speed", {"fast", "slow", "huge", "mild"}),
        ("?polarity=con", {"slow", "huge"}),
        ("?kind=judgement&kind=figure", {"easy"}),
        ("?article=old", {"fast", "slow"}),
        ("?article=old&article=new&framework=two", {"easy", "huge"}),
        ("?verdict=wrong", {"huge"}),
        ("?strength=strong", {"fast"}),
        ("?strength=strong&strength=thin&polarity=pro", {"fast", "easy"}),
        ("?year_from=2020", {"fast", "slow", "easy", "huge", "mild"}),
        ("?year_to=2019", {"fast", "slow"}),
        ("?year_from=2019&year_to=2020&polarity=pro", {"fast"}),
        ("?q=fast", {"fast"}),
        ("?q=FIRST+is+slo", {"slow"}),
        ("?q=ow", set()),
        ("?q=%25", set()),
        ("?unknown=1", {"fast", "slow", "easy", "huge", "mild"}),
    ],
)
def test_values_of_a_facet_are_joined_by_or_and_facets_by_and(client, pros_and_cons, query, expected):
    for view in ("", "&view=list"):
        assert set(keys(page(client, (query or "?sort=strength") + view))) == expected


def test_one_statement_beside_an_option_is_not_called_statements(client, pros_and_cons):
    said = re.findall(r'<span class="n">(\d+)<span class="vh"> (\w+)', page(client, ""))
    assert {word for count, word in said if count == "1"} == {"statement"}
    assert {word for count, word in said if count != "1"} == {"statements"}


@pytest.mark.parametrize("query", ["?", "?polarity=con", "?framework=one", "?article=new&criterion=speed", "?q=it"])
@pytest.mark.parametrize(
    "name", ["framework", "group", "criterion", "polarity", "kind", "article", "verdict", "strength"]
)
def test_the_count_beside_an_option_is_what_choosing_it_gives(client, pros_and_cons, query, name):
    html = page(client, query)
    here = len(keys(html))
    for value, count in counts(html, name).items():
        if f"{name}={value}" not in query:
            then = len(keys(page(client, f"{query}&{name}={value}")))
            assert then == (here + int(count) if count.startswith("+") else int(count)), value


def test_the_count_beside_a_year_is_what_choosing_it_gives(client, pros_and_cons):
    for name in ("year_from", "year_to"):
        select = page(client, "?polarity=pro").split(f'name="{name}"')[1].split("</select>")[0]
        for year, count in re.findall(r"(\d{4}) \((\d+)\)", select):
            assert len(keys(page(client, f"?polarity=pro&{name}={year}"))) == int(count)


def test_drafts_are_nowhere(client, pros_and_cons):
    html = page(client)
    assert "Hidden" not in html
    assert counts(html, "framework") == {"one": "2", "two": "3"}
    assert "5 of 5 statements" in html


@pytest.mark.parametrize("view", ["", "&view=list"])
def test_neutral_claims_are_counted_and_can_be_chosen(client, pros_and_cons, view):
    assert counts(page(client, f"?q={view}"), "polarity") == {"pro": "2", "con": "2", "neutral": "1"}
    html = page(client, f"?polarity=neutral{view}")
    assert keys(html) == ["mild"] and "1 of 5 statements" in html
    assert "Nothing here speaks" not in html


def test_every_choice_has_a_chip_that_removes_it_alone(client, pros_and_cons):
    html = page(client, "?framework=one&framework=two&polarity=con&year_from=2019&q=slow&sort=newest&after=huge", 200)
    assert links(html, "Framework: One") == ["/pros-cons/?framework=two&polarity=con&year_from=2019&q=slow&sort=newest"]
    assert links(html, "Words: slow") == [
        "/pros-cons/?framework=one&framework=two&polarity=con&year_from=2019&sort=newest"
    ]
    assert links(html, "Sources from: 2019") and links(html, "For or against: Against")


def test_what_is_chosen_is_checked_and_shown_though_nothing_matches(client, pros_and_cons):
    html = page(client, "?framework=one&verdict=wrong")
    assert 'name="framework" value="one" checked' in html
    assert counts(html, "framework")["one"] == "0"


def test_an_empty_result_says_what_to_drop_and_how_many_would_match(client, pros_and_cons):
    html = page(client, "?framework=one&verdict=wrong&polarity=con")
    assert "1 would match without “Framework: One”" in html
    assert "1 would match without “Fact check: Wrong”" in html
    assert "For or against: Against”" not in html
    [href, _other] = links(html, "Drop “")
    assert len(keys(client.get(href).content.decode())) == 1


def test_an_empty_result_names_two_filters_if_one_is_not_enough(client, pros_and_cons):
    html = page(client, "?framework=two&q=fast&strength=strong&kind=judgement")
    assert re.search(r"1 would match without “[^”]+ · [^”]+”", html)


def test_a_disputed_pro_says_by_whom_and_leads_there(client, pros_and_cons):
    for query in ("?framework=one", "?framework=one&view=list"):
        html = page(client, query)
        assert html.count("Disputed by") == 1
        assert '<a class="quiet" href="/articles/new/" dir="auto">New press</a>' in html.split("Disputed by")[1]


def test_a_refuted_statement_carries_its_verdict_and_its_tally(client, pros_and_cons):
    html = page(client, "?verdict=wrong")
    assert re.search(r'class="badge con">.*?Wrong</span>', html)
    assert "1 source, thin" in html


def test_columns_are_grouped_by_framework_and_the_list_is_not(client, pros_and_cons):
    html = page(client)
    assert re.findall(r'<h2 id="pc-(\w+)"', html) == ["one", "two"]
    assert html.count('<h3 class="pc-head pro">') == html.count('<h3 class="pc-head con">') == 2
    assert "<h3 class" not in page(client, "?view=list").split("h-legend")[0]


def test_claims_about_no_framework_stand_by_themselves(client, pros_and_cons):
    Claim.objects.filter(key="easy").update(framework=None)
    settle()
    assert "About no single framework" in page(client)
    assert "In general" in page(client, "?view=list")


def test_a_page_further_down_takes_one_query_more(client, pros_and_cons, django_assert_num_queries):
    page(client)
    with django_assert_num_queries(3):
        page(client, "?after=fast")


@pytest.mark.parametrize(
    "bad",
    [
        "framework=nope",
        "framework=NOPE",
        "group=nope",
        "criterion=nope",
        "article=nope",
        "kind=nope",
        "verdict=nope",
        "strength=nope",
        "year_from=19",
        "year_from=1e3",
        "year_to=2018&year_from=2020",
        "sort=nope",
        "view=table",
        "more=strength",
        "after=nope",
        "after=hidden",
        "q=a+b+c+d+e+f+g+h+i+j+k",
        "q=" + "x" * 201,
    ],
)
def test_a_value_that_cannot_be_used_is_named_on_a_page_that_offers_the_way_on(client, pros_and_cons, bad):
    html = page(client, f"?{bad}&kind=usage", 400)
    assert f"<code>{bad.split('=')[0]}=" in html
    way_on = re.search(r'<a class="btn primary" href="([^"]+)">Open the page without it', html)
    assert client.get(unescape(way_on[1])).status_code == 200


def test_every_parameter_at_once(client, pros_and_cons):
    html = page(
        client,
        "?framework=one&framework=two&group=run&criterion=speed&polarity=pro&polarity=con&kind=capability&article=new"
        "&verdict=unchecked&strength=strong&strength=thin&year_from=2019&year_to=2026&q=is&sort=criterion&view=list"
        "&more=article&more=framework",
    )
    assert set(keys(html)) == {"fast", "slow"}


def test_applying_keeps_the_view_and_what_is_unfolded(client, pros_and_cons):
    html = page(client, "?view=list&more=article")
    assert '<input type="hidden" name="view" value="list">' in html
    assert '<input type="hidden" name="more" value="article">' in html
