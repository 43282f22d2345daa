"""How far a framework meets the needs of each group of criteria, as a mark, and how unsure that is, as a span.

Formula: the weighted sum model with equal weights. A need that is met counts 1, in part 1/2, not met 0; the mark is
the mean over the needs with an answer. The span says how far the mark could move: a need without an answer counts
0 at the low end and 1 at the high end, an open dispute moves its need by 1/2 either way, thin evidence by 1/4.
Source: weighted sum model (Fishburn 1967, "Additive Utilities with Incomplete Product Sets").

Left out are levels that are neither better nor worse or do not apply, texts, figures (a figure depends on its
conditions, and one without a method never feeds a score), and use cases, which not everybody needs. An answer that
cannot be checked counts as none. The levels of a scale carry their direction in their meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .matrix import CellView, Column, Line, Matrix
from .vocabulary import Meaning, Strength, ValueType

#: What each meaning counts, in quarters of a need. Whole numbers keep low, mark and high in order exactly.
QUARTERS = {Meaning.YES: 4, Meaning.PARTIAL: 2, Meaning.NO: 0}
#: By how many quarters an open dispute, and thin evidence, may move a need.
DISPUTED, THIN = 2, 1
#: Reasons for a strength that keep a headline out of every score.
BARRED = frozenset({"no-method", "cannot-be-checked"})


@dataclass(frozen=True)
class Need:
    """One need: what it counts, and how low or high that might be, in quarters; `mark` is None without an answer."""

    mark: int | None
    low: int = 0
    high: int = 4


@dataclass(frozen=True)
class Score:
    """The share of needs that are met, from 0 to 1: low <= mark <= high.

    known: needs with an answer, of `needs`; unsure: those of them that are disputed or thin.
    """

    low: float
    mark: float
    high: float
    known: int
    needs: int
    unsure: int


@dataclass(frozen=True)
class GroupProfile:
    """The scores of all columns on one group; None where nothing is known."""

    slug: str
    name: str
    scores: tuple[tuple[Column, Score | None], ...]

    @property
    def needs(self) -> int:
        """The largest number of needs that a column has in this group."""
        return max((found.needs for _column, found in self.scores if found), default=0)


def need_of(line: Line, cell: CellView | None, today: date) -> Need | None:
    """What a cell contributes to a score; None if its criterion is not a need, or does not apply here."""
    if line.is_use_case or line.value_type != ValueType.LEVEL or not line.is_need:
        return None
    return need_in(cell, today)


def need_in(cell: CellView | None, today: date) -> Need | None:
    """What a cell says of its need, whether it is everybody's or not; None if its level does not apply."""
    if cell is None or not cell.has_value or not feeds_score(cell):
        return Need(None)
    if cell.meaning not in (Meaning.YES, Meaning.PARTIAL, Meaning.NO):
        return None
    mark, moved = QUARTERS[Meaning(cell.meaning)], moved_by(cell, today)
    return Need(mark, max(0, mark - moved), min(4, mark + moved))


def moved_by(cell: CellView, today: date) -> int:
    """By how many quarters what is open about a cell may move its value, either way."""
    return DISPUTED if cell.is_open else THIN if cell.strength(today) == Strength.THIN else 0


def feeds_score(cell: CellView) -> bool:
    """Whether a headline may feed a score: what states no method, or cannot be checked, may not."""
    return all(step[0] not in BARRED for step in cell.steps)


def score(answers: Iterable[Need]) -> Score | None:
    """The score over some needs, each with the same weight; None if none of them has an answer."""
    needs = list(answers)
    marks = [need.mark for need in needs if need.mark is not None]
    if not marks:
        return None
    return Score(
        low=sum(need.low for need in needs) / (4 * len(needs)),
        mark=sum(marks) / (4 * len(marks)),
        high=sum(need.high for need in needs) / (4 * len(needs)),
        known=len(marks),
        needs=len(needs),
        unsure=sum(need.mark is not None and need.low < need.high for need in needs),
    )


def score_of(rows: Sequence[tuple[Line, CellView | None]], today: date) -> Score | None:
    """The score of one framework over some criteria."""
    answers = (need_of(line, cell, today) for line, cell in rows)
    return score(found for found in answers if found is not None)


def profile(matrix: Matrix, today: date) -> list[GroupProfile]:
    """The scores of each group on which something is known about a column."""
    groups = []
    for group in matrix.groups:
        scores = tuple(
            (column, score_of([(row.criterion, row.cells[at]) for row in group.rows], today))
            for at, column in enumerate(matrix.columns)
        )
        if any(found for _column, found in scores):
            groups.append(GroupProfile(group.slug, group.name, scores))
    return groups
