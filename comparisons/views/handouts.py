"""A curated comparison for paper: what it comes to, the rows that tell most, and where its sources disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from comparisons import filters
from comparisons.domain.matrix import Column, Matrix
from comparisons.domain.vocabulary import Agreement, RulingState
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.disputes import disputes
from comparisons.models import Cell, Criterion

from .printing import UPRIGHT, paper_context

#: Rows and disputes of a handout, which is to fit on four sheets, upright or on their side; the whole is a link away.
MOST_ROWS, MOST_ROWS_SIDEWAYS, MOST_DISPUTES = 45, 28, 8


def handout_context(
    query: filters.MatrixForm, criteria: QuerySet[Criterion], columns: Sequence[Column]
) -> dict[str, Any]:
    """The context of `print/handout.html`, comparison and verdict apart; that of a printed matrix and three queries.

    With `print=all` no row and no dispute is left out. Disputes weigh all sources, so that a matrix of some sources,
    or of an earlier day, goes without them. Raises what paper_context raises.
    """
    every = query.params["print"] == "all"
    most = MOST_ROWS if len(columns) <= UPRIGHT else MOST_ROWS_SIDEWAYS
    context = paper_context(query, criteria, columns, None if every else most)
    found = [] if context["perspective"].is_narrowed else _disputed(context["whole"])
    shown = found if every else found[:MOST_DISPUTES]
    return context | {
        "disputes": disputes(shown),
        "disputes_left_out": len(found) - len(shown),
    }


def _disputed(matrix: Matrix) -> list[PlacedCell]:
    """The disputed cells of a matrix: open ones first, then as the rows stand; one query, none without any."""
    places = {row.criterion.id: place for place, row in enumerate(matrix.rows) if row.is_disputed}
    if not places:
        return []
    cells = Cell.objects.filter(
        agreement=Agreement.DISPUTED,
        framework__in=[column.id for column in matrix.columns],
        criterion__in=list(places),
    )
    return sorted(
        placed_cells(cells.order_by("framework__order", "pk")),
        key=lambda placed: (placed.cell.ruling == RulingState.RULED, places[placed.line.id]),
    )
