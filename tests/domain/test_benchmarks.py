"""Which benchmark a row shows, ratios within it, and what several benchmarks say together, as tables of cases."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comparisons.domain.benchmarks import Relation, choose, contradict, figure_row, ratio, relation, together
from comparisons.domain.vocabulary import Direction, Likeness, Verdict

from .builders import FRESH, OLD, benchmark, number, seen

CHOICES = {
    # name: benchmarks, how many columns each covers, picked, chosen
    "none": ([], {}, (), None),
    "the one that covers most": ([benchmark("a"), benchmark("b")], {"a": 2, "b": 3}, (), "b"),
    "however wide another is": ([benchmark("a", width=15), benchmark("b")], {"a": 2, "b": 3}, (), "b"),
    "the newest of two that cover as much": (
        [benchmark("a", dated=OLD), benchmark("b", dated=FRESH)], {"a": 3, "b": 3}, (), "b",
    ),
    "a dated one before an undated one": (
        [benchmark("a", dated=None), benchmark("b", dated=OLD)], {"a": 3, "b": 3}, (), "b",
    ),
    "by slug if all is equal": ([benchmark("b"), benchmark("a")], {"a": 3, "b": 3}, (), "a"),
    "one that covers nothing": ([benchmark("a")], {}, (), None),
    "one without method": ([benchmark("a", states_method=False), benchmark("b")], {"a": 9, "b": 1}, (), "b"),
    "none states its method": ([benchmark("a", states_method=False)], {"a": 9}, (), None),
    "the one that was picked": ([benchmark("a"), benchmark("b")], {"a": 2, "b": 3}, ("a",), "a"),
    "the one that was picked, without method": (
        [benchmark("a", states_method=False), benchmark("b")], {"a": 2, "b": 3}, ("a",), "a",
    ),
    "one that was picked for another row": ([benchmark("a")], {"a": 2}, ("elsewhere",), "a"),
}  # fmt: skip


@pytest.mark.parametrize(("benchmarks", "covers", "picked", "slug"), CHOICES.values(), ids=CHOICES)
def test_a_row_shows_the_benchmark_that_covers_most(benchmarks, covers, picked, slug):
    for ordered in (benchmarks, benchmarks[::-1]):
        found = choose(ordered, covers, picked)
        assert (found.slug if found else None) == slug


@pytest.mark.parametrize(
    ("found", "word"),
    [("0.79", "less"), ("0.80", "level"), ("1", "level"), ("1.25", "level"), ("1.26", "more"), ("0", "less")],
)
def test_level_is_a_ratio_from_four_fifths_to_five_quarters(found, word):
    assert relation(Decimal(found)) == Relation(word)


def test_a_range_is_compared_by_its_middle_and_nothing_is_compared_with_zero():
    assert ratio(number(10, 30), number(10)) == 2
    assert ratio(number(5), number(0)) is None


@pytest.mark.parametrize(("first", "second", "apart"), [(100, 110, False), (100, 111, True), (110, 100, False)])
def test_figures_contradict_if_they_are_more_than_a_tenth_apart(first, second, apart):
    assert contradict(number(first), number(second)) is apart


TEST = benchmark("test")


def row(*figures, direction=Direction.HIGHER, columns=(1, 2, 3), benchmarks=(TEST,), picked=()):
    return figure_row(1, columns, benchmarks, figures, direction, picked)


def test_each_cell_has_its_ratio_to_the_best_of_the_row():
    cells = row(seen(1, 50, "test"), seen(2, 100, "test")).cells
    assert [cell.of_best for cell in cells] == [Decimal("0.5"), 1, None]
    assert [cell.nearness for cell in cells] == [Decimal("0.5"), 1, None]


def test_the_smallest_figure_is_the_best_where_less_is_better():
    cells = row(seen(1, 50, "test"), seen(2, 100, "test"), direction=Direction.LOWER).cells
    assert [(cell.of_best, cell.nearness) for cell in cells[:2]] == [(1, 1), (2, Decimal("0.5"))]


def test_beside_a_best_figure_of_zero_only_zero_is_near_it():
    cells = row(seen(1, 0, "test"), seen(2, 10, "test"), seen(3, 0, "test"), direction=Direction.LOWER).cells
    assert [(cell.of_best, cell.nearness) for cell in cells] == [(None, 1), (None, 0), (None, 1)]


def test_no_figure_is_best_without_a_direction():
    cells = row(seen(1, 50, "test"), seen(2, 100, "test"), direction=Direction.NONE).cells
    assert [cell.of_best for cell in cells] == [None, None, None]


def test_a_figure_that_is_left_out_says_why_and_is_neither_the_best_nor_compared():
    cells = row(seen(1, 50, "test"), seen(2, 900, "test", left_out="Debug mode.")).cells
    assert [(cell.of_best, cell.left_out) for cell in cells[:2]] == [(1, ""), (None, "Debug mode.")]
    assert cells[1].figure.value == number(900)


def test_a_column_that_is_not_in_the_test_counts_its_figures_elsewhere():
    cells = row(
        seen(1, 5, "test"), seen(2, 7, "other"), seen(2, 8, None, verdict=Verdict.CANNOT_BE_CHECKED.value)
    ).cells
    assert (cells[1].figure, cells[1].elsewhere) == (None, (2, 1))
    assert (cells[2].figure, cells[2].elsewhere) == (None, (0, 0))


def test_a_framework_stands_by_the_better_of_its_variants():
    cells = row(seen(1, 50, "test", variant="small"), seen(1, 90, "test", variant="turbo")).cells
    assert (cells[0].figure.variant, cells[0].elsewhere.figures) == ("turbo", 1)


def test_a_row_names_all_benchmarks_of_its_columns_the_one_that_covers_most_first():
    tests = (TEST, benchmark("other"), benchmark("of others"))
    found = row(seen(1, 5, "other"), seen(1, 5, "test"), seen(2, 6, "test"), seen(9, 1, "of others"), benchmarks=tests)
    assert [one.slug for one in found.available] == ["test", "other"]
    assert (found.benchmark.slug, found.covered) == ("test", 2)


def test_a_row_without_a_benchmark_has_empty_cells():
    found = row(seen(1, 5, None), benchmarks=())
    assert (found.benchmark, [cell.figure for cell in found.cells]) == (None, [None] * 3)
    assert found.cells[0].elsewhere == (1, 0)


def test_a_row_of_counts_shows_the_newest_benchmark():
    tests = (benchmark("old", dated=OLD), benchmark("new", dated=FRESH))
    figures = [seen(1, 5, "old"), seen(2, 6, "old"), seen(1, 7, "new")]
    assert figure_row(1, (1, 2), tests, figures, Direction.LOWER).benchmark.slug == "old"
    assert figure_row(1, (1, 2), tests, figures, Direction.LOWER, is_count=True).benchmark.slug == "new"


TOGETHER = {
    # name: benchmarks, figures, (low, high, number of benchmarks, word)
    "one test": ([TEST], [seen(1, 10, "test"), seen(2, 40, "test")], (4, 4, 1, "more")),
    "two tests that agree": (
        [TEST, benchmark("b")], [seen(1, 10, "test"), seen(2, 9, "test"), seen(1, 10), seen(2, 11)],
        (Decimal("0.9"), Decimal("1.1"), 2, "level"),
    ),
    "two tests that differ": (
        [TEST, benchmark("b")], [seen(1, 10, "test"), seen(2, 5, "test"), seen(1, 10), seen(2, 11)],
        (Decimal("0.5"), Decimal("1.1"), 2, None),
    ),
    "no test has both": ([TEST, benchmark("b")], [seen(1, 10, "test"), seen(2, 9)], None),
    "unlike in one test": (
        [TEST, benchmark("b", like_for_like=Likeness.NONE.value)],
        [seen(1, 10, "test"), seen(2, 10, "test"), seen(1, 10), seen(2, 900)], (1, 1, 1, "level"),
    ),
    "a replaced test": ([TEST._replace(replaced=True)], [seen(1, 10, "test"), seen(2, 9, "test")], None),
    "a test without method": (
        [TEST._replace(states_method=False)], [seen(1, 10, "test"), seen(2, 9, "test")], None,
    ),
    "a figure that is left out": ([TEST], [seen(1, 10, "test", left_out="Debug mode."), seen(2, 9, "test")], None),
    "a base of zero": ([TEST], [seen(1, 0, "test"), seen(2, 9, "test")], None),
}  # fmt: skip


@pytest.mark.parametrize(("benchmarks", "figures", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_several_benchmarks_say_together_what_their_ratios_say(benchmarks, figures, expected):
    found = [
        (one.low, one.high, len(one.ratios), one.relation)
        for one in together(benchmarks, figures, [1, 2], Direction.HIGHER)
    ]
    assert found == ([expected] if expected else [])


def test_the_later_framework_of_a_pair_is_a_ratio_to_the_earlier_one():
    figures = [seen(1, 10, "test"), seen(2, 20, "test"), seen(3, 40, "test")]
    pairs = together([TEST], figures, [3, 1, 2], Direction.HIGHER)
    assert [(one.first, one.second) for one in pairs] == [(1, 3), (2, 3), (2, 1)]
    assert pairs[2].low == 2
