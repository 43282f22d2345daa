"""Benchmarks: the list by quantity, one with its figures and conditions, and the criterion that they measured."""

import re

import pytest

from comparisons.evidence import figures
from comparisons.models import Framework
from tests.factories import (
    make_benchmark,
    make_claim,
    make_criterion,
    make_figure,
    make_framework,
    make_publisher,
    settle,
    unsettled,
)

from .reading import text_of

pytestmark = pytest.mark.django_db


@unsettled()
def make_tests(size=2):
    """Frameworks f0, f1 … in the tests `old` and `new` of speed: f0 has 10, each next one 10 more in both."""
    speed = make_criterion("speed", "number", name="Speed", unit="requests/s", direction="higher-better")
    old = make_benchmark("old", criterion=speed, load="64 connections")
    new = make_benchmark("new", criterion=speed, repeatable=True, note="- One **process** each.")
    for number in range(size):
        framework = make_framework(f"f{number}", order=number)
        for test in (old, new):
            make_figure(framework, test, 10 + 10 * number, key=f"{test.slug}-f{number}", server="uvicorn")
    return speed, old, new


def rows(html, part="figures"):
    """The rows of a table, each as its words."""
    section = html[html.index(f'id="{part}"') :].split("</section>")[0]
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", section, re.S)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row, flags=re.S).split()) for row in found]


# The list


def test_the_list_gives_size_distance_method_and_day_of_each_benchmark(client):
    make_tests(3)
    html = text_of(client, "/benchmarks/")
    assert "2 benchmarks, newest first" in html and "3.00 times" in html and "64 connections" in html
    assert "Stated, repeatable" in html and "20 November 2026" in html and "load not stated" in html


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("quantity=speed", {"old", "new"}),
        ("quantity=size", {"size"}),
        ("framework=f0", {"old", "new"}),
        ("framework=alone", {"size"}),
        ("like=none", {"size"}),
        ("method=repeatable", {"new"}),
        ("method=stated", {"old"}),
        ("method=unstated", {"size"}),
        ("method=unstated&framework=f0", set()),
    ],
)
def test_filters_choose_benchmarks(client, query, slugs):
    make_tests()
    size = make_benchmark("size", criterion=make_criterion("size", "number"), states_method=False, like_for_like="none")
    make_figure(make_framework("alone"), size, 1)
    found = re.findall(r'<th scope="row"><a href="/benchmarks/([^/]+)/"', text_of(client, f"/benchmarks/?{query}"))
    assert set(found) == slugs


@pytest.mark.parametrize("query", ["quantity=nothing", "framework=nothing", "like=much", "method=good", "page=0"])
def test_values_that_name_nothing_are_refused(client, query):
    make_tests()
    assert client.get(f"/benchmarks/?{query}").status_code == 400


def test_a_framework_with_nothing_but_a_draft_is_in_no_benchmark(client):
    _speed, old, _new = make_tests()
    make_figure(make_framework("hidden"), old, 77, status="draft", published_at=None)
    settle()
    assert "No benchmark here" in text_of(client, "/benchmarks/?framework=hidden")
    assert "77" not in " ".join(rows(text_of(client, "/benchmarks/old/")))


# One benchmark


def test_figures_stand_with_their_ratios_best_first(client):
    make_tests(3)
    found = rows(text_of(client, "/benchmarks/old/"))[1:]
    assert found == [
        "F2 30 3.00 more not stated",
        "F1 20 2.00 more not stated",
        "F0 10 1 baseline not stated",
    ]


def test_figures_whose_intervals_overlap_cannot_be_told_apart(client):
    _speed, old, _new = make_tests(1)
    old.figures.update(interval_low=5, interval_high=15)
    for name, low, high in (("near", 14, 40), ("far", 16, 40)):
        make_figure(make_framework(name), old, 30, interval_low=low, interval_high=high)
    settle()
    html = text_of(client, "/benchmarks/old/")
    assert "Where two intervals overlap we say “cannot be told apart”." in html
    assert {row.split()[0]: row for row in rows(html)[1:]} == {
        "Near": "Near 30 3.00 cannot be told apart 14 to 40 not stated",
        "Far": "Far 30 3.00 more 16 to 40 not stated",
        "F0": "F0 10 1 baseline 5 to 15 not stated",
    }


@pytest.mark.parametrize(
    ("baseline", "ratios"), [("f0", ["2.00 more", "1 baseline"]), ("f1", ["1 baseline", "0.50 less"])]
)
def test_a_reader_picks_the_baseline(client, baseline, ratios):
    make_tests()
    found = rows(text_of(client, f"/benchmarks/old/?baseline={baseline}"))[1:]
    assert [row.split(" ", 2)[2].removesuffix(" not stated") for row in found] == ratios


def test_a_baseline_outside_the_benchmark_is_refused(client):
    make_tests()
    make_framework("other")
    assert client.get("/benchmarks/old/?baseline=other").status_code == 400


def test_what_is_left_out_stands_last_with_its_reason(client):
    _speed, old, _new = make_tests()
    make_figure(make_framework("odd"), old, 5000, left_out="Ran in one process.")
    make_figure(
        make_framework("bad"), old, 6000, verdict="cannot-be-checked", verdict_note="No.", verdict_on="2026-11-20"
    )
    settle()
    found = rows(text_of(client, "/benchmarks/old/"))
    assert "Odd 5,000 not compared Ran in one process." in found[-1] + found[-2]
    assert "Bad 6,000 not compared Cannot be checked" in found[-1] + found[-2]


def test_figures_that_are_not_compared_do_not_set_the_axis(client):
    _speed, old, _new = make_tests()
    make_figure(make_framework("odd"), old, 5000, left_out="Ran in one process.")
    settle()
    assert ">20</text>" in text_of(client, "/benchmarks/old/")


def test_figures_far_apart_stand_on_a_log_scale(client):
    _speed, old, _new = make_tests()
    assert "logarithmic" not in text_of(client, "/benchmarks/old/")
    make_figure(make_framework("fast"), old, 900)
    settle()
    assert "The scale is logarithmic." in text_of(client, "/benchmarks/old/")


def test_an_interval_is_drawn_and_said(client):
    _speed, old, _new = make_tests()
    make_figure(make_framework("sure"), old, 15, interval_low=14, interval_high=16)
    settle()
    html = text_of(client, "/benchmarks/old/")
    assert "14 to 16" in html and 'class="range"' in html.split('id="h-con"')[0]


def test_conditions_that_are_not_stated_are_spelled_out(client):
    make_tests()
    html = text_of(client, "/benchmarks/old/")
    card = html[html.index('class="conditions"') :].split("</dl>")[0]
    assert "64 connections" in card and "<dt>Hardware</dt>" in card and card.count("not stated</span>") == 7


def test_weaknesses_are_markdown(client):
    make_tests()
    html = text_of(client, "/benchmarks/new/")
    assert "Known weaknesses" in html and "One <strong>process</strong> each." in html
    assert "Known weaknesses" not in text_of(client, "/benchmarks/old/")


def test_a_benchmark_without_method_says_that_it_feeds_no_score(client):
    _speed, old, _new = make_tests()
    type(old).objects.filter(pk=old.pk).update(states_method=False)
    html = text_of(client, "/benchmarks/old/")
    assert "does not state its method" in html


def test_a_benchmark_that_is_not_like_for_like_takes_no_ratios(client):
    _speed, old, _new = make_tests()
    type(old).objects.filter(pk=old.pk).update(like_for_like="none")
    found = rows(text_of(client, "/benchmarks/old/"))[1:]
    assert found == ["F1 20 – not stated", "F0 10 – not stated"]
    assert text_of(client, "/benchmarks/").count("2.00 times") == 1


def test_a_better_benchmark_is_named(client):
    _speed, old, new = make_tests()
    type(old).objects.filter(pk=old.pk).update(replaced_by=new)
    assert 'href="/benchmarks/new/" dir="auto">Test new</a>' in text_of(client, "/benchmarks/old/")


def test_other_benchmarks_are_put_together_as_ratios(client):
    make_tests()
    html = text_of(client, "/benchmarks/old/")
    assert "F1 to F0: 2.00 times; ahead in 2 of 2." in html


def test_an_unknown_benchmark_is_not_found(client):
    assert client.get("/benchmarks/nothing/").status_code == 404


def test_hostile_text_is_harmless(client):
    make_benchmark("bad", title="<b>t</b>", load="<script>alert(1)</script>", note="[x](javascript:alert(1))")
    for path in ("/benchmarks/", "/benchmarks/bad/"):
        html = text_of(client, path)
        assert "<b>t</b>" not in html and "<script>alert" not in html and 'href="javascript' not in html


# The criterion


def test_a_criterion_says_what_its_benchmarks_show_together_and_one_by_one(client):
    make_tests(3)
    html = text_of(client, "/criteria/speed/")
    assert "What 2 benchmarks say together" in html and "Always more than F0: F1, F2." in html
    assert len(rows(html, "tests")) == 5 and 'href="/benchmarks/new/"' in html


def test_of_many_benchmarks_the_page_shows_some_and_says_so(client, monkeypatch):
    monkeypatch.setattr(figures, "TESTS", 1)
    make_tests(3)
    html = text_of(client, "/criteria/speed/")
    assert "The 1 of 2 with most frameworks." in html and "1 of 2 benchmarks" in html
    assert 'href="/benchmarks/?quantity=speed"' in html and "ahead in 2 of 2" in html


def test_dots_that_would_overlap_are_drawn_once(client, monkeypatch):
    monkeypatch.setattr(figures, "DOTS", 1)
    make_tests()
    html = text_of(client, "/criteria/speed/")
    assert html.count('<circle class="point"') == 1 and "2 tests" in html


def test_figures_are_level_from_four_fifths_to_five_quarters(client):
    _speed, old, new = make_tests(1)
    near = make_framework("near", order=5)
    for test in (old, new):
        make_figure(near, test, 12)
    settle()
    assert "Level with F0 wherever both were measured: Near." in text_of(client, "/criteria/speed/")


def test_the_baseline_of_a_criterion_can_be_picked(client):
    make_tests()
    assert "F0 to F1: 0.50 times; behind in 2 of 2." in text_of(client, "/criteria/speed/?baseline=f1")
    assert client.get("/criteria/speed/?baseline=nothing").status_code == 400


def test_benchmarks_without_method_stand_last_and_in_no_ratio(client):
    _speed, old, _new = make_tests()
    type(old).objects.filter(pk=old.pk).update(states_method=False)
    html = text_of(client, "/criteria/speed/")
    assert "ahead in 1 of 1" in html
    assert rows(html, "tests")[-2].startswith("Method not stated, or not like for like")


def test_figures_that_nobody_can_check_stand_apart(client):
    speed, _old, _new = make_tests()
    framework = make_framework("alone")
    make_figure(framework, None, 41, criterion=speed)
    make_claim(framework, speed, kind="figure", number=42)
    settle()
    html = text_of(client, "/criteria/speed/")
    assert "41 requests/s" in rows(html, "alone")[1] and "42 requests/s" in rows(html, "unchecked")[1]


def test_a_cell_lists_its_figures_by_benchmark(client):
    make_tests()
    found = rows(text_of(client, "/frameworks/f0/speed/"))
    assert [row.split(" 10 ms")[0] for row in found[1:]] == ["Test new", "Test old"]
    assert found[1].endswith("Shown above")


def test_the_tests_of_one_source_stand_together(client):
    _speed, old, new = make_tests()
    third = make_benchmark("third", criterion=old.criterion)
    for benchmark, publisher in ((old, "One Lab"), (new, "Two Lab"), (third, "One Lab")):
        type(benchmark.article).objects.filter(pk=benchmark.article_id).update(publisher=make_publisher(publisher))
    for framework in Framework.objects.all():
        make_figure(framework, third, 5)
    settle()
    names = [row.split(" ")[:2] for row in rows(text_of(client, "/criteria/speed/"), "tests")[1:]]
    heads = [row for row in names if row[1] == "Lab"]
    assert sorted(heads) == [["One", "Lab"], ["Two", "Lab"]] and len(names) == 5


def test_many_figures_of_a_cell_are_a_table_and_their_claims_folded(client):
    speed, _old, _new = make_tests(1)
    for number in range(3):
        make_figure(Framework.objects.get(), make_benchmark(f"more-{number}", criterion=speed), 5)
    settle()
    html = text_of(client, "/frameworks/f0/speed/")
    folded = html[html.index("5 figures from the table above") :]
    assert folded.split("</details>")[0].count('<li class="claim-card') == 5


def test_a_benchmark_says_how_to_cite_it(client):
    make_tests()
    html = text_of(client, "/benchmarks/new/")
    assert re.search(
        r"Crosscheck: “Test new”\. As of \d+ \w+ \d{4}\. https://crosscheck\.example/benchmarks/new/<", html
    )


# Cost


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/benchmarks/", 5), ("/benchmarks/old/", 5), ("/criteria/speed/", 8), ("/frameworks/f0/speed/", 9)],
)
def test_queries_do_not_grow(client, django_assert_num_queries, path, queries, size):
    make_tests(size)
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("path", ["/benchmarks/", "/benchmarks/old/"])
def test_pages_know_no_reader(client, path):
    make_tests()
    response = client.get(path)
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
