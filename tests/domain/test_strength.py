"""How strong the evidence of a cell is, and which reasons are printed for it, as tables of cases."""

from __future__ import annotations

import pytest

from comparisons.domain.statements import Decision
from comparisons.domain.strength import CAN_BE_BORNE_OUT, FAIR_FROM, STRONG_FROM, THIN_FROM, strength_of
from comparisons.domain.vocabulary import ClaimKind, Strength, Verdict

from .builders import FRESH, OLD, TODAY, figure, judged, says, source

STEPS = {
    # name: claims, strength on the day, printed reasons
    "one source": ([says("yes", "a")], Strength.THIN, ["witnesses +1"]),
    "two sources": ([says("yes", "a", "b")], Strength.FAIR, ["witnesses +2"]),
    "three sources": ([says("yes", *"abc")], Strength.STRONG, ["witnesses +3"]),
    "five sources": ([says("yes", *"abcde")], Strength.STRONG, ["witnesses +3"]),
    "a project's own pages": (
        [says("yes", source("a", bears_out=True))], Strength.FAIR, ["witnesses +1", "borne-out +1"],
    ),
    "own pages on a figure": (
        [figure(5, source("a", bears_out=True))], Strength.FAIR, ["witnesses +1", "borne-out +1"],
    ),
    "own pages on a judgement": (
        [says("yes", source("a", bears_out=True), kind=ClaimKind.JUDGEMENT)], Strength.THIN, ["witnesses +1"],
    ),
    "own pages that only qualify": (
        [says("yes", "a", source("~b", bears_out=True))], Strength.THIN, ["witnesses +1"],
    ),
    "never above strong": (
        [says("yes", *"abc", source("d", bears_out=True))], Strength.STRONG, ["witnesses +3", "borne-out +1"],
    ),
    "nothing newer than two years": (
        [says("yes", source("a", OLD), source("b", OLD))], Strength.THIN, ["witnesses +2", "old -1"],
    ),
    "nothing dated": ([says("yes", source("a", None), source("b", None))], Strength.THIN, ["witnesses +2", "old -1"]),
    "one new source among old ones": (
        [says("yes", source("a", OLD), source("b", FRESH))], Strength.FAIR, ["witnesses +2"],
    ),
    "a new source that only disputes": (
        [says("yes", source("a", OLD), source("b", OLD), source("-c", FRESH))],
        Strength.THIN, ["witnesses +2", "disputed -1", "old -1"],
    ),
    "disputed": ([says("yes", *"abc"), says("no", "d")], Strength.FAIR, ["witnesses +3", "disputed -1"]),
    "nothing but readings of ours": (
        [says("yes", source("a", reading=True), source("b", reading=True))],
        Strength.THIN, ["witnesses +2", "readings -1"],
    ),
    "one plain passage among readings": (
        [says("yes", source("a", reading=True), "b")], Strength.FAIR, ["witnesses +2"],
    ),
    "text of a figure without method": (
        [says("fast", "a", "b", kind=ClaimKind.FIGURE, states_method=False)],
        Strength.THIN, ["witnesses +2", "no-method -1"],
    ),
    "a figure without method bears no other out": (
        [figure(5, "a", states_method=False), figure(5, "b")], Strength.THIN, ["witnesses +1"],
    ),
    "three sources for what cannot be checked": (
        [says("yes", *"abc", verdict=Verdict.CANNOT_BE_CHECKED)],
        Strength.FAIR, ["witnesses +3", "cannot-be-checked -1"],
    ),
    "own pages do not bear out what cannot be checked": (
        [says("yes", *"abcd", source("e", bears_out=True), verdict=Verdict.CANNOT_BE_CHECKED)],
        Strength.FAIR, ["witnesses +3", "cannot-be-checked -1"],
    ),
    "another claim for the same value can be checked": (
        [says("yes", *"ab", verdict=Verdict.CANNOT_BE_CHECKED), says("yes", "c")],
        Strength.STRONG, ["witnesses +3"],
    ),
    "a claim of another kind needs no method": (
        [says("yes", "a", "b", states_method=False)], Strength.FAIR, ["witnesses +2"],
    ),
    "never below thin": (
        [says("yes", source("a", OLD, reading=True), verdict=Verdict.CANNOT_BE_CHECKED)],
        Strength.THIN, ["witnesses +1", "readings -1", "cannot-be-checked -1", "old -1"],
    ),
    "strong in spite of a dispute": (
        [says("yes", *"abc", source("d", bears_out=True)), says("no", "e")],
        Strength.STRONG, ["witnesses +3", "borne-out +1", "disputed -1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "strength", "reasons"), STEPS.values(), ids=STEPS)
def test_strength_comes_with_every_reason_in_print(claims, strength, reasons):
    headline = judged(*claims).headline
    assert [f"{step.code} {step.by:+}" for step in headline.reasons(TODAY)] == reasons
    assert headline.strength(TODAY) == strength


def test_the_reason_counts_all_witnesses_even_beyond_three():
    assert judged(says("yes", *"abcde")).headline.steps[0].count == 5


def test_a_ruling_takes_back_the_step_for_being_disputed():
    headline = judged(says("yes", *"abc"), says("no", "d"), ruling=Decision("yes")).headline
    assert [step.code for step in headline.steps] == ["witnesses"]


@pytest.mark.parametrize(
    ("points", "newest", "strength"),
    [
        (-3, FRESH, "thin"),
        (1, FRESH, "thin"),
        (2, FRESH, "fair"),
        (3, FRESH, "strong"),
        (9, FRESH, "strong"),
        (9, OLD, "strong"),
        (3, OLD, "fair"),
        (1, None, "thin"),
    ],
)
def test_strength_is_never_above_strong_or_below_thin(points, newest, strength):
    assert strength_of(points, newest, TODAY) == strength


UNSCORED = {
    # name: claims, whether their value feeds a score
    "a figure": ([figure(5, "a")], True),
    "text of a figure without method": ([says("fast", "a", kind=ClaimKind.FIGURE, states_method=False)], False),
    "text of a figure that cannot be checked": (
        [says("fast", "a", kind=ClaimKind.FIGURE, verdict=Verdict.CANNOT_BE_CHECKED)], False,
    ),
    "a claim of another kind": ([says("yes", "a", states_method=False)], True),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "feeds"), UNSCORED.values(), ids=UNSCORED)
def test_a_figure_without_method_never_feeds_a_score(claims, feeds):
    assert judged(*claims).headline.feeds_score is feeds


def test_the_constants_of_strength_are_those_of_the_design():
    assert (STRONG_FROM, FAIR_FROM, THIN_FROM) == (3, 2, 1)
    assert {"capability", "figure"} == CAN_BE_BORNE_OUT
