"""The controls of a matrix: columns and their order, rows by words and answers, and what a lead says of them."""

import re

import pytest

from comparisons.evidence import assessing
from comparisons.evidence.rows import AnswerCounts, answer_counts
from comparisons.models import Criterion, Framework
from comparisons.views.matrix import in_order
from tests.factories import make_claim, make_criterion, make_framework, make_group, settle, unsettled

pytestmark = pytest.mark.django_db
LEVELS = ("built-in", "partly", "none")


@unsettled()
def make_world():
    """Frameworks f1 to f3 on async (yes, partly, no), forms (yes in all) and cache (f1 alone)."""
    group = make_group("data")
    columns = [make_framework(f"f{n}", order=n) for n in (1, 2, 3)]
    answers = {"async": ["built-in", "partly", "none"], "forms": ["built-in"] * 3, "cache": ["none"]}
    for order, (slug, values) in enumerate(answers.items()):
        row = make_criterion(slug, levels=LEVELS, group=group, order=order)
        for framework, value in zip(columns, values, strict=False):
            make_claim(framework, row, level=value, statement=f"It has {slug}, but not everywhere.")


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def rows(html):
    return re.findall(r'<tr id="c-([^"]+)"', html)


def columns(html):
    return re.findall(r'<th scope="col" id="f-([^"]+)"', html)


def lead(html):
    return " ".join(re.sub(r"<[^>]+>", "", re.search(r'<p class="lead-line".*?</p>', html, re.S)[0]).split())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["async", "forms", "cache"]),
        ("?q=ASYNC", ["async"]),
        ("?q=data", ["async", "forms", "cache"]),
        ("?q=data+forms", ["forms"]),
        ("?q=nothing", []),
        ("?answer=yes", ["async", "forms"]),
        ("?answer=yes&of=every", ["forms"]),
        ("?answer=yes&of=f2", ["forms"]),
        ("?answer=at-least-part&of=f2", ["async", "forms"]),
        ("?answer=at-most-part&of=f2", ["async"]),
        ("?answer=no", ["async", "cache"]),
        ("?answer=unknown", ["cache"]),
        ("?answer=unknown&of=f1", []),
        ("?answer=unknown&of=every", []),
        ("?answer=no&only=differences", ["async"]),
        ("?only=all", ["async", "forms", "cache"]),
    ],
)
@pytest.mark.parametrize("day", ["", "as_of=2026-11-20"])
def test_rows_are_found_by_words_and_by_answers(client, query, found, day):
    make_world()
    both = query + ("&" if query and day else "?" if day else "") + day
    assert rows(page(client, f"/matrix/{both}")) == found


def test_columns_are_those_chosen_in_their_order(client):
    make_world()
    html = page(client, "/matrix/?framework=f3&framework=f1")
    assert columns(html) == ["f3", "f1"]
    assert "1 of 2" in html and 'value="f3" checked' in html and 'value="f2">' in html


@pytest.mark.parametrize(("row", "order"), [("async", ["f1", "f2", "f3"]), ("cache", ["f1", "f2", "f3"])])
def test_columns_can_be_ordered_by_a_row(client, row, order):
    make_world()
    assert columns(page(client, f"/matrix/?framework=f3&framework=f1&framework=f2&columns_by={row}"))[0] == order[0]


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ("place.f1=1&place.f2=2&place.f3=1", "?framework=f3&framework=f1&framework=f2"),
        ("place.f1=1&place.f2=2&place.f3=3", ""),
        ("framework=f1&framework=f3&place.f1=2&place.f2=&place.f3=1", "?framework=f3&framework=f1"),
        ("place.f3=1&place.f1=2&place.f2=3&only=disputed", "?framework=f3&framework=f1&framework=f2&only=disputed"),
        ("place.nobody=1&place.f1=1&place.f2=2&place.f3=3&q=async", "?q=async"),
    ],
)
def test_place_numbers_lead_to_the_address_of_that_order(client, query, leads_to):
    make_world()
    assert client.get(f"/matrix/?{query}")["Location"] == f"/matrix/{leads_to}"


def test_those_without_a_place_number_keep_their_order_after_the_others():
    assert in_order(["a", "b", "c", "d"], [("d", 1)]) == ["d", "a", "b", "c"]


def test_the_lead_says_what_is_hidden_and_why_and_leads_to_it(client):
    make_world()
    html = page(client, "/matrix/?only=differences")
    assert lead(html) == (
        "1 of 3 criteria differ (2 are hidden: 1 where all answers are the same, 1 with fewer than two answers; "
        "show them)."
    )
    assert 'href="/matrix/#controls">show them</a>' in html


def test_the_lead_of_all_rows_counts_answers(client):
    make_world()
    assert lead(page(client, "/matrix/")) == (
        "3 frameworks, 3 criteria: 7 of 9 fields have an answer. "
        "2 have no source yet, which never means “no”. Nothing is hidden."
    )


def test_a_field_with_sources_and_without_an_answer_is_not_said_to_have_none(client):
    make_world()
    make_claim(Framework.objects.get(slug="f2"), Criterion.objects.get(slug="cache"), statement="It caches badly.")
    settle()
    assert lead(page(client, "/matrix/")) == (
        "3 frameworks, 3 criteria: 7 of 9 fields have an answer. "
        "1 has no source yet, which never means “no”. Nothing is hidden."
    )
    columns = assessing.columns(Framework.objects.all())
    assert answer_counts(None, columns, total=3, every=True) == AnswerCounts(cells=9, covered=8, answers=7, disputed=0)


def test_a_partial_value_has_its_caveat_under_it(client):
    make_world()
    html = page(client, "/matrix/")
    assert re.findall(r'<span class="c">([^<]*)</span>', html) == ["Not everywhere"]


def test_a_cell_has_at_most_four_elements_and_values_are_no_tab_stops(client):
    make_world()
    cells = re.findall(r"<td>(.*?)</td>", page(client, "/matrix/").partition("<tbody")[2], re.S)
    assert all(len(re.findall(r"<[a-z]", cell)) <= 3 and cell.count('tabindex="-1"') == 1 for cell in cells)


def test_compared_frameworks_can_be_moved_and_taken_away(client):
    make_world()
    html = page(client, "/compare/f1-vs-f2-vs-f3/?only=disputed")
    for address in ("f2-vs-f1-vs-f3", "f1-vs-f3-vs-f2"):
        assert html.count(f'href="/compare/{address}/?only=disputed#chip-') == 2
    assert 'href="/compare/f1-vs-f3/?only=disputed#controls"' in html


def test_a_comparison_of_many_criteria_begins_with_the_differences(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.matrix_parts.MANY", 3)
    make_world()
    html = page(client, "/compare/f1-vs-f2/")
    assert rows(html) == ["async"]
    assert 'href="/compare/f1-vs-f2/?only=all#controls">show them</a>' in html
    assert rows(page(client, "/compare/f1-vs-f2/?only=all")) == ["async", "forms", "cache"]
    assert rows(page(client, "/compare/f1-vs-f2/?group=data")) == ["async", "forms", "cache"]


def test_former_names_in_the_new_parameters_lead_on(client):
    from comparisons.views.redirects import PARAMETERS

    assert {"columns_by", "of"} <= PARAMETERS.keys()
