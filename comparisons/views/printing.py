"""Matrices for paper: in parts of as many columns as fit, with the legend once, and with their sources on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.matrix import Column, Line, Matrix
from comparisons.domain.parts import MatrixPart, in_parts, rows_in_parts, telling
from comparisons.evidence.footnotes import NO_FOOTNOTES, footnotes
from comparisons.evidence.matrix import Perspective, criteria_that
from comparisons.evidence.matrix import matrix as matrix_seen

from .matrix_parts import silence_of, with_figures
from .paging import Paging

#: Columns beside the heads of rows, on a sheet upright and on its side.
UPRIGHT, SIDEWAYS = 4, 8
#: Most columns and most cells of one page of the site; the rest is a link away.
MOST_COLUMNS, MOST_CELLS = 48, 2400
#: Parameters that are no choice of what is shown, or that the printed table itself tells.
_NOT_TOLD = {"print", "sources", "density", "transpose", "benchmark", "across", "page", "after"}


def matrix_context(
    query: filters.MatrixForm,
    columns: Sequence[Column],
    rows: Sequence[Line],
    perspective: Perspective,
    most_rows: int = MOST_CELLS,
) -> dict[str, Any]:
    """The context of `print/matrix.html`, title apart: parts of the matrix, what was chosen, numbered sources.

    columns, rows: all that were chosen; `only` leaves some of the rows. At most MOST_COLUMNS by MOST_CELLS make one
    page of the site. most_rows: of more rows, those that tell most stay. The queries of a matrix, one for `only` and
    two for sources. Raises BadQuery, and Http404 for a page past the end.
    """
    today = timezone.localdate()
    only = query.params["only"]
    if only and not perspective.is_narrowed:
        found = criteria_that(only, [column.id for column in columns], today)
        wanted = set(found.values_list("criterion", flat=True))
        rows, only = [line for line in rows if line.id in wanted], ()
    with_sources = bool(query.params["sources"])
    across = Paging.of(len(columns), MOST_COLUMNS // perspective.sides, query.params.get("across") or 1)
    here = across.cut(columns)
    down = Paging.of(
        len(rows), max(1, MOST_CELLS // max(1, len(here) * perspective.sides)), query.params.get("page") or 1
    )
    there = down.cut(rows)
    matrix = with_figures(matrix_seen(here, there, perspective, today, only), query, perspective)
    matrix = telling(matrix, most_rows)
    parts = parts_of(matrix, perspective.sides, turned=bool(query.params["transpose"]))
    return {
        "query": query,
        "matrix": matrix,
        "parts": parts,
        "is_wide": any(part.last - part.first >= UPRIGHT for part in parts),
        "across": across,
        "down": down,
        "chosen": chosen_in_words(query, columns, rows, perspective),
        "notes": footnotes(here, [row.criterion for row in matrix.rows], perspective) if with_sources else NO_FOOTNOTES,
        "numbered": with_sources and not perspective.articles,
        "perspective": perspective,
        "silence": silence_of(perspective),
        "today": today,
    }


def parts_of(matrix: Matrix, sides: int = 1, *, turned: bool = False) -> list[MatrixPart]:
    """The matrix in parts that fit a sheet: upright if all of it does, else on its side. turned: criteria across."""
    width = len(matrix.rows if turned else matrix.columns)
    most = UPRIGHT if width <= UPRIGHT else SIDEWAYS
    return rows_in_parts(matrix, most) if turned else in_parts(matrix, most, sides)


def printed(request: HttpRequest, context: Mapping[str, Any], template: str = "matrix") -> HttpResponse:
    """The page for paper. context: as of matrix_context, with a `title`."""
    return render(request, f"comparisons/print/{template}.html", context)


def chosen_in_words(
    query: filters.MatrixForm, columns: Sequence[Column], rows: Sequence[Line], perspective: Perspective
) -> list[tuple[str, str]]:
    """What a reader chose, as (what, the choice in words); a parameter without words of its own is given as it is."""
    words: dict[str, tuple[str, list[str]]] = {
        "framework": (_("Frameworks"), [column.name for column in columns]),
        "group": (_("Groups"), _names({row.group_slug: row.group_name for row in rows}, query.params["group"])),
        "criterion": (_("Criteria"), _names({row.slug: row.name for row in rows}, query.params["criterion"])),
        "only": (_("Rows"), [str(filters.ONLY[word]) for word in query.params["only"]]),
        "article": (_("As seen by"), [article.title for article in perspective.articles]),
        "as_of": (_("As known on"), [date_format(day, "j F Y")] if (day := perspective.as_of) else []),
    }
    return [
        (what, ", ".join(choice))
        for name, texts in query.texts.items()
        if texts and name not in _NOT_TOLD
        for what, choice in [words.get(name, (str(capfirst(query.fields[name].label or name)), texts))]
    ]


def _names(known: Mapping[str, str], slugs: Sequence[str]) -> list[str]:
    return [known.get(slug, slug) for slug in slugs]
