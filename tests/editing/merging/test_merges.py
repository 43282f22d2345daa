"""What holds for every merge, whatever is merged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused, Split, writes
from comparisons.exchange.fixtures import loading
from comparisons.models import (
    Cell,
    Citation,
    Claim,
    ClaimSummary,
    Criterion,
    FormerAddress,
    StaleVersion,
)
from tests.admin.conftest import make_user
from tests.factories import (
    make_article,
    make_claim,
    make_criterion,
    make_former,
    make_framework,
    make_proposal,
    settle,
)

from .builders import fresh, leads, new_criterion, pair, problems

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


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


@pytest.mark.parametrize(
    ("make", "plan", "change"),
    [
        (make_article, moving.article_plan, {"title": "Another"}),
        (make_claim, moving.claim_plan, {"statement": "Another."}),
        (make_criterion, moving.criterion_plan, {"question": "Another?"}),
    ],
)
def test_a_plan_says_that_a_change_waits_which_the_merge_closes(make: Any, plan: Any, change: dict[str, str]) -> None:
    duplicate, kept, _merge = pair(make)
    assert not any("waits" in note for note in plan(duplicate, kept).notes)
    make_proposal(duplicate, make_user("edgar"), **change)
    assert any("by edgar waits and is closed" in note for note in plan(duplicate, kept).notes)
    assert not any("waits" in note for note in plan(kept, duplicate).notes)


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


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_a_merge_of_what_somebody_saved_meanwhile_is_refused(make: Any, late: int, rita: User) -> None:
    duplicate, kept, merge = pair(make)
    fresh((duplicate, kept)[late]).save()
    with pytest.raises(StaleVersion):
        merge(duplicate, kept, by=rita)
    assert fresh(duplicate) and not FormerAddress.objects.exists()


@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_a_merge_that_fails_at_its_end_leaves_nothing_changed(
    make: Any, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    duplicate, kept, merge = pair(make)
    if make is make_article:
        make_claim(by=(duplicate,))

    def fails(*_args: Any) -> None:
        raise RuntimeError("the last step")

    before = list(Citation.objects.values()), list(Claim.objects.values())
    monkeypatch.setattr(writes, "delete", fails)
    with pytest.raises(RuntimeError):
        merge(duplicate, kept, by=rita)
    assert (list(Citation.objects.values()), list(Claim.objects.values())) == before
    assert fresh(kept).version == 1 and not FormerAddress.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_derived_is_right_after_every_move() -> None:
    chief = make_user("chief")
    duplicate, kept = make_criterion("duplicate", levels=("yes", "no")), make_criterion("kept", levels=("yes", "no"))
    framework, article, copy = make_framework("one"), make_article("article"), make_article("copy")
    one = make_claim(framework, duplicate, level="yes", key="one", polarity="pro", by=(article,))
    two = make_claim(framework, kept, level="yes", key="two", polarity="pro", by=(copy,))
    settle()
    moving.rename(framework, "first", by=chief)
    assert not problems()
    levels = {level.pk: kept.levels.get(slug=level.slug).pk for level in duplicate.levels.all()}
    moving.merge_criteria(duplicate, kept, by=chief, levels=levels)
    assert not problems() and Cell.objects.get().criterion == kept
    moving.merge_articles(fresh(article), fresh(copy), by=chief)
    assert not problems() and Cell.objects.get().witnesses == 1
    moving.merge_claims(fresh(one), fresh(two), by=chief)
    assert not problems() and Cell.objects.get().claims == 1
    assert ClaimSummary.objects.filter(is_shown=True).count() == 1
    new = moving.split_criterion(fresh(kept), new_criterion(), Split(frozenset({two.pk})), by=chief)
    assert not problems() and Cell.objects.get().criterion == new


def test_a_merge_takes_a_former_address_along(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    make_former(duplicate, "older")
    moving.merge_articles(duplicate, kept, by=rita)
    assert leads("article") == {"duplicate": "kept", "older": "kept"}


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
    duplicate, kept = make_article("duplicate"), make_article("kept")
    framework, criterion = make_framework(), make_criterion()
    for _ in range(size):
        make_claim(framework, criterion, by=(duplicate,))
    with CaptureQueriesContext(connection) as queries:
        moving.merge_articles(duplicate, kept, by=rita)
    assert len(queries) < 90, "a fixed number for each batch"
