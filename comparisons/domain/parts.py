"""A matrix for paper: cut into parts that are as wide as a sheet, or down to the rows that tell most."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from .matrix import Matrix


class MatrixPart(NamedTuple):
    """Some columns of a matrix with all its rows. first, last: their places among all columns, counted from 1."""

    matrix: Matrix
    first: int
    last: int


def cuts(total: int, most: int, together: int = 1) -> list[tuple[int, int]]:
    """Where to cut `total` columns into as few parts as possible, of about one size: (start, stop) of each, from 0.

    most: columns of a part at most. together: how many columns stand side by side and are never parted, such as those
    of two sources on one framework; a part has at least that many. No columns give no part.
    """
    pieces = -(-total // together)
    room = max(1, most // together)
    parts = max(1, -(-pieces // room))
    ends = [min(total, together * -(-pieces * at // parts)) for at in range(parts + 1)]
    return [(start, stop) for start, stop in pairwise(ends) if start < stop]


def in_parts(matrix: Matrix, most: int, together: int = 1) -> list[MatrixPart]:
    """The matrix by columns, at most so many in each part; see `cuts`. Ratios stay those of the whole row."""
    return [
        MatrixPart(_columns(matrix, start, stop), start + 1, stop)
        for start, stop in cuts(len(matrix.columns), most, together)
    ]


def rows_in_parts(matrix: Matrix, most: int) -> list[MatrixPart]:
    """The matrix by rows, for criteria that stand across: every column in each part. first, last: places of rows."""
    return [
        MatrixPart(Matrix(matrix.columns, matrix.rows[start:stop]), start + 1, stop)
        for start, stop in cuts(len(matrix.rows), most)
    ]


def _columns(matrix: Matrix, start: int, stop: int) -> Matrix:
    rows = tuple(
        replace(
            row,
            cells=row.cells[start:stop],
            figures=replace(row.figures, cells=row.figures.cells[start:stop]) if row.figures else None,
        )
        for row in matrix.rows
    )
    return Matrix(matrix.columns[start:stop], rows)


def telling(matrix: Matrix, most: int) -> Matrix:
    """At most so many rows, in their order: those that are disputed or differ before those on which all agree."""
    if len(matrix.rows) <= most:
        return matrix
    ranked = sorted(matrix.rows, key=lambda row: not (row.is_disputed or row.differs()))
    kept = {row.criterion.id for row in ranked[:most]}
    return Matrix(matrix.columns, tuple(row for row in matrix.rows if row.criterion.id in kept))
