"""The picture of a comparison that previews of its address show."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.domain.matrix import CellView, Line
from comparisons.domain.vocabulary import Meaning
from comparisons.evidence import assessing
from comparisons.evidence.matrix import Perspective
from comparisons.evidence.matrix import matrix as seen_matrix
from comparisons.models import ComparisonFramework

#: How long a picture may be kept, in seconds.
KEPT = 3600
#: Most letters of a line of the title, lines of it, rows, and criteria drawn in a row.
LETTERS, LINES, ROWS, CRITERIA = 30, 2, 8, 60


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """A comparison as a picture: a row of squares for each framework, one for each criterion; three queries."""
    places = ComparisonFramework.objects.filter(comparison__slug=slug, framework__is_draft=False).order_by(
        "order", "pk"
    )
    members = list(places.select_related("comparison", "framework")[:ROWS])
    if not members:
        raise Http404
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    lines = assessing.lines(page.rows.filter(criterion__is_draft=False).order_by("order", "pk"), "criterion__")
    matrix = seen_matrix(columns, lines, Perspective(), timezone.localdate())
    step = 240 // len(columns)
    context = {
        "title": _title(page.title),
        "criteria": len(lines),
        "disputed": sum(bool(cell and cell.is_disputed) for row in matrix.rows for cell in row.cells),
        "rows": [
            {
                "column": column,
                "y": 318 + at * step,
                "squares": _squares(
                    [(row.criterion, cell) for row, cell, _figure in cells[:CRITERIA]],
                    318 + at * step,
                    min(44, step - 8),
                ),
            }
            for at, (column, cells) in enumerate(matrix.by_column)
        ],
    }
    response = render(request, "comparisons/card.svg", context, content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _title(text: str) -> list[tuple[str, int]]:
    """A title in lines, each with its height."""
    lines = wrap(text, LETTERS, max_lines=LINES, placeholder=" …")
    return [(line, 190 + 76 * at) for at, line in enumerate(lines)]


def _squares(cells: list[tuple[Line, CellView | None]], top: int, height: int) -> list[dict[str, Any]]:
    """A square for each criterion, the higher the better the need is met, so that colour is not needed to tell."""
    step = 810 / max(len(cells), 1)
    squares = []
    for at, (_line, cell) in enumerate(cells):
        kind = _kind(cell)
        high = round(height * _HEIGHTS.get(kind, 1), 1)
        low = top + (height - high) / (2 if kind == "other" else 1)
        place = {"x": round(310 + at * step, 1), "width": round(min(step - 2, 40), 1)}
        squares.append({**place, "y": round(low, 1), "height": high, "kind": kind})
    return squares


#: Shares of the full height; "other" is drawn in the middle, all else on the base line.
_HEIGHTS = {"partial": 0.5, "no": 0.15, "other": 0.15}


def _kind(cell: CellView | None) -> str:
    if cell is None or not cell.has_value:
        return "unknown"
    if cell.is_open:
        return "disputed"
    return {Meaning.YES: "yes", Meaning.PARTIAL: "partial", Meaning.NO: "no"}.get(cell.meaning, "other")  # type: ignore[call-overload]
