"""Choosing: what is set aside and why, the ranking and its words, what would turn it, and what cannot be asked."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comparisons.models import Criterion
from kb.store import kept_at
from tests.conftest import made_once
from tests.factories import (
    make_article,
    make_benchmark,
    make_claim,
    make_criterion,
    make_figure,
    make_former,
    make_framework,
    make_group,
    make_release,
    settle,
    unsettled,
)

from .reading import SECRETS, hide_claims

pytestmark = pytest.mark.django_db
LEVELS = ("built-in", "addon", "none")


@made_once
@unsettled()
def world():
    """f1 to f3: forms yes, in part, none; login none, yes, not known; speed 100, 50 and no figure. f4 has no answer."""
    data = make_group("data")
    columns = [make_framework(f"f{n}", name=f"Frame {n}", order=n) for n in (1, 2, 3, 4)]
    rows = {
        slug: make_criterion(slug, levels=LEVELS, group=data, order=at) for at, slug in enumerate(("forms", "login"))
    }
    answers = {"forms": ("built-in", "addon", "none"), "login": ("none", "built-in")}
    for slug, levels in answers.items():
        for framework, level in zip(columns, levels, strict=False):
            by = [make_article() for _ in range(3)]
            make_claim(framework, rows[slug], level=level, key=f"{framework.slug}-{slug}", by=by)
    speed = make_criterion("speed", value_type="number", direction="higher-better", group=data, order=9, unit="req/s")
    make_criterion("story", value_type="text", group=data)
    make_criterion("kind", value_type="level", levels=(), group=data)
    test = make_benchmark("test", criterion=speed, unit="req/s")
    for framework, number in zip(columns, (100, 50), strict=False):
        make_figure(framework, test, number, key=f"{framework.slug}-speed")
    return columns, rows


def page(client, query=""):
    response = client.get(f"/choose/{query}")
    assert response.status_code == 200, query
    return response.content.decode()


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def ranking(html):
    """(name, points) of the ranking, from the sentences of its lanes."""
    return [(name, int(points)) for name, points in re.findall(r'aria-label="([^":]+): (\d+) of 100 points', html)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?weigh.forms=most", [("Frame 1", 100), ("Frame 2", 50), ("Frame 3", 0), ("Frame 4", 0)]),
        ("?weigh.forms=some&weigh.login=most", [("Frame 2", 90), ("Frame 1", 20), ("Frame 3", 0), ("Frame 4", 0)]),
        ("?weigh.speed=most", [("Frame 1", 100), ("Frame 2", 50), ("Frame 3", 0), ("Frame 4", 0)]),
        ("?weigh_group.data=some", [("Frame 1", 67), ("Frame 2", 67), ("Frame 3", 0), ("Frame 4", 0)]),
        ("?weigh.forms=most&framework=f2&framework=f3", [("Frame 2", 50), ("Frame 3", 0)]),
        ("?weigh.forms=most&must.login=built-in", [("Frame 2", 50)]),
        ("?weigh.forms=most&must.forms=addon", [("Frame 1", 100), ("Frame 2", 50)]),
        ("?weigh.forms=most&must.speed=60", [("Frame 1", 100)]),
        ("?weigh.forms=none", []),
        ("?must.forms=built-in", []),
        ("", []),
    ],
)
def test_frameworks_are_ranked_by_what_is_asked(client, world, query, found):
    assert ranking(page(client, query)) == found


def test_what_lacks_a_must_have_is_named_with_its_claim_and_what_nobody_tells_apart_from_it(client, world):
    html = page(client, "?must.login=addon")
    aside = html[html.index('id="aside"') :]
    assert "Frame 1 : Login is “None”, the claim" in words(aside)
    assert 'href="/claims/f1-login/"' in aside
    assert "Frame 3 : we cannot tell about Login" in words(aside)
    assert "1 framework remains" in words(html)


def test_each_answer_says_how_many_would_remain_under_all_other_needs(client, world):
    html = words(page(client, "?must.forms=addon&weigh.login=most"))
    assert "Built-In (1 remains)" in html and "Addon or better (2 remain)" in html
    # Of the two that have forms, one has a login.
    assert html.count("(1 remains)") == 3


def test_a_figure_that_sets_aside_is_named(client, world):
    html = page(client, "?must.speed=60")
    assert "Frame 2 : Speed is “50 req/s”, the claim" in words(html)
    assert 'href="/claims/f2-speed/"' in html


def test_must_haves_that_nobody_meets_say_which_one_decides(client, world):
    html = words(page(client, "?must.forms=built-in&must.login=built-in"))
    assert "No framework meets all that must be there." in html
    assert "Without Login , 1 remains." in html and "Without Forms , 1 remains." in html


def test_points_link_to_their_cells_and_add_up(client, world):
    html = page(client, "?weigh.forms=some&weigh.login=some")
    table = html[html.index('id="why"') :]
    assert re.findall(r'href="(/frameworks/f2/[^"]+)">([\d.]+)<', table) == [
        ("/frameworks/f2/forms/", "25"),
        ("/frameworks/f2/login/", "50"),
    ]


def test_what_would_change_the_order_is_said(client, world):
    html = words(page(client, "?weigh.forms=most&weigh.login=some"))
    assert "Forms at “some” puts Frame 2 ahead by 25." in html
    html = words(page(client, "?weigh.forms=most&must.login=built-in"))
    assert "Without “Login” as a must , 3 frameworks come back, and Frame 1 is first" in html


def test_a_dispute_widens_the_span_and_names_the_claim_that_would_turn_the_order(client, world):
    columns, rows = world
    make_claim(columns[0], rows["forms"], level="none", key="no-forms", by=[make_article(), make_article()])
    make_claim(columns[1], rows["forms"], level="addon", by=[make_article() for _ in range(3)])
    settle()
    html = page(client, "?weigh.forms=most&weigh.login=some")
    assert "Frame 1 first, but it cannot be told apart from Frame 2 and 1 other" in words(html)
    assert "If the other side is right about Frame 1 on Forms , Frame 2 leads by 20." in words(html)
    assert "Frame 1: 80 of 100 points, between 40 and 80." in html
    assert 'href="/claims/no-forms/"' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("Frame 2", 100), ("Frame 3", 100)]),
        ("&distrust=only", [("Frame 2", 100)]),
        ("&trust=only", [("Frame 3", 100)]),
        ("&leave=thin", [("Frame 2", 100)]),
    ],
)
def test_a_source_and_thin_evidence_can_be_left_out(client, world, query, found):
    columns, rows = world
    make_claim(columns[2], rows["login"], level="built-in", by=[make_article("only")])
    settle()
    assert [one for one in ranking(page(client, "?weigh.login=most" + query)) if one[1]] == found


def test_thin_evidence_is_left_out_on_request(client, world):
    columns, rows = world
    make_claim(columns[3], rows["forms"], level="built-in", by=[make_article()])
    settle()
    assert ("Frame 4", 100) in ranking(page(client, "?weigh.forms=most"))
    html = page(client, "?weigh.forms=most&leave=thin")
    assert "Frame 4: 0 of 100 points, between 0 and 100." in html


def test_questions_are_found_by_words_and_by_group(client, world):
    assert 'name="must.login"' in page(client, "?q=login")
    assert 'name="must.forms"' not in page(client, "?q=login")
    found = page(client, "?group=data")
    assert all(f'name="must.{slug}"' in found for slug in ("forms", "login", "speed"))
    assert "must.story" not in found
    assert "No question contains these words." in page(client, "?q=nothing")


@pytest.mark.parametrize(
    ("query", "without"),
    [
        ("must.nothing=x&weigh.forms=most", "?weigh.forms=most"),
        ("must.forms=nonsense&weigh.login=some", "?weigh.login=some"),
        ("must.speed=fast&q=a", "?q=a"),
        ("must.story=x", ""),
        ("weigh.forms=lots&must.login=addon", "?must.login=addon"),
        ("weigh.kind=most&weigh.forms=some", "?weigh.forms=some"),
        ("weigh.forms=most&weigh.forms=some&must.login=addon", "?weigh.forms=some&must.login=addon"),
        ("weigh_group.nothing=most", ""),
        ("framework=nothing&weigh.forms=most", "?weigh.forms=most"),
        ("trust=nothing&weigh.forms=most", "?weigh.forms=most"),
        ("trust=same&distrust=same", "?trust=same"),
        ("leave=everything&leave=thin", "?leave=thin"),
        ("group=nothing&weigh.forms=most", "?weigh.forms=most"),
        ("must.A_B=x", ""),
    ],
)
def test_what_cannot_be_asked_is_named_and_the_rest_is_kept(client, world, query, without):
    response = client.get(f"/choose/?{query}")
    assert response.status_code == 400
    offered = re.search(r'<a class="btn primary" href="/choose/([^"]*)"', response.content.decode())
    kept = offered.group(1).replace("&amp;", "&")
    assert sorted(kept.lstrip("?").split("&")) == sorted(without.lstrip("?").split("&"))


def test_what_counts_nothing_is_said(client, world):
    words_only = make_group("words", name="Words")
    make_criterion("tales", value_type="level", levels=("a", "b"), group=words_only).levels.update(meaning="neutral")
    settle()
    assert "The weight of “Words” counts nothing" in words(page(client, "?weigh_group.words=most&weigh.forms=some"))
    refused = client.get("/choose/?weigh.story=most&weigh.forms=most")
    assert refused.status_code == 400
    assert "It is answered in words" in refused.content.decode()
    impossible = words(page(client, "?must.speed=100000&weigh.forms=most"))
    assert "No framework meets all that must be there" in impossible
    assert "On record: 50 – 100 req/s" in impossible
    assert "(0 remain)" in impossible


def test_another_test_can_be_picked_for_a_figure(client, world):
    columns, _rows = world
    other = make_benchmark("other", criterion=Criterion.objects.get(slug="speed"), unit="req/s", title="Other test")
    make_figure(columns[1], other, 70, key="f2-other")
    settle()
    assert "Other test (1 framework)" in words(page(client, "?weigh.speed=most"))
    assert ranking(page(client, "?weigh.speed=most&benchmark=other"))[0] == ("Frame 2", 100)
    assert ranking(page(client, "?weigh.speed=most&must.speed=60&benchmark=other")) == [("Frame 2", 100)]
    assert client.get("/choose/?weigh.speed=most&benchmark=nothing").status_code == 400


def test_it_is_told_who_is_alive_and_only_these_are_chosen_among_on_request(client, world):
    columns, _rows = world
    today = timezone.localdate()
    make_release(columns[0], "3.1", today - dt.timedelta(days=30))
    make_release(columns[1], "2.0", dt.date(2020, 3, 1), precision="month")
    shown = words(page(client, "?weigh.forms=most"))
    assert "3.1" in shown
    assert "No release since March 2020" in shown
    assert "3.1" in words(page(client))
    assert [name for name, _points in ranking(page(client, "?weigh.forms=most&released=year"))] == ["Frame 1"]
    assert client.get("/choose/?released=never").status_code == 400


def test_a_choice_can_be_cited_shared_and_taken_away_with_its_whole_state(client, world):
    query = "?weigh.forms=most&must.login=built-in"
    html = page(client, query + "&q=x")
    address = "https://crosscheck.example/choose/?must.login=built-in&amp;weigh.forms=most"
    assert f'id="share-link" readonly value="{address}"' in html
    assert "“Frame 2 alone remains”. As of" in words(html).replace("&quot;", "")
    assert "/cards/choice.png?must.login=built-in&amp;weigh.forms=most" in html
    picture = client.get(f"/cards/choice.png{query}")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    rows = list(csv.DictReader(io.StringIO(client.get(f"/choose/{query}&format=csv").content.decode("utf-8-sig"))))
    assert [(row["rank"], row["framework"], row["standing"], row["forms"]) for row in rows[:2]] == [
        ("1", "Frame 2", "ranked", "Addon"),
        ("", "Frame 1", "set aside", ""),
    ]
    assert rows[1]["why"] == "Login is “None”"


def test_the_points_of_many_questions_come_in_pages(client, world, monkeypatch):
    monkeypatch.setattr("comparisons.views.choose.REASONS", 2)
    pages = [client.get(f"/choose/?weigh_group.data=most{page}").content.decode() for page in ("", "&reasons_page=2")]
    told = [re.findall(r'<tr class="in-group">.*?href="/criteria/(\w+)/"', page, re.DOTALL) for page in pages]
    assert told == [["forms", "login"], ["speed"]]
    assert "shared by 3 questions" in pages[0] and "shared by 3 questions" in pages[1]
    assert 'href="/choose/?weigh_group.data=most&amp;reasons_page=2#why"' in pages[0]
    assert client.get("/choose/?weigh_group.data=most&reasons_page=3").status_code == 404


def test_five_hundred_questions_at_once_are_refused(client, world):
    query = "&".join(f"must.c{n}=x" for n in range(500))
    assert client.get(f"/choose/?{query}").status_code == 400


def test_a_group_of_too_many_questions_is_refused_with_how_many_there_may_be(client, world, monkeypatch):
    monkeypatch.setattr("comparisons.views.choose_query.ALWAYS", 2)
    monkeypatch.setattr("comparisons.views.choose_query.CELLS", 8)
    response = client.get("/choose/?weigh_group.data=most&weigh.forms=some")
    assert response.status_code == 400
    assert "2 can be weighed at once" in response.content.decode()


def test_a_page_costs_the_same_number_of_queries_at_any_size(client, world):
    query = "/choose/?weigh_group.data=most&must.login=addon&q=o&leave=thin"

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(query).status_code == 200
        return len(found)

    before = cost()
    _columns, rows = world
    for n in range(6):
        framework = make_framework(f"more{n}")
        for row in rows.values():
            make_claim(framework, row, level="none")
    settle()
    assert cost() == before <= 24


def test_hidden_claims_change_nothing(client, world):
    query = "?weigh.forms=most&must.forms=addon"
    before = page(client, query)
    hide_claims()
    after = page(client, query)
    assert ranking(after) == ranking(before)
    assert not any(word in after for word in SECRETS)


def test_all_that_are_level_are_counted(client, world):
    columns, rows = world
    for framework in columns[2:]:
        make_claim(framework, rows["login"], level="built-in", by=[make_article() for _ in range(3)])
    settle()
    assert "Frame 2, Frame 3 and 1 other, level" in words(page(client, "?weigh.login=most"))


def test_only_the_bare_address_is_for_search_engines(client, world):
    noindex = '<meta name="robots" content="noindex">'
    assert noindex not in page(client)
    assert noindex in page(client, "?weigh.forms=most")


def test_renamed_questions_are_found_in_an_old_address(client, world):
    _columns, rows = world
    make_former(rows["forms"], "old-forms")
    response = client.get("/choose/?weigh.old-forms=most&must.login=addon")
    assert (response.status_code, response["Location"]) == (301, "/choose/?must.login=addon&weigh.forms=most")


@pytest.mark.parametrize(
    ("path", "query", "pairs"),
    [
        ("/choose/", "weigh.b=most&x=1&weigh.a=&q=o", [("weigh.b", "most"), ("q", "o")]),
        ("/matrix/", "place.b=2&only=disputed", [("only", "disputed"), ("place.b", "2")]),
    ],
)
def test_parameters_of_single_records_are_part_of_the_page_that_is_kept(path, query, pairs):
    assert kept_at(path).pairs(QueryDict(query)) == pairs
