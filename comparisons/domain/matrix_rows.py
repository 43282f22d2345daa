"""Which rows of a matrix a reader asks for: those that differ, are disputed, or hold a certain answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .matrix import CellView, Matrix, MatrixRow
from .vocabulary import Meaning

#: The meanings of a level that meet an answer which a reader asks for; `unknown` is met by a cell without a value.
ANSWERS: dict[str, frozenset[str]] = {
    "yes": frozenset({Meaning.YES}),
    "at-least-part": frozenset({Meaning.YES, Meaning.PARTIAL}),
    "at-most-part": frozenset({Meaning.PARTIAL, Meaning.NO}),
    "no": frozenset({Meaning.NO}),
    "unknown": frozenset(),
}
#: In place of a framework: the answer has to stand in every column.
EVERY = "every"


class RowStanding(NamedTuple):
    """What the cells of a row come to, as far as a reader can ask for rows.

    columns: how many there are. answers: those with a value. matches: those with the answer that was asked for.
    """

    columns: int
    answers: int
    differs: bool
    is_disputed: bool
    needs_recheck: bool
    matches: int = 0

    @property
    def is_one_sided(self) -> bool:
        """Whether it cannot differ, since fewer than two columns have a value."""
        return self.answers < 2


@dataclass(frozen=True)
class RowWish:
    """The rows that a reader asks for.

    only: "differences", "disputed", "recheck"; all of them have to hold. answer: a key of ANSWERS, or "" for any.
    of: the column that has to have that answer, by the slug of its framework; EVERY for all columns, "" for any.
    """

    only: frozenset[str] = frozenset()
    answer: str = ""
    of: str = ""

    def __bool__(self) -> bool:
        """Whether it leaves any row out."""
        return bool(self.only or self.answer)

    def is_met(self, row: RowStanding) -> bool:
        """Whether a row is shown."""
        if "differences" in self.only and not row.differs:
            return False
        if "disputed" in self.only and not row.is_disputed:
            return False
        if "recheck" in self.only and not row.needs_recheck:
            return False
        return not self.answer or row.matches >= (row.columns if self.of == EVERY else 1)

    def matches(self, cell: CellView | None) -> bool:
        """Whether a cell has the answer that was asked for; False if none was."""
        if self.answer == "unknown":
            return cell is None or not cell.has_value
        return bool(self.answer) and cell is not None and cell.has_value and cell.meaning in ANSWERS[self.answer]


class RowCounts(NamedTuple):
    """How many rows there are in all, how many are shown, and why the others do not differ.

    alike: at least two columns have a value, and all have the same. one_sided: fewer than two columns have one.
    """

    total: int
    shown: int
    alike: int = 0
    one_sided: int = 0

    @property
    def hidden(self) -> int:
        return self.total - self.shown


def counted(standings: Iterable[RowStanding], shown: int) -> RowCounts:
    """The counts of all rows, of which some are shown."""
    rows = list(standings)
    one_sided = sum(row.is_one_sided for row in rows)
    return RowCounts(len(rows), shown, sum(not row.differs for row in rows) - one_sided, one_sided)


def standing_of(row: MatrixRow, slugs: Sequence[str], wish: RowWish, today: date, sides: int = 1) -> RowStanding:
    """What the cells of a row come to. slugs: those of the columns. sides: columns of each framework."""
    return RowStanding(
        columns=len(row.cells),
        answers=sum(cell is not None and cell.has_value for cell in row.cells),
        differs=row.differs(sides),
        is_disputed=row.is_disputed,
        needs_recheck=row.needs_recheck(today),
        matches=sum(
            wish.matches(cell)
            for slug, cell in zip(slugs, row.cells, strict=True)
            if wish.of in ("", EVERY) or slug == wish.of
        ),
    )


def narrowed(matrix: Matrix, wish: RowWish, today: date, sides: int = 1) -> tuple[Matrix, RowCounts]:
    """Keep the rows that a reader asks for; also how many there are. sides: columns of each framework."""
    slugs = [column.slug for column in matrix.columns]
    rows = [(row, standing_of(row, slugs, wish, today, sides)) for row in matrix.rows]
    kept = tuple(row for row, standing in rows if wish.is_met(standing))
    return Matrix(matrix.columns, kept), counted((standing for _row, standing in rows), len(kept))


def part_of(matrix: Matrix, frameworks: Collection[int], rows: Sequence[MatrixRow]) -> Matrix:
    """Some rows of a matrix, with the columns of these frameworks alone; rows of figures lose their benchmarks."""
    at = [place for place, column in enumerate(matrix.columns) if column.id in frameworks]
    cut = (MatrixRow(row.criterion, tuple(row.cells[place] for place in at)) for row in rows)
    return Matrix(tuple(matrix.columns[place] for place in at), tuple(cut))


def ranked(slugs: Sequence[str], cells: Collection[CellView | None], direction: str) -> list[str]:
    """The slugs of columns in the order of one row: the most favourable answer first, columns without one last.

    Levels stand in their order, figures by the direction that is better (else the largest first), texts by alphabet.
    """

    def key(at: int) -> tuple[int, float, str]:
        cell = found[at]
        if cell is None or not cell.has_value:
            return 2, 0, ""
        if cell.level_place is not None:
            return 0, cell.level_place, ""
        if cell.number is not None:
            return 0, float(cell.number) * (1 if direction == "lower-better" else -1), ""
        return 1, 0, cell.text.casefold()

    found = list(cells)
    return [slugs[at] for at in sorted(range(len(slugs)), key=lambda at: (key(at), at))]
