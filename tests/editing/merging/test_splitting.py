"""Some claims of a criterion go to a new one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused, Split
from comparisons.models import (
    Criterion,
)
from tests.factories import (
    make_claim,
    make_comparison,
    make_criterion,
    make_ruling,
)

from .builders import fresh, last_entry, leads, new_criterion

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_a_split_moves_the_chosen_claims_with_their_levels(rita: User) -> None:
    old = make_criterion("old", levels=("yes", "no"))
    goes, stays = make_claim(criterion=old, level="yes"), make_claim(criterion=old, level="yes")
    draft = make_claim(criterion=old, level="no", status="draft", published_at=None)
    new = moving.split_criterion(old, new_criterion(), Split(frozenset({goes.pk, draft.pk})), by=rita)
    assert [level.label for level in new.levels.order_by("order")] == ["Yes", "No"]
    assert (fresh(goes).criterion, fresh(goes).level.criterion, fresh(goes).level.slug) == (new, new, "yes")
    assert fresh(draft).criterion == new and fresh(stays).criterion == old
    assert last_entry(goes) == ("~", "Moved: criterion old was split, this went to new", "rita")
    assert last_entry(old)[1] == "Split: part of it went to new"
    assert not leads("criterion")


def test_a_new_criterion_stands_right_after_the_old_one(rita: User) -> None:
    old = make_criterion("old")
    claim = make_claim(criterion=old)
    first, last = make_criterion("first"), make_criterion("last")
    chosen, other = (make_comparison(slug, (), (first, old, last)) for slug in ("chosen", "other"))
    moving.split_criterion(old, new_criterion(), Split(frozenset({claim.pk}), frozenset({chosen.pk})), by=rita)
    assert [row.criterion.slug for row in chosen.rows.order_by("order")] == ["first", "old", "new", "last"]
    assert [row.criterion.slug for row in other.rows.order_by("order")] == ["first", "old", "last"]


def test_a_criterion_split_altogether_leads_to_the_first_of_its_heirs(rita: User) -> None:
    old = make_criterion("old", levels=("yes", "no"))
    comparison = make_comparison("all", (), (old, make_criterion("last")))
    one, other = make_claim(criterion=old, level="yes"), make_claim(criterion=old, level="no")
    split = Split(frozenset({one.pk}), frozenset({comparison.pk}))
    moving.split_criterion(old, new_criterion("new"), split, by=rita)
    moving.split_criterion(fresh(old), new_criterion("newer"), Split(frozenset({other.pk}), replaces=True), by=rita)
    assert leads("criterion") == {"old": "new"} and not Criterion.objects.filter(slug="old").exists()
    assert [row.criterion.slug for row in comparison.rows.order_by("order")] == ["newer", "new", "last"]


def test_a_criterion_with_claims_does_not_go(rita: User) -> None:
    old = make_criterion("old")
    claim, _stays = make_claim(criterion=old), make_claim(criterion=old)
    with pytest.raises(Refused, match="1 would stay"):
        moving.split_criterion(old, new_criterion(), Split(frozenset({claim.pk}), replaces=True), by=rita)
    assert not Criterion.objects.filter(slug="new").exists()


def test_claims_of_other_criteria_cannot_be_chosen(rita: User) -> None:
    old, stranger = make_criterion("old"), make_claim()
    for claims in (frozenset[int](), frozenset({stranger.pk}), frozenset({10**17})):
        with pytest.raises(Refused):
            moving.split_criterion(old, new_criterion(), Split(claims), by=rita)


def test_a_ruling_goes_where_the_claims_go_that_it_names(rita: User) -> None:
    old = make_criterion("old")
    goes, stays = make_claim(criterion=old), make_claim(criterion=old)
    moves, rests = (make_ruling(claim.framework, old, text="So") for claim in (goes, stays))
    moves.rejected.add(goes)
    rests.rejected.add(stays)
    new = moving.split_criterion(old, new_criterion(), Split(frozenset({goes.pk})), by=rita)
    assert (fresh(moves).criterion, fresh(rests).criterion) == (new, old)


def test_a_ruling_is_not_torn_apart(rita: User) -> None:
    old = make_criterion("old")
    one = make_claim(criterion=old, key="one")
    two = make_claim(one.framework, old, key="two")
    ruling = make_ruling(one.framework, old, is_open=True)
    ruling.rejected.add(one)
    ruling.accepted.add(two)
    with pytest.raises(Refused, match=r"claims that stay \(one, two\)"):
        moving.split_criterion(old, new_criterion(), Split(frozenset({one.pk})), by=rita)


@pytest.mark.parametrize("fields", [{"slug": "taken"}, {"name": "Taken"}, {"slug": "Not A Slug"}, {"question": ""}])
def test_a_new_criterion_that_cannot_be_is_refused(fields: dict[str, str], rita: User) -> None:
    make_criterion("taken", name="Taken")
    claim = make_claim(criterion=make_criterion("old"))
    new = new_criterion("new")
    for name, value in fields.items():
        setattr(new, name, value)
    with pytest.raises(Refused):
        moving.split_criterion(claim.criterion, new, Split(frozenset({claim.pk})), by=rita)
    assert fresh(claim).version == 1
