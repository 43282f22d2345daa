"""What changed from one edition of a comparison to a later one. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from comparisons.domain.editions import PastCell, PastColumn, PastComparison, PastParagraph, PastRow
from comparisons.language.editions import summary

from .diff import Piece, word_diff


class TextDifference(NamedTuple):
    """A text that is not what it was. what: "title", "introduction", "verdict" or "claims" (behind the verdict)."""

    what: str
    pieces: tuple[Piece, ...]


class PlaceDifference(NamedTuple):
    """A framework or a criterion that came, went, or is called or asked otherwise; "" for what there was not."""

    what: str
    before: str
    after: str


class CellDifference(NamedTuple):
    """A cell in one line, as it was and as it is."""

    framework: str
    criterion: str
    before: str
    after: str


@dataclass(frozen=True)
class EditionDifference:
    """All that changed from one edition to another. is_reordered: whether columns or rows stand in another order."""

    texts: tuple[TextDifference, ...] = ()
    places: tuple[PlaceDifference, ...] = ()
    cells: tuple[CellDifference, ...] = ()
    is_reordered: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.places or self.cells or self.is_reordered)


def difference(before: PastComparison, after: PastComparison, day: date, later: date) -> EditionDifference:
    """Compare two editions, each as readers saw it on its day. Cells are compared where both have them."""
    columns, rows = _by_id(before.columns), _by_id(before.rows)
    new_columns, new_rows = _by_id(after.columns), _by_id(after.rows)
    return EditionDifference(
        texts=tuple(_texts(before, after)),
        places=(
            *_places("framework", columns, new_columns, lambda one: one.name),
            *_places("tagline", *_in_both(columns, new_columns), lambda one: one.tagline),
            *_places("criterion", rows, new_rows, lambda one: f"{one.group}: {one.name}"),
            *_places("question", *_in_both(rows, new_rows), lambda one: one.question),
        ),
        cells=tuple(_cells(before, after, day, later)),
        is_reordered=any(
            [pk for pk in old if pk in new] != [pk for pk in new if pk in old]
            for old, new in ((columns, new_columns), (rows, new_rows))
        ),
    )


def _by_id(found: Sequence[Any]) -> dict[int, Any]:
    return {one.id: one for one in found}


def _in_both(before: dict[int, Any], after: dict[int, Any]) -> tuple[dict[int, Any], dict[int, Any]]:
    shared = before.keys() & after.keys()
    return {pk: before[pk] for pk in before if pk in shared}, {pk: after[pk] for pk in before if pk in shared}


def _texts(before: PastComparison, after: PastComparison) -> Iterable[TextDifference]:
    for what in ("title", "introduction"):
        if getattr(before, what) != getattr(after, what):
            yield TextDifference(what, word_diff(getattr(before, what), getattr(after, what)))
    matcher = SequenceMatcher(None, before.verdict, after.verdict, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            for old, new in zip_longest(before.verdict[i:j], after.verdict[k:m]):
                yield from _paragraph(old, new)


def _paragraph(old: PastParagraph | None, new: PastParagraph | None) -> Iterable[TextDifference]:
    texts = [_named(one) for one in (old, new)]
    if texts[0] != texts[1]:
        yield TextDifference("verdict", word_diff(*texts))
    claims = ["\n".join(text for _key, text in one.claims) if one else "" for one in (old, new)]
    if claims[0] != claims[1]:
        yield TextDifference("claims", word_diff(*claims))


def _named(paragraph: PastParagraph | None) -> str:
    """A paragraph with what it is about."""
    if paragraph is None:
        return ""
    heading = ", ".join(filter(None, (paragraph.framework, paragraph.kind)))
    return f"{heading}: {paragraph.text}" if heading else paragraph.text


def _places(what: str, before: dict[int, Any], after: dict[int, Any], name: Any) -> Iterable[PlaceDifference]:
    for pk in [*before, *(pk for pk in after if pk not in before)]:
        texts = [name(found[pk]) if pk in found else "" for found in (before, after)]
        if texts[0] != texts[1]:
            yield PlaceDifference(what, *texts)


def _cells(before: PastComparison, after: PastComparison, day: date, later: date) -> Iterable[CellDifference]:
    old_at = {column.id: at for at, column in enumerate(before.columns)}
    old_rows: dict[int, PastRow] = _by_id(before.rows)
    kept: list[tuple[int, PastColumn]] = [(at, one) for at, one in enumerate(after.columns) if one.id in old_at]
    for row in after.rows:
        old = old_rows.get(row.id)
        if old is None:
            continue
        says_alike = _of_row(old) == _of_row(row)
        for at, column in kept:
            then, now = old.cells[old_at[column.id]], row.cells[at]
            if says_alike and then == now and not (then and then.ages):
                continue  # of a large comparison these are most
            texts = _line(old, then, day), _line(row, now, later)
            if texts[0] != texts[1]:
                yield CellDifference(column.name, row.name, *texts)
            whys = [cell.why if cell else "" for cell in (then, now)]
            if whys[0] != whys[1]:
                yield CellDifference(column.name, row.name, *whys)


def _of_row(row: PastRow) -> tuple[str, str]:
    """What the lines of all its cells depend on."""
    return row.test, row.unit


def _line(row: PastRow, cell: PastCell | None, day: date) -> str:
    """A cell in one line, with the benchmark that its row shows."""
    text = summary(cell, row, day)
    return f"{row.test}: {text}" if row.test and cell is not None else text
