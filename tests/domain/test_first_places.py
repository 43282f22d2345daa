"""How often each of several comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.first_places import DRAWN, Range, first_places, is_exact

RANGES = st.lists(
    st.builds(
        Range,
        st.integers(0, 10),
        st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=2).map(lambda more: (0, *sorted(more))), max_size=2),
    ),
    min_size=1,
    max_size=3,
)
#: Five answers of three readings each: more combinations than are all looked at, twice.
OPEN = [(0, 3, 6), (0, 1, 2), (0, 2, 4), (0, 5, 10), (0, 1, 7)]


@given(RANGES)
def test_all_combinations_count_where_they_are_few(ranges):
    found = first_places(dict(enumerate(ranges)))
    assert is_exact(ranges) and sum(found.values()) == pytest.approx(1)
    best = max(one.least for one in ranges)
    assert all(ranges[key].greatest >= best for key in found)


@pytest.mark.parametrize("worth", [1, 100, 10**6, 10**12, 10**30])
def test_the_size_of_the_totals_changes_nothing(worth):
    def shares(times):
        gains = [tuple(times * gain for gain in found) for found in OPEN]
        return first_places({1: Range(0, gains), 2: Range(4 * times, gains[::-1])})

    assert shares(worth) == shares(1)


def test_a_sample_comes_close_to_all_combinations():
    """Two that are alike share the first places; the third is a point ahead of both and open in nothing."""
    ranges = {1: Range(0, OPEN), 2: Range(0, OPEN), 3: Range(29, [])}
    found = first_places(ranges)
    assert not is_exact(ranges.values())
    assert found[3] > 0.9
    even = first_places({1: Range(0, OPEN), 2: Range(0, OPEN)})
    assert even[1] == pytest.approx(0.5, abs=3 / (2 * DRAWN**0.5))


def test_nobody_comes_first_where_there_is_nobody():
    assert first_places({}) == {}
