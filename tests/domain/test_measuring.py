"""Medians of rounds, their intervals, and ratios within a round: rules, and properties that hold for any rounds."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain import measuring
from comparisons.domain.benchmarks import FigureView, Relation
from comparisons.domain.measuring import (
    FEWEST,
    Measured,
    can_be_told_apart,
    coverage,
    measured,
    rank,
    ratios,
    relation_to,
)
from comparisons.domain.statements import Number

pytestmark = pytest.mark.any_database

ROUNDS = st.lists(st.integers(-10_000, 10_000).map(float), min_size=1, max_size=40)
INTERVALS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: (float(min(ends)), float(max(ends))))


@pytest.mark.parametrize(
    ("rounds", "expected", "covers"),
    [(1, 1, 0.0), (5, 1, 0.9375), (6, 1, 0.96875), (8, 1, 0.9921875), (9, 2, 0.9609375), (10, 2, 0.978515625)],
)
def test_the_interval_ends_at_the_tabulated_rank(rounds, expected, covers):
    assert rank(rounds) == expected
    assert coverage(rounds, expected) == covers


def test_fewer_rounds_than_the_least_cannot_keep_the_confidence():
    assert coverage(FEWEST, 1) >= measuring.CONFIDENCE > coverage(FEWEST - 1, 1)


@pytest.mark.parametrize("rounds", range(1, 9))
def test_the_coverage_is_the_share_of_all_outcomes_that_hold_the_median(rounds):
    """Each round falls below or above the median like a coin; the interval holds it unless one side has too few."""
    for place in range(1, (rounds + 1) // 2 + 1):
        holds = sum(place <= sum(coins) <= rounds - place for coins in product((0, 1), repeat=rounds))
        assert coverage(rounds, place) == holds / 2**rounds


@given(ROUNDS)
def test_an_interval_holds_its_median_and_lies_within_the_rounds(values):
    found = measured(values)
    assert min(values) <= found.low <= found.value <= found.high <= max(values)
    assert {found.low, found.high} <= set(values)
    assert (found.value, found.rounds) == (median(values), len(values))


@given(ROUNDS, st.randoms())
def test_the_order_of_the_rounds_does_not_matter(values, chance):
    shuffled = list(values)
    chance.shuffle(shuffled)
    assert measured(shuffled) == measured(values)


@given(ROUNDS, st.sampled_from([0.5, 2.0, 8.0]), st.integers(-100, 100))
def test_another_unit_changes_the_figure_and_nothing_else(values, factor, shift):
    found, other = measured(values), measured([factor * value + shift for value in values])
    assert other[:3] == tuple(factor * end + shift for end in found[:3])
    assert other[3:] == found[3:]


@given(st.integers(FEWEST, 60))
def test_the_interval_is_the_narrowest_that_keeps_the_confidence(rounds):
    found = rank(rounds)
    assert coverage(rounds, found) >= measuring.CONFIDENCE
    assert found == (rounds + 1) // 2 or coverage(rounds, found + 1) < measuring.CONFIDENCE


@given(ROUNDS, st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_more_confidence_never_gives_a_narrower_interval(values, first, second):
    less, more = (measured(values, one) for one in sorted((first, second)))
    assert more.low <= less.low and less.high <= more.high


def test_no_rounds_have_no_median():
    with pytest.raises(ValueError, match="no median of no rounds"):
        measured([])


@given(st.dictionaries(st.integers(1, 20), st.integers(1, 1_000).map(float), min_size=1), st.sampled_from([0.25, 3.0]))
def test_what_slows_a_whole_round_down_cancels_out(base, slowdown):
    values = {one: 2 * value for one, value in base.items()}
    slowed = [{one: value * (slowdown if one % 2 else 1) for one, value in rows.items()} for rows in (values, base)]
    assert ratios(*slowed) == ratios(values, base) == [2.0] * len(base)


def test_rounds_that_only_one_of_the_two_has_give_no_ratio():
    assert ratios({1: 4.0, 2: 6.0, 4: 1.0}, {2: 3.0, 3: 5.0, 4: 0.0}) == [2.0]


@given(INTERVALS, INTERVALS)
def test_intervals_are_apart_if_no_value_lies_in_both(first, second):
    shared = {value for value in range(21) if first[0] <= value <= first[1] and second[0] <= value <= second[1]}
    assert can_be_told_apart(first, second) == can_be_told_apart(second, first) == (not shared)


@pytest.mark.parametrize(
    ("value", "interval", "base", "expected"),
    [
        (200, (150, 250), (90, 110), Relation.MORE),
        (200, (105, 250), (90, 110), Relation.UNCLEAR),
        (200, (110, 250), (90, 110), Relation.UNCLEAR),
        (105, (104, 106), (99, 101), Relation.LEVEL),
        (50, (40, 60), (90, 110), Relation.LESS),
        (50, None, (10, 500), Relation.LESS),
        (50, (10, 500), None, Relation.LESS),
    ],
)
def test_figures_whose_intervals_overlap_cannot_be_told_apart_whatever_their_ratio(value, interval, base, expected):
    def figure(of: int, span: tuple[int, int] | None) -> FigureView:
        exact = Number(Decimal(of), Decimal(of))
        return FigureView("c", 1, 1, "b", "", exact, Number(*map(Decimal, span)) if span else None)

    assert relation_to(figure(value, interval), figure(100, base)) == expected


def test_there_is_no_relation_to_a_figure_of_zero():
    nothing = FigureView("c", 1, 1, "b", "", Number(Decimal(0), Decimal(0)))
    assert relation_to(nothing, nothing) is None


@pytest.mark.parametrize(("low", "high", "differs"), [(0.8, 0.99, True), (0.9, 1.0, False), (1.01, 1.2, True)])
def test_a_ratio_differs_from_the_baseline_if_its_interval_leaves_out_one(low, high, differs):
    assert measuring.differs_from_baseline(Measured(low, low, high, 10, 0.98)) is differs
