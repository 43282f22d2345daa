"""Stored cells are what their claims add up to, after every kind of write."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from comparisons.evidence import cells
from comparisons.models import Cell, Claim
from tests.factories import make_article, make_claim, make_framework, make_ruling
from tests.worlds import World, make_world, seen, stale

from .writes import ALL, IDLE, WRITES, answer, changed, random_write


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Run the callbacks of a commit at the end of a block, inside the transaction of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def world(db: None, commits: Callable[[], Any]) -> Iterator[World]:
    with commits():
        made = make_world()
    yield made


def test_these_tests_begin_with_a_ruled_dispute_and_a_figure(world):
    found = seen()
    assert not stale()
    assert found.keys() == {("one", "level"), ("one", "number")}
    assert (found["one", "level"][0], found["one", "level"][4]) == ("disputed", "ruled")


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_cells_change_and_are_right_after_a_transaction_in_which(world, commits, write):
    before = seen()
    with commits():
        write(world)
    assert seen() != before
    assert not stale()


@pytest.mark.parametrize("write", IDLE.values(), ids=IDLE)
def test_cells_do_not_change_and_are_right_after_a_transaction_in_which(world, commits, write):
    before = seen()
    with commits():
        write(world)
    assert seen() == before
    assert not stale()


#: Writes that move or delete a row: the cell it was in is known only before them.
MOVES_AND_DELETIONS = [name for name in ALL if "move" in name or "delete" in name or "no framework" in name]


@pytest.mark.parametrize("write", [ALL[name] for name in MOVES_AND_DELETIONS], ids=MOVES_AND_DELETIONS)
@pytest.mark.django_db(transaction=True)
def test_cells_are_right_without_an_outer_transaction_when(write):
    made = make_world()
    write(made)
    assert not stale()


def test_a_write_reaches_its_cell_while_earlier_ones_still_wait_for_the_commit(db, commits):
    """The transaction of a test has not committed the writes before a captured block."""
    made = make_world()
    with commits():
        changed(made.claim, statement="Better.")
    assert not stale()
    assert seen().keys() == {("one", "level"), ("one", "number")}


@pytest.mark.django_db(transaction=True)
def test_a_cell_without_claims_is_deleted():
    made = make_world()
    Claim.objects.filter(key="figure").update(framework=made.other)
    assert seen().keys() == {("one", "level"), ("other", "number")}


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_is_rolled_back_leaves_cells_right():
    made = make_world()
    with transaction.atomic():
        changed(made.claim, level=answer(made, "addon"))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_claim(made.other, made.text, text="So")
            raise ZeroDivisionError
    assert not stale()
    assert ("other", "text") not in seen()


@pytest.mark.django_db(transaction=True)
def test_a_write_after_a_savepoint_that_was_rolled_back_reaches_its_cell():
    made = make_world()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            changed(made.claim, level=answer(made, "addon"))
            raise ZeroDivisionError
        make_claim(made.other, made.text, text="So")
    assert not stale()
    assert ("other", "text") in seen()


@pytest.mark.django_db(transaction=True)
def test_a_write_inside_a_savepoint_that_was_kept_reaches_its_cell():
    made = make_world()
    with transaction.atomic():
        with transaction.atomic():
            make_claim(made.other, made.text, text="So")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_claim(made.other, made.number, number=5)
            raise ZeroDivisionError
    assert not stale()
    assert seen().keys() >= {("other", "text")}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_cells_as_they_were():
    made = make_world()
    before = seen()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Claim.objects.filter(framework=made.one).update(framework=made.other)
        raise ZeroDivisionError
    assert seen() == before
    assert not stale()


def test_a_loaded_fixture_reaches_its_cells(world, commits, tmp_path):
    record = serializers.serialize("yaml", [world.claim], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    (tmp_path / "claims.yaml").write_text(record.replace("- built-in", "- none"))
    with commits():
        call_command("loaddata", tmp_path / "claims.yaml", verbosity=0)
    assert seen()["one", "level"][:2] == ("unanimous", [2])
    assert not stale()


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_of_writes_cells_equal_those_of_a_rebuild(world, commits, seed):
    chance = random.Random(seed)  # noqa: S311
    for _ in range(12):
        with commits():
            for _ in range(chance.randint(1, 4)):
                random_write(world, chance)
        assert not stale()
    kept = seen()
    Cell.objects.all().delete()
    cells.rebuild()
    assert seen() == kept


def test_a_rebuild_deletes_cells_without_claims(world):
    Cell.objects.create(framework=world.other, criterion=world.text, agreement="unanimous")
    assert stale() == ["cell other/text"]
    assert cells.rebuild() == 2
    assert not stale()


def test_a_rebuild_corrects_wrong_cells(world):
    Cell.objects.update(agreement="unanimous", witnesses=99)
    cells.rebuild()
    assert not stale()


def test_a_rebuild_reports_its_progress(world):
    calls: list[tuple[int, int]] = []
    cells.rebuild(progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize("size", [1, 12])
def test_a_refresh_takes_fifteen_queries_at_any_number_of_claims(db, django_assert_max_num_queries, size):
    framework, made = make_framework(), make_world()
    for _ in range(size):
        make_claim(framework, made.level, level="none", by=(make_article(), make_article()))
    with django_assert_max_num_queries(16):
        cells.refresh({(framework.pk, made.level.pk)})


def test_a_cell_of_a_deleted_framework_is_ignored(db):
    cells.refresh({(2**40, 2**40)})
    assert not Cell.objects.exists()


def test_levels_of_another_criterion_are_no_value(world, commits):
    """The database accepts such a row; `check_kb` reports it, and the cell shows no value."""
    with commits():
        Claim.objects.filter(key="figure").update(number=None, level=answer(world, "built-in"))
        make_ruling(world.one, world.number, level=answer(world, "built-in"))
    found = Cell.objects.get(framework=world.one, criterion=world.number)
    assert (found.agreement, found.level, found.text, found.ruling) == ("no-value", None, "", "none")
