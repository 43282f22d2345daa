"""Orders made of sets: cut and continued as a sorted list would be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comparisons.pros_cons import sets


@given(st.sets(st.integers(0, 300)), st.lists(st.sets(st.integers(0, 300)), max_size=6), st.integers(0, 40))
def test_taking_the_first_is_sorting_and_cutting(places, slices, most):
    order = [sets.Places(one) for one in slices]

    def key(place):
        return [place not in one for one in order], place

    taken = sets.take(sets.Places(places), order, most)
    assert set(taken) == set(sorted(places, key=key)[:most])


@given(st.sets(st.integers(0, 300), min_size=1), st.lists(st.sets(st.integers(0, 300)), max_size=6))
def test_what_comes_after_a_claim_is_what_sorts_after_it(places, slices):
    order = [sets.Places(one) for one in slices]

    def key(place):
        return [place not in one for one in order], place

    at = min(places)
    later = sets.after(sets.Places(places), order, at)
    assert set(later) == {place for place in places if key(place) > key(at)}
