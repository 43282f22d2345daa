"""Cells in rows and columns, and what is counted over them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from comparisons.domain.assessment import assess
from comparisons.domain.freshness import FeatureRelease
from comparisons.domain.matrix import (
    CellView,
    Column,
    LevelView,
    Line,
    Matrix,
    build_matrix,
    cell_fields,
    is_hollow,
)
from comparisons.domain.matrix_rows import RowWish, narrowed
from comparisons.domain.statements import Decision, Statement
from comparisons.domain.vocabulary import Silence

from .builders import FRESH, OLD, TODAY, figure, number, says, source

LEVELS = {
    slug: LevelView(slug, slug.title(), meaning, place)
    for place, (slug, meaning) in enumerate(
        [("built-in", "yes"), ("addon", "partial"), ("none", "no"), ("n-a", "not-applicable")], start=1
    )
}


def cell(
    framework: int, criterion: int, *claims: Statement, ruling: Decision | None = None, **options: Any
) -> CellView:
    return CellView(framework, criterion, **cell_fields(assess(claims, ruling, **options), LEVELS))


def column(number: int) -> Column:
    return Column(number, f"framework-{number}", f"Framework {number}", "", number)


def line(number: int, group: str = "g") -> Line:
    return Line(number, f"criterion-{number}", "", "", "", "level", "", "none", group, group.upper(), False)


def matrix(*cells: CellView, columns: int = 2, lines: int = 1) -> Matrix:
    return build_matrix([column(n + 1) for n in range(columns)], [line(n + 1) for n in range(lines)], cells)


STORED = {
    # name: claims, fields of the cell
    "a level": ([says("built-in", "a")], {"level_slug": "built-in", "level_label": "Built-In", "meaning": "yes"}),
    "a level is no text": ([says("built-in", "a")], {"text": "", "number": None, "value_key": "built-in"}),
    "a text": ([says("In short", "a")], {"level_slug": None, "text": "In short", "value_key": "In short"}),
    "a number": ([figure("9.80", "a")], {"number": Decimal("9.8"), "number_high": None, "value_key": "9.8:9.8"}),
    "a range": ([figure(5, "a", high=9)], {"number": 5, "number_high": 9, "value_key": "5:9"}),
    "about a number": ([says(number(5, approximate=True), "a")], {"approximate": True, "value_key": "5:5"}),
    "no value": ([says(None, "a")], {"points": None, "value_key": "", "steps": [], "claims": 1, "witnesses": 1}),
    "no evidence": ([], {"agreement": "no-evidence", "claims": 0, "newest_on": None, "tally": []}),
    "a dispute": ([says("x", "a"), says("y", "b")], {"agreement": "disputed", "counts": [1, 1], "points": 0}),
    "opponents": ([says("x", "a", "-b")], {"against": 1, "steps": [["witnesses", 1, 1], ["disputed", -1, None]]}),
    "dates": (
        [says("x", source("a", OLD), source("~b", FRESH))],
        {"supported_on": OLD, "newest_on": FRESH, "tally": [["supports", "2020-01-01"], ["qualifies", "2026-06-01"]]},
    ),
    "an undated tick": ([says("x", source("a", None))], {"tally": [["supports", None]]}),
}


@pytest.mark.parametrize(("claims", "fields"), STORED.values(), ids=STORED)
def test_a_cell_stores_what_its_claims_add_up_to(claims, fields):
    found = cell(1, 1, *claims)
    assert {name: getattr(found, name) for name in fields} == fields


def test_a_cell_stores_the_release_that_makes_a_recheck_due():
    due = cell(1, 1, says("x", "a"), releases=[FeatureRelease(dt.date(2026, 12, 1), "2.0")])
    assert (due.release_on, due.release_version) == (dt.date(2026, 12, 1), "2.0")
    assert [due.needs_recheck(day) for day in (TODAY, dt.date(2026, 12, 1))] == [False, True]


def test_a_stored_cell_tells_its_strength_as_the_assessment_does():
    claims = [says("x", *"abc"), says("y", source("d", bears_out=True))]
    for day in (TODAY, TODAY.replace(year=2030)):
        assert cell(1, 1, *claims).strength(day) == assess(claims).headline.strength(day)


def test_a_cell_without_a_value_has_no_strength():
    assert cell(1, 1, says(None, "a")).strength(TODAY) is None


@pytest.mark.parametrize(
    ("claims", "silence"),
    [
        ([says("none", "a")], Silence.NO),
        ([says("n-a", "a")], Silence.NOT_APPLICABLE),
        ([], Silence.NOBODY),
        ([says("built-in", "a")], None),
        ([says("addon", "a")], None),
        ([says(None, "a")], None),
        ([figure(0, "a")], None),
    ],
)
def test_silences_are_distinguished(claims, silence):
    assert cell(1, 1, *claims).silence == silence


def test_four_silences_have_four_names():
    assert len(set(Silence)) == 4


def test_a_cell_stands_where_its_framework_and_its_criterion_meet():
    found = matrix(cell(2, 1, says("x", "a")), cell(1, 2, says("y", "a")), columns=2, lines=2)
    assert [[c and c.value_key for c in row.cells] for row in found.rows] == [[None, "x"], ["y", None]]


def test_cells_of_other_frameworks_and_criteria_are_left_out():
    found = matrix(cell(9, 1, says("x", "a")), cell(1, 9, says("x", "a")))
    assert found.rows[0].cells == (None, None)


def test_columns_and_rows_keep_the_order_in_which_they_are_given():
    found = build_matrix([column(2), column(1)], [line(3), line(1)], [])
    assert [c.id for c in found.columns] == [2, 1]
    assert [row.criterion.id for row in found.rows] == [3, 1]


def test_rows_of_one_group_stand_under_one_heading():
    found = build_matrix([column(1)], [line(1, "a"), line(2, "b"), line(3, "b"), line(4, "a")], [])
    assert [(g.slug, g.name, len(g.rows)) for g in found.groups] == [("a", "A", 2), ("b", "B", 2)]


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        ([says("x", "a")], [says("y", "a")], True),
        ([says("x", "a")], [says("x", "a")], False),
        ([says("x", "a")], [], False),
        ([says("x", "a")], [says(None, "a")], False),
        ([figure("5.0", "a")], [figure("5", "a")], False),
        ([figure(100, "a")], [figure("1E+2", "a")], False),
        ([figure(5, "a")], [figure(5, "a", high=6)], True),
        ([], [], False),
    ],
)
def test_a_row_differs_when_two_frameworks_have_other_values(left, right, differs):
    assert matrix(cell(1, 1, *left), cell(2, 1, *right)).rows[0].differs() is differs


DISPUTED = [says("x", "a"), says("y", "b")]
UNSUPPORTED = [says("x", "-a")]
TALLIES = {
    # name: cells, what is counted besides nought
    "all empty": ([], {"empty": 2}),
    "one thin": ([cell(1, 1, says("x", "a"))], {"thin": 1, "empty": 1}),
    "fair and strong": ([cell(1, 1, says("x", *"ab")), cell(2, 1, says("x", *"abc"))], {"fair": 1, "strong": 1}),
    "disputed": ([cell(1, 1, *DISPUTED)], {"thin": 1, "disputed": 1, "empty": 1}),
    "disputed without a value": ([cell(1, 1, *UNSUPPORTED)], {"disputed": 1, "empty": 2}),
    "due": (
        [cell(1, 1, says("x", "a"), releases=[FeatureRelease(dt.date(2026, 9, 1), "2.0")])],
        {"thin": 1, "recheck": 1, "empty": 1},
    ),
}


@pytest.mark.parametrize(("cells", "counted"), TALLIES.values(), ids=TALLIES)
def test_tallies_count_cells(cells, counted):
    zero = dict.fromkeys(["strong", "fair", "thin", "disputed", "recheck", "empty"], 0)
    assert matrix(*cells).tallies(TODAY) == zero | counted


@pytest.mark.parametrize(
    ("only", "kept"),
    [
        ([], [1, 2, 3, 4]),
        (["differences"], [2]),
        (["disputed"], [3]),
        (["recheck"], [4]),
        (["differences", "disputed"], []),
    ],
)
def test_a_narrowed_matrix_keeps_the_rows_that_meet_every_condition(only, kept):
    late = [FeatureRelease(dt.date(2026, 9, 1), "2.0")]
    full = matrix(
        cell(1, 2, says("x", "a")), cell(2, 2, says("y", "a")), cell(1, 3, *DISPUTED),
        cell(1, 4, says("x", "a"), releases=late), lines=4,
    )  # fmt: skip
    shown, counts = narrowed(full, RowWish(frozenset(only)), TODAY)
    assert [row.criterion.id for row in shown.rows] == kept
    assert (counts.total, counts.shown, counts.hidden) == (4, len(kept), 4 - len(kept))


@pytest.mark.parametrize(
    ("claims", "ruling", "disputed", "is_open"),
    [
        (DISPUTED, None, True, True),
        (DISPUTED, Decision(None), True, True),
        (DISPUTED, Decision("x"), True, False),
        ([says("x", "a")], None, False, False),
        ([says("x", "a")], Decision(None), False, False),
    ],
)
def test_a_disputed_cell_stays_open_until_it_is_ruled(claims, ruling, disputed, is_open):
    found = cell(1, 1, *claims, ruling=ruling)
    assert (found.is_disputed, found.is_open) == (disputed, is_open)


@pytest.mark.parametrize(("dated", "hollow"), [(None, True), ("2020-01-01", True), ("2026-06-01", False)])
def test_a_tick_is_hollow_when_it_is_undated_or_old(dated, hollow):
    assert is_hollow(dated, TODAY) is hollow
