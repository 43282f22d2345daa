"""Stored cells are what their claims add up to, after every kind of write."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.test import TestCase
from pytest_django import DjangoDbBlocker

from comparisons.evidence import cells
from comparisons.models import Cell, Claim
from tests.conftest import rows_of_module
from tests.factories import make_ruling
from tests.worlds import World, make_world, seen, stale

from .writes import IDLE, WRITES, answer, random_write


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Run the callbacks of a commit at the end of a block, inside the transaction of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with rows_of_module(django_db_blocker):
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = make_world()
        yield made


@pytest.fixture
def world(db: None, made: World) -> World:
    """The rows of the module, as if they had just been read."""
    return copy.deepcopy(made)


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


def test_levels_of_another_criterion_are_no_value(world, commits):
    """The database accepts such a row; `check_kb` reports it, and the cell shows no value."""
    with commits():
        Claim.objects.filter(key="figure").update(number=None, level=answer(world, "built-in"))
        make_ruling(world.one, world.number, level=answer(world, "built-in"))
    found = Cell.objects.get(framework=world.one, criterion=world.number)
    assert (found.agreement, found.level, found.text, found.ruling) == ("no-value", None, "", "none")
