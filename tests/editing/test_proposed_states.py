"""The states of proposals: any edit equals its approved proposal, and the changes of two sides are merged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparisons.editing import proposals, state_writing
from comparisons.history import states
from comparisons.language.cleaning import tidy
from comparisons.models import Citation, Claim
from tests import factories as make
from tests.admin.users import make_user

pytestmark = pytest.mark.django_db

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["C"]), min_size=1, max_size=20
).map(tidy)
CITED = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "2"]), TEXTS), max_size=4, unique_by=lambda c: c[:2])


@pytest.fixture
def writer() -> Any:
    return make_user("writer", role="editor")


@pytest.fixture
def reviewer() -> Any:
    return make_user("reviewer", role="reviewer")


@given(statement=TEXTS, number=st.none() | st.decimals(0, 1000, places=2), cited=CITED)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edit_of_a_claim_equals_its_approved_proposal(
    statement: str, number: Any, cited: Any, writer: Any, reviewer: Any
) -> None:
    statement = f"S{statement.strip()}"
    articles = [make.make_article() for _ in range(3)]
    criterion = make.make_criterion(value_type="number")
    pair = [make.make_claim(criterion=criterion, number=1, by=tuple(articles[:2])) for _ in range(2)]
    make.make_citation(pair[0], articles[0], locator="kept")
    make.make_citation(pair[1], articles[0], locator="kept")

    def edit(claim: Claim) -> None:
        claim = Claim.objects.get(pk=claim.pk)
        claim.statement, claim.number = statement, number
        claim.save()
        claim.citations.exclude(locator="kept").delete()
        for place, locator, says in cited:
            Citation.objects.create(claim=claim, article=articles[place], locator=locator, says=f"S{says.strip()}")

    edit(pair[0])
    made = proposals.propose_edit(pair[1], lambda: edit(pair[1]), by=writer)
    assert made is not None
    proposals.approve(made, by=reviewer)
    stored = [states.whole(Claim.objects.get(pk=claim.pk)) for claim in pair]
    fields, lists = [one.fields for one in stored], [list(one.parts.values()) for one in stored]
    assert {k: v for k, v in fields[0].items() if k != "framework"} == {
        k: v for k, v in fields[1].items() if k != "framework"
    }
    assert sorted(lists[0], key=str) == sorted(lists[1], key=str)


def state(fields: dict[str, Any], **parts: dict[str, Any]) -> states.State:
    return states.State(fields, {(Citation, int(key[1:])): value for key, value in parts.items()})


MERGED = {
    "neither changed": (state({"a": 1}), state({"a": 1}), state({"a": 1}), state({"a": 1})),
    "the proposal changed": (state({"a": 1}), state({"a": 2}), state({"a": 1}), state({"a": 2})),
    "somebody else changed": (state({"a": 1}), state({"a": 1}), state({"a": 3}), state({"a": 3})),
    "both changed": (state({"a": 1}), state({"a": 2}), state({"a": 3}), state({"a": 2})),
    "both changed different fields": (
        state({"a": 1, "b": 1}),
        state({"a": 2, "b": 1}),
        state({"a": 1, "b": 3}),
        state({"a": 2, "b": 3}),
    ),
    "both added": (state({}), state({}, p1={"s": 1}), state({}, p2={"s": 2}), state({}, p1={"s": 1}, p2={"s": 2})),
    "the proposal removed": (state({}, p1={"s": 1}), state({}), state({}, p1={"s": 1}), state({})),
    "somebody else removed": (state({}, p1={"s": 1}), state({}, p1={"s": 1}), state({}), state({})),
    "one removed what the other changed": (
        state({}, p1={"s": 1}),
        state({}),
        state({}, p1={"s": 2}),
        state({}, p1={"s": 2}),
    ),
}


@pytest.mark.parametrize("case", MERGED)
def test_the_changes_of_both_sides_are_kept(case: str) -> None:
    base, ours, now, expected = MERGED[case]
    assert proposals.merged(base, ours, now) == expected


def test_new_rows_have_keys_that_no_stored_row_has() -> None:
    claim = make.make_claim()
    base = states.whole(claim)
    citation = make.make_citation(claim)
    found = state_writing.with_new_keys(claim, states.whole(claim), base)
    assert [key for _model, key in found.parts][-1] >= states.NEW_KEYS > citation.pk
