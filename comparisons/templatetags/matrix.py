"""The cells of a matrix. There may be thousands on a page: each is one piece of at most four elements.

The words come from comparisons/language/; data is escaped by `format_html` throughout. What many cells have alike, such
as their tally and their badge, is made once for each page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.benchmarks import FigureCell
from comparisons.domain.matrix import CellView, Column, Line, Matrix, MatrixRow
from comparisons.domain.vocabulary import Direction, Meaning, RulingState, Stance
from comparisons.language import figures, values

register = template.Library()

#: Ticks that are drawn of each stance; the words beside them give the whole count.
MOST_TICKS = {Stance.SUPPORTS: 9, Stance.QUALIFIES: 5, Stance.DISPUTES: 5}
_TICKS = {Stance.SUPPORTS: "u", Stance.QUALIFIES: "q", Stance.DISPUTES: "d"}
#: The class of a value, by its meaning: yes, in part, no.
_MEANINGS = {Meaning.YES: "y", Meaning.PARTIAL: "p", Meaning.NO: "n"}
_NOTHING = format_html("{}", "")


class Cells:
    """Draws the cells of one matrix.

    silence: what an empty cell means, if a source or a day was chosen.
    """

    def __init__(self, today: date, silence: str = ""):
        self.today = today
        self.empty = format_html('<td class="nil">{}</td>', silence or _("No source yet"))
        self._tallies: dict[tuple[object, ...], SafeString] = {}
        self._badges: dict[tuple[str, str, bool], SafeString] = {}

    def row(self, row: MatrixRow, columns: tuple[Column, ...]) -> SafeString:
        """All cells of a row."""
        line, shown = row.criterion, row.figures.cells if row.figures and row.figures.benchmark else None
        found = [
            self.cell(cell, line, column.slug, shown[at] if shown else None)
            for at, (cell, column) in enumerate(zip(row.cells, columns, strict=True))
        ]
        return reduce(add, found, _NOTHING)

    def cell(self, cell: CellView | None, line: Line, framework: str, figure: FigureCell | None = None) -> SafeString:
        """One cell, or why it has no answer. figure: in the benchmark of its row; None if the row shows none."""
        if cell is None:
            return self.empty
        if figure is not None:
            css, words, below = self._figure(figure)
        elif not cell.has_value:
            css, words, below = " q", values.no_value(cell), self.tally(cell)
        else:
            css, words = self.css(cell, line), values.headline(cell, line)
            below = self.note(cell, line) + self.tally(cell)
        return format_html(
            # `reverse` would be slow here.
            '<td><a class="v{}" href="/frameworks/{}/{}/" tabindex="-1">{}</a>{}{}</td>',
            css, framework, line.slug, words, below, self.badges(cell),
        )  # fmt: skip

    @staticmethod
    def css(cell: CellView, line: Line) -> str:
        """The class of a value: how a need is met, how much of something there is, a figure, or a text."""
        if cell.number is not None:
            return " num-v"
        if cell.meaning and line.is_scale and cell.level_place in (1, 2, 3):
            return f" m{cell.level_place if line.direction == Direction.LOWER else 4 - cell.level_place}"
        return f" {_MEANINGS.get(cell.meaning, 't')}"  # type: ignore[call-overload]

    @staticmethod
    def note(cell: CellView, line: Line) -> SafeString:
        """The caveat of a partial value, or the benchmark or the version of a figure."""
        words = cell.caveat or values.headline_note(cell, line)
        return format_html('<span class="c">{}</span>', words) if words else _NOTHING

    def tally(self, cell: CellView) -> SafeString:
        """The ticks of the independent sources, drawn by classes, and their number and strength in words."""
        stances = [tick[0] for tick in cell.tally]
        strength = cell.strength(self.today)
        counts = tuple(stances.count(stance) for stance in _TICKS)
        key = (*counts, cell.witnesses, cell.supporting, strength)
        if key not in self._tallies:
            drawn = "".join(
                f" {_TICKS[stance]}{min(count, MOST_TICKS[stance])}"
                for stance, count in zip(_TICKS, counts, strict=True)
                if count
            )
            words = values.sources_and_strength(cell, self.today)
            self._tallies[key] = format_html('<span class="e{}">{}</span>', drawn, words)
        return self._tallies[key]

    def badges(self, cell: CellView) -> SafeString:
        """One badge for each state: disputed (and ruled, or left open), and what may be outdated."""
        key = (cell.agreement, cell.ruling, cell.needs_recheck(self.today))
        if key not in self._badges:
            found = [self._disputed(cell)] if cell.is_disputed or cell.ruling != RulingState.NONE else []
            if key[2]:
                found.append(format_html('<span class="badge old">{}</span>', _("May be outdated")))
            self._badges[key] = reduce(add, found, _NOTHING)
        return self._badges[key]

    @staticmethod
    def _disputed(cell: CellView) -> SafeString:
        if not cell.is_disputed:
            if cell.ruling == RulingState.OPEN:
                return format_html('<span class="badge">{}</span>', _("Left open"))
            return format_html('<span class="badge ruled">{}</span>', _("Ruled"))
        word = {RulingState.RULED: _("Disputed, ruled"), RulingState.OPEN: _("Disputed, left open")}.get(
            RulingState(cell.ruling), _("Disputed")
        )
        return format_html('<span class="badge disputed">{}</span>', word)

    @staticmethod
    def _figure(cell: FigureCell) -> tuple[str, str, SafeString]:
        """Class, words and what stands below of a figure in the benchmark of its row."""
        if cell.figure is None:
            return " q", _("Not in this test"), _below(figures.elsewhere(cell))
        near = "" if cell.nearness is None else f" b{round(10 * cell.nearness)}"
        compared = figures.of_best(cell.of_best) if cell.of_best is not None else ""
        if not cell.figure.is_compared:
            compared = ": ".join(filter(None, (_("not compared"), cell.left_out)))
        css = " num-v" if cell.figure.is_compared else " num-v out"
        return css, figures.plain(cell.figure.value), _below(compared, near) + _below(figures.other_figures(cell))


def _below(words: str, css: str = "") -> SafeString:
    return format_html('<span class="c{}">{}</span>', css, words) if words else _NOTHING


@register.simple_tag
def matrix_cells(today: date, silence: str = "") -> Cells:
    """What draws the cells of one matrix."""
    return Cells(today, silence)


@register.simple_tag
def row_cells(cells: Cells, row: MatrixRow, columns: tuple[Column, ...]) -> SafeString:
    """The cells of a row."""
    return cells.row(row, columns)


@register.simple_tag
def column_cells(cells: Cells, matrix: Matrix, at: int) -> SafeString:
    """The cells of a column as a row, for the matrix transposed. at: its place from 0."""
    slug = matrix.columns[at].slug
    found = [cells.cell(row.cells[at], row.criterion, slug, row.figure_at(at)) for row in matrix.rows]
    return reduce(add, found, _NOTHING)


class Fitting(NamedTuple):
    """How many columns may fit a window: the numbers for which a sentence is made; some columns to jump to."""

    total: int
    counts: range
    jumps: Sequence[Any]


#: The most columns that style sheets count, and how far apart the columns are that can be jumped to.
_MOST_FITTING, _JUMP = 9, 3


@register.simple_tag
def fitting(columns: Sequence[Any]) -> Fitting:
    """What the line above a matrix with these columns says; no counts for a single column."""
    total = len(columns)
    jumps = columns[::_JUMP] if total > _JUMP + 1 else ()
    return Fitting(total, range(1, min(total - 1, _MOST_FITTING) + 1), jumps)
