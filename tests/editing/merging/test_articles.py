"""Renames, merges and splits: everything moves, nothing is lost, and of several at once none undoes another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused, Split, writes
from comparisons.exchange.fixtures import loading
from comparisons.maintenance import checks
from comparisons.models import (
    Article,
    Cell,
    Citation,
    Claim,
    ClaimSummary,
    ComparisonCriterion,
    Criterion,
    FormerAddress,
    Framework,
    Level,
    Paragraph,
    Ruling,
    StaleVersion,
)
from tests.admin.conftest import make_user
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_former,
    make_framework,
    make_group,
    make_release,
    make_ruling,
    settle,
)

from tests.editing.test_concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db: None) -> User:
    return make_user("chief")


@pytest.fixture
def rita(db: None) -> User:
    return make_user("rita", role="reviewer")


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def leads(kind: str) -> dict[str, str]:
    return dict(FormerAddress.objects.filter(kind=kind).values_list("key", "now"))


def last_entry(row: Any) -> tuple[str, str | None, str | None]:
    entry = row.history.first()
    return entry.history_type, entry.history_change_reason, entry.history_user and entry.history_user.username


# ── Renaming ─────────────────────────────────────────────────────────

RECORDS = [make_framework, make_group, make_criterion, make_article, make_claim, make_comparison]


@pytest.mark.parametrize("make", RECORDS, ids=lambda make: make.__name__)
def test_a_rename_leaves_the_former_address_leading_here(make: Any, chief: User) -> None:
    record = make()
    old = record.address
    renamed = moving.rename(record, "renamed", by=chief)
    assert fresh(record).address == renamed.address == "renamed"
    assert leads(record.address_kind) == {old: "renamed"}
    if hasattr(record, "history"):
        assert last_entry(record) == ("~", f"Renamed from {old}", "chief")


def test_a_chain_of_renames_is_kept_flat(chief: User) -> None:
    framework = make_framework("a")
    framework = moving.rename(framework, "b", by=chief)
    moving.rename(framework, "c", by=chief)
    assert leads("framework") == {"a": "c", "b": "c"}


def test_a_record_can_take_back_its_former_slug(chief: User) -> None:
    framework = moving.rename(make_framework("a"), "b", by=chief)
    moving.rename(framework, "a", by=chief)
    assert leads("framework") == {"b": "a"}


def test_a_former_slug_of_another_record_is_not_taken(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief)
    with pytest.raises(Refused, match="former address of “b”"):
        moving.rename(make_framework("c"), "a", by=chief)


def test_a_new_record_does_not_take_a_former_slug_unless_it_was_freed(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief)
    new = Framework(slug="a", name="Another", tagline="New", summary="New.")
    with pytest.raises(ValidationError, match="former address of “b”"):
        new.full_clean()
    FormerAddress.objects.get(key="a").delete()
    new.full_clean()


@pytest.mark.parametrize("slug", ["taken", "Not A Slug", "", "a-vs-b", "x" * 61, "a\nb"])
def test_a_slug_that_cannot_be_used_is_refused(slug: str, chief: User) -> None:
    make_framework("taken")
    framework = make_framework("a")
    with pytest.raises(Refused):
        moving.rename(framework, slug, by=chief)
    assert fresh(framework).slug == "a" and not leads("framework")


def test_a_level_is_renamed_without_an_address(chief: User) -> None:
    level = make_criterion(levels=("yes", "no")).levels.get(slug="yes")
    moving.rename(level, "built-in", by=chief)
    assert fresh(level).slug == "built-in" and not FormerAddress.objects.exists()
    with pytest.raises(Refused):
        moving.rename(fresh(level), "no", by=chief)


def test_a_rename_of_what_somebody_saved_meanwhile_is_refused(chief: User) -> None:
    read = make_framework("a")
    fresh(read).save()
    with pytest.raises(StaleVersion):
        moving.rename(read, "b", by=chief)


def test_a_deleted_record_takes_its_former_addresses_along(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief).delete()
    assert not FormerAddress.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_who_may_merge_moves_records(role: str) -> None:
    user = make_user("edgar", role=role)
    one, other = make_article(), make_article()
    for attempt in (
        lambda: moving.rename(one, "new", by=user),
        lambda: moving.merge_articles(one, other, by=user),
        lambda: moving.merge_claims(make_claim(), make_claim(), by=user),
        lambda: moving.merge_criteria(make_criterion(), make_criterion(), by=user),
        lambda: moving.split_criterion(make_criterion(), Criterion(), Split(), by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


# ── Articles ─────────────────────────────────────────────────────────


def test_all_that_rests_on_an_article_moves_with_it(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    claim, judged = make_claim(by=(gone,)), make_claim()
    judged.verdict_articles.add(gone)
    release = make_release(claim.framework, "1.0")
    release.articles.add(gone)
    follower = make_article("follower", follows=gone)
    moving.merge_articles(gone, kept, by=rita)
    assert claim.citations.get().article == kept
    assert list(judged.verdict_articles.all()) == list(release.articles.all()) == [kept]
    assert fresh(follower).follows == kept
    assert not Article.objects.filter(slug="gone").exists() and leads("article") == {"gone": "kept"}


def test_every_row_that_moved_says_so_in_its_history(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    claim = make_claim(by=(gone,))
    follower = make_article("follower", follows=gone)
    moving.merge_articles(gone, kept, by=rita)
    assert last_entry(claim.citations.get()) == ("~", "Merged from gone", "rita")
    assert last_entry(kept) == ("~", "Merged from gone", "rita")
    for moved in (claim, follower):
        assert last_entry(moved) == ("~", "Moved: article gone is now kept", "rita")
    [entry] = Article.history.filter(id=gone.pk, history_type="-")
    assert (entry.history_change_reason, entry.title) == ("Merged into kept", "Title of gone")


def test_history_of_a_claim_keeps_the_articles_of_its_verdict(rita: User) -> None:
    gone, kept, claim = make_article("gone"), make_article("kept"), make_claim()
    claim.verdict_articles.add(gone)
    moving.merge_articles(gone, kept, by=rita)
    assert [one.article for one in claim.history.first().verdict_articles.all()] == [kept]


def test_citations_at_one_place_both_stay(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    claim = make_claim(by=())
    make_citation(claim, kept, locator="§ 1", says="Once.")
    make_citation(claim, gone, "disputes", locator="§ 1", says="Not so.")
    moving.merge_articles(gone, kept, by=rita)
    found = list(claim.citations.order_by("pk").values_list("article__slug", "stance", "locator", "says"))
    assert found == [
        ("kept", "supports", "§ 1", "Once."),
        ("kept", "disputes", "§ 1, formerly gone", "Not so."),
    ]


def test_a_place_that_is_taken_too_is_numbered(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    claim = make_claim(by=())
    make_citation(claim, kept, locator="x" * 200, says="A")
    make_citation(claim, kept, locator="x" * 185 + ", formerly gone", says="B")
    make_citation(claim, gone, locator="x" * 200, says="C")
    moving.merge_articles(gone, kept, by=rita)
    assert sorted(claim.citations.values_list("says", flat=True)) == ["A", "B", "C"]
    assert claim.citations.get(says="C").locator.endswith(", formerly gone (2)")


def test_what_is_the_same_word_for_word_is_kept_once(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    claim = make_claim(by=())
    for article in (gone, kept):
        make_citation(claim, article, says="Same.")
    moving.merge_articles(gone, kept, by=rita)
    assert claim.citations.get().article == kept
    assert Citation.history.filter(history_type="-").get().says == "Same."


def test_an_article_is_given_what_it_lacks_if_that_is_wanted(rita: User) -> None:
    gone = make_article("gone", url="https://example.org/a", url_opened=False, author="Ada")
    kept = make_article("kept", published_on=None, author="Ben")
    assert [offer.name for offer in moving.article_plan(gone, kept).offers] == ["url", "published_on"]
    moving.merge_articles(gone, kept, by=rita, take=["url", "published_on", "author", "slug"])
    kept = fresh(kept)
    assert (kept.url, kept.url_opened, kept.precision) == ("https://example.org/a", False, "day")
    assert (kept.author, kept.slug) == ("Ben", "kept")


def test_an_article_merged_into_its_own_rewrite_leaves_no_circle(rita: User) -> None:
    origin = make_article("origin")
    gone = make_article("gone", follows=origin)
    kept = make_article("kept", follows=gone)
    moving.merge_articles(gone, kept, by=rita)
    assert fresh(kept).follows == origin


def test_a_merge_that_would_close_a_circle_is_refused(rita: User) -> None:
    gone = make_article("gone")
    kept = make_article("kept", follows=make_article("between", follows=gone))
    with pytest.raises(Refused, match="in a circle"):
        moving.merge_articles(gone, kept, by=rita)
    assert fresh(gone) and not leads("article")


def test_what_would_close_a_circle_is_not_offered(rita: User) -> None:
    kept = make_article("kept")
    gone = make_article("gone", follows=make_article("between", follows=kept))
    assert "follows" not in [offer.name for offer in moving.article_plan(gone, kept).offers]
    with pytest.raises(Refused):
        moving.merge_articles(gone, kept, by=rita, take=["follows"])


def test_an_article_merged_into_the_one_it_follows_is_gone(rita: User) -> None:
    kept = make_article("kept")
    moving.merge_articles(make_article("gone", follows=kept), kept, by=rita)
    assert fresh(kept).follows is None


def test_a_chain_of_merges_is_kept_flat(rita: User) -> None:
    a, b, c = (make_article(slug) for slug in "abc")
    b = moving.merge_articles(a, b, by=rita)
    moving.merge_articles(b, c, by=rita)
    assert leads("article") == {"a": "c", "b": "c"}


@pytest.mark.parametrize("merge", [moving.merge_articles, moving.merge_claims, moving.merge_criteria])
def test_nothing_is_merged_into_itself(merge: Any, rita: User) -> None:
    make = {moving.merge_articles: make_article, moving.merge_claims: make_claim}.get(merge, make_criterion)
    record = make()
    with pytest.raises(Refused, match="into itself"):
        merge(record, fresh(record), by=rita)
    assert fresh(record).version == 1


def pair(make: Any) -> tuple[Any, Any, Any]:
    """Two records that can be merged, and the function that does."""
    if make is make_claim:
        framework, criterion = make_framework(), make_criterion()
        return make_claim(framework, criterion), make_claim(framework, criterion), moving.merge_claims
    return make(), make(), moving.merge_articles if make is make_article else moving.merge_criteria


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_a_merge_of_what_somebody_saved_meanwhile_is_refused(make: Any, late: int, rita: User) -> None:
    gone, kept, merge = pair(make)
    fresh((gone, kept)[late]).save()
    with pytest.raises(StaleVersion):
        merge(gone, kept, by=rita)
    assert fresh(gone) and not FormerAddress.objects.exists()


@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_a_merge_that_fails_at_its_end_leaves_nothing_changed(
    make: Any, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept, merge = pair(make)
    if make is make_article:
        make_claim(by=(gone,))

    def fails(*_args: Any) -> None:
        raise RuntimeError("the last step")

    before = list(Citation.objects.values()), list(Claim.objects.values())
    monkeypatch.setattr(writes, "delete", fails)
    with pytest.raises(RuntimeError):
        merge(gone, kept, by=rita)
    assert (list(Citation.objects.values()), list(Claim.objects.values())) == before
    assert fresh(kept).version == 1 and not FormerAddress.objects.exists()


# ── Claims ───────────────────────────────────────────────────────────


def twins(**fields: Any) -> tuple[Claim, Claim]:
    """Two published claims that say the same. fields: those of the first."""
    framework, criterion = make_framework(), make_criterion(levels=("yes", "no"))
    gone = make_claim(framework, criterion, **{"key": "gone", "level": "yes", **fields})
    return gone, make_claim(framework, criterion, key="kept", level="yes")


def test_all_that_rests_on_a_claim_moves_with_it(rita: User) -> None:
    gone, kept = twins()
    citation = gone.citations.get()
    ruling = make_ruling(gone.framework, gone.criterion, level=gone.level)
    ruling.side_a.add(gone)
    comparison = make_comparison("all")
    paragraph = Paragraph.objects.create(comparison=comparison, text="So.")
    paragraph.claims.add(gone, kept)
    moving.merge_claims(gone, kept, by=rita)
    assert fresh(citation).claim == kept
    assert list(ruling.side_a.all()) == list(paragraph.claims.all()) == [kept]
    assert leads("claim") == {"gone": "kept"} and not Claim.objects.filter(key="gone").exists()
    assert last_entry(citation) == ("~", "Merged from gone", "rita")
    assert last_entry(ruling) == last_entry(comparison) == ("~", "Moved: claim gone is now kept", "rita")


def test_two_citations_of_one_article_both_stay(rita: User) -> None:
    gone, kept = twins(by=())
    article = kept.citations.get().article
    make_citation(gone, article, says="In other words.")
    moving.merge_claims(gone, kept, by=rita)
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
    gone, kept = twins()
    for name, make in changes.items():
        setattr(gone, name, make())
    gone.save()
    kept.polarity = "con"
    kept.save()
    with pytest.raises(Refused, match=reason):
        moving.merge_claims(gone, kept, by=rita)


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_a_published_claim_is_not_merged_out_of_sight(status: str, rita: User) -> None:
    gone, kept = twins()
    withdrawn = {"withdrawn_at": kept.published_at, "withdrawal_reason": "No."} if status == "withdrawn" else {}
    Claim.objects.filter(pk=kept.pk).update(status=status, **withdrawn)
    with pytest.raises(Refused, match="merge the other way round"):
        moving.merge_claims(gone, fresh(kept), by=rita)


def test_a_claim_that_was_published_once_goes_where_its_address_answers(rita: User) -> None:
    gone, kept = twins(status="in-review")
    Claim.objects.filter(pk=kept.pk).update(status="draft", published_at=None)
    with pytest.raises(Refused, match="has to go on answering"):
        moving.merge_claims(gone, fresh(kept), by=rita)


def test_claims_on_opposite_sides_of_a_ruling_are_not_merged(rita: User) -> None:
    gone, kept = twins()
    ruling = make_ruling(gone.framework, gone.criterion, is_open=True)
    ruling.side_a.add(gone)
    ruling.side_b.add(kept)
    with pytest.raises(Refused, match="opposite sides"):
        moving.merge_claims(gone, kept, by=rita)


@pytest.mark.parametrize(
    ("status", "writes", "stays"),
    [
        ("published", "kept", True),
        ("published", "gone", True),
        ("draft", None, True),
        ("draft", "gone", False),
        ("draft", "kept", False),
    ],
)
def test_a_published_claim_stays_so_if_two_people_saw_what_it_says(
    status: str, writes: str | None, stays: bool, rita: User
) -> None:
    gone, kept = twins(status=status, **({} if status == "published" else {"published_at": None}))
    if writes:
        Claim.objects.filter(key=writes).update(written_by=rita)
    merged = moving.merge_claims(fresh(gone), fresh(kept), by=rita)
    assert (fresh(merged).status == "published") is stays
    assert fresh(merged).author == rita


def test_a_superuser_merges_in_place(chief: User) -> None:
    gone, kept = twins(status="draft", published_at=None, written_by=chief)
    assert fresh(moving.merge_claims(gone, kept, by=chief)).status == "published"


def test_a_claim_that_takes_over_what_it_says_goes_back_to_review(rita: User) -> None:
    gone, kept = twins(since_version="2.0")
    assert [offer.name for offer in moving.claim_plan(gone, kept).offers] == ["since_version"]
    merged = fresh(moving.merge_claims(gone, kept, by=rita, take=["since_version"]))
    assert (merged.since_version, merged.status) == ("2.0", "in-review")


def test_a_verdict_is_taken_over_with_its_articles(rita: User) -> None:
    gone, kept = twins(verdict="holds", verdict_note="Tried.", verdict_on="2026-11-20")
    article = make_article()
    gone.verdict_articles.add(article)
    merged = fresh(moving.merge_claims(gone, kept, by=rita, take=["verdict"]))
    assert (merged.verdict, merged.verdict_note, merged.status) == ("holds", "Tried.", "published")
    assert list(merged.verdict_articles.all()) == [article]


def test_a_value_is_taken_over_whole(chief: User) -> None:
    gone, kept = twins()
    Claim.objects.filter(pk=kept.pk).update(level=None)
    assert fresh(moving.merge_claims(gone, fresh(kept), by=chief, take=["value"])).level == gone.level


# ── Criteria ─────────────────────────────────────────────────────────


def two_criteria() -> tuple[Criterion, Criterion]:
    return make_criterion("gone", levels=("yes", "maybe", "no")), make_criterion("kept", levels=("full", "none"))


def mapped(gone: Criterion, kept: Criterion) -> dict[int, int]:
    full, none = kept.levels.order_by("order")
    return {level.pk: (none if level.slug == "no" else full).pk for level in gone.levels.all()}


def test_all_that_stands_under_a_criterion_moves_with_it(rita: User) -> None:
    gone, kept = two_criteria()
    claim = make_claim(criterion=gone, level="maybe")
    draft = make_claim(claim.framework, gone, level="no", status="draft", published_at=None)
    ruling = make_ruling(claim.framework, gone, level=claim.level)
    comparison = make_comparison("one", (), (make_criterion(), gone))
    both = make_comparison("both", (), (gone, kept))
    moving.merge_criteria(gone, kept, by=rita, levels=mapped(gone, kept))
    assert [(fresh(c).criterion, fresh(c).level.slug) for c in (claim, draft)] == [(kept, "full"), (kept, "none")]
    assert (fresh(ruling).criterion, fresh(ruling).level.slug) == (kept, "full")
    assert [row.criterion.slug for row in comparison.rows.order_by("order")][1:] == ["kept"]
    assert [row.criterion.slug for row in both.rows.all()] == ["kept"]
    assert leads("criterion") == {"gone": "kept"} and not Level.objects.filter(slug="maybe").exists()
    for moved in (claim, ruling, comparison):
        assert last_entry(moved) == ("~", "Moved: criterion gone is now kept", "rita")
    assert fresh(claim).status == "published"


def test_levels_are_proposed_by_slug_label_and_meaning() -> None:
    gone = make_criterion(levels=("yes", "partly", "none"))
    kept = make_criterion(levels=("all", "some", "none"))
    kept.levels.filter(slug="some").update(label="PARTLY")
    found = {c.level.slug: c.proposed and c.proposed.slug for c in moving.criterion_plan(gone, kept).levels}
    assert found == {"yes": "all", "partly": "some", "none": "none"}


def test_a_level_in_use_needs_one_to_go_to(rita: User) -> None:
    gone, kept = two_criteria()
    claim = make_claim(criterion=gone, level="maybe")
    stranger = make_criterion(levels=("a", "b")).levels.first()
    for levels in ({}, {claim.level_id: stranger.pk}, {claim.level_id: claim.level_id}):
        with pytest.raises(Refused, match="takes the place of “Maybe”"):
            moving.merge_criteria(gone, kept, by=rita, levels=levels)
    used = claim.level_id
    moving.merge_criteria(gone, kept, by=rita, levels={used: kept.levels.first().pk})
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


@pytest.mark.parametrize("stands", ["gone", "kept"])
def test_of_two_rulings_one_is_chosen(stands: str, rita: User) -> None:
    gone, kept = make_criterion("gone"), make_criterion("kept")
    framework = make_framework()
    make_claim(framework, gone, text="A")
    rulings = {c.slug: make_ruling(framework, c, text=c.slug) for c in (gone, kept)}
    with pytest.raises(Refused, match="Say which one stands"):
        moving.merge_criteria(gone, kept, by=rita, rulings={framework.pk: 0})
    moving.merge_criteria(gone, kept, by=rita, rulings={framework.pk: rulings[stands].pk})
    assert Ruling.objects.get().text == stands
    assert Ruling.history.filter(history_type="-").get().text == ({"gone", "kept"} - {stands}).pop()


# ── Splitting ────────────────────────────────────────────────────────


def new_criterion(slug: str = "new", **fields: Any) -> Criterion:
    group = Criterion.objects.first().group
    fields = {"name": slug.title(), "question": "What of it?", "definition": "This.", "group": group, **fields}
    return Criterion(slug=slug, **fields)


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
    moves.side_a.add(goes)
    rests.side_a.add(stays)
    new = moving.split_criterion(old, new_criterion(), Split(frozenset({goes.pk})), by=rita)
    assert (fresh(moves).criterion, fresh(rests).criterion) == (new, old)


def test_a_ruling_is_not_torn_apart(rita: User) -> None:
    old = make_criterion("old")
    one = make_claim(criterion=old, key="one")
    two = make_claim(one.framework, old, key="two")
    ruling = make_ruling(one.framework, old, is_open=True)
    ruling.side_a.add(one)
    ruling.side_b.add(two)
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


# ── What is derived, and several at once ─────────────────────────────


def problems() -> list[str]:
    return [str(problem) for problem in checks.check_all()]


@pytest.mark.django_db(transaction=True)
def test_what_is_derived_is_right_after_every_move() -> None:
    chief = make_user("chief")
    gone, kept = make_criterion("gone", levels=("yes", "no")), make_criterion("kept", levels=("yes", "no"))
    framework, article, copy = make_framework("one"), make_article("article"), make_article("copy")
    one = make_claim(framework, gone, level="yes", key="one", polarity="pro", by=(article,))
    two = make_claim(framework, kept, level="yes", key="two", polarity="pro", by=(copy,))
    settle()
    moving.rename(framework, "first", by=chief)
    assert not problems()
    levels = {level.pk: kept.levels.get(slug=level.slug).pk for level in gone.levels.all()}
    moving.merge_criteria(gone, kept, by=chief, levels=levels)
    assert not problems() and Cell.objects.get().criterion == kept
    moving.merge_articles(fresh(article), fresh(copy), by=chief)
    assert not problems() and Cell.objects.get().witnesses == 1
    moving.merge_claims(fresh(one), fresh(two), by=chief)
    assert not problems() and Cell.objects.get().claims == 1
    assert ClaimSummary.objects.filter(is_shown=True).count() == 1
    new = moving.split_criterion(fresh(kept), new_criterion(), Split(frozenset({two.pk})), by=chief)
    assert not problems() and Cell.objects.get().criterion == new


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_of_two_merges_of_one_pair_exactly_one_is_done(make: Any, crossed: bool) -> None:
    chief = make_user("chief")
    gone, kept, merge = pair(make)
    second = (kept, gone) if crossed else (gone, kept)
    ends = at_once(
        lambda: merge(fresh(gone), fresh(kept), by=chief),
        lambda: merge(*(fresh(row) for row in second), by=chief),
    )
    failed = [end for end in ends if isinstance(end, Exception)]
    assert len(failed) == 1 and isinstance(failed[0], (StaleVersion, type(gone).DoesNotExist)), ends
    assert type(gone).objects.count() == 1 and FormerAddress.objects.count() == 1
    assert not [problem for problem in problems() if "levels" not in problem]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_a_citation_that_meets_a_merge_of_its_article_is_moved_or_refused(turn: int) -> None:
    chief = make_user("chief")
    gone, kept, claims = make_article("gone"), make_article("kept"), [make_claim() for _ in range(4)]
    make_citation(claims[0], gone)

    def cite(claim: Claim) -> Any:
        claim.save()
        return make_citation(claim, gone)

    ends = at_once(
        lambda: moving.merge_articles(gone, kept, by=chief),
        *(lambda claim=claim: cite(claim) for claim in claims[1:]),  # type: ignore[misc]
    )
    stored = [end for end in ends[1:] if isinstance(end, Citation)]
    merged = not isinstance(ends[0], Exception)
    assert Citation.objects.filter(article=kept if merged else gone).count() == 1 + len(stored)
    assert Article.objects.filter(slug="gone").exists() is not merged
    assert not problems()


@pytest.mark.django_db(transaction=True)
def test_a_citation_that_meets_a_merge_of_its_claim_is_moved_or_refused() -> None:
    chief = make_user("chief")
    gone, kept = twins()
    read = fresh(gone)

    def cite() -> Any:
        read.save()
        return make_citation(read)

    merged, cited = at_once(lambda: moving.merge_claims(gone, kept, by=chief), cite)
    assert isinstance(merged, StaleVersion) is isinstance(cited, Citation)
    assert Citation.objects.count() == 2 + isinstance(cited, Citation)


def test_a_merge_takes_a_former_address_along(rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    make_former(gone, "older")
    moving.merge_articles(gone, kept, by=rita)
    assert leads("article") == {"gone": "kept", "older": "kept"}


def test_no_row_of_a_comparison_is_left_of_a_merged_criterion(rita: User) -> None:
    gone, kept = make_criterion("gone"), make_criterion("kept")
    make_comparison("both", (), (kept, gone))
    moving.merge_criteria(gone, kept, by=rita)
    assert ComparisonCriterion.objects.get().criterion == kept


def test_former_addresses_are_carried_by_fixtures(tmp_path: Path) -> None:
    make_former(make_framework("now"), "before")
    options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True, "format": "yaml"}
    call_command(
        "dumpdata", "comparisons.FormerAddress", **options, output=str(tmp_path / "addresses.yaml"), verbosity=0
    )
    FormerAddress.objects.all().delete()
    for load in (
        lambda: loading.load(tmp_path),
        lambda: call_command("loaddata", tmp_path / "addresses.yaml", verbosity=0),
    ):
        load()
        assert leads("framework") == {"before": "now"}
    assert loading.load(tmp_path).unchanged.total() == 1


@pytest.mark.parametrize("size", [3, 30])
def test_a_merge_takes_few_queries_however_much_moves(size: int, rita: User) -> None:
    gone, kept = make_article("gone"), make_article("kept")
    framework, criterion = make_framework(), make_criterion()
    for _ in range(size):
        make_claim(framework, criterion, by=(gone,))
    with CaptureQueriesContext(connection) as queries:
        moving.merge_articles(gone, kept, by=rita)
    assert len(queries) < 90, "a fixed number for each batch"


@pytest.mark.django_db(transaction=True)
def test_of_two_records_renamed_alike_at_once_one_is_refused() -> None:
    chief, one, other = make_user("chief"), make_framework("one"), make_framework("other")
    ends = at_once(*(lambda row=row: moving.rename(row, "new", by=chief) for row in (one, other)))  # type: ignore[misc]
    assert sorted(type(end).__name__ for end in ends) == ["Framework", "Refused"]
    assert FormerAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_renames_of_one_record_exactly_one_is_done() -> None:
    chief, row = make_user("chief"), make_framework("one")
    ends = at_once(
        lambda: moving.rename(row, "a", by=chief),
        lambda: moving.rename(row, "b", by=chief),
    )
    assert leads("framework") == {"one": fresh(row).slug}
    assert sorted(type(end).__name__ for end in ends) == ["Framework", "StaleVersion"]
