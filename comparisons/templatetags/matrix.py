"""The cells of a matrix. There may be thousands on a page: each is one piece of at most four elements.

The words come from comparisons/language/; data is escaped by `format_html` throughout. What many cells have alike, such
as their tally and their badge, is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache, reduce
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
from comparisons.language.nouns import Nouns
from comparisons.models import subject

register = template.Library()

#: Ticks that are drawn of each stance; the words beside them give the whole count.
MOST_TICKS = {Stance.SUPPORTS: 9, Stance.QUALIFIES: 5, Stance.DISPUTES: 5}
_TICKS = {Stance.SUPPORTS: "u", Stance.QUALIFIES: "q", Stance.DISPUTES: "d"}
#: The class of a value, by its meaning: yes, in part, no.
_MEANINGS = {Meaning.YES: "y", Meaning.PARTIAL: "p", Meaning.NO: "n"}
_NOTHING = format_html("{}", "")
#: Pieces that are kept; then all are made anew.
MOST_PIECES = 20_000


class Cells:
    """Draws the cells of matrices of one day, from pieces that are escaped once and kept for all cells that share them.

    silence: what an empty cell means, if a source or a day was chosen. word: that of the subject in addresses.
    """

    def __init__(self, today: date, silence: str, word: str):
        self.today = today
        self._word = word
        self.empty = format_html('<td class="nil">{}</td>', silence)
        self._openings: dict[tuple[str, str], SafeString] = {}
        self._values: dict[tuple[str, str], SafeString] = {}
        self._ends: dict[tuple[object, ...], SafeString] = {}

    @property
    def is_full(self) -> bool:
        return len(self._openings) + len(self._values) + len(self._ends) > MOST_PIECES

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
        note = _NOTHING
        if figure is not None:
            css, words, note = self._figure(figure)
        elif not cell.has_value:
            css, words = " q", values.no_value(cell)
        else:
            css, words = self.css(cell, line), values.headline(cell, line)
            if below := cell.caveat or values.headline_note(cell, line):
                note = _below(below)
        start = self._openings.get((css, framework)) or self._opening(css, framework)
        value = self._values.get((line.slug, words)) or self._value(line.slug, words)
        return start + value + note + self._end(cell, has_tally=figure is None)

    def _opening(self, css: str, framework: str) -> SafeString:
        # `reverse` would be slow here.
        found = format_html('<td><a class="v{}" href="/{}/{}/', css, self._word, framework)
        self._openings[css, framework] = found
        return found

    def _value(self, criterion: str, words: str) -> SafeString:
        found = format_html('{}/" tabindex="-1">{}</a>', criterion, words)
        self._values[criterion, words] = found
        return found

    @staticmethod
    def css(cell: CellView, line: Line) -> str:
        """The class of a value: how a need is met, how much of something there is, a figure, or a text."""
        if cell.number is not None:
            return " num-v"
        if cell.meaning and line.is_scale and cell.level_place in (1, 2, 3):
            return f" m{cell.level_place if line.direction == Direction.LOWER else 4 - cell.level_place}"
        return f" {_MEANINGS.get(cell.meaning, 't')}"  # type: ignore[call-overload]

    def _end(self, cell: CellView, *, has_tally: bool) -> SafeString:
        """The tally, the badges and the end of a cell."""
        due = cell.needs_recheck(self.today)
        stances = [tick[0] for tick in cell.tally] if has_tally else []
        counts = tuple(map(stances.count, _TICKS))
        strength = cell.strength(self.today)
        key = (*counts, cell.witnesses, cell.supporting, strength, cell.agreement, cell.ruling, due, has_tally)
        found = self._ends.get(key)
        if found is None:
            tally = self._tally(cell, counts) if has_tally else _NOTHING
            found = self._ends[key] = format_html("{}{}</td>", tally, self._badges(cell, due=due))
        return found

    def _tally(self, cell: CellView, counts: tuple[int, ...]) -> SafeString:
        """The ticks of the independent sources, drawn by classes, and their number and strength in words."""
        drawn = "".join(
            f" {_TICKS[stance]}{min(count, MOST_TICKS[stance])}"
            for stance, count in zip(_TICKS, counts, strict=True)
            if count
        )
        return format_html('<span class="e{}">{}</span>', drawn, values.sources_and_strength(cell, self.today))

    def _badges(self, cell: CellView, *, due: bool) -> SafeString:
        """One badge for each state: disputed, and whether ruled; what may be outdated."""
        found = [self._disputed(cell)] if cell.is_disputed or cell.ruling != RulingState.NONE else []
        if due:
            found.append(format_html('<span class="badge old">{}</span>', _("May be outdated")))
        return reduce(add, found, _NOTHING)

    @staticmethod
    def _disputed(cell: CellView) -> SafeString:
        css = " disputed" if cell.is_disputed else " ruled" if cell.ruling == RulingState.RULED else ""
        return format_html('<span class="badge{}">{}</span>', css, values.dispute(cell.is_disputed, cell.ruling))

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
    """What draws the cells of a matrix: the same for all of one day, as long as it does not hold too many pieces."""
    cells = _cells(today, silence or _("No source yet"), subject.nouns())
    if cells.is_full:
        _cells.cache_clear()
    return cells


@lru_cache(maxsize=8)
def _cells(today: date, silence: str, nouns: Nouns) -> Cells:
    return Cells(today, silence, nouns.address)


@register.simple_tag
def row_head(line: Line) -> SafeString:
    """The beginning of the row of a criterion: the name of its head, which is left open."""
    return format_html('<tr id="c-{0}"><th scope="row"><a href="/criteria/{0}/">{1}</a>', line.slug, line.name)


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
