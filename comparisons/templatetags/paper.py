"""Cells of a matrix on paper: the value in words and by its mark, the evidence, the state, the numbers of its sources.

A page may have thousands of cells, so that each is written out in one piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.benchmarks import FigureCell
from comparisons.domain.matrix import CellView, Column, Line, Matrix, MatrixRow
from comparisons.domain.parts import MatrixPart
from comparisons.domain.vocabulary import Direction, Meaning
from comparisons.evidence.footnotes import Footnotes
from comparisons.language import cells, values

register = template.Library()

_MARKS = {Meaning.YES: "p-yes", Meaning.PARTIAL: "p-part", Meaning.NO: "p-no", Meaning.NOT_APPLICABLE: "p-na"}
Placed = tuple[MatrixRow, CellView | None, FigureCell | None, Column]


@register.filter
def last_of(parts: list[MatrixPart]) -> int:
    """How many columns all parts have; 0 without a part."""
    return parts[-1].last if parts else 0


@register.simple_tag
def paper_row(row: MatrixRow, columns: tuple[Column, ...], today: date, silence: str, notes: Footnotes) -> SafeString:
    """The cells of a criterion, one for each column. silence: what an empty cell means; notes: numbers of sources."""
    placed = ((row, cell, row.figure_at(at), columns[at]) for at, cell in enumerate(row.cells))
    return _cells(placed, today, silence, notes)


@register.simple_tag
def paper_column(matrix: Matrix, at: int, today: date, silence: str, notes: Footnotes) -> SafeString:
    """The cells of a framework, one for each criterion. at: which column of the matrix, from 0."""
    placed = ((row, row.cells[at], row.figure_at(at), matrix.columns[at]) for row in matrix.rows)
    return _cells(placed, today, silence, notes)


def _cells(placed: Iterable[Placed], today: date, silence: str, notes: Footnotes) -> SafeString:
    empty = format_html('<td class="p-nil">{}</td>', silence or _("No source yet"))
    return format_html_join(
        "",
        "{}",
        (
            (empty if cell is None else _cell(row.criterion, cell, figure, today, _numbers(cell, notes)),)
            for row, cell, figure, _column in placed
        ),
    )


def _numbers(cell: CellView, notes: Footnotes) -> str:
    return ", ".join(map(str, notes.by_cell.get((cell.framework_id, cell.criterion_id), ())))


def _cell(line: Line, cell: CellView, figure: FigureCell | None, today: date, numbers: str) -> SafeString:
    value, under = cells.said(line, cell, figure, today)
    mark = "" if figure is not None else mark_of(cell, line) if cell.has_value else "p-nil"
    return _written(mark, value, under, state(cell, today), numbers)


@lru_cache(maxsize=4096)
def _written(
    mark: str, shown: str, under: tuple[str, ...], states: tuple[tuple[str, str], ...], numbers: str
) -> SafeString:
    """A cell as HTML; many cells of a matrix say the same."""
    return format_html(
        "<td><b{}>{}</b>{}{}{}</td>",
        format_html(' class="{}"', mark) if mark else "",
        shown,
        format_html_join("", "<small>{}</small>", ((text,) for text in under)),
        format_html_join("", '<em class="{}">{}</em>', states),
        format_html("<small>[{}]</small>", numbers) if numbers else "",
    )


def mark_of(cell: CellView, line: Line) -> str:
    """The class of the mark before a value: how far a need is met, or how much of something there is; "" for others."""
    if not cell.meaning:
        return ""
    if line.is_scale and cell.level_place in (1, 2, 3):
        return f"p-{cell.level_place if line.direction == Direction.LOWER else 4 - cell.level_place}"
    return _MARKS.get(Meaning(cell.meaning), "")


def state(cell: CellView, today: date) -> tuple[tuple[str, str], ...]:
    """Whether the sources disagree and what came of it, and whether the answer may be outdated: (class, words) each."""
    found = []
    if words := values.dispute(cell.is_disputed, cell.ruling):
        found.append(("p-split" if cell.is_disputed else "p-flag", words))
    if cell.needs_recheck(today):
        found.append(("p-flag", _("May be outdated")))
    return tuple(found)
