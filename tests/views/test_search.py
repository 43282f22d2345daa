"""The search page: what a reader sees, what it costs, and what htmx gets."""

import pickle
import re

import pytest
from django.urls import reverse

from comparisons.search import index as search_index
from comparisons.search import names as search_names
from comparisons.views.search_rows import FoundRow
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
    unfollowed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]
HTMX = {"HX-Request": "true"}


@unfollowed()
def make_records(number=1):
    """Some records of every kind with the word “quick”; as many claims again without it."""
    group, criterion = make_group("g"), make_criterion("speed", name="Quick starts")
    for n in range(number):
        framework = make_framework(f"quick-{n}", name=f"Quick {n}")
        make_criterion(f"quick-{n}", name=f"Quick question {n}", group=group)
        make_article(f"quick-{n}", title=f"Quick article {n}")
        make_comparison(f"quick-{n}", (framework,), title=f"Quick comparison {n}")
        make_claim(framework, criterion, key=f"quick-{n}", statement="It is *quickly* done & <b>safe</b>.", by=())
    rebuild()


def rebuild():
    search_names.rebuild()
    search_index.rebuild()


def page(client, text="", headers=None, **parameters):
    return client.get(reverse("comparisons:search"), {"q": text, **parameters}, headers=headers)


@pytest.mark.parametrize("number", [1, 25])
@pytest.mark.parametrize("text", ["quick", "quikc", "qui", "quick done"])
def test_a_search_takes_at_most_30_queries_at_any_size(client, django_assert_max_num_queries, number, text):
    make_records(number)
    with django_assert_max_num_queries(30):
        assert page(client, text).status_code == 200


def test_every_kind_has_its_section_and_its_count(client):
    make_records(2)
    html = page(client, "quick").content.decode()
    for kind in ("frameworks", "comparisons", "claims", "articles"):
        assert f'id="r-{kind}"' in html
    assert 'href="/criteria/quick-1/">Quick question 1</a>' in html[: html.index('id="r-')]  # the answer holds them
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
    assert html.count('class="hit"') == 5 * 10
    assert 'href="/search/?q=quick&amp;kind=claims">All 25<' in html


def test_the_page_says_that_only_some_are_ranked(client, monkeypatch):
    monkeypatch.setattr("comparisons.search.find.MOST", 3)
    make_records(5)
    html = page(client, "quick").content.decode()
    assert "More than 15 results for “quick”" in html
    assert ">Claims 3+</a>" in html and "one word more finds the others" in html


def test_a_typing_error_is_corrected_and_said(client):
    make_records()
    html = page(client, "qiuck").content.decode()
    assert 'Showing results for <b dir="auto">quick</b>' in html and "Nothing holds “qiuck”" in html
    assert 'href="/search/?q=qiuck&amp;exact=1">search for it as typed</a>' in html
    assert 'id="r-frameworks"' in html


def test_what_was_typed_can_be_searched_for(client):
    make_records()
    html = page(client, "qiuck", exact="1").content.decode()
    assert "Showing results for" not in html and "Nothing for “qiuck”" in html


def test_without_results_the_page_says_what_to_do_next(client):
    make_records()
    html = page(client, "unheard").content.decode()
    assert "No page contains all these words. Try fewer." in html
    assert 'href="/criteria/"' in html and "Ask it like this" in html


def test_an_empty_search_offers_searches_from_what_is_on_record(client):
    make_records(2)
    html = page(client).content.decode()
    assert 'href="/search/?q=Quick%200%20vs%20Quick%201">Quick 0 vs Quick 1</a>' in html


def test_the_page_counts_results_and_says_how_many_are_shown(client):
    make_records(25)
    html = page(client, "quick").content.decode()
    assert "results for “quick”; " in html and " are shown here." in html
    assert "1 result for “safe title”" not in page(client, "title").content.decode()


def test_partial_matches_name_the_words_that_are_missing(client):
    make_records()
    html = page(client, "quickly unheard").content.decode()
    assert "Partial matches" in html and "without <s>unheard</s>" in html


def test_a_claim_that_does_not_count_stands_below_what_counts(client):
    framework, criterion = make_framework("one"), make_criterion("speed")
    note = {"verdict_note": "Not so.", "verdict_on": "2026-11-20"}
    make_claim(framework, criterion, key="wrong", statement="It is rapid.", verdict="wrong", **note)
    make_claim(framework, criterion, key="right", statement="It is hardly rapid.")
    rebuild()
    html = page(client, "rapid").content.decode()
    assert html.index("/claims/right/") < html.index("Judged wrong or outdated") < html.index("/claims/wrong/")
    assert "not counted" in html


def test_a_claim_shows_what_its_source_says_where_its_statement_lacks_the_words(client):
    claim = make_claim(make_framework("one"), make_criterion("speed"), statement="It is rapid.", by=())
    article = make_article("essay", publisher="The Weekly")
    make_citation(claim, article, says="Nothing beats its velocity, say users.")
    rebuild()
    html = page(client, "velocity").content.decode()
    assert "The Weekly: Nothing beats its <mark>velocity</mark>, say users." in html


def test_nothing_among_one_kind_leads_back_to_all(client):
    make_framework("only", name="Onlyhere")
    rebuild()
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
    assert 'src="/static/vendor/htmx' not in client.get(reverse("comparisons:method")).content.decode()


@pytest.fixture
def facets():
    """Claims on “rapid” starts of two frameworks and of a draft, some of them judged, and a criterion."""
    criterion = make_criterion("speed", name="Rapid starts")
    one, other = make_framework("one", name="One"), make_framework("other", name="Other")
    make_claim(
        one, criterion, key="one-holds", verdict="holds", verdict_on=DAY, verdict_note="Yes.", statement="Rapid by far."
    )
    make_claim(one, criterion, key="one-wrong", verdict="wrong", verdict_on=DAY, verdict_note="No.", text="Rapid.")
    make_claim(other, criterion, key="other-plain", statement="Rapid too.", text="Yes")
    make_claim(make_framework("secret", is_draft=True), criterion, key="secret", statement="Rapid as well.")
    settle()
    rebuild()


NARROWED = [
    ({}, {"one-holds", "one-wrong", "other-plain"}),
    ({"framework": "one"}, {"one-holds", "one-wrong"}),
    ({"framework": ["one", "other"]}, {"one-holds", "one-wrong", "other-plain"}),
    ({"verdict": "wrong"}, {"one-wrong"}),
    ({"framework": "other", "verdict": "wrong"}, set()),
    ({"strength": "thin", "kind": "claims"}, {"one-holds", "one-wrong", "other-plain"}),
    ({"strength": "strong"}, set()),
]


@pytest.mark.parametrize(("chosen", "expected"), NARROWED)
def test_facets_narrow_the_results_down(client, facets, chosen, expected):
    html = page(client, "rapid", **chosen).content.decode()
    assert set(re.findall(r'href="/claims/([a-z-]+)/"', html)) == expected
    if set(chosen) - {"kind"}:
        assert 'id="r-criteria"' not in html and "answer-box" not in html


def test_each_value_of_a_facet_has_its_count_under_what_is_chosen_in_others(client, facets):
    def counts(**chosen):
        html = page(client, "rapid", **chosen).content.decode()
        options = re.findall(r'name="(\w+)" value="([\w-]+)"(?: checked)?><bdi>[^<]+</bdi><span class="n">(\d+)', html)
        return {(name, value): int(count) for name, value, count in options}

    whole = counts(kind="claims")
    assert {value: whole["framework", value] for value in ("one", "other")} == {"one": 2, "other": 1}
    assert {value: whole["verdict", value] for value in ("holds", "wrong", "unchecked")} == {
        "holds": 1, "wrong": 1, "unchecked": 1,
    }  # fmt: skip
    of_one = counts(kind="claims", framework="one")
    assert (of_one["framework", "other"], of_one["verdict", "holds"]) == (1, 1)
    assert ("verdict", "unchecked") not in of_one and ("framework", "secret") not in whole


def test_one_result_beside_a_value_of_a_facet_is_not_called_results(client, facets):
    html = page(client, "rapid", kind="claims").content.decode()
    said = set(re.findall(r'<span class="n">(\d+)<span class="vh"> (\w+)', html))
    assert said >= {("1", "result"), ("2", "results")} and ("1", "results") not in said


@pytest.mark.parametrize("chosen", [{"framework": "nobody"}, {"framework": "secret"}, {"verdict": "fine"}])
def test_a_facet_refuses_what_it_does_not_offer(client, facets, chosen):
    assert page(client, "rapid", **chosen).status_code == 400


def test_nothing_under_these_facets_leads_back_to_everything(client, facets):
    html = page(client, "rapid", framework="other", verdict="wrong").content.decode()
    assert "Nothing for “rapid” among these" in html and '<a href="/search/?q=rapid">Search everything</a>' in html


def test_a_row_is_told_from_others_by_what_was_read_and_cannot_be_read_from_that() -> None:
    row = FoundRow("claims", 1, record=None, href="", drawn={}, number=7)
    told = pickle.dumps(row)
    assert told == pickle.dumps(row._replace(drawn={DAY: "drawn"})) != pickle.dumps(row._replace(number=8))
    with pytest.raises(TypeError):
        pickle.loads(told)  # noqa: S301


def test_words_in_quotes_are_not_put_in_quotes_twice(client):
    make_records()
    html = client.get("/search/", {"q": '"quick question"'}).content.decode()
    assert "for “quick question”" in html and "<title>“quick question”, search" in html
