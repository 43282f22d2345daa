"""Pros and cons: what a reader filters, counts, drops, pages through, and what it costs."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from comparisons.models import Claim, Criterion, Framework
from tests.factories import (
    DAY,
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    settle,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/pros-cons/"


@pytest.fixture
def world():
    """Two frameworks, two criteria, five statements; one is disputed, one refuted, one a draft."""
    one, two = make_framework("one", name="One", order=1), make_framework("two", name="Two", order=2)
    speed = make_criterion("speed", name="Speed", group=make_group("run", name="Running", order=1))
    learning = make_criterion("learning", name="Learning", group=make_group("work", name="Working", order=2))
    old = make_article("old", title="Old", publisher="Old press", published_on=dt.date(2019, 1, 1))
    new = make_article("new", title="New", publisher="New press")
    third = make_article("third", title="Third")
    make_claim(one, speed, key="fast", statement="It is fast.", polarity="pro", by=(old, new, third))
    slow = make_claim(one, speed, key="slow", statement="It is slow at first.", polarity="con", by=(old,))
    make_citation(slow, new, stance="disputes")
    make_claim(two, learning, key="easy", statement="Easy to learn.", polarity="pro", kind="judgement", by=(new,))
    refuted = {"verdict": "wrong", "verdict_note": "Not so.", "verdict_on": DAY}
    make_claim(two, speed, key="huge", statement="Huge.", polarity="con", by=(new,), **refuted)
    make_claim(two, speed, key="hidden", statement="Hidden.", polarity="pro", status="draft", published_at=None)
    make_claim(two, speed, key="mild", statement="Mild.", polarity="neutral")
    settle()


def page(client, query="", status=200):
    response = client.get(ADDRESS + query)
    assert response.status_code == status
    return response.content.decode()


def keys(html):
    """The statements of a page, in order."""
    return re.findall(r'<a class="plain" href="/claims/([^/]+)/"', html)


def counts(html, name):
    """What stands beside each option of a facet."""
    found = re.findall(rf'name="{name}" value="([^"]+)"[^>]*>[^<]*<span class="n">(\+?\d+)', html)
    return dict(found)


def links(html, text):
    """Where links lead whose text begins so."""
    return [
        unescape(href) for href, inside in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', html) if text in inside
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"fast", "slow", "easy", "huge"}),
        ("?framework=one", {"fast", "slow"}),
        ("?framework=one&framework=two", {"fast", "slow", "easy", "huge"}),
        ("?group=work", {"easy"}),
        ("?criterion=speed", {"fast", "slow", "huge"}),
        ("?polarity=con", {"slow", "huge"}),
        ("?kind=judgement&kind=figure", {"easy"}),
        ("?article=old", {"fast", "slow"}),
        ("?article=old&article=new&framework=two", {"easy", "huge"}),
        ("?verdict=wrong", {"huge"}),
        ("?strength=strong", {"fast"}),
        ("?strength=strong&strength=thin&polarity=pro", {"fast", "easy"}),
        ("?year_from=2020", {"fast", "slow", "easy", "huge"}),
        ("?year_to=2019", {"fast", "slow"}),
        ("?year_from=2019&year_to=2020&polarity=pro", {"fast"}),
        ("?q=fast", {"fast"}),
        ("?q=FIRST+is+slo", {"slow"}),
        ("?q=ow", set()),
        ("?q=%25", set()),
        ("?unknown=1", {"fast", "slow", "easy", "huge"}),
    ],
)
def test_values_of_a_facet_are_joined_by_or_and_facets_by_and(client, world, query, expected):
    for view in ("", "&view=list"):
        assert set(keys(page(client, (query or "?sort=strength") + view))) == expected


@pytest.mark.parametrize("query", ["?", "?polarity=con", "?framework=one", "?article=new&criterion=speed", "?q=it"])
@pytest.mark.parametrize(
    "name", ["framework", "group", "criterion", "polarity", "kind", "article", "verdict", "strength"]
)
def test_the_count_beside_an_option_is_what_choosing_it_gives(client, world, query, name):
    html = page(client, query)
    here = len(keys(html))
    for value, count in counts(html, name).items():
        if f"{name}={value}" not in query:
            then = len(keys(page(client, f"{query}&{name}={value}")))
            assert then == (here + int(count) if count.startswith("+") else int(count)), value


def test_the_count_beside_a_year_is_what_choosing_it_gives(client, world):
    for name in ("year_from", "year_to"):
        select = page(client, "?polarity=pro").split(f'name="{name}"')[1].split("</select>")[0]
        for year, count in re.findall(r"(\d{4}) \((\d+)\)", select):
            assert len(keys(page(client, f"?polarity=pro&{name}={year}"))) == int(count)


def test_drafts_and_neutral_claims_are_nowhere(client, world):
    html = page(client)
    assert "Hidden" not in html and "Mild" not in html
    assert counts(html, "framework") == {"one": "2", "two": "2"}
    assert "4 of 4 statements" in html


def test_every_choice_has_a_chip_that_removes_it_alone(client, world):
    html = page(client, "?framework=one&framework=two&polarity=con&year_from=2019&q=slow&sort=newest&after=huge", 200)
    assert links(html, "Framework: One") == ["/pros-cons/?framework=two&polarity=con&year_from=2019&q=slow&sort=newest"]
    assert links(html, "Words: slow") == [
        "/pros-cons/?framework=one&framework=two&polarity=con&year_from=2019&sort=newest"
    ]
    assert links(html, "Sources from: 2019") and links(html, "For or against: Against")


def test_what_is_chosen_is_checked_and_shown_though_nothing_matches(client, world):
    html = page(client, "?framework=one&verdict=wrong")
    assert 'name="framework" value="one" checked' in html
    assert counts(html, "framework")["one"] == "0"


def test_an_empty_result_says_what_to_drop_and_how_many_would_match(client, world):
    html = page(client, "?framework=one&verdict=wrong&polarity=con")
    assert "1 would match without “Framework: One”" in html
    assert "1 would match without “Verdict: Wrong”" in html
    assert "For or against: Against”" not in html
    [href, _other] = links(html, "Drop “")
    assert len(keys(client.get(href).content.decode())) == 1


def test_an_empty_result_names_two_filters_if_one_is_not_enough(client, world):
    html = page(client, "?framework=two&q=fast&strength=strong&kind=judgement")
    assert re.search(r"1 would match without “[^”]+ · [^”]+”", html)


def test_an_empty_knowledge_base_says_so(client):
    html = page(client)
    assert "No claim speaks for or against anything yet" in html


def test_a_disputed_pro_says_by_whom_and_leads_there(client, world):
    for query in ("?framework=one", "?framework=one&view=list"):
        html = page(client, query)
        assert html.count("Disputed by") == 1
        assert '<a class="quiet" href="/articles/new/">New press</a>' in html.split("Disputed by")[1]


def test_a_refuted_statement_carries_its_verdict_and_its_tally(client, world):
    html = page(client, "?verdict=wrong")
    assert re.search(r'class="badge old">.*?Wrong</span>', html)
    assert "1 source, thin" in html


def test_columns_are_grouped_by_framework_and_the_list_is_not(client, world):
    html = page(client)
    assert re.findall(r'<h2 id="pc-(\w+)"', html) == ["one", "two"]
    assert html.count('<h3 class="pc-head pro">') == html.count('<h3 class="pc-head con">') == 2
    assert "<h3 class" not in page(client, "?view=list").split("h-legend")[0]


def test_claims_about_no_framework_stand_by_themselves(client, world):
    Claim.objects.filter(key="easy").update(framework=None)
    settle()
    assert "About no single framework" in page(client)
    assert "In general" in page(client, "?view=list")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("strength", ["fast", "slow", "easy", "huge"]),
        ("newest", ["fast", "slow", "easy", "huge"]),
        ("framework", ["fast", "slow", "easy", "huge"]),
        ("criterion", ["fast", "slow", "huge", "easy"]),
    ],
)
def test_statements_come_in_the_order_asked_for(client, world, sort, expected):
    assert keys(page(client, f"?view=list&sort={sort}")) == expected


def walk(client, query):
    """The statements of every page, one page after the other."""
    pages, address = [], ADDRESS + query
    while address:
        html = client.get(address).content.decode()
        pages.append(keys(html))
        address = next(iter(links(html, "Next")), None)
    return pages


@pytest.mark.parametrize("sort", ["strength", "newest", "framework", "criterion"])
def test_every_page_goes_on_where_the_last_one_ended(client, monkeypatch, sort):
    monkeypatch.setattr("comparisons.views.pros_cons.SIZE", 3)
    frameworks, criteria = [make_framework() for _ in range(2)], [make_criterion() for _ in range(2)]
    for number in range(10):
        make_claim(
            frameworks[number % 2], criteria[number % 2], polarity="pro", by=(make_article(),) * (number % 2) or None
        )
    settle()
    pages = walk(client, f"?view=list&sort={sort}")
    assert [len(one) for one in pages] == [3, 3, 3, 1]
    assert len({key for one in pages for key in one}) == 10


def test_claims_that_are_added_while_one_reads_leave_no_gap_and_repeat_nothing(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.pros_cons.SIZE", 2)
    framework, criterion = make_framework(), make_criterion()
    for number in range(5):
        make_claim(framework, criterion, key=f"k{number}", polarity="pro")
    settle()
    first = page(client, "?view=list")
    make_claim(framework, criterion, key="strongest", polarity="pro", by=tuple(make_article() for _ in range(3)))
    settle()
    [after] = links(first, "Next")
    assert keys(client.get(after).content.decode()) == ["k2", "k3"]
    assert "4 to 5 of 6" in client.get(after).content.decode()


@pytest.mark.parametrize("query", ["", "?view=list&sort=newest", "?polarity=pro&q=statement&year_from=2019"])
def test_the_number_of_queries_is_the_same_at_any_size(client, django_assert_num_queries, query):
    def fill(number):
        framework = make_framework()
        for _ in range(number):
            make_citation(make_claim(framework, make_criterion(), polarity="pro"), stance="disputes")
        settle()

    fill(2)
    page(client, query)
    with django_assert_num_queries(2):
        page(client, query)
    fill(30)
    page(client, query)
    with django_assert_num_queries(2):
        page(client, query)


def test_a_page_further_down_takes_one_query_more(client, world, django_assert_num_queries):
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
        "polarity=neutral",
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
        "after=mild",
        "q=a+b+c+d+e+f+g+h+i+j+k",
        "q=" + "x" * 201,
    ],
)
def test_a_value_that_cannot_be_used_is_named_on_a_page_that_offers_the_way_on(client, world, bad):
    html = page(client, f"?{bad}&kind=usage", 400)
    assert f"<code>{bad.split('=')[0]}=" in html
    way_on = re.search(r'<a href="([^"]+)">Open the page without it', html)
    assert client.get(unescape(way_on[1])).status_code == 200


def test_every_parameter_at_once(client, world):
    html = page(
        client,
        "?framework=one&framework=two&group=run&criterion=speed&polarity=pro&polarity=con&kind=capability&article=new"
        "&verdict=unchecked&strength=strong&strength=thin&year_from=2019&year_to=2026&q=is&sort=criterion&view=list"
        "&more=article&more=framework",
    )
    assert set(keys(html)) == {"fast", "slow"}


def test_many_options_are_cut_with_a_way_to_see_them_all(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.pros_cons.OPTIONS", 2)
    criterion = make_criterion()
    for number in range(4):
        framework = make_framework(f"f{number}")
        for _ in range(number + 1):
            make_claim(framework, criterion, polarity="pro")
    settle()
    html = page(client, "?framework=f0")
    assert counts(html, "framework") == {"f0": "1", "f3": "+4", "f2": "+3"}
    [href] = [href for href in links(html, "Show all 4") if "framework" in href.split("#")[1]]
    assert set(counts(client.get(href.split("#")[0]).content.decode(), "framework")) == {"f0", "f1", "f2", "f3"}


def test_applying_keeps_the_view_and_what_is_unfolded(client, world):
    html = page(client, "?view=list&more=article")
    assert '<input type="hidden" name="view" value="list">' in html
    assert '<input type="hidden" name="more" value="article">' in html


def test_statements_are_text(client):
    make_claim(polarity="pro", statement="<script>alert(1)</script> **bold**")
    settle()
    html = page(client)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; bold" in html


# ── The same claims elsewhere ────────────────────────────────────────


def section(html, start, end):
    return html.split(start)[1].split(end)[0]


def test_a_profile_shows_the_same_claims_in_the_same_order(client, world):
    here = section(client.get("/frameworks/one/").content.decode(), 'id="h-pc"', 'id="h-dis"')
    assert keys(here) == keys(page(client, "?framework=one"))
    assert "Disputed by" in here


def test_a_profile_leads_to_the_rest_of_a_side(client):
    framework = make_framework("full", name="Full")
    for _ in range(10):
        make_claim(framework, polarity="con")
    settle()
    html = client.get("/frameworks/full/").content.decode()
    [href] = links(html, "All 10 against Full")
    assert len(keys(client.get(href).content.decode())) == 10


def test_comparisons_show_the_same_claims(client, world):
    make_comparison("both", tuple(Framework.objects.order_by("order")), (Criterion.objects.get(slug="speed"),))
    for address, expected in (
        ("/comparisons/both/", ["fast", "slow", "huge"]),
        ("/compare/one-vs-two/", ["fast", "slow", "easy", "huge"]),
        ("/compare/two-vs-one/", ["easy", "huge", "fast", "slow"]),
        ("/compare/one-vs-two/?group=work", ["easy"]),
    ):
        html = client.get(address).content.decode()
        assert keys(section(html, 'id="pros-cons"', "<footer")) == expected, address


def test_a_comparison_links_to_its_own_criteria_only(client):
    framework, speed = make_framework("one", name="One"), make_criterion("speed")
    for _ in range(6):
        make_claim(framework, speed, polarity="pro")
    make_claim(framework, make_criterion("other"), polarity="pro")
    make_comparison("both", (framework, make_framework("two")), (speed,))
    settle()
    html = client.get("/comparisons/both/").content.decode()
    assert links(html, "All 6 for One") == ["/pros-cons/?framework=one&criterion=speed&polarity=pro"]


def test_the_eyes_of_one_source_show_no_pros_and_cons_of_all(client, world):
    assert 'id="pros-cons"' not in client.get("/compare/one-vs-two/?article=new").content.decode()
