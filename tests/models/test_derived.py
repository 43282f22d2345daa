"""Derived data is refreshed after every kind of write, once per transaction, with the keys that were touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.db import connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from comparisons.models import Article, Citation, Claim, Criterion, Framework, Paragraph, bulk_write, derived
from comparisons.models.derived import Derived, Reach, WrittenRows, follow
from tests.factories import NOON, make_article, make_citation, make_claim, make_comparison, make_framework

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crossing]

#: The calls of refresh: the keys by kind that each was given.
Calls = list[dict[str, set[Any]]]


@pytest.fixture(autouse=True)
def nothing_else_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "FOLLOWED", {})


def recorded(reaches: dict[Any, Any], name: str = "test", **options: Any) -> Calls:
    """Follow a kind of derived data that records how it is refreshed."""
    calls: Calls = []

    def refresh(keys: Any, _using: str) -> None:
        calls.append({kind: set(found) for kind, found in keys.items()})

    follow(Derived(name, reaches, refresh, **options))
    return calls


@pytest.fixture
def calls() -> Calls:
    """The refreshes after writes of claims and citations, which touch the claim."""
    return recorded({Claim: Reach("claims"), Citation: Reach("claims", "claim_id")})


@pytest.fixture
def claim(calls: Calls) -> Iterator[Claim]:
    made = make_claim()
    calls.clear()
    yield made


def saved_raw(claim: Claim) -> None:
    """Save a claim as `loaddata` does, in its transaction."""
    with transaction.atomic():
        for record in serializers.deserialize("json", serializers.serialize("json", [claim])):
            record.save()


WRITES: dict[str, Callable[[Claim], Any]] = {
    "a row is saved": lambda claim: claim.save(),
    "a row is saved raw": saved_raw,
    "rows are updated": lambda claim: Claim.objects.filter(pk=claim.pk).update(impact="Much."),
    "rows are updated in bulk": lambda claim: Claim.objects.bulk_update([claim], ["impact"]),
    "a related row is saved": lambda claim: claim.citations.first().save(),
    "related rows are created in bulk": lambda claim: Citation.objects.bulk_create(
        [Citation(claim=claim, article=Article.objects.first(), locator="Elsewhere", says="So.")]
    ),
    "a related row is deleted": lambda claim: claim.citations.first().delete(),
    "related rows are deleted": lambda claim: Citation.objects.filter(claim=claim).delete(),
    "rows are written through a related manager": lambda claim: make_framework().claims.add(claim),
    "a write is announced": lambda claim: bulk_write.send(Claim, pks=[claim.pk]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_a_write_touches_is_refreshed_when(calls: Calls, claim: Claim, write: Callable[[Claim], Any]) -> None:
    write(claim)
    assert calls and all(call == {"claims": {claim.pk}} for call in calls)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_one_transaction_is_refreshed_once_and_after_it_when(
    calls: Calls, claim: Claim, write: Callable[[Claim], Any]
) -> None:
    other = make_claim()
    calls.clear()
    with transaction.atomic():
        write(claim)
        other.save()
        assert calls == []
    assert calls == [{"claims": {claim.pk, other.pk}}]


def test_a_new_row_is_refreshed(calls: Calls) -> None:
    claim = make_claim(by=())
    assert calls == [{"claims": {claim.pk}}]


def test_a_row_that_moves_touches_where_it_was_and_where_it_is(calls: Calls, claim: Claim) -> None:
    other = make_claim()
    citation = claim.citations.get()
    calls.clear()
    citation.claim = other
    citation.save()
    Citation.objects.filter(pk=citation.pk).update(claim=claim, locator="Elsewhere")
    assert calls == [{"claims": {claim.pk, other.pk}}] * 2


def test_several_lookups_give_one_key_and_a_null_gives_none() -> None:
    calls = recorded({Claim: Reach("cells", "framework_id", "criterion_id")})
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    claim.refresh_from_db()
    claim.save()
    place = (Framework.objects.get().pk, claim.criterion_id)
    assert calls == [{"cells": {place}}, {"cells": {place}}, {"cells": set()}]


def test_a_model_that_touches_no_key_needs_a_refresh_all_the_same() -> None:
    calls = recorded({Criterion: None, Framework: None})
    with transaction.atomic():
        make_claim()
    assert calls == [{}]


def test_writes_of_other_models_need_no_refresh(calls: Calls) -> None:
    make_article()
    Paragraph.objects.create(comparison=make_comparison(), order=1, text="So.")
    assert calls == []


def test_each_kind_of_derived_data_is_refreshed_with_its_own_keys_in_the_order_of_following() -> None:
    order: list[tuple[str, Any]] = []
    for name, reach in (("first", Reach("articles")), ("second", Reach("slugs", "slug"))):
        follow(Derived(name, {Article: reach}, lambda keys, _using, name=name: order.append((name, dict(keys)))))
    article = make_article("one")
    assert order == [("first", {"articles": {article.pk}}), ("second", {"slugs": {"one"}})]


def test_a_second_kind_of_the_same_name_replaces_the_first() -> None:
    first, second = (recorded({Article: Reach("articles")}) for _ in range(2))
    article = make_article()
    assert (first, second) == ([], [{"articles": {article.pk}}])


def test_what_a_refresh_writes_is_refreshed_once_when_its_turn_comes(claim: Claim) -> None:
    """As cells are: they are written when claims have been, and are found by a search, as claims are."""
    other = make_claim()
    derived.FOLLOWED.clear()

    def write(_keys: Any, _using: str) -> None:
        with transaction.atomic():
            Citation.objects.filter(claim=claim).update(locator="There")

    follow(Derived("first", {Claim: Reach("claims")}, write))
    later = recorded({Claim: Reach("claims"), Citation: Reach("claims", "claim_id")}, "later")
    other.save()
    assert later == [{"claims": {claim.pk, other.pk}}]


def test_a_paused_kind_does_not_follow_and_the_others_do(claim: Claim) -> None:
    paused, other = recorded({Claim: Reach("claims")}, "paused"), recorded({Claim: Reach("claims")}, "other")
    with derived.paused(derived.FOLLOWED["paused"]):
        claim.save()
    assert (paused, other) == ([], [{"claims": {claim.pk}}])
    claim.save()
    assert paused == [{"claims": {claim.pk}}]


def test_many_rows_take_a_query_per_batch(claim: Claim, django_assert_num_queries: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(derived, "BATCH", 2)
    pks = [make_citation(claim).pk for _ in range(5)]
    with django_assert_num_queries(3):
        assert Reach("claims", "claim_id").keys(WrittenRows(Citation, pks, "default")) == {claim.pk}
    with django_assert_num_queries(0):
        assert Reach("claims").keys(WrittenRows(Claim, pks, "default")) == set(pks)


def test_all_that_is_followed_shares_the_query_of_a_write(claim: Claim, django_assert_num_queries: Any) -> None:
    recorded({Citation: (Reach("cells", "claim__framework_id", "claim__criterion_id"), Reach("articles", "article"))})
    citation = make_citation(claim)
    written = WrittenRows(Citation, [citation.pk], "default")
    with django_assert_num_queries(1):
        for kept in derived.FOLLOWED.values():
            assert kept.touched_keys(written)


@pytest.mark.parametrize("paragraphs", [0, 2])
def test_look_ups_to_many_rows_leave_the_others_as_they_are(claim: Claim, paragraphs: int) -> None:
    recorded({Claim: (Reach("citations", "citations__pk"), Reach("keys", "key"), Reach("frameworks", "framework_id"))})
    found = {make_citation(claim).pk for _ in range(paragraphs)} | set(claim.citations.values_list("pk", flat=True))
    keys = derived.FOLLOWED["test"].touched_keys(WrittenRows(Claim, [claim.pk], "default"))
    assert keys == {"citations": found, "keys": {claim.key}, "frameworks": {claim.framework_id}}


# Inside the transaction


def test_what_belongs_to_the_transaction_is_refreshed_at_each_write() -> None:
    calls = recorded({Article: Reach("articles")}, in_transaction=True)
    with transaction.atomic():
        article = make_article()
        assert calls == [{"articles": {article.pk}}]
    article.save()
    assert calls == [{"articles": {article.pk}}] * 3


def test_a_write_of_a_refresh_is_followed_as_well() -> None:
    """As it is when an article gets another address: its health is reset, and cells may depend on that."""
    later = recorded({Article: Reach("articles")}, "later")
    other = make_article()

    def refresh(keys: Any, _using: str) -> None:
        if keys["articles"] != {other.pk}:
            Article.objects.filter(pk=other.pk).update(author="Another")

    follow(Derived("at once", {Article: Reach("articles")}, refresh, in_transaction=True))
    later.clear()
    article = make_article()
    assert later == [{"articles": {article.pk, other.pk}}]


# Rollbacks


def test_a_transaction_that_is_rolled_back_is_not_refreshed(calls: Calls, claim: Claim) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        claim.save()
        raise ZeroDivisionError
    assert calls == []
    claim.refresh_from_db()
    claim.citations.get().save()
    assert calls == [{"claims": {claim.pk}}]


def test_a_savepoint_that_is_rolled_back_takes_its_keys_with_it(calls: Calls, claim: Claim) -> None:
    other = make_claim()
    calls.clear()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(impact="Much.")
            raise ZeroDivisionError
        other.save()
    assert calls == [{"claims": {other.pk}}]


def test_a_savepoint_that_is_rolled_back_leaves_what_was_touched_before_it(calls: Calls, claim: Claim) -> None:
    other = make_claim()
    calls.clear()
    with transaction.atomic():
        other.save()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(impact="Much.")
            raise ZeroDivisionError
    assert len(calls) == 1 and other.pk in calls[0]["claims"]


@pytest.mark.parametrize("kept", [True, False])
def test_savepoints_inside_each_other_are_refreshed_only_if_all_are_kept(
    calls: Calls, claim: Claim, kept: bool
) -> None:
    with transaction.atomic():
        outer = transaction.atomic()
        outer.__enter__()
        with transaction.atomic():
            claim.save()
        if not kept:
            transaction.set_rollback(True)
        outer.__exit__(None, None, None)
    assert calls == ([{"claims": {claim.pk}}] if kept else [])


# Databases


@pytest.fixture
def second(tmp_path: Any) -> Iterator[str]:
    """The alias of a second database without tables."""
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "second.sqlite3")}
    settings = connections.configure_settings({"default": {}, "second": settings})["second"]
    connections["second"] = DatabaseWrapper(settings, "second")
    yield "second"
    connections["second"].close()
    del connections["second"]


def test_transactions_of_two_databases_are_refreshed_apart(second: str) -> None:
    seen: list[tuple[str, set[int]]] = []
    reaches = {Article: Reach("articles")}
    follow(Derived("test", reaches, lambda keys, using: seen.append((using, set(keys["articles"])))))
    with transaction.atomic(), transaction.atomic(using=second):
        bulk_write.send(Article, pks=[1])
        bulk_write.send(Article, pks=[2], using=second)
        bulk_write.send(Article, pks=[3], using=second)
    assert seen == [(second, {2, 3}), ("default", {1})]


def test_a_rollback_of_one_database_leaves_the_other(second: str) -> None:
    calls = recorded({Article: Reach("articles")})
    with transaction.atomic():
        bulk_write.send(Article, pks=[1])
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=second):
            bulk_write.send(Article, pks=[2], using=second)
            raise ZeroDivisionError
    assert calls == [{"articles": {1}}]


def test_a_draft_touches_nothing_before_it_is_published_and_after_it_is_returned(calls: Calls) -> None:
    claim = make_claim(status="draft", published_at=None)
    claim.save()
    assert calls == []
    Claim.objects.filter(pk=claim.pk).update(status="published", published_at=NOON)
    Claim.objects.filter(pk=claim.pk).update(status="draft")
    assert calls == [{"claims": {claim.pk}}] * 2
