"""The words for figures of one benchmark."""

from decimal import Decimal

import pytest

from comparisons.domain.benchmarks import Elsewhere, FigureCell, Relation, Together
from comparisons.language import figures

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("found", "text"), [("1", "1"), ("0.916", "0.92"), ("1.9", "1.90"), ("9.04", "9.04"), ("13.77", "13.8")]
)
def test_a_ratio_has_two_decimals_or_one_from_ten_on(found, text):
    assert figures.ratio(Decimal(found)) == text


@pytest.mark.parametrize(
    ("found", "text"), [("1", "the best"), ("0.52", "0.52 of the best"), ("2.3", "2.30 times the best")]
)
def test_a_ratio_to_the_best_says_which_way(found, text):
    assert figures.of_best(Decimal(found)) == text


@pytest.mark.parametrize(
    ("figures_elsewhere", "unchecked", "text"),
    [
        (0, 0, ""),
        (1, 0, "1 figure elsewhere"),
        (3, 1, "3 figures elsewhere"),
        (1, 1, "1 figure that cannot be checked"),
        (2, 2, "2 figures that cannot be checked"),
    ],
)
def test_a_cell_outside_the_benchmark_says_what_it_has(figures_elsewhere, unchecked, text):
    assert figures.elsewhere(FigureCell(None, elsewhere=Elsewhere(figures_elsewhere, unchecked))) == text


@pytest.mark.parametrize(
    ("word", "direction", "text"),
    [
        (Relation.LEVEL, "higher-better", "level"),
        (Relation.MORE, "higher-better", "ahead"),
        (Relation.LESS, "higher-better", "behind"),
        (Relation.MORE, "lower-better", "behind"),
        (Relation.LESS, "lower-better", "ahead"),
        (Relation.MORE, "none", "more"),
        (Relation.LESS, "none", "less"),
    ],
)
def test_who_is_ahead_depends_on_which_end_is_better(word, direction, text):
    assert figures.relation(word, direction) == text


@pytest.mark.parametrize(
    ("ratios", "span", "tally"),
    [
        (["1.02", "9.04"], "1.02 to 9.04", "ahead in 1, level in 1 of 2"),
        (["0.5"], "0.50", "behind in 1 of 1"),
        (["0.8", "1.25"], "0.80 to 1.25", "level in 2 of 2"),
    ],
)
def test_several_benchmarks_are_counted_by_what_they_say(ratios, span, tally):
    found = Together(1, 2, tuple((f"test-{at}", Decimal(one)) for at, one in enumerate(ratios)))
    assert (figures.span(found), figures.tally(found, "higher-better")) == (span, tally)
