"""Claims are merged if they say the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused
from comparisons.models import (
    Claim,
    Level,
    Paragraph,
)
from tests.factories import (
    make_article,
    make_check,
    make_citation,
    make_comparison,
    make_criterion,
    make_framework,
    make_ruling,
    make_run,
)

from .builders import fresh, last_entry, leads, twins

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_all_that_rests_on_a_claim_moves_with_it(rita: User) -> None:
    duplicate, kept = twins()
    citation = duplicate.citations.get()
    ruling = make_ruling(duplicate.framework, duplicate.criterion, level=duplicate.level)
    ruling.rejected.add(duplicate)
    comparison = make_comparison("all")
    paragraph = Paragraph.objects.create(comparison=comparison, text="So.")
    paragraph.claims.add(duplicate, kept)
    moving.merge_claims(duplicate, kept, by=rita)
    assert fresh(citation).claim == kept
    assert list(ruling.rejected.all()) == list(paragraph.claims.all()) == [kept]
    assert leads("claim") == {"duplicate": "kept"} and not Claim.objects.filter(key="duplicate").exists()
    assert last_entry(citation) == ("~", "Merged from duplicate", "rita")
    assert last_entry(ruling) == last_entry(comparison) == ("~", "Moved: claim duplicate is now kept", "rita")


def test_checks_move_but_for_one_that_the_other_claim_has(rita: User) -> None:
    duplicate, kept = twins()
    make_check(duplicate, "1.0", note="Of the duplicate.")
    make_check(duplicate, "2.0", note="Of the duplicate.")
    make_check(kept, "1.0", note="Of the other.")
    moving.merge_claims(duplicate, kept, by=rita)
    found = kept.checks.order_by("version").values_list("version", "note", "superseded_on")
    assert list(found) == [("1.0", "Of the other.", None), ("2.0", "Of the duplicate.", None)]


def test_runs_of_programs_move_but_for_one_that_the_other_claim_has(rita: User) -> None:
    duplicate, kept = twins()
    make_run(duplicate, "1.0", probe="one", output="Of the duplicate.")
    make_run(duplicate, "2.0", probe="one", output="Of the duplicate.")
    make_run(kept, "1.0", probe="one", output="Of the other.")
    assert "Runs of its programs" in [batch.label for batch in moving.claim_plan(duplicate, kept).moves]
    moving.merge_claims(duplicate, kept, by=rita)
    found = kept.runs.order_by("version").values_list("version", "output")
    assert list(found) == [("1.0", "Of the other."), ("2.0", "Of the duplicate.")]


def test_two_citations_of_one_article_both_stay(rita: User) -> None:
    duplicate, kept = twins(by=())
    article = kept.citations.get().article
    make_citation(duplicate, article, says="In other words.")
    moving.merge_claims(duplicate, kept, by=rita)
    assert sorted(kept.citations.values_list("locator", flat=True)) == ["", "(2)"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"framework": make_framework}, "different frameworks"),
        ({"criterion": make_criterion, "level": lambda: None}, "different criteria"),
        ({"level": lambda: Level.objects.get(slug="no")}, "different values"),
        ({"polarity": lambda: "pro"}, "speaks for it"),
    ],
)
def test_claims_that_do_not_say_the_same_are_not_merged(changes: dict[str, Any], reason: str, rita: User) -> None:
    duplicate, kept = twins()
    for name, make in changes.items():
        setattr(duplicate, name, make())
    duplicate.save()
    kept.polarity = "con"
    kept.save()
    with pytest.raises(Refused, match=reason):
        moving.merge_claims(duplicate, kept, by=rita)


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_a_published_claim_is_not_merged_out_of_sight(status: str, rita: User) -> None:
    duplicate, kept = twins()
    withdrawn = {"withdrawn_at": kept.published_at, "withdrawal_reason": "No."} if status == "withdrawn" else {}
    Claim.objects.filter(pk=kept.pk).update(status=status, **withdrawn)
    with pytest.raises(Refused, match="merge the other way round"):
        moving.merge_claims(duplicate, fresh(kept), by=rita)


def test_a_claim_that_was_published_once_goes_where_its_address_answers(rita: User) -> None:
    duplicate, kept = twins(status="in-review")
    Claim.objects.filter(pk=kept.pk).update(status="draft", published_at=None)
    with pytest.raises(Refused, match="has to keep working"):
        moving.merge_claims(duplicate, fresh(kept), by=rita)


def test_claims_on_opposite_sides_of_a_ruling_are_not_merged(rita: User) -> None:
    duplicate, kept = twins()
    ruling = make_ruling(duplicate.framework, duplicate.criterion, is_open=True)
    ruling.rejected.add(duplicate)
    ruling.accepted.add(kept)
    with pytest.raises(Refused, match="opposite sides"):
        moving.merge_claims(duplicate, kept, by=rita)


@pytest.mark.parametrize(
    ("status", "writes", "is_merged"),
    [
        ("published", "kept", True),
        ("published", "duplicate", True),
        ("draft", None, True),
        ("draft", "kept", True),
        ("draft", "duplicate", False),
    ],
)
def test_what_nobody_else_has_approved_is_not_merged_into_a_published_claim(
    status: str, writes: str | None, is_merged: bool, rita: User
) -> None:
    duplicate, kept = twins(status=status, **({} if status == "published" else {"published_at": None}))
    if writes:
        Claim.objects.filter(key=writes).update(written_by=rita)
    if not is_merged:
        with pytest.raises(Refused, match="somebody else has to approve"):
            moving.merge_claims(fresh(duplicate), fresh(kept), by=rita)
        return
    merged = moving.merge_claims(fresh(duplicate), fresh(kept), by=rita)
    assert fresh(merged).status == "published"
    assert fresh(merged).author == rita


def test_a_superuser_merges_in_place(chief: User) -> None:
    duplicate, kept = twins(status="draft", published_at=None, written_by=chief)
    assert fresh(moving.merge_claims(duplicate, kept, by=chief)).status == "published"


def test_a_claim_that_takes_over_what_a_published_one_says_stays_published(rita: User) -> None:
    duplicate, kept = twins(since_version="2.0")
    assert [offer.name for offer in moving.claim_plan(duplicate, kept).offers] == ["since_version"]
    merged = fresh(moving.merge_claims(duplicate, kept, by=rita, take=["since_version"]))
    assert (merged.since_version, merged.status) == ("2.0", "published")


def test_a_verdict_is_taken_over_with_its_articles(rita: User) -> None:
    duplicate, kept = twins(verdict="holds", verdict_note="Tried.", verdict_on="2026-11-20")
    article = make_article()
    duplicate.verdict_articles.add(article)
    merged = fresh(moving.merge_claims(duplicate, kept, by=rita, take=["verdict"]))
    assert (merged.verdict, merged.verdict_note, merged.status) == ("holds", "Tried.", "published")
    assert list(merged.verdict_articles.all()) == [article]


def test_a_value_is_taken_over_whole(chief: User) -> None:
    duplicate, kept = twins()
    Claim.objects.filter(pk=kept.pk).update(level=None)
    assert fresh(moving.merge_claims(duplicate, fresh(kept), by=chief, take=["value"])).level == duplicate.level
