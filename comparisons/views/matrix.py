"""The matrix of everything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.evidence import assessing, rows

from . import printing
from .kept import kept
from .matrix_parts import LISTED, matrix_context
from .sheets.matrix import bounds_of, matrix_sheet
from .takeaway import answer


@kept(filters.WholeMatrixForm)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """All frameworks and all criteria, or those that are chosen, a page of each axis at a time.

    Place numbers lead to the address that lists the columns in their order.
    """
    query = filters.WholeMatrixForm.read(request.GET)
    every = assessing.every_column()
    query.require("framework", {column.slug: column.name for column in every})
    by_slug = {column.slug: column for column in every}
    chosen = query.params["framework"] or tuple(by_slug)
    if query.params["place"]:
        order = in_order(chosen, [pair for pair in query.params["place"] if pair[0] in by_slug])
        is_usual = order == list(by_slug)
        kept = {"framework": [] if is_usual else order, "place": None, "across": None, "page": None}
        return redirect(request.path + query.string(**kept))
    columns = [by_slug[slug]._replace(place=place) for place, slug in enumerate(chosen, start=1)]
    is_every = len(columns) == len(every)
    title = _("All frameworks, all criteria")
    if query.params["print"] and not query.params["format"]:
        paper = printing.paper_context(query, rows.every_criterion(), columns, every=is_every)
        return render(request, "comparisons/print/matrix.html", {**paper, "title": title})
    context = matrix_context(
        query, rows.every_criterion(), columns, every=is_every, bounds=bounds_of(query), with_profile=False
    )
    rest = [column for column in every if column.slug not in chosen]
    context |= {
        "section": "matrix",
        "columns": columns,
        "listed": columns if len(columns) <= LISTED else list(context["across"].cut(columns)),
        "rest": rest if len(every) <= LISTED else [],
        "to_add": rest if len(every) > LISTED else [],
        "frameworks": len(every),
    }
    return answer(request, "comparisons/matrix.html", context, partial(matrix_sheet, title=title))


def in_order(chosen: Sequence[str], places: Sequence[tuple[str, int]]) -> list[str]:
    """The chosen columns in the order of their place numbers; those without one keep theirs, after the others.

    places: (slug, number) in the order in which they were shown. Of two with one number, that which was moved is first.
    """
    shown = {slug: at for at, (slug, _number) in enumerate(places, start=1)}
    number = dict(places)
    last = 1 + max(number.values(), default=0)

    def key(slug: str) -> tuple[int, bool, int]:
        at = shown.get(slug, len(shown) + 1)
        return number.get(slug, last), number.get(slug) == at, at

    return sorted(chosen, key=key)
