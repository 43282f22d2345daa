"""What a cell of a matrix says in words, where there is no room for marks: on paper, and in tables to take away."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from comparisons.domain.benchmarks import FigureCell
from comparisons.domain.matrix import CellView, Line

from . import figures, values


def said(line: Line, cell: CellView, figure: FigureCell | None, today: date) -> tuple[str, tuple[str, ...]]:
    """The value of a cell, or what stands instead of one, and the evidence and notes below it.

    figure: that of the benchmark which the row shows; None for a row without one.
    """
    if figure is not None:
        return _in_test(figure)
    evidence = values.sources_and_strength(cell, today)
    if not cell.has_value:
        return values.no_value(cell), (evidence,)
    under = (cell.caveat or values.headline_note(cell, line), evidence)
    return values.headline(cell, line), tuple(text for text in under if text)


def _in_test(cell: FigureCell) -> tuple[str, tuple[str, ...]]:
    """A figure of the benchmark that its row shows, and what stands below it."""
    figure = cell.figure
    if figure is None:
        elsewhere = figures.elsewhere(cell)
        return _("Not in this test"), (elsewhere,) if elsewhere else ()
    compared = figures.of_best(cell.of_best) if cell.of_best is not None else ""
    if not figure.is_compared:
        compared = ": ".join(filter(None, (_("not compared"), figure.left_out)))
    return figures.plain(figure.value), (compared,) if compared else ()


def states(cell: CellView, today: date) -> list[str]:
    """All that limits an answer, in words: "Disputed, ruled", "May be outdated"."""
    outdated = _("May be outdated") if cell.needs_recheck(today) else ""
    return [text for text in (values.dispute(cell.is_disputed, cell.ruling), outdated) if text]
