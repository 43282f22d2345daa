"""Choosing: points that add up, spans, shares of first places, and what turns the order."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.assessment import assess
from comparisons.domain.choosing import (
    NOBODY,
    WEIGHTS,
    WHOLE,
    Answer,
    AnswerTurn,
    Factor,
    MustTurn,
    Weighing,
    WeightTurn,
    answer_of,
    answer_of_figure,
)
from comparisons.domain.matrix import CellView, LevelView, cell_fields
from comparisons.domain.must_haves import Must
from comparisons.domain.scoring import Need, need_in
from comparisons.domain.statements import Decision
from comparisons.domain.vocabulary import Importance

from .builders import TODAY, says, source

NONE, SOME, MUCH, MOST = Importance
YES, PART, NO = answer_of(Need(4, 4, 4)), answer_of(Need(2, 2, 2)), answer_of(Need(0, 0, 0))
DISPUTED_YES, THIN_NO = answer_of(Need(4, 2, 4)), answer_of(Need(0, 0, 1))
ANSWERS = st.sampled_from([YES, PART, NO, DISPUTED_YES, THIN_NO, NOBODY, answer_of(Need(2, 1, 3)), answer_of(None)])
#: Factors 0 and 1 are criteria, factor 2 is a group of three.
CRITERIA = {0: (10,), 1: (11,), 2: (12, 13, 14)}


@st.composite
def choices(draw, least=1):
    frameworks = tuple(range(draw(st.integers(least, 4))))
    factors = tuple(
        Factor(str(at), draw(st.sampled_from(list(Importance))), criteria) for at, criteria in CRITERIA.items()
    )
    answers = {
        (framework, criterion): draw(ANSWERS)
        for framework in frameworks
        for criteria in CRITERIA.values()
        for criterion in criteria
    }
    return Weighing(frameworks, factors, answers)


def weighed(*rows, weights=(MOST,), order=None):
    """A choice by criteria 0, 1 …: a row of answers for each framework, 0, 1 …"""
    answers = {(framework, at): one for framework, row in enumerate(rows) for at, one in enumerate(row)}
    factors = tuple(Factor(f"c{at}", weight, (at,)) for at, weight in enumerate(weights))
    return Weighing(tuple(order or range(len(rows))), factors, answers)


def reweighed(choice, at, weight):
    factors = [Factor(f.key, weight, f.criteria) if place == at else f for place, f in enumerate(choice.factors)]
    return Weighing(choice.frameworks, tuple(factors), choice.answers)


def order(choice):
    return [one.framework for one in choice.ranking]


@given(choices())
def test_points_add_up_and_stand_within_their_span(choice):
    for one in choice.ranking:
        parts = [choice.points(one.framework, criterion) for criterion in choice.weights]
        assert sum(parts) == pytest.approx(one.points)
        assert 0 <= one.low <= one.points <= one.high <= 100 + 1e-9
    if choice.is_weighed:
        assert sum(map(choice.most, choice.factors)) == pytest.approx(100)


@given(choices())
def test_first_places_are_all_given_away_and_only_to_those_who_can_come_first(choice):
    if choice.is_weighed:
        assert sum(choice.firsts.values()) == pytest.approx(1)
        best = max(one.low for one in choice.ranking)
        assert all(one.first == 0 for one in choice.ranking if one.high < best - 1e-9)


@given(choices(), st.sampled_from([0, 1, 2]), st.sampled_from(list(Importance)))
def test_raising_a_weight_never_lowers_a_framework_that_is_best_there(choice, at, weight):
    raised = reweighed(choice, at, weight)
    if WEIGHTS[weight] <= WEIGHTS[choice.factors[at].weight] or not choice.is_weighed:
        return
    worth = {f: sum(choice.answer(f, c).mark for c in CRITERIA[at]) for f in choice.frameworks}
    for framework in choice.frameworks:
        if worth[framework] == max(worth.values()):
            assert order(raised).index(framework) <= order(choice).index(framework)


@given(choices(least=2))
def test_a_framework_dominated_everywhere_never_ranks_first(choice):
    def beats(one, other):
        marks = [(choice.answer(one, c).mark, choice.answer(other, c).mark) for c in choice.weights]
        weights = choice.weights.values()
        return all(a >= b for a, b in marks) and any(a > b and w for (a, b), w in zip(marks, weights, strict=True))

    if choice.is_weighed:
        assert not any(beats(other, order(choice)[0]) for other in choice.frameworks)


@given(choices(least=2), st.permutations(list(CRITERIA)))
def test_the_order_of_the_factors_does_not_matter(choice, places):
    shuffled = Weighing(choice.frameworks, tuple(choice.factors[at] for at in places), choice.answers)
    assert order(shuffled) == order(choice)


@given(choices(), st.data())
def test_settling_an_answer_at_its_mark_never_widens_a_span(choice, data):
    place = data.draw(st.sampled_from(sorted(choice.answers)))
    mark = choice.answers[place].mark
    settled = Weighing(
        choice.frameworks, choice.factors, {**choice.answers, place: Answer(mark, (mark,), is_known=True)}
    )
    before = {one.framework: (one.low, one.high) for one in choice.ranking}
    for one in settled.ranking:
        low, high = before[one.framework]
        assert low - 1e-9 <= one.low <= one.high <= high + 1e-9


@given(st.lists(st.tuples(st.sampled_from(["in", "part", "none"]), st.sampled_from("abcd")), min_size=1, max_size=5))
def test_evidence_that_agrees_never_widens_the_readings_of_an_answer(claims):
    levels = {
        slug: LevelView(slug, slug, meaning, at)
        for at, (slug, meaning) in enumerate({"in": "yes", "part": "partial", "none": "no"}.items(), start=1)
    }

    def found(claims):
        cell = CellView(1, 1, **cell_fields(assess(claims), levels))
        return cell, answer_of(need_in(cell, TODAY))

    statements = [says(value, witness) for value, witness in claims]
    cell, before = found(statements)
    if cell.level_slug:
        again = says(cell.level_slug, source("newcomer", TODAY - dt.timedelta(1)))
        _cell, after = found([*statements, again])
        assert after.mark == before.mark
        assert before.readings[0] <= after.readings[0] <= after.readings[-1] <= before.readings[-1]


@given(choices(least=2))
def test_a_turn_of_a_weight_turns_the_order_and_no_smaller_step_does(choice):
    turn = choice.weight_turn()
    steps = list(Importance)
    away = 9
    if turn:
        at = int(turn.factor)
        turned = reweighed(choice, at, turn.weight)
        assert turned.leader == turn.first != choice.leader
        assert turn.lead == pytest.approx(
            turned.ranking[0].points - next(p.points for p in turned.ranking if p.framework == choice.leader)
        )
        away = abs(steps.index(turn.weight) - steps.index(choice.factors[at].weight))
    for at, factor in enumerate(choice.factors):
        for weight in steps:
            changed = reweighed(choice, at, weight)
            if 0 < abs(steps.index(weight) - steps.index(factor.weight)) < away and changed.is_weighed:
                points = {one.framework: one.points for one in changed.ranking}
                assert choice.leader is None or max(points.values()) <= points[choice.leader] + 1e-9


@given(choices(least=2))
def test_a_turn_of_an_answer_turns_the_order(choice):
    for turn in choice.answer_turns():
        found = choice.answer(turn.framework, turn.criterion)
        mark = found.readings[-1 if turn.is_more else 0]
        changed = {**choice.answers, (turn.framework, turn.criterion): found._replace(mark=mark)}
        turned = Weighing(choice.frameworks, choice.factors, changed)
        points = {one.framework: one.points for one in turned.ranking}
        assert points[turn.first] - points[choice.leader] == pytest.approx(turn.lead)


@pytest.mark.parametrize(
    ("need", "answer"),
    [
        (Need(4, 4, 4), Answer(WHOLE, (WHOLE,), is_known=True)),
        (Need(2, 0, 4), Answer(200, (0, 200, 400), is_known=True)),
        (Need(4, 3, 4), Answer(400, (300, 400), is_known=True)),
        (Need(None), NOBODY),
        (None, Answer(0, (0,), is_known=True)),
    ],
)
def test_a_need_is_an_answer_with_its_readings(need, answer):
    assert answer_of(need) == answer


@pytest.mark.parametrize(
    ("nearness", "moved", "answer"),
    [
        (Decimal("0.5"), 0, Answer(200, (200,), is_known=True)),
        (Decimal("0.9"), 1, Answer(360, (260, 360, 400), is_known=True)),
        (None, 0, NOBODY),
    ],
)
def test_a_figure_is_worth_its_share_of_the_best(nearness, moved, answer):
    assert answer_of_figure(nearness, moved) == answer


def test_a_group_shares_its_weight_and_counts_as_much_as_one_criterion():
    choice = Weighing((0,), (Factor("group", MUCH, (1, 2, 3)), Factor("one", MUCH, (4,))), {(0, 1): YES, (0, 4): YES})
    assert (choice.points(0, 1), choice.points(0, 4)) == (pytest.approx(100 / 6), pytest.approx(50))


def test_shares_of_first_places_are_exact_where_few_answers_are_open():
    choice = weighed([DISPUTED_YES], [PART])
    assert choice.is_exact
    # At the least reading both have a half and share the place.
    assert choice.firsts == {0: 0.75, 1: 0.25}


def test_many_open_answers_are_sampled_and_the_same_question_gets_the_same_result():
    rows = [[NOBODY] * 8, [PART] * 8]
    first, again = (weighed(*rows, weights=[SOME] * 8) for _ in range(2))
    assert not first.is_exact
    assert first.firsts == again.firsts
    assert 0.3 < first.firsts[0] < 0.7


def test_frameworks_are_told_apart_where_their_spans_do_not_meet():
    ahead, open_ended, behind = (weighed([YES], [THIN_NO], [PART]).ranking[at] for at in (0, 2, 1))
    choice = weighed([YES], [PART])
    assert choice.can_be_told_apart(ahead, behind)
    assert not choice.can_be_told_apart(open_ended._replace(low=0), open_ended)


def test_the_first_has_a_rival_though_the_second_is_told_apart():
    choice = weighed([YES, PART], [PART, PART], [NOBODY, NOBODY])
    assert [one.framework for one in choice.ranking] == [0, 1, 2]
    assert [one.framework for one in choice.rivals] == [2]


def test_equals_keep_the_order_they_came_in():
    assert order(weighed([YES], [YES], order=(1, 0))) == [1, 0]


def test_without_any_weight_there_is_no_ranking():
    choice = weighed([YES], [NO], weights=[NONE])
    assert (choice.ranking, choice.leader, choice.weight_turn(), choice.answer_turns()) == ([], None, None, [])


def test_the_smallest_change_of_a_weight_and_the_lead_it_gives():
    choice = weighed([YES, NO], [NO, YES], weights=[MUCH, SOME])
    # Two steps either way would do: the first at none, or the second at most, which gives a lead of a third only.
    assert choice.weight_turn() == WeightTurn("c0", NONE, 1, 100.0)


def test_the_open_answers_that_would_turn_the_order():
    choice = weighed([YES, NO], [PART, NOBODY], weights=[MOST, MOST])
    assert choice.answer_turns() == [AnswerTurn(1, 1, True, 1, 25.0)]


def test_the_must_have_that_decides():
    choice = Weighing((0,), (Factor("c", MOST, (9,)),), {(0, 9): PART, (1, 9): YES, (2, 9): NO, (3, 9): YES})
    turns = choice.must_turns({1: [5], 2: [6], 3: [5, 6]})
    assert turns == [MustTurn(5, (1,), 1), MustTurn(6, (2,), None)]


@pytest.mark.parametrize(
    ("must", "level", "figure", "is_met"),
    [
        (Must(1, frozenset({"in"})), "in", None, True),
        (Must(1, frozenset({"in"})), "none", None, False),
        (Must(1, frozenset({"in"})), None, None, None),
        (Must(1, at_least=Decimal(5)), None, Decimal(5), True),
        (Must(1, at_least=Decimal(5)), None, Decimal(4), False),
        (Must(1, at_most=Decimal(5)), None, Decimal(6), False),
        (Must(1, at_most=Decimal(5)), None, None, None),
    ],
)
def test_a_must_have_is_met_or_not_or_nobody_can_tell(must, level, figure, is_met):
    assert must.is_met(level, figure) is is_met


def test_a_ruling_settles_what_was_open():
    levels = {"in": LevelView("in", "In", "yes", 1), "none": LevelView("none", "None", "no", 2)}
    claims = [says("in", "a", "b", "c"), says("none", "d")]
    cells = [CellView(1, 1, **cell_fields(assess(claims, ruling), levels)) for ruling in (None, Decision("in"))]
    assert [answer_of(need_in(cell, TODAY)).is_open for cell in cells] == [True, False]
