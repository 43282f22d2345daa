"""Stored cells are what their claims add up to after commits, savepoints and writes that were rolled back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from comparisons.evidence import cells
from comparisons.models import Cell, Claim
from tests.factories import make_article, make_claim, make_framework
from tests.worlds import make_world, seen, stale

from .writes import ALL, answer, changed


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Run the callbacks of a commit at the end of a block, inside the transaction of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


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
