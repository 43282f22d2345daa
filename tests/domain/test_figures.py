"""Which figure of a cell is its headline, and what becomes of the others, as tables of cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from comparisons.domain.statements import Scale
from comparisons.domain.vocabulary import Agreement, ClaimKind, Direction, Verdict

from .builders import FRESH, OLD, TODAY, benchmark, figure, judged, number, says, source

WIDE, NARROW = benchmark("wide", width=9, dated=OLD), benchmark("narrow", width=2, dated=TODAY)
SILENT = benchmark("silent", width=15, states_method=False)
HIGHER, LOWER = Scale(Direction.HIGHER), Scale(Direction.LOWER)
COUNT = Scale(is_count=True)
MONDAY, TUESDAY = benchmark("monday", dated=dt.date(2026, 6, 1)), benchmark("tuesday", dated=dt.date(2026, 6, 2))

HEADLINES = {
    # name: claims, value of the headline, its benchmark, other figures, those that nobody can check
    "none": ([], None, None, 0, 0),
    "the widest benchmark": (
        [figure(1, "a", benchmark=NARROW), figure(2, "b", benchmark=WIDE)], 2, "wide", 1, 0,
    ),
    "the newer of two as wide": (
        [figure(1, "a", benchmark=benchmark("old", dated=OLD)), figure(2, "a", benchmark=benchmark("new"))],
        2, "new", 1, 0,
    ),
    "the first by slug of two that are alike": (
        [figure(1, "a", benchmark=benchmark("y")), figure(2, "a", benchmark=benchmark("x"))], 2, "x", 1, 0,
    ),
    "a benchmark before a figure that stands alone": (
        [figure(1, *"abc"), figure(2, "d", benchmark=NARROW)], 2, "narrow", 1, 0,
    ),
    "a benchmark without method": ([figure(1, "a", benchmark=SILENT)], None, None, 1, 1),
    "a wide benchmark without method": (
        [figure(1, "a", benchmark=SILENT), figure(2, "b", benchmark=NARROW)], 2, "narrow", 1, 1,
    ),
    "a figure that cannot be checked": ([figure(1, "a", verdict=Verdict.CANNOT_BE_CHECKED)], None, None, 1, 1),
    "a figure without method": ([figure(1, *"abc", states_method=False)], None, None, 1, 1),
    "a figure that is wrong": ([figure(1, "a", verdict=Verdict.WRONG)], None, None, 0, 0),
    "a figure that is outdated": (
        [figure(1, "a", benchmark=WIDE, verdict=Verdict.OUTDATED), figure(2, "b")], 2, None, 0, 0,
    ),
    "a figure that is left out": (
        [figure(1, "a", benchmark=WIDE, left_out="Debug mode."), figure(2, "b", benchmark=NARROW)], 2, "narrow", 1, 0,
    ),
    "a figure that is only disputed": ([figure(1, "-a", benchmark=WIDE), figure(2, "b")], 2, None, 1, 0),
    "the better variant, if more is better": (
        [figure(7, "a", benchmark=WIDE, variant="slow", scale=HIGHER),
         figure(9, "a", benchmark=WIDE, variant="turbo", scale=HIGHER)], 9, "wide", 1, 0,
    ),
    "the better variant, if less is better": (
        [figure(7, "a", benchmark=WIDE, variant="turbo", scale=LOWER),
         figure(9, "a", benchmark=WIDE, variant="slow", scale=LOWER)], 7, "wide", 1, 0,
    ),
    "the first variant by name, if neither is better": (
        [figure(7, "a", benchmark=WIDE, variant="b"), figure(9, "a", benchmark=WIDE, variant="a")], 9, "wide", 1, 0,
    ),
    "a number that is no figure needs no method": (
        [says(number(7), "a", kind=ClaimKind.USAGE, states_method=False)], 7, None, 0, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "value", "slug", "others", "unchecked"), HEADLINES.values(), ids=HEADLINES)
def test_a_cell_shows_the_figure_of_one_benchmark(claims, value, slug, others, unchecked):
    found = judged(*claims)
    headline = found.headline
    assert (headline.value if headline else None) == (None if value is None else number(value))
    assert (headline.origin.benchmark.slug if headline and headline.origin.benchmark else None) == slug
    assert (found.others, found.unchecked) == (others, unchecked)


UNLIKE = {
    # name: claims of two tests, neither of which contradicts the other
    "two benchmarks": [figure(1, "a", benchmark=WIDE), figure(99, "b", benchmark=NARROW)],
    "two variants": [figure(1, "a", benchmark=WIDE, variant="x"), figure(99, "b", benchmark=WIDE, variant="y")],
    "alone, on different machines": [
        figure(1, "a", conditions=("laptop",)), figure(99, "b", conditions=("server",)),
    ],
    "alone, without any condition": [figure(1, "a"), figure(99, "b")],
    "a benchmark and one alone": [figure(1, "a", benchmark=WIDE), figure(99, "b")],
    "one that cannot be checked": [figure(1, "a"), figure(99, "b", verdict=Verdict.CANNOT_BE_CHECKED)],
    "one without method": [figure(1, "a"), figure(99, "b", states_method=False)],
    "one that is left out": [figure(1, "a"), figure(99, "b", left_out="Debug mode.")],
}  # fmt: skip


@pytest.mark.parametrize("claims", UNLIKE.values(), ids=UNLIKE)
def test_figures_under_unlike_conditions_are_no_dispute_and_no_witnesses_of_each_other(claims):
    found = judged(*claims)
    assert (found.agreement, found.counts, found.headline.witnesses) == (Agreement.SINGLE_SOURCE, (1,), 1)
    assert (len(found.sides.headline), len(found.sides.aside)) == (1, 1)


LIKE = {
    # name: two figures, their intervals, whether they contradict each other
    "the same": ((5, 5), (None, None), False),
    "a tenth apart": ((100, 110), (None, None), False),
    "more than a tenth apart": ((100, 111), (None, None), True),
    "overlapping intervals": ((100, 150), ((90, 130), (120, 170)), False),
    "intervals that touch": ((100, 150), ((90, 120), (120, 170)), False),
    "intervals apart": ((100, 104), ((99, 101), (103, 105)), True),
    "one interval, which holds the other": ((100, 150), ((90, 160), None), False),
    "one interval, less than a tenth away": ((100, 109), ((98, 102), None), False),
    "one interval, far away": ((100, 150), ((90, 110), None), True),
    "nothing and something": ((0, 1), (None, None), True),
    "nothing twice": ((0, 0), (None, None), False),
}


@pytest.mark.parametrize(("values", "intervals", "contradict"), LIKE.values(), ids=LIKE)
@pytest.mark.parametrize("where", [{"benchmark": WIDE}, {"conditions": ("laptop", "JSON")}], ids=["in a test", "alone"])
def test_figures_under_like_conditions_contradict_or_bear_out_each_other(values, intervals, contradict, where):
    claims = [
        figure(value, witness, interval=interval and number(*interval), **where)
        for value, interval, witness in zip(values, intervals, "ab", strict=True)
    ]
    found = judged(*claims)
    assert found.agreement == (Agreement.DISPUTED if contradict else Agreement.UNANIMOUS)
    assert found.counts == ((1, 1) if contradict else (2,))


def test_the_newest_of_figures_that_bear_one_another_out_gives_the_value():
    sources = ((100, source("a", OLD)), (105, source("b", FRESH)), (102, source("c", OLD)))
    found = judged(*(figure(value, by, conditions=("laptop",)) for value, by in sources))
    assert (found.headline.value, found.headline.witnesses) == (number(105), 3)


def test_a_contradiction_under_other_conditions_is_a_dispute_and_leaves_the_headline_alone():
    quarrel = [figure(1, "b", conditions=("x",)), figure(9, "c", conditions=("x",))]
    alone, found = judged(figure(5, "a", benchmark=WIDE)), judged(figure(5, "a", benchmark=WIDE), *quarrel)
    assert (found.agreement, found.headline.steps) == (Agreement.DISPUTED, alone.headline.steps)


COUNTS = {
    # name: claims, value, agreement
    "the newer one replaces": (
        [figure(15, *"abc", benchmark=MONDAY), figure(0, "d", benchmark=TUESDAY)], 0, Agreement.SINGLE_SOURCE,
    ),
    "however wide the older one is": (
        [figure(15, "a", benchmark=MONDAY._replace(width=9)), figure(0, "b", benchmark=TUESDAY)],
        0, Agreement.SINGLE_SOURCE,
    ),
    "the day of the source if it stands alone": (
        [figure(15, source("a", dt.date(2026, 6, 3))), figure(0, "b", benchmark=TUESDAY)], 15, Agreement.SINGLE_SOURCE,
    ),
    "a newer one that cannot be checked replaces nothing": (
        [figure(15, "a", benchmark=MONDAY), figure(0, "b", benchmark=TUESDAY, verdict=Verdict.CANNOT_BE_CHECKED)],
        15, Agreement.SINGLE_SOURCE,
    ),
    "two of one day that differ": (
        [figure(15, "a", benchmark=MONDAY), figure(0, "b", benchmark=MONDAY)], 0, Agreement.DISPUTED,
    ),
    "two of one day that agree": (
        [figure(15, "a", benchmark=MONDAY), figure(15, "b", benchmark=MONDAY)], 15, Agreement.UNANIMOUS,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "value", "agreement"), COUNTS.values(), ids=COUNTS)
def test_a_newer_count_replaces_an_older_one(claims, value, agreement):
    found = judged(*(replace(claim, scale=COUNT) for claim in claims))
    assert (found.headline.value, found.agreement) == (number(value), agreement)
