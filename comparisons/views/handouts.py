"""A curated comparison for paper: what it comes to, the rows that tell most, and where its sources disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comparisons import filters
from comparisons.domain.matrix import Column, Line
from comparisons.domain.vocabulary import Agreement, RulingState
from comparisons.evidence.cell_reads import placed_cells
from comparisons.evidence.disputes import disputes
from comparisons.evidence.matrix import Perspective
from comparisons.models import Cell

from . import printing

#: Rows and disputes of a handout, which is to fit on four sheets; the whole is a link away.
MOST_ROWS, MOST_DISPUTES = 45, 8


def handout_context(
    query: filters.MatrixForm, columns: Sequence[Column], rows: Sequence[Line], perspective: Perspective
) -> dict[str, Any]:
    """The context of `print/handout.html`, comparison and verdict apart; that of a printed matrix and three queries.

    With `print=all` no row and no dispute is left out. Disputes weigh all sources, so that a matrix of some sources,
    or of an earlier day, goes without them. Raises what matrix_context raises.
    """
    whole = query.params["print"] == "all"
    context = printing.matrix_context(query, columns, rows, perspective, printing.MOST_CELLS if whole else MOST_ROWS)
    found = [] if perspective.is_narrowed else _disputed(columns, rows)
    shown = found if whole else found[:MOST_DISPUTES]
    return context | {
        "rows_left_out": context["down"].last - context["down"].first + 1 - len(context["matrix"].rows),
        "disputes": disputes(shown),
        "disputes_left_out": len(found) - len(shown),
    }


def _disputed(columns: Sequence[Column], rows: Sequence[Line]) -> list[Any]:
    """The disputed cells of these frameworks and criteria: open ones first, then as the rows stand; one query."""
    cells = Cell.objects.filter(
        agreement=Agreement.DISPUTED,
        framework__in=[column.id for column in columns],
        criterion__in=[line.id for line in rows],
    )
    places = {line.id: place for place, line in enumerate(rows)}
    return sorted(
        placed_cells(cells.order_by("framework__order", "pk")),
        key=lambda placed: (placed.cell.ruling == RulingState.RULED, places[placed.line.id]),
    )
