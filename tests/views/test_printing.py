"""Matrices for paper: what is on the sheets, and what it costs."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.models import Framework
from comparisons.views import compare
from tests.factories import (
    make_article,
    make_benchmark,
    make_claim,
    make_criterion,
    make_figure,
    make_framework,
    make_group,
    make_ruling,
    settle,
)

from .test_matrix import LEVELS, PAGES, make_matrix

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **parameters: object) -> str:
    """The print version of a page."""
    return client.get(address, {"print": "1", **parameters}).content.decode()


def heads(html: str) -> list[list[str]]:
    """The frameworks in the head of each table."""
    return [re.findall(r'<th scope="col">([^<]+)</th>', table) for table in html.split('<table class="paper">')[1:]]


def lines(html: str) -> list[str]:
    """The heads of the rows, table by table."""
    return re.findall(r'<th scope="row">\s*([^<]+?)\s*<', html)


@pytest.mark.parametrize("address", PAGES)
def test_every_matrix_has_a_print_version_that_is_no_page_of_its_own(client: Client, address: str) -> None:
    make_matrix()
    html = page(client, address, only="differences")
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}{address}">' in html
    assert f'href="{address}?only=differences"' in html


def test_every_framework_and_criterion_is_on_paper_with_the_heads_in_each_part(client: Client) -> None:
    make_matrix(frameworks=10, criteria=3)
    html = page(client, "/matrix/")
    assert heads(html) == [[f"F{n}" for n in range(1, 6)], [f"F{n}" for n in range(6, 11)]]
    assert lines(html) == ["C1", "C2", "C3"] * 2
    assert "columns 6 to 10 of 10" in html
    assert html.count("How to read this") == 1


@pytest.mark.parametrize(("frameworks", "sideways"), [(4, False), (5, True)])
def test_sheets_lie_on_their_side_where_the_matrix_is_wide(client: Client, frameworks: int, sideways: bool) -> None:
    make_matrix(frameworks=frameworks)
    assert ('class="page paper-page sideways"' in page(client, "/matrix/")) is sideways


def test_a_turned_matrix_is_cut_by_criteria(client: Client) -> None:
    make_matrix(frameworks=2, criteria=9)
    html = page(client, "/matrix/", transpose="1")
    assert html.count('<table class="paper">') == 2
    assert lines(html) == ["F1", "F2"] * 2
    assert "Criteria in columns" in html


def test_two_sources_of_a_framework_stand_in_one_part(client: Client) -> None:
    make_matrix(frameworks=5)
    make_article("one", title="One")
    make_article("two", title="Two")
    html = page(client, "/matrix/", article=["one", "two"])
    assert html.count('<table class="paper">') == 2
    assert html.count('scope="colgroup" colspan="2"') == 5
    assert "This source is silent" in html


def test_what_is_printed_is_what_is_shown(client: Client) -> None:
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none")
    settle()
    for address in PAGES:
        html = page(client, address, only="disputed")
        assert "Disputed" in html
        assert lines(html) == ["C1"]
        assert "<b>Rows:</b> Disputed" in html


def test_what_was_chosen_stands_at_the_head_in_words(client: Client) -> None:
    make_matrix()
    make_article("seen", title="A source")
    html = page(client, "/matrix/", group="data", article="seen", as_of="2026-11-20", framework="f2")
    for words in ("Frameworks:</b> F2", "Groups:</b> Data", "As seen by:</b> A source", "As known on:</b> 20 November"):
        assert words in html
    assert "/matrix/?group=data&amp;article=seen" in html.partition("print-head")[2].partition("</div>")[0] or (
        "framework=f2" in html.partition("print-head")[2].partition("</div>")[0]
    )


def test_cells_say_value_evidence_and_state_in_words(client: Client) -> None:
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none")
    make_ruling(first, row, level=row.levels.get(slug="built-in"))
    make_criterion("open", levels=LEVELS)
    settle()
    html = page(client, "/matrix/")
    assert '<b class="p-yes">Built-In</b>' in html
    assert "1 source, thin" in html
    assert "Disputed, ruled" in html
    assert html.count('<td class="p-nil">') == 2


def test_a_row_of_figures_names_its_benchmark(client: Client) -> None:
    framework = make_framework("f1")
    speed = make_criterion("speed", value_type="number", unit="requests/s", direction="higher-better")
    make_figure(framework, make_benchmark(criterion=speed, title="A test"), 100)
    settle()
    html = page(client, "/matrix/")
    assert "A test" in html
    assert "<b>100</b>" in html


@pytest.mark.parametrize("address", PAGES)
def test_sources_are_numbered_in_a_list_and_in_the_cells(client: Client, address: str) -> None:
    (first, second), (row, _) = make_matrix()
    article = make_article("quoted", title="Often quoted")
    make_claim(first, row, level="built-in", by=(article,))
    make_claim(second, row, level="built-in", by=(article,))
    settle()
    html = page(client, address, sources="1")
    assert html.partition("<ol>")[2].startswith("\n    <li><b>Often quoted</b>")
    assert len(re.findall(r"<small>\[1, \d\]</small>", html)) == 2
    assert "Often quoted" not in page(client, address)


def test_no_draft_lends_a_source(client: Client) -> None:
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="built-in", by=(make_article("hidden", title="Hidden source"),), status="draft")
    settle()
    assert "Hidden source" not in page(client, "/matrix/", sources="1")


@pytest.mark.parametrize("sources", ["", "1"])
@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_of_a_print_version_does_not_grow(client: Client, address: str, sources: str) -> None:
    columns, rows = make_matrix()
    make_claim(columns[0], rows[0], level="none")
    settle()
    with CaptureQueriesContext(connection) as of_few:
        page(client, address, sources=sources)
    for framework in columns:
        for number in range(8):
            make_claim(framework, make_criterion(f"{framework.slug}-{number}", levels=LEVELS), level="none")
            make_claim(framework, rows[1], level="none")
    settle()
    with CaptureQueriesContext(connection) as of_many:
        page(client, address, sources=sources)
    assert len(of_many) == len(of_few) <= 11


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two frameworks and four cells."""
    monkeypatch.setattr("comparisons.views.printing.MOST_COLUMNS", 2)
    monkeypatch.setattr("comparisons.views.printing.MOST_CELLS", 4)


def test_a_large_matrix_is_printed_a_page_of_the_site_at_a_time(client: Client, narrow: None) -> None:
    make_matrix(frameworks=3, criteria=3)
    html = page(client, "/matrix/")
    assert "These are frameworks 1 to 2 of 3." in html
    assert "These are criteria 1 to 2 of 3." in html
    assert "?print=1&amp;page=2" in html or "page=2&amp;print=1" in html
    last = page(client, "/matrix/", across="2", page="1")
    assert heads(last) == [["F3"]]
    assert client.get("/matrix/?print=1&page=9").status_code == 404


def test_a_page_with_sources_has_fewer_rows_and_the_others_follow(
    client: Client, narrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comparisons.views.printing.MOST_WITH_SOURCES", 2)
    make_matrix(frameworks=2, criteria=2)
    assert lines(page(client, "/matrix/")) == ["C1", "C2"]
    assert lines(page(client, "/matrix/", sources="1")) == ["C1"]
    assert lines(page(client, "/matrix/", sources="1", page=2)) == ["C2"]


@pytest.mark.parametrize(("name", "value"), [("print", "2"), ("print", "yes"), ("sources", "all")])
def test_another_value_is_refused(client: Client, name: str, value: str) -> None:
    make_matrix()
    response = client.get("/matrix/", {name: value})
    assert response.status_code == 400
    assert f"<code>{name}={value}</code>" in response.content.decode()


def test_nothing_to_print_says_so(client: Client) -> None:
    assert "No criterion is left" in page(client, "/matrix/")
    make_matrix()
    assert "No criterion is left" in page(client, "/compare/f1-vs-f2/", only="disputed")


def test_a_handout_has_the_verdict_and_the_disputes_with_their_rulings(client: Client) -> None:
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", statement="It lacks it.")
    make_ruling(first, row, level=row.levels.get(slug="built-in"), why="Because **it** has it.")
    settle()
    first.comparisons.get().verdict.create(order=1, text="It **depends**.")
    html = page(client, "/comparisons/f1-vs-f2/")
    assert "It <strong>depends</strong>." in html
    assert "“Built-In”, accepted" in html
    assert "“None”, rejected" in html
    assert "It lacks it." in html
    assert "Because <strong>it</strong> has it." in html


def test_a_handout_leaves_out_rows_that_tell_least_and_says_how_many(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comparisons.views.handouts.MOST_ROWS", 1)
    monkeypatch.setattr("comparisons.views.handouts.MOST_DISPUTES", 1)
    (first, second), rows = make_matrix(criteria=3)
    make_claim(first, rows[1], level="none")
    make_claim(second, rows[1], level="none")
    settle()
    html = page(client, "/comparisons/f1-vs-f2/")
    assert lines(html) == ["C2"]
    assert "2 more criteria" in html
    assert "1 more disagreement is left out" in html
    whole = client.get("/comparisons/f1-vs-f2/", {"print": "all"}).content.decode()
    assert lines(whole) == ["C1", "C2", "C3"]
    assert "left out" not in whole


def test_a_comparison_that_a_reader_picks_is_a_handout_too_whose_rest_is_a_link_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_matrix(frameworks=2, criteria=5)
    monkeypatch.setattr(compare, "MOST_ROWS", 3)
    html = client.get("/compare/f1-vs-f2/", {"print": "1", "only": "all"}).content.decode()
    assert len(lines(html)) == 3 and "2 more criteria" in html
    assert len(lines(client.get("/compare/f1-vs-f2/", {"print": "all", "only": "all"}).content.decode())) == 5


def test_a_handout_of_one_source_has_neither_verdict_nor_disputes(client: Client) -> None:
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", by=(make_article("seen"),))
    settle()
    first.comparisons.get().verdict.create(order=1, text="It depends.")
    html = page(client, "/comparisons/f1-vs-f2/", article="seen")
    assert "It depends." not in html
    assert "Where sources disagree" not in html


def test_a_large_knowledge_base_gives_pages_of_a_bounded_size(client: Client) -> None:
    group = make_group("data")
    for number in range(60):
        make_framework(f"f{number}", order=number)
    for number in range(120):
        make_criterion(f"c{number}", group=group, order=number)
    settle()
    assert Framework.objects.count() == 60
    html = page(client, "/matrix/")
    assert html.count("<td") <= 2000 + 48
    assert "These are frameworks 1 to 48 of 60." in html
    assert "These are criteria 1 to 41 of 120." in html
