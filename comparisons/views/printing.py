"""Matrices for paper: in parts of as many columns as fit, with the legend once, and with their sources on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.matrix import Column, Matrix
from comparisons.domain.matrix_rows import EVERY
from comparisons.domain.parts import MatrixPart, in_parts, rows_in_parts, telling
from comparisons.evidence.footnotes import NO_FOOTNOTES, footnotes
from comparisons.models import Criterion

from .matrix_parts import Bounds, matrix_context

#: Columns beside the heads of rows, on a sheet upright and on its side.
UPRIGHT, SIDEWAYS = 4, 8
#: Most columns and most cells of one page of the site; the rest is a link away. With sources it has fewer cells: each
#: brings its numbers, and articles that no other one cites.
MOST_COLUMNS, MOST_CELLS, MOST_WITH_SOURCES = 48, 2000, 1000
#: Parameters that are no choice of what is shown, or that the printed table itself tells.
_NOT_TOLD = {"print", "sources", "density", "transpose", "benchmark", "only", "of", "place", "across", "page"}


def paper_context(
    query: filters.MatrixForm,
    criteria: QuerySet[Criterion],
    columns: Sequence[Column],
    most_rows: int | None = None,
    **options: bool,
) -> dict[str, Any]:
    """The context of `print/matrix.html`, title apart: parts of the matrix, what was chosen, numbered articles.

    criteria, columns, options: as for matrix_context, whose queries it takes, and two for articles if they are
    asked for. most_rows: of more rows, those that tell most stay; `whole` is the matrix with all of them. Raises
    BadQuery, and Http404 for a page past the end.
    """
    with_sources = bool(query.params["sources"])
    bounds = Bounds(MOST_COLUMNS, MOST_WITH_SOURCES if with_sources else MOST_CELLS)
    context = matrix_context(query, criteria, columns, bounds=bounds, with_profile=False, **options)
    whole, perspective = context["matrix"], context["perspective"]
    matrix = telling(whole, most_rows) if most_rows else whole
    parts = parts_of(matrix, perspective.sides, turned=bool(query.params["transpose"]))
    lines = [row.criterion for row in matrix.rows]
    return context | {
        "whole": whole,
        "matrix": matrix,
        "rows_left_out": len(whole.rows) - len(matrix.rows),
        "parts": parts,
        "is_wide": any(part.last - part.first >= UPRIGHT for part in parts),
        "chosen": chosen_in_words(query, context, columns),
        "notes": footnotes(matrix.columns, lines, perspective) if with_sources else NO_FOOTNOTES,
        "numbered": with_sources and not perspective.articles,
    }


def parts_of(matrix: Matrix, sides: int = 1, *, turned: bool = False) -> list[MatrixPart]:
    """The matrix in parts that fit a sheet: upright if all of it does, else on its side. turned: criteria across."""
    width = len(matrix.rows if turned else matrix.columns)
    most = UPRIGHT if width <= UPRIGHT else SIDEWAYS
    return rows_in_parts(matrix, most) if turned else in_parts(matrix, most, sides)


def chosen_in_words(
    query: filters.MatrixForm, context: dict[str, Any], columns: Sequence[Column]
) -> list[tuple[str, str]]:
    """What a reader chose, as (what, the choice in words); a parameter without words of its own is given as it is.

    context: that of the matrix. columns: all that were chosen.
    """
    params, perspective = query.params, context["perspective"]
    names: dict[str, Any] = {
        "framework": (_("Frameworks"), ", ".join(column.name for column in columns)),
        "group": (_("Groups"), ", ".join(one.name for one in context["groups"] if one.slug in params["group"])),
        "criterion": (_("Criteria"), ", ".join(name for _slug, name in context["picked_criteria"])),
        "q": (_("Rows with the words"), params["q"]),
        "answer": (_("Answer"), _answer(query, context)),
        "columns_by": (_("Columns in the order of"), context["columns_by_name"]),
        "article": (_("As seen by"), "; ".join(article.title for article in perspective.articles)),
        "as_of": (_("As known on"), date_format(perspective.as_of, "j F Y") if perspective.as_of else ""),
    }
    found = [
        names.get(name, (str(capfirst(query.fields[name].label or name)), ", ".join(texts)))
        for name, texts in query.texts.items()
        if texts and name not in _NOT_TOLD
    ]
    rows = [str(label) for _word, label, is_on in context["only"] if is_on]
    return found + ([(_("Rows"), ", ".join(rows))] if rows else [])


def _answer(query: filters.MatrixForm, context: dict[str, Any]) -> str:
    """The answer that a reader asked for, and in which column."""
    answer, of = query.params["answer"], query.params["of"]
    words = str(filters.ANSWER_LABELS[answer]) if answer else ""
    where = _("every framework") if of == EVERY else context["column_names"].get(of, "")
    return _("%(answer)s (%(where)s)") % {"answer": words, "where": where} if where else words
