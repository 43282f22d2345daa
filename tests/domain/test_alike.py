"""Which frameworks are alike, and what sets them apart: a table of cases, and what holds of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain import alike
from comparisons.domain.alike import Neighbour, SetApart, distance, farthest, neighbours
from comparisons.domain.vocabulary import Meaning


def other(name: str, same: int, both: int, place: int = 0) -> Neighbour:
    return Neighbour(name, name.title(), place, same, both)


COUNTS = st.integers(0, 60).flatmap(lambda both: st.tuples(st.integers(0, both), st.just(both)))
OTHERS = st.lists(COUNTS, max_size=12).map(lambda found: [other(f"f{n}", *pair, n) for n, pair in enumerate(found)])


@pytest.mark.parametrize(
    ("others", "names", "too_few"),
    [
        ([], [], 0),
        ([other("none", 0, 0)], [], 0),
        ([other("few", 9, 9)], [], 1),
        ([other("ten", 1, 10), other("few", 9, 9)], ["ten"], 1),
        ([other("half", 10, 20), other("most", 15, 20)], ["most", "half"], 0),
        ([other("half", 10, 20), other("wide", 20, 40)], ["wide", "half"], 0),
        ([other("late", 10, 20, 2), other("early", 10, 20, 1)], ["early", "late"], 0),
        ([other(name, 10, 20, n) for n, name in enumerate("abcde")], ["a", "b", "c"], 0),
    ],
)
def test_the_nearest_have_the_largest_share_of_enough_answers(others, names, too_few):
    found = neighbours(others)
    assert [one.slug for one in found.nearest] == names and found.too_few == too_few


def test_a_neighbour_says_how_many_others_are_exactly_as_near():
    found = neighbours([other(name, 10, 20, n) for n, name in enumerate("abcd")] + [other("x", 19, 20)])
    assert [(one.slug, one.ties) for one in found.nearest] == [("x", 0), ("a", 3), ("b", 3)]


@given(OTHERS, st.randoms(use_true_random=False))
def test_the_order_in_which_frameworks_come_does_not_matter(others, chance):
    mixed = list(others)
    chance.shuffle(mixed)
    assert neighbours(mixed) == neighbours(others)


@given(OTHERS)
def test_nobody_who_is_left_out_is_nearer(others):
    found = neighbours(others)
    named = {one.slug for one in found.nearest}
    left_out = [one for one in others if one.slug not in named and one.both >= alike.FEWEST]
    assert all(0 <= one.share <= 1 for one in found.nearest)
    assert all(one.share <= near.share for one in left_out for near in found.nearest)
    assert len(found.nearest) == min(alike.NEIGHBOURS, sum(one.both >= alike.FEWEST for one in others))


@given(OTHERS, st.integers(1, 20))
def test_a_further_answer_alike_never_makes_a_framework_less_near(others, more):
    mine = other("mine", 12, 24, 99)
    nearer = mine._replace(alike=mine.alike + more, both=mine.both + more)

    def place(one):
        return [each.slug for each in neighbours([*others, one], most=99).nearest].index("mine")

    assert place(nearer) <= place(mine)


@given(st.sampled_from(Meaning), st.sampled_from(Meaning))
def test_a_distance_is_none_from_itself_and_the_same_both_ways(one, two):
    assert distance(one, two) == distance(two, one) <= distance(Meaning.YES, Meaning.NO)
    assert (distance(one, two) == 0) == (one == two)


def test_the_farthest_answers_come_first_and_the_firmest_of_these():
    def answer(slug: str, own: str, theirs: str, firm: int) -> SetApart:
        return SetApart(slug, slug, own, theirs, own, theirs, firm)

    found = [
        answer("same", "partial", "partial", 9),
        answer("half", "yes", "partial", 9),
        answer("neither", "neutral", "yes", 8),
        answer("thin", "yes", "no", 2),
        answer("firm", "no", "yes", 5),
    ]
    assert [one.slug for one in farthest(found, most=4)] == ["firm", "thin", "half", "neither"]
