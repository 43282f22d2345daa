"""Criteria are merged if they are answered in the same way."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from comparisons.editing import merging as moving
from comparisons.editing import proposals
from comparisons.editing.merging import Refused
from comparisons.models import (
    ComparisonCriterion,
    Criterion,
    Level,
    Ruling,
)
from comparisons.models.aliases import joined_by
from tests.factories import (
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    make_need,
    make_proposal,
    make_ruling,
)

from .builders import fresh, last_entry, leads, mapped, two_criteria

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_all_that_stands_under_a_criterion_moves_with_it(rita: User) -> None:
    duplicate, kept = two_criteria()
    claim = make_claim(criterion=duplicate, level="maybe")
    draft = make_claim(claim.framework, duplicate, level="no", status="draft", published_at=None)
    ruling = make_ruling(claim.framework, duplicate, level=claim.level)
    comparison = make_comparison("one", (), (make_criterion(), duplicate))
    use_case = make_criterion(group=make_group(holds_use_cases=True))
    asked = make_need(use_case, duplicate, level=claim.level)
    both = make_comparison("both", (), (duplicate, kept))
    moving.merge_criteria(duplicate, kept, by=rita, levels=mapped(duplicate, kept))
    assert [(fresh(c).criterion, fresh(c).level.slug) for c in (claim, draft)] == [(kept, "full"), (kept, "none")]
    assert (fresh(ruling).criterion, fresh(ruling).level.slug) == (kept, "full")
    assert [row.criterion.slug for row in comparison.rows.order_by("order")][1:] == ["kept"]
    assert [row.criterion.slug for row in both.rows.all()] == ["kept"]
    assert (fresh(asked).criterion, fresh(asked).level.slug) == (kept, "full")
    assert leads("criterion") == {"duplicate": "kept"} and not Level.objects.filter(slug="maybe").exists()
    for moved in (claim, ruling, comparison):
        assert last_entry(moved) == ("~", "Moved: criterion duplicate is now kept", "rita")
    assert fresh(claim).status == "published"


def test_names_and_aliases_lead_to_what_stays(rita: User) -> None:
    duplicate, kept = two_criteria()
    duplicate.aliases, kept.aliases = "mapper, Store", "store, keeper"
    for criterion in (duplicate, kept):
        criterion.save()
    duplicate.levels.filter(slug="maybe").update(aliases="perhaps, full")
    assert "store, keeper, Duplicate, mapper" in " ".join(moving.criterion_plan(duplicate, kept).notes)
    moving.merge_criteria(duplicate, kept, by=rita, levels=mapped(duplicate, kept))
    assert fresh(kept).aliases == "store, keeper, Duplicate, mapper"
    assert "Maybe, perhaps" in kept.levels.get(slug="full").aliases


def test_aliases_that_do_not_fit_are_left_behind() -> None:
    kept, duplicate = (Criterion(name=name) for name in ("Kept", "Other"))
    kept.aliases = ", ".join(f"name number {number:03}" for number in range(34))
    duplicate.aliases = "kept, a name that is too long for what is left of the space, short"
    assert joined_by(kept, duplicate) == f"{kept.aliases}, Other, short"


def test_levels_are_proposed_by_slug_label_and_meaning() -> None:
    duplicate = make_criterion(levels=("yes", "partly", "none"))
    kept = make_criterion(levels=("all", "some", "none"))
    kept.levels.filter(slug="some").update(label="PARTLY")
    found = {c.level.slug: c.proposed and c.proposed.slug for c in moving.criterion_plan(duplicate, kept).levels}
    assert found == {"yes": "all", "partly": "some", "none": "none"}


def test_a_level_in_use_needs_one_to_go_to(rita: User) -> None:
    duplicate, kept = two_criteria()
    claim = make_claim(criterion=duplicate, level="maybe")
    stranger = make_criterion(levels=("a", "b")).levels.first()
    for levels in ({}, {claim.level_id: stranger.pk}, {claim.level_id: claim.level_id}):
        with pytest.raises(Refused, match="takes the place of “Maybe”"):
            moving.merge_criteria(duplicate, kept, by=rita, levels=levels)
    used = claim.level_id
    moving.merge_criteria(duplicate, kept, by=rita, levels={used: kept.levels.first().pk})
    assert fresh(claim).level == kept.levels.first()


@pytest.mark.parametrize("other", [{"value_type": "number"}, {"value_type": "level"}])
def test_criteria_that_are_answered_differently_are_not_merged(other: dict[str, str], rita: User) -> None:
    with pytest.raises(Refused, match="answered differently"):
        moving.merge_criteria(make_criterion(), make_criterion(**other), by=rita)


def test_numbers_of_different_units_are_not_merged(rita: User) -> None:
    one, other = make_criterion(value_type="number", unit="ms"), make_criterion(value_type="number", unit="s")
    with pytest.raises(Refused, match=r"number \(ms\)"):
        moving.merge_criteria(one, other, by=rita)


def test_a_use_case_is_not_merged_into_what_is_none(rita: User) -> None:
    case = make_criterion(group=make_group(holds_use_cases=True))
    with pytest.raises(Refused, match="use case"):
        moving.merge_criteria(case, make_criterion(group=make_group()), by=rita)


@pytest.mark.parametrize("stands", ["duplicate", "kept"])
def test_of_two_rulings_one_is_chosen(stands: str, rita: User) -> None:
    duplicate, kept = make_criterion("duplicate"), make_criterion("kept")
    framework = make_framework()
    make_claim(framework, duplicate, text="A")
    rulings = {c.slug: make_ruling(framework, c, text=c.slug) for c in (duplicate, kept)}
    with pytest.raises(Refused, match="Say which one stands"):
        moving.merge_criteria(duplicate, kept, by=rita, rulings={framework.pk: 0})
    moving.merge_criteria(duplicate, kept, by=rita, rulings={framework.pk: rulings[stands].pk})
    assert Ruling.objects.get().text == stands
    assert Ruling.history.filter(history_type="-").get().text == ({"duplicate", "kept"} - {stands}).pop()


def test_no_row_of_a_comparison_is_left_of_a_merged_criterion(rita: User) -> None:
    duplicate, kept = make_criterion("duplicate"), make_criterion("kept")
    make_comparison("both", (), (kept, duplicate))
    moving.merge_criteria(duplicate, kept, by=rita)
    assert ComparisonCriterion.objects.get().criterion == kept


def test_a_change_that_waits_gives_the_level_that_was_chosen(rita: User) -> None:
    duplicate, kept = two_criteria()
    claim = make_claim(criterion=duplicate, level="no")
    waits = make_proposal(claim, None, level=duplicate.levels.get(slug="maybe"))
    levels = mapped(duplicate, kept)
    choices = {choice.level.slug: choice.used for choice in moving.criterion_plan(duplicate, kept).levels}
    assert choices["maybe"] == 1 and choices["no"] == 1
    moving.merge_criteria(duplicate, kept, by=rita, levels=levels)
    proposals.approve(fresh(waits), by=rita)
    assert (fresh(claim).criterion, fresh(claim).level.slug) == (kept, "full")
