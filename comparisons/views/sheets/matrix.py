"""Matrices as tables to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.benchmarks import FigureCell
from comparisons.domain.matrix import CellView, Column, Line, Matrix, MatrixRow
from comparisons.domain.vocabulary import Silence, Stance
from comparisons.exchange.sheets import Entry, Sheet, SheetColumn
from comparisons.language import cells, labels
from comparisons.language.dates import as_known

from ..addresses import path
from ..matrix_parts import Bounds

#: Cells of a part of a file. All parts have the same columns.
CELLS = 20_000


def bounds_of(query: filters.MatrixForm) -> Bounds | None:
    """The bounds of a part of a file; None for a page on screen."""
    if not query.params["format"]:
        return None
    return Bounds(CELLS, CELLS, all_rows=bool(query.params["transpose"]))


def address(name: str, *keys: str) -> str:
    """The absolute address of a page."""
    return settings.SITE_URL + path(name, *keys)


def matrix_sheet(context: dict[str, Any], title: str) -> Sheet:
    """A row for each criterion and two columns for each framework: the answer, and its evidence.

    context: that of matrix_parts.matrix_context. With `transpose` a row for each framework.
    """
    matrix: Matrix = context["matrix"]
    make = _turned if context["query"].params["transpose"] else _upright
    made = make(matrix, title, context["today"], context["silence"])
    # The rows of another part show other benchmarks.
    return made if context["down"].is_part else replace(made, about=_in_tests(matrix))


def _upright(matrix: Matrix, title: str, today: date, silence: str) -> Sheet:
    columns = [SheetColumn("group", _("Group")), SheetColumn("criterion", _("Criterion"))]
    for column in matrix.columns:
        columns += two_columns(_key(column), _name(column))
    rows: list[list[Any]] = []
    for row in matrix.rows:
        found: list[Any] = [row.criterion.group_name, criterion_entry(row.criterion)]
        for at, column in enumerate(matrix.columns):
            found += _entries(row, at, column, today, silence)
        rows.append(found)
    return Sheet(title, columns, rows)


def _turned(matrix: Matrix, title: str, today: date, silence: str) -> Sheet:
    columns = [SheetColumn("framework", _("Framework"))]
    for row in matrix.rows:
        columns += two_columns(row.criterion.slug, row.criterion.name)
    rows: list[list[Any]] = []
    for at, column in enumerate(matrix.columns):
        found: list[Any] = [Entry(_name(column), address("framework", column.slug), _key(column))]
        for row in matrix.rows:
            found += _entries(row, at, column, today, silence)
        rows.append(found)
    return Sheet(title, columns, rows)


def two_columns(name: str, title: str) -> list[SheetColumn]:
    """The columns of an answer and of its evidence in words."""
    return [SheetColumn(name, title), SheetColumn(f"{name} evidence", _("%s: evidence") % title, in_words=True)]


def _key(column: Column) -> str:
    """What a column is called for programs; those of two sources stand side by side under one framework."""
    return f"{column.slug}: {column.source}" if column.source else column.slug


def _name(column: Column) -> str:
    return f"{column.name}: {column.source}" if column.source else column.name


def _in_tests(matrix: Matrix) -> dict[str, str]:
    """The benchmark of each row of figures: a number never leaves it."""
    tests = [
        f"{row.criterion.name}: {row.figures.benchmark.title}"
        for row in matrix.rows
        if row.figures and row.figures.benchmark
    ]
    return {"benchmarks": "; ".join(tests)} if tests else {}


def _entries(row: MatrixRow, at: int, column: Column, today: date, silence: str) -> list[Entry]:
    where = address("cell", column.slug, row.criterion.slug)
    return cell_entries(row.criterion, row.cells[at], row.figure_at(at), today, where, silence)


def cell_entries(
    line: Line, cell: CellView | None, figure: FigureCell | None, today: date, where: str, silence: str = ""
) -> list[Entry]:
    """The answer of a cell, and its evidence in words. silence: what a cell without claims means."""
    if cell is None or not cell.claims:
        words = silence or str(labels.label(Silence.NOBODY))
        return [Entry(words, where, {"value": None, "silence": words, "address": where}), Entry("")]
    value, under = cells.said(line, cell, figure, today)
    evidence = "; ".join([*under, *cells.states(cell, today)])
    return [
        Entry(value, where, {"value": value, **_facts(line, cell, figure, today), "address": where}),
        Entry(evidence),
    ]


def _facts(line: Line, cell: CellView, figure: FigureCell | None, today: date) -> dict[str, Any]:
    """What a program may want to know of a cell."""
    strength = cell.strength(today)
    shown = figure.figure if figure else None
    number, high = (shown.value.low, shown.value.high) if shown else (cell.number, cell.number_high)
    return {
        "level": cell.level_slug,
        "number": _plain(number),
        "number_high": _plain(high if high != number else None),
        "unit": line.unit or None,
        "benchmark": shown.benchmark if shown else cell.benchmark_slug,
        "caveat": cell.caveat or None,
        "agreement": str(cell.agreement),
        "ruling": str(cell.ruling),
        "strength": str(strength) if strength else None,
        "sources": cell.witnesses,
        "supports": _ticks(cell.tally, Stance.SUPPORTS),
        "qualifies": _ticks(cell.tally, Stance.QUALIFIES),
        "disputes": _ticks(cell.tally, Stance.DISPUTES),
        "newest": str(as_known(cell.newest_on, cell.newest_precision)) if cell.newest_on else None,
        "may_be_outdated": cell.needs_recheck(today),
    }


def _ticks(tally: Sequence[Sequence[str | None]], stance: Stance) -> int:
    return sum(tick[0] == stance for tick in tally)


def _plain(number: Any) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def criterion_entry(line: Line) -> Entry:
    """A criterion by its name; for programs with its slug."""
    where = address("use_case" if line.is_use_case else "criterion", line.slug)
    return Entry(line.name, where, {"slug": line.slug, "name": line.name, "question": line.question, "address": where})
