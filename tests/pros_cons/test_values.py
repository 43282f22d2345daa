"""The values of few claims are counted as the sets of the values would count them, after any changes."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from comparisons.pros_cons.claim_sets import ClaimSets, SummaryRow
from comparisons.pros_cons.sets import Places

ARTICLES, CRITERIA = range(1, 6), range(1, 4)
changes = st.lists(
    st.dictionaries(
        st.integers(0, 9), st.tuples(st.booleans(), st.sampled_from(CRITERIA), st.sets(st.sampled_from(ARTICLES)))
    ),
    min_size=1,
    max_size=6,
)


def row(place: int, is_shown: bool, criterion: int, articles: set[int]) -> SummaryRow:
    return SummaryRow(
        place, 100 + place, is_shown, 1, criterion, "pro", "fact", "holds", [*articles], 1, dt.date.min, None, 1
    )


@given(changes, st.sets(st.integers(0, 9)))
def test_counts_follow_every_change(changes: list[dict[int, tuple[bool, int, set[int]]]], asked: set[int]) -> None:
    sets = ClaimSets()
    for change in changes:
        sets = sets.having(row(place, *said) for place, said in change.items())
        found = Places(asked) & sets.of("is_shown", True)
        for name, values in (("article", ARTICLES), ("criterion", CRITERIA)):
            counts = {value: sets.of(name, value).intersection_cardinality(found) for value in values}
            assert sets.counts(name, found) == {value: number for value, number in counts.items() if number}
