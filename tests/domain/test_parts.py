"""A matrix for paper: how it is cut, and which rows stay."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.benchmarks import FigureCell, FigureRow
from comparisons.domain.parts import cuts, in_parts, rows_in_parts, telling

from .builders import says
from .test_matrix import cell, matrix

CUTS = {
    # name: (columns, most, together), parts
    "none": ((0, 8, 1), []),
    "all on one sheet": ((8, 8, 1), [(0, 8)]),
    "two sheets of about one size": ((9, 8, 1), [(0, 5), (5, 9)]),
    "fifteen": ((15, 8, 1), [(0, 8), (8, 15)]),
    "many": ((17, 5, 1), [(0, 5), (5, 9), (9, 13), (13, 17)]),
    "two sources of a framework stay together": ((10, 8, 2), [(0, 6), (6, 10)]),
    "a pair is wider than a sheet": ((4, 1, 2), [(0, 2), (2, 4)]),
}


@pytest.mark.parametrize(("given", "parts"), CUTS.values(), ids=CUTS)
def test_columns_are_cut_into_as_few_parts_as_fit(given: tuple[int, int, int], parts: list[tuple[int, int]]) -> None:
    assert cuts(*given) == parts


@given(st.integers(0, 400), st.integers(1, 12), st.integers(1, 2))
def test_no_column_is_lost_or_shown_twice(total: int, most: int, together: int) -> None:
    parts = cuts(total, most, together)
    assert [place for start, stop in parts for place in range(start, stop)] == list(range(total))
    assert all(stop - start <= max(most, together) for start, stop in parts)


def test_each_part_has_every_row_and_says_which_columns_it_holds() -> None:
    wide = matrix(*(cell(n, 1, says(f"v{n}", "a")) for n in range(1, 6)), columns=5, lines=2)
    parts = in_parts(wide, 3)
    assert [(part.first, part.last) for part in parts] == [(1, 3), (4, 5)]
    assert [[one.name for one in part.matrix.columns] for part in parts][1] == ["Framework 4", "Framework 5"]
    assert [len(part.matrix.rows) for part in parts] == [2, 2]
    assert [one.text for one in parts[1].matrix.rows[0].cells if one] == ["v4", "v5"]


def test_figures_keep_their_ratio_to_the_best_of_the_whole_row() -> None:
    wide = matrix(columns=4)
    shares = [Decimal(1), Decimal("0.5"), Decimal("0.4"), Decimal("0.3")]
    figures = FigureRow(1, None, (), tuple(FigureCell(None, of_best=share) for share in shares))
    wide = replace(wide, rows=(replace(wide.rows[0], figures=figures),))
    kept = in_parts(wide, 2)[1].matrix.rows[0].figures
    assert kept is not None
    assert [one.of_best for one in kept.cells] == shares[2:]


def test_criteria_that_stand_across_are_cut_by_rows() -> None:
    parts = rows_in_parts(matrix(lines=5), 4)
    assert [[row.criterion.id for row in part.matrix.rows] for part in parts] == [[1, 2, 3], [4, 5]]


def test_the_rows_that_differ_or_are_disputed_stay_in_their_order() -> None:
    found = matrix(
        *(cell(n, 1, says("same", "a")) for n in (1, 2)),
        *(cell(n, 2, says(f"v{n}", "a")) for n in (1, 2)),
        cell(1, 4, says("one", "a"), says("other", "b")),
        lines=4,
    )
    assert [row.criterion.id for row in telling(found, 2).rows] == [2, 4]
    assert [row.criterion.id for row in telling(found, 3).rows] == [1, 2, 4]
    assert telling(found, 4) is found
