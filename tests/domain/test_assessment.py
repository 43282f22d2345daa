"""What the claims of one cell add up to, as tables of cases."""

from __future__ import annotations

import pytest

from comparisons.domain.statements import Decision, Statement
from comparisons.domain.vocabulary import Agreement, RulingState, Stance, Status, Strength, Verdict

from .builders import FRESH, OLD, TODAY, figure, judged, number, says, source

AGREEMENTS: dict[str, tuple[list[Statement], Agreement, tuple[int, ...], int, int]] = {
    # name: claims, agreement, witnesses per reading, witnesses against, disputed claims without a reading
    "no claim": ([], Agreement.NO_EVIDENCE, (), 0, 0),
    "a claim without a source": ([says("yes")], Agreement.NO_EVIDENCE, (), 0, 0),
    "a refuted claim": ([says("yes", "a", verdict=Verdict.WRONG)], Agreement.NO_EVIDENCE, (), 0, 0),
    "an outdated claim": ([says("yes", "a", verdict=Verdict.OUTDATED)], Agreement.NO_EVIDENCE, (), 0, 0),
    "a draft": ([says("yes", "a", status=Status.DRAFT)], Agreement.NO_EVIDENCE, (), 0, 0),
    "a claim in review": ([says("yes", "a", status=Status.IN_REVIEW)], Agreement.NO_EVIDENCE, (), 0, 0),
    "a withdrawn claim": ([says("yes", "a", status=Status.WITHDRAWN)], Agreement.NO_EVIDENCE, (), 0, 0),
    "a claim that answers nothing": ([says(None, "a")], Agreement.NO_VALUE, (), 0, 0),
    "a value that nobody supports": ([says("yes", "~a")], Agreement.NO_VALUE, (), 0, 0),
    "a figure that nobody supports": ([figure(5, "~a")], Agreement.NO_VALUE, (), 0, 0),
    "one source": ([says("yes", "a")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
    "one publisher twice": ([says("yes", "a", "a"), says("yes", "a")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
    "two sources in one claim": ([says("yes", "a", "b")], Agreement.UNANIMOUS, (2,), 0, 0),
    "two sources in two claims": ([says("yes", "a"), says("yes", "b")], Agreement.UNANIMOUS, (2,), 0, 0),
    "one supports, one qualifies": ([says("yes", "a", "~b")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
    "two values": ([says("yes", "a", "b"), says("no", "c")], Agreement.DISPUTED, (2, 1), 0, 0),
    "three values": ([says("x", "a"), says("y", "b"), says("z", "c")], Agreement.DISPUTED, (1, 1, 1), 0, 0),
    "one source, two values": ([says("yes", "a"), says("no", "a")], Agreement.DISPUTED, (1, 1), 0, 0),
    "a disputed value": ([says("yes", "a", "b", "-c")], Agreement.DISPUTED, (2,), 1, 0),
    "a value that is disputed only": ([says("yes", "-a", "-b")], Agreement.DISPUTED, (), 2, 0),
    "one opponent of two values": ([says("x", "a", "-c"), says("y", "b", "-c")], Agreement.DISPUTED, (1, 1), 1, 0),
    "an argument is disputed": ([says("yes", "a"), says(None, "b", "-c")], Agreement.SINGLE_SOURCE, (1,), 0, 1),
    "a figure is disputed": ([figure(5, "a", "b", "-c")], Agreement.UNANIMOUS, (2,), 1, 1),
    "the other value is refuted": (
        [says("yes", "a"), says("no", "b", verdict=Verdict.WRONG)], Agreement.SINGLE_SOURCE, (1,), 0, 0,
    ),
    "the other value has no support": ([says("yes", "a"), says("no", "~b")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
    "the same figure": ([figure(5, "a"), figure(5, "b")], Agreement.UNANIMOUS, (2,), 0, 0),
    "a figure and about as much": (
        [figure(5, "a"), says(number(5, approximate=True), "b")], Agreement.UNANIMOUS, (2,), 0, 0,
    ),
    "different figures without conditions": ([figure(5, "a"), figure(6, "b")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
    "different figures under like conditions": (
        [figure(5, "a", conditions=("laptop",)), figure(6, "b", conditions=("laptop",))],
        Agreement.DISPUTED, (1, 1), 0, 0,
    ),
    "a figure beside one without support": ([figure(5, "a", "b"), figure(9, "~c")], Agreement.UNANIMOUS, (2,), 0, 0),
    "a figure against a word": ([figure(5, "a"), says("fast", "b", "c")], Agreement.DISPUTED, (2, 1), 0, 0),
    "a figure beside a bare word": ([figure(5, "a"), says("fast", "~b")], Agreement.SINGLE_SOURCE, (1,), 0, 0),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "agreement", "counts", "against", "argued"), AGREEMENTS.values(), ids=AGREEMENTS)
def test_agreement_counts_independent_witnesses_per_reading(claims, agreement, counts, against, argued):
    found = judged(*claims)
    assert (found.agreement, found.counts, found.against, found.argued) == (agreement, counts, against, argued)


def test_readings_name_their_witnesses_and_claims():
    first, second = says("yes", "b", "-d", key="first"), says("yes", "a", "b", key="second")
    (reading,) = judged(second, first).readings
    assert (reading.value, reading.witnesses, reading.against) == ("yes", ("a", "b"), ("d",))
    assert reading.claims == ("first", "second")


def test_the_newest_date_of_a_reading_is_that_of_its_supporters():
    newest = says("yes", source(dated=OLD), source("-b", dated=TODAY), source("~c", dated=TODAY))
    found = judged(newest)
    assert (found.readings[0].newest, found.newest) == (OLD, TODAY)


HEADLINES = {
    # name: claims, value of the headline
    "nothing": ([], None),
    "no value": ([says(None, "a")], None),
    "a value without support": ([says("yes", "-a")], None),
    "a figure without support": ([figure(5, "-a")], None),
    "the only reading": ([says("yes", "a")], "yes"),
    "more witnesses": ([says("no", "a"), says("yes", "b", "c")], "yes"),
    "more witnesses, though older": ([says("no", "a"), says("yes", source("b", OLD), source("c", OLD))], "yes"),
    "many witnesses before few that are as strong": (
        [says("no", *"abcde"), says("yes", source("f", TODAY), source("g", TODAY), source("h", TODAY))], "no",
    ),
    "borne out before bare": ([says("no", "a"), says("yes", source("b", OLD, bears_out=True))], "yes"),
    "plain words before our readings": (
        [says("no", source("a", TODAY, reading=True)), says("yes", source("b", OLD))], "yes",
    ),
    "the newest on a tie": ([says("no", source("a", OLD)), says("yes", source("b", FRESH))], "yes"),
    "dated before undated on a tie": ([says("no", source("a", None)), says("yes", source("b", OLD))], "yes"),
    "the first in the alphabet if all is equal": ([says("yes", "a"), says("no", "b")], "no"),
    "a refuted claim never leads": ([says("no", *"abc", verdict=Verdict.WRONG), says("yes", "d")], "yes"),
    "one publisher counts once": ([says("no", "a", "a", "a"), says("yes", "b", "c")], "yes"),
    "words before figures": ([figure(5, *"abc"), says("fast", "d")], "fast"),
    "figures before words that nobody supports": ([figure(5, "a"), says("fast", "-b")], number(5)),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "value"), HEADLINES.values(), ids=HEADLINES)
def test_the_headline_is_the_strongest_reading_and_the_newest_on_a_tie(claims, value):
    headline = judged(*claims).headline
    assert (headline.value if headline else None) == value


def test_a_ruling_decides_the_headline():
    claims = [says("yes", *"abc"), says("no", "d")]
    found = judged(*claims, ruling=Decision("no"))
    assert (found.headline.value, found.headline.witnesses, found.ruling) == ("no", 1, RulingState.RULED)
    assert found.agreement == Agreement.DISPUTED


def test_a_cell_that_is_ruled_open_keeps_the_strongest_reading():
    found = judged(says("yes", "a", "b"), says("no", "c"), ruling=Decision(None))
    assert (found.headline.value, found.ruling) == ("yes", RulingState.OPEN)
    assert [step.code for step in found.headline.steps] == ["witnesses", "disputed"]


def test_a_ruling_in_the_editors_own_words_is_thin():
    found = judged(says("yes", *"abc"), ruling=Decision("partly"))
    assert [step.code for step in found.headline.steps] == ["own-words"]
    assert (found.headline.strength(TODAY), found.headline.witnesses) == (Strength.THIN, 0)


def test_a_ruling_gives_a_value_where_no_claim_does():
    assert judged(says(None, "a"), ruling=Decision("yes")).headline.value == "yes"


RULED_FIGURES = {
    # name: claims, ruled figure, witnesses
    "one of them": ([figure(5, "a"), figure(9, "b", "c")], number(9), 2),
    "one that a source calls approximate": ([says(number(9, approximate=True), "a")], number(9), 1),
    "a range that one source gives": ([figure(5, "a", high=9), figure(1, "b")], number(5, 9), 1),
    "one that nobody gives": ([figure(5, "a")], number(7), 0),
    "a range that nobody gives": ([figure(5, "a")], number(4, 8), 0),
}


@pytest.mark.parametrize(("claims", "ruled", "witnesses"), RULED_FIGURES.values(), ids=RULED_FIGURES)
def test_a_ruled_figure_is_borne_by_those_who_give_it(claims, ruled, witnesses):
    headline = judged(*claims, ruling=Decision(ruled)).headline
    assert (headline.value, headline.witnesses) == (ruled, witnesses)


TALLIES = {
    # name: claims, (stance, date) of each witness, oldest first
    "nothing": ([], []),
    "one of each": (
        [says("yes", source("a", OLD), source("-b", FRESH), source("~c", None))],
        [("qualifies", None), ("supports", OLD), ("disputes", FRESH)],
    ),
    "a witness ticks once, with its newest date": (
        [says("yes", source("a", OLD), source("a", FRESH))], [("supports", FRESH)],
    ),
    "support for another value is a vote against": (
        [says("yes", "a", "b"), says("no", source("c", OLD))],
        [("disputes", OLD), ("supports", FRESH), ("supports", FRESH)],
    ),
    "who disputes another value does not support this one": (
        [says("yes", "a", "b"), says("no", source("c", OLD), source("-d", OLD))],
        [("disputes", OLD), ("disputes", OLD), ("supports", FRESH), ("supports", FRESH)],
    ),
    "who says both supports": ([says("yes", "a", "b"), says("no", "b")], [("supports", FRESH)] * 2),
    "who speaks only of another matter stands aside": (
        [says("yes", "a"), says(None, "b", "-c")], [("supports", FRESH), ("qualifies", FRESH), ("qualifies", FRESH)],
    ),
    "nothing leads": ([says("yes", "-a")], [("disputes", FRESH)]),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "ticks"), TALLIES.values(), ids=TALLIES)
def test_the_tally_has_one_tick_per_witness(claims, ticks):
    assert [(tick.stance, tick.dated) for tick in judged(*claims).tally] == [(Stance(s), d) for s, d in ticks]
