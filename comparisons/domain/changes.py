"""What changed its meaning when a cell was assessed again."""

from __future__ import annotations

from .matrix import CellView
from .vocabulary import ChangeKind, RulingState


def change_of(before: CellView | None, after: CellView | None) -> ChangeKind | None:
    """The kind of change between two assessments of one cell; None if it means the same as before.

    A new ruling is a change of its own, dated by the ruling, so it is None here. Other evidence or another strength of
    the same answer changes no meaning.
    """
    if after is not None and after.ruling == RulingState.RULED:
        return None
    old_ruling = before.ruling if before else RulingState.NONE
    new_ruling = after.ruling if after else RulingState.NONE
    if new_ruling != old_ruling:
        return ChangeKind.UNRULED if new_ruling == RulingState.NONE and after is not None else None
    was, now = bool(before and before.is_disputed), bool(after and after.is_disputed)
    if was != now:
        return ChangeKind.DISPUTED if now else ChangeKind.SETTLED
    return ChangeKind.ANSWER if _answer(before) != _answer(after) else None


def _answer(cell: CellView | None) -> tuple[str, int | None]:
    """What a cell answers: its value, and for a figure the benchmark that gave it."""
    return (cell.value_key, cell.benchmark_id) if cell is not None and cell.has_value else ("", None)


def recheck_change_of(before: CellView | None, after: CellView | None) -> ChangeKind | None:
    """Whether a recheck became due between two assessments of one cell, or is due no longer; None if neither.

    Of a cell without an answer, before or after, nobody has to look again at anything.
    """
    if before is None or after is None or not (before.has_value and after.has_value):
        return None
    was, now = before.release_on is not None, after.release_on is not None
    if was == now:
        return None
    return ChangeKind.RECHECK if now else ChangeKind.RECHECKED
