"""The articles of few claims are counted as the sets of the articles would count them, after any changes."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from comparisons.pros_cons.claim_sets import ClaimSets, SummaryRow
from comparisons.pros_cons.sets import Places

ARTICLES = range(1, 6)
changes = st.lists(
    st.dictionaries(st.integers(0, 9), st.tuples(st.booleans(), st.sets(st.sampled_from(ARTICLES)))),
    min_size=1,
    max_size=6,
)


def row(place: int, is_shown: bool, articles: set[int]) -> SummaryRow:
    return SummaryRow(place, 100 + place, is_shown, 1, 1, "pro", "fact", "holds", [*articles], 1, dt.date.min, None, 1)


@given(changes, st.sets(st.integers(0, 9)))
def test_counts_follow_every_change(changes: list[dict[int, tuple[bool, set[int]]]], asked: set[int]) -> None:
    sets = ClaimSets()
    for change in changes:
        sets = sets.having(row(place, *said) for place, said in change.items())
        found = Places(asked) & sets.of("is_shown", True)
        counts = {article: sets.of("article", article).intersection_cardinality(found) for article in ARTICLES}
        assert sets.cited.counts(found) == {article: number for article, number in counts.items() if number}
