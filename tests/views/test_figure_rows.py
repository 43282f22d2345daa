"""Rows of figures in a matrix: one benchmark each, named, and another at the reader's choice."""

import re

import pytest

from tests.factories import make_benchmark, make_criterion, make_figure, make_framework, settle, unsettled

pytestmark = pytest.mark.django_db
#: What the row of test `wide` shows in the columns f1, f2 and f3, as in the matrix below.
PAGES = ["/matrix/", "/compare/f1-vs-f2-vs-f3/"]


@unsettled()
def make_row(direction="higher-better"):
    """Test `wide` measured f1 (100) and f2 (50), `narrow` f3 (7) alone, `secret` f1 (900) without its method."""
    speed = make_criterion("speed", "number", unit="requests/s", direction=direction)
    one, two, three = (make_framework(f"f{n}", order=n) for n in (1, 2, 3))
    wide, narrow = make_benchmark("wide", criterion=speed), make_benchmark("narrow", criterion=speed)
    secret = make_benchmark("secret", criterion=speed, states_method=False)
    make_figure(one, wide, 100, key="one")
    make_figure(two, wide, 50, key="two")
    make_figure(three, narrow, 7)
    make_figure(one, secret, 900)
    return wide


def row(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    html = response.content.decode()
    return html[html.index('id="c-speed"') :].split("</tr>")[0]


def texts(html):
    """The cells of a row as a reader sees them."""
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td>(.*?)</td>", html, re.S)]


@pytest.mark.parametrize("address", PAGES)
def test_a_row_names_its_benchmark_and_gives_ratios_to_the_best(client, address):
    make_row()
    html = row(client, address)
    assert 'href="/benchmarks/wide/">Test wide</a>' in html
    assert texts(html)[:2] == ["100 the best 1 other", "50 0.50 of the best"]


def test_where_less_is_better_the_ratio_says_how_many_times_the_best(client):
    make_row(direction="lower-better")
    assert texts(row(client, "/matrix/"))[0].startswith("100 2.00 times the best")


def test_a_framework_outside_the_benchmark_says_so_and_leads_to_its_figures(client):
    make_row()
    html = row(client, "/matrix/")
    assert texts(html)[2] == "Not in this test 1 figure elsewhere"
    assert 'href="/frameworks/f3/speed/"' in html


@pytest.mark.parametrize(
    ("picked", "cells"),
    [
        ("narrow", ["Not in this test 2 figures elsewhere", "Not in this test 1 figure elsewhere", "7 the best"]),
        (
            "secret",
            ["900 the best 1 other", "Not in this test 1 figure elsewhere", "Not in this test 1 figure elsewhere"],
        ),
    ],
)
def test_a_reader_picks_another_benchmark(client, picked, cells):
    make_row()
    assert texts(row(client, f"/matrix/?benchmark={picked}")) == cells


def test_a_picked_benchmark_without_method_says_so(client):
    make_row()
    assert "Method not stated" in row(client, "/matrix/?benchmark=secret")
    assert 'class="badge"' not in row(client, "/matrix/").split("<form")[0]


def test_figures_of_unlike_tests_are_shown_without_ratios(client):
    wide = make_row()
    type(wide).objects.filter(pk=wide.pk).update(like_for_like="none")
    assert texts(row(client, "/matrix/?benchmark=wide"))[:2] == ["100 1 other", "50"]


def test_the_control_offers_each_benchmark_and_keeps_all_other_parameters(client):
    make_row()
    other = make_benchmark("other", criterion=make_criterion("size", "number"))
    html = row(client, f"/matrix/?density=compact&benchmark={other.slug}")
    assert re.findall(r'(?:name="benchmark"|<option) value="([^"]+)"( selected)?', html) == [
        ("other", ""),
        ("wide", " selected"),
        ("narrow", ""),
        ("secret", ""),
    ]
    assert '<input type="hidden" name="density" value="compact">' in html


def test_a_benchmark_that_is_not_known_is_refused(client):
    make_row()
    assert client.get("/matrix/?benchmark=nothing").status_code == 400


def test_what_is_left_out_is_shown_with_its_reason_and_not_compared(client):
    wide = make_row()
    make_figure(make_framework("f4", order=4), wide, 500, left_out="It ran in one process.")
    settle()
    found = texts(row(client, "/matrix/"))
    assert found[0].startswith("100 the best") and found[3] == "500 not compared: It ran in one process."


@pytest.mark.parametrize("view", ["?article=of-wide", "?as_of=2026-11-20"])
def test_a_narrowed_matrix_shows_what_its_sources_say(client, view):
    make_row()
    assert "in-test" not in row(client, f"/matrix/{view}")


def test_criteria_across_the_top_name_their_benchmarks_too(client):
    make_row()
    html = client.get("/matrix/?transpose=1").content.decode()
    assert 'href="/benchmarks/wide/">Test wide</a>' in html and "0.50 of the best" in html


@pytest.mark.parametrize("size", [1, 9])
@pytest.mark.parametrize("address", PAGES)
def test_rows_of_figures_cost_the_same_at_any_size(client, django_assert_num_queries, address, size):
    make_row()
    for number in range(size):
        benchmark = make_benchmark(criterion=make_criterion(f"more-{number}", "number"))
        make_figure(make_framework(f"more-{number}", order=9), benchmark, 5)
    settle()
    with django_assert_num_queries({"/matrix/": 6, "/compare/f1-vs-f2-vs-f3/": 7}[address]):
        client.get(address)


def test_a_count_names_no_benchmark(client):
    count = make_criterion("speed", "number", is_count=True)
    make_figure(make_framework("f1"), make_benchmark("tally", criterion=count), 5)
    settle()
    html = row(client, "/matrix/")
    assert "counted, as of the newest version on record" in html and "pick-test" not in html
