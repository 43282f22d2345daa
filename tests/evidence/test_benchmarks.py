"""Benchmarks and their figures as they are read, and the rows of figures of a matrix."""

from __future__ import annotations

import datetime as dt

import pytest

from comparisons.domain.statements import Number
from comparisons.evidence import benchmarks
from comparisons.evidence.assessing import columns, lines
from comparisons.evidence.matrix import figure_rows
from comparisons.models import Benchmark, Cell, Claim, Criterion, Framework
from tests.factories import (
    DAY,
    make_article,
    make_benchmark,
    make_citation,
    make_criterion,
    make_figure,
    make_framework,
    settle,
)

pytestmark = pytest.mark.django_db


def rows(**options):
    heads = columns(Framework.objects.order_by("slug"))
    return figure_rows(heads, lines(Criterion.objects.order_by("pk")), **options)


def test_the_width_of_a_benchmark_counts_frameworks_with_a_published_figure():
    test = make_benchmark()
    one, other = make_framework(), make_framework()
    make_figure(one, test, 5)
    make_figure(one, test, 6, variant="turbo")
    make_figure(other, test, 7, status="draft", published_at=None)
    make_benchmark()
    assert [view.width for view in benchmarks.views_of(Benchmark.objects.order_by("pk"))] == [1, 0]


@pytest.mark.parametrize(("measured", "published", "dated"), [(DAY, None, DAY), (None, DAY, DAY), (None, None, None)])
def test_a_benchmark_without_a_day_is_dated_by_its_article(measured, published, dated):
    test = make_benchmark(measured_on=measured, article=make_article(published_on=published))
    (view,) = benchmarks.views_of(Benchmark.objects.all())
    assert view.dated == test.dated == dated


def test_figures_are_published_and_have_a_number():
    test, framework = make_benchmark(), make_framework()
    make_figure(framework, test, 5, key="five", interval_low=4, interval_high=6)
    make_figure(framework, test, 6, status="withdrawn", withdrawn_at=dt.datetime.now(dt.UTC), withdrawal_reason="No.")
    make_figure(framework, test, None)
    (figure,) = benchmarks.figures_of(Claim.objects.all())
    assert (figure.claim, figure.value, figure.interval) == ("five", Number(5, 5), Number(4, 6))


@pytest.mark.parametrize(
    ("states", "alone", "expected"),
    [(True, {}, True), (False, {"hardware": "A laptop", "payload": "JSON"}, False)],
)
def test_the_method_of_a_figure_is_that_of_its_benchmark(states, alone, expected):
    make_figure(make_framework(), make_benchmark(states_method=states), 5, **alone)
    assert benchmarks.figures_of(Claim.objects.all())[0].states_method is expected


def test_a_figure_that_stands_alone_states_its_own_method():
    criterion = make_criterion(value_type="number")
    make_figure(make_framework(), None, 5, criterion=criterion, payload="", key="a")
    make_figure(make_framework(), None, 5, criterion=criterion, key="b")
    assert [figure.states_method for figure in benchmarks.figures_of(Claim.objects.all())] == [False, True]


def test_a_row_shows_one_benchmark_and_what_is_elsewhere():
    wide = make_benchmark("wide", criterion=make_criterion(value_type="number", direction="higher-better"))
    other = make_benchmark("other", criterion=wide.criterion)
    a, b, c = (make_framework(slug) for slug in "abc")
    make_figure(a, wide, 50)
    make_figure(b, wide, 100)
    make_figure(c, other, 7)
    row = rows()[wide.criterion.pk]
    assert (row.benchmark.slug, [one.slug for one in row.available]) == ("wide", ["wide", "other"])
    assert [cell.figure and cell.figure.value.low for cell in row.cells] == [50, 100, None]
    assert [cell.elsewhere.figures for cell in row.cells] == [0, 0, 1]


def test_a_reader_may_pick_another_benchmark_of_a_row():
    wide = make_benchmark("wide")
    other = make_benchmark("other", criterion=wide.criterion)
    a, b = (make_framework(slug) for slug in "ab")
    make_figure(a, wide, 50)
    make_figure(b, wide, 100)
    make_figure(a, other, 7)
    assert rows(picked=["other"])[wide.criterion.pk].benchmark.slug == "other"


def test_seen_as_of_a_day_later_benchmarks_do_not_exist():
    early, late = dt.date(2026, 1, 1), dt.date(2026, 6, 1)
    old = make_benchmark("old", measured_on=early, article=make_article(published_on=early))
    new = make_benchmark("new", criterion=old.criterion, measured_on=late, article=make_article(published_on=late))
    a, b = (make_framework(slug) for slug in "ab")
    make_figure(a, old, 5)
    make_figure(a, new, 6)
    make_figure(b, new, 7)
    assert rows()[old.criterion.pk].benchmark.slug == "new"
    then = rows(as_of=dt.date(2026, 3, 1))[old.criterion.pk]
    assert ([one.slug for one in then.available], then.cells[0].elsewhere.figures) == (["old"], 0)


@pytest.mark.parametrize("size", [1, 12])
def test_all_rows_of_figures_take_two_queries(django_assert_num_queries, size):
    for _ in range(size):
        make_figure(make_framework(), make_benchmark(), 5)
    heads, rows_ = columns(Framework.objects.all()), lines(Criterion.objects.all())
    with django_assert_num_queries(2):
        assert len(figure_rows(heads, rows_)) == size


def test_a_matrix_without_figures_takes_no_query(django_assert_num_queries):
    make_criterion()
    heads, rows_ = columns(Framework.objects.all()), lines(Criterion.objects.all())
    with django_assert_num_queries(0):
        assert figure_rows(heads, rows_) == {}


def test_a_stored_cell_names_the_benchmark_of_its_figure():
    narrow = make_benchmark("narrow")
    wide = make_benchmark("wide", criterion=narrow.criterion, measured_on=dt.date(2025, 1, 1))
    a, b = (make_framework(slug) for slug in "ab")
    make_figure(a, narrow, 5)
    make_figure(a, wide, 9, variant="turbo", since_version="2.0")
    make_figure(b, wide, 8)
    settle()
    cell = Cell.objects.get(framework=a)
    assert (cell.number, cell.benchmark, cell.variant, cell.others) == (9, wide, "turbo", 1)
    assert (cell.figure_on, cell.figure_version) == (dt.date(2025, 1, 1), "2.0")


def test_a_source_that_disputes_a_figure_is_no_witness_for_it():
    claim = make_figure(make_framework(), make_benchmark(), 5)
    make_citation(claim, stance="disputes")
    settle()
    cell = Cell.objects.views()[0]
    assert (cell.supporting, cell.witnesses, [stance for stance, _day in cell.tally]) == (
        1, 2, ["supports", "disputes"],
    )  # fmt: skip
