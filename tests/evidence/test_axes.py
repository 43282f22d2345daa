"""Axes of charts: linear from zero, or logarithmic where figures are far apart."""

from decimal import Decimal

import pytest

from comparisons.evidence.axes import ratio_axis, value_axis

pytestmark = pytest.mark.any_database


def decimals(*values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("values", "ends", "is_log"),
    [
        (decimals(3706, 1558), (0, 4000), False),
        (decimals(5), (0, 5), False),
        (decimals(0, 900), (0, 1000), False),
        (decimals(10, 200), (0, 200), False),
        (decimals(10, 201), (10, 1000), True),
        (decimals("0.4", "48.1"), (Decimal("0.1"), 100), True),
    ],
)
def test_an_axis_is_logarithmic_beyond_a_factor_of_twenty(values, ends, is_log):
    axis = value_axis(values)
    assert (axis.low, axis.high, axis.is_log) == (*ends, is_log)


@pytest.mark.parametrize("values", [[], decimals(0), decimals(-1, 5)])
def test_there_is_no_axis_without_a_figure_above_zero_or_with_one_below(values):
    assert value_axis(values) is None


@pytest.mark.parametrize(("value", "place"), [(0, 0), (1000, 25), (4000, 100), (9000, 100), (-5, 0)])
def test_a_value_beyond_an_end_stands_at_that_end(value, place):
    assert value_axis(decimals(3706)).place(Decimal(value)) == place


@pytest.mark.parametrize(("value", "place"), [(10, 0), (100, 50), (1000, 100), (1, 0), (0, 0)])
def test_factors_of_ten_are_equally_far_apart_on_a_log_scale(value, place):
    assert value_axis(decimals(10, 900)).place(Decimal(value)) == place


@pytest.mark.parametrize(
    ("ratios", "ticks"),
    [
        (decimals(1), ["0.5", "1", "2"]),
        (decimals("0.92", "1.11"), ["0.5", "1", "2"]),
        (decimals("0.47", "15.5"), ["0.25", "0.5", "1", "2", "4", "8", "16"]),
    ],
)
def test_the_axis_of_ratios_has_powers_of_two_and_one_on_it(ratios, ticks):
    axis = ratio_axis(ratios)
    assert [tick.value for tick in axis.ticks] == decimals(*ticks)
