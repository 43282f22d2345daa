"""Editions of comparisons in parts: each row is stored on the day on which readers saw it first."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.domain.editions import PastComparison
from comparisons.history import edition_rows, editions
from comparisons.history.edition_diff import difference
from comparisons.models import (
    Comparison,
    ComparisonCriterion,
    ComparisonEdition,
    ComparisonFramework,
    Criterion,
    EditionRow,
)
from tests import factories as make
from tests.evidence.writes import changed, random_write
from tests.worlds import World, make_page, make_world

FIRST = dt.date(2026, 11, 1)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Callable[[int, Any], None]:
    """Make a write on a day, counted from 0, and what follows from it."""

    def write(day: int, wrote: Callable[[], Any]) -> None:
        today = FIRST + dt.timedelta(days=day)
        monkeypatch.setattr(editions, "timezone", SimpleNamespace(localdate=lambda: today))
        with django_capture_on_commit_callbacks(execute=True):
            wrote()

    return write


@pytest.fixture
def world(db: None, on: Any) -> World:
    """A comparison of two frameworks by three criteria, recorded on the first day."""
    made: list[World] = []

    def write() -> None:
        made.append(make_world())
        make_page(made[0])

    on(0, write)
    return made[0]


def stored() -> list[tuple[int, str]]:
    """The rows that are stored: of which day, counted from 0, and criterion."""
    names = dict(Criterion.objects.values_list("pk", "slug"))
    rows = EditionRow.objects.order_by("day", "criterion").values_list("day", "criterion")
    return [((day - FIRST).days, names[criterion]) for day, criterion in rows]


def days() -> list[int]:
    return [(day - FIRST).days for day in ComparisonEdition.objects.order_by("day").values_list("day", flat=True)]


def shown(day: int) -> PastComparison | None:
    """What readers saw at the end of a day; None without a framework."""
    edition = ComparisonEdition.objects.filter(day__lte=FIRST + dt.timedelta(days=day)).order_by("-day")[0]
    return edition_rows.past(edition) if edition.state else None


def in_one_piece() -> None:
    """Keep all editions as they were kept before rows had a table."""
    for edition in ComparisonEdition.objects.all():
        found = edition_rows.newest([edition.record], edition.state["rows"], day__lte=edition.day)
        edition.state = edition_rows.together(edition.state, found[edition.record])
        edition.save()
    EditionRow.objects.all().delete()


def figure(world: World, number: int) -> Callable[[], Any]:
    """Another figure, where the world has a 5."""
    return lambda: changed(world.figure, number=number)


EVERY_ROW = [(0, "level"), (0, "number"), (0, "text")]


def test_a_change_stores_the_row_that_changed_and_no_other(world: World, on: Any) -> None:
    on(1, lambda: make.make_claim(world.other, world.text, text="So"))
    assert stored() == [*EVERY_ROW, (1, "text")]
    assert days() == [0, 1]


def test_a_change_of_a_name_stores_no_row(world: World, on: Any) -> None:
    on(1, lambda: changed(world.one, name="Renamed"))
    assert stored() == EVERY_ROW
    assert [past.columns[0].name for past in map(shown, (0, 1)) if past] == ["One", "Renamed"]


def test_a_row_that_changes_twice_on_a_day_is_stored_once(world: World, on: Any) -> None:
    for number in (6, 7):
        on(1, figure(world, number))
    assert stored() == [*EVERY_ROW, (1, "number")]
    assert editions.outdated() == []


def test_what_is_changed_back_on_one_day_leaves_nothing(world: World, on: Any) -> None:
    for number in (6, 5):
        on(1, figure(world, number))
    assert stored() == EVERY_ROW and days() == [0]


def test_what_is_changed_back_on_another_day_is_stored_again(world: World, on: Any) -> None:
    for day, number in enumerate((6, 5), start=1):
        on(day, figure(world, number))
    assert stored() == [*EVERY_ROW, (1, "number"), (2, "number")] and days() == [0, 1, 2]
    assert shown(0) == shown(2) != shown(1)


def test_a_row_that_came_and_went_on_one_day_leaves_no_edition(world: World, on: Any) -> None:
    page, criterion = Comparison.objects.get(), make.make_criterion("more")
    on(1, lambda: ComparisonCriterion.objects.create(comparison=page, criterion=criterion, order=9))
    assert days() == [0, 1]
    on(1, lambda: ComparisonCriterion.objects.filter(criterion=criterion).delete())
    assert stored() == EVERY_ROW and days() == [0]


def test_a_row_that_comes_back_shows_what_changed_while_it_was_away(world: World, on: Any) -> None:
    page = Comparison.objects.get()
    on(1, lambda: ComparisonCriterion.objects.filter(criterion=world.number).delete())
    on(2, figure(world, 6))
    assert days() == [0, 1]
    on(3, lambda: ComparisonCriterion.objects.create(comparison=page, criterion=world.number, order=9))
    assert stored() == [*EVERY_ROW, (3, "number")]
    assert editions.outdated() == []


def test_another_column_changes_every_row(world: World, on: Any) -> None:
    on(1, lambda: ComparisonFramework.objects.filter(framework=world.other).delete())
    assert stored() == [*EVERY_ROW, (1, "level"), (1, "number"), (1, "text")]
    assert [len(row.cells) for past in map(shown, (0, 1)) if past for row in past.rows] == [2, 2, 2, 1, 1, 1]


def test_a_comparison_that_is_hidden_for_a_day_comes_back_without_new_rows(world: World, on: Any) -> None:
    def draft(is_draft: bool) -> Callable[[], Any]:
        return lambda: [changed(one, is_draft=is_draft) for one in (world.one, world.other)]

    on(1, draft(True))
    assert shown(1) is None
    on(2, draft(False))
    assert stored() == EVERY_ROW and days() == [0, 1, 2]
    assert shown(2) == shown(0)


def test_editions_of_the_form_before_are_read_as_ever(world: World, on: Any) -> None:
    before = shown(0)
    in_one_piece()
    assert shown(0) == before and editions.outdated() == []
    on(1, lambda: changed(Comparison.objects.get(), featured=True))
    on(1, editions.catch_up)
    assert stored() == [] and days() == [0]


def test_the_first_change_after_the_form_before_stores_every_row(world: World, on: Any) -> None:
    before = shown(0)
    in_one_piece()
    on(1, figure(world, 6))
    assert stored() == [(1, name) for _day, name in EVERY_ROW]
    assert shown(0) == before and editions.outdated() == []
    on(1, figure(world, 5))
    assert stored() == [] and days() == [0]


def test_an_edition_of_the_form_before_that_is_of_today_is_replaced(world: World, on: Any) -> None:
    in_one_piece()
    on(0, figure(world, 6))
    assert stored() == EVERY_ROW and days() == [0]
    assert editions.outdated() == []


def test_a_clock_that_was_set_back_adds_to_the_newest_edition(world: World, on: Any) -> None:
    on(3, figure(world, 6))
    on(1, figure(world, 7))
    assert stored() == [*EVERY_ROW, (3, "number")] and days() == [0, 3]
    assert editions.outdated() == []


def test_a_row_that_was_undone_since_its_edition_was_read_is_left_out(world: World, on: Any) -> None:
    edition = ComparisonEdition.objects.get()
    EditionRow.objects.filter(criterion=world.text.pk).delete()
    assert [row.slug for row in edition_rows.past(edition).rows] == ["level", "number"]


@pytest.mark.parametrize(("days_later", "is_told"), [(1, False), (900, True), (3000, True)])
def test_what_only_grew_old_is_told_beside_what_changed(world: World, on: Any, days_later: int, is_told: bool) -> None:
    """A text changes, so that there is a later edition; the cell of the figure is as it was."""
    on(days_later, lambda: make.make_claim(world.other, world.text, text="So"))
    first, last = ComparisonEdition.objects.order_by("day")
    told = difference(*edition_rows.compared(first, last, first.day), first.day, last.day)
    assert told == difference(edition_rows.past(first), edition_rows.past(last), first.day, last.day)
    assert (len(told.cells) > 1) == is_told


def random_layout(world: World, chance: random.Random) -> None:
    """Change what only comparisons show."""
    page = Comparison.objects.get()
    criterion = chance.choice([world.level, world.number, world.text])
    framework = chance.choice([world.one, world.other])
    row, column = page.rows.filter(criterion=criterion), page.columns.filter(framework=framework)
    chance.choice(
        [
            lambda: row.exists() or page.rows.create(criterion=criterion, order=10 + chance.randrange(10**6)),
            lambda: row.delete(),
            lambda: column.exists() or page.columns.create(framework=framework, order=10 + chance.randrange(10**6)),
            lambda: column.delete(),
            lambda: row.update(order=10 + chance.randrange(10**6)),
            lambda: column.update(order=10 + chance.randrange(10**6)),
            lambda: changed(Criterion.objects.get(pk=criterion.pk), is_draft=chance.random() < 0.5),
            lambda: changed(Criterion.objects.get(pk=criterion.pk), name=f"Name {chance.randrange(3)}"),
            lambda: changed(page, title=f"Title {chance.randrange(3)}"),
        ]
    )()


@pytest.mark.parametrize("seed", range(6))
def test_after_any_writes_on_any_days_every_day_shows_what_readers_saw(world: World, on: Any, seed: int) -> None:
    """The newest edition is what is worked out as a whole, and no earlier day ever changes."""
    chance, day = random.Random(seed), 0  # noqa: S311
    seen = [shown(0)]
    for _ in range(12):
        if chance.random() < 0.5:
            day += 1
            seen.append(seen[-1])
        kind = chance.choice([random_write, random_layout])
        on(day, lambda kind=kind: kind(world, chance))
        assert editions.outdated() == []
        seen[day] = shown(day)
        assert [shown(earlier) for earlier in range(day)] == seen[:day]
        assert_differences_are_told(day)


def assert_differences_are_told(day: int) -> None:
    """Since any earlier day: the same as between all that both days show, whatever is left out as equal."""
    last = ComparisonEdition.objects.order_by("day").last()
    assert last is not None
    for on in (FIRST + dt.timedelta(days=earlier) for earlier in range(day)):
        edition = ComparisonEdition.objects.filter(day__lte=on).order_by("-day")[0]
        if edition.state and last.state and edition.pk != last.pk:
            told = difference(*edition_rows.compared(edition, last, on), on, last.day)
            assert told == difference(edition_rows.past(edition), edition_rows.past(last), on, last.day)
