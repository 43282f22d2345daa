"""Frameworks that a reader picks, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.evidence import assessing, rows
from comparisons.maintenance.checks import FEWEST, MOST
from comparisons.models.base import JOINT
from comparisons.pros_cons import current

from . import printing
from .drawn_page import drawn_page
from .kept import kept
from .matrix_parts import framework_query, matrix_context, strongest
from .sheets.matrix import bounds_of, matrix_sheet
from .takeaway import answer

#: Rows of a comparison for paper, which is to fit on four sheets, upright or on their side; the whole is a link away.
MOST_ROWS, MOST_ROWS_SIDEWAYS = 56, 32


@kept(filters.PickerForm)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The picker: choose two to eight frameworks. A complete choice redirects to their comparison.

    One that is too small or too large stays on the page, which says how many to take away or to add.
    """
    query = filters.PickerForm.read(request.GET)
    frameworks = assessing.every_column()
    query.require("framework", {column.slug: column.name for column in frameworks})
    chosen = query.params["framework"]
    words = filters.words_of(query.params["q"])
    if FEWEST <= len(chosen) <= MOST and not words:
        return redirect(address_of(chosen))
    context = {
        "section": "compare",
        "frameworks": [one for one in frameworks if one.slug in chosen or _has(one, words)],
        "total": len(frameworks),
        "query": query,
        "chosen": chosen,
        "fewest": FEWEST,
        "most": MOST,
        "too_many": max(0, len(chosen) - MOST),
        "whole": reverse("comparisons:matrix") + query.string(q=None) if len(chosen) > MOST else "",
    }
    return drawn_page(request, "comparisons/compare.html", context)


@kept(filters.MatrixForm)
@require_safe
def compare_frameworks(request: HttpRequest, slugs: str) -> HttpResponse:
    """The matrix of two to eight frameworks, in the order of the address.

    An address of more, or of one, leads to the picker with these ticked; one that names an unknown framework, or one
    framework twice, is not found.
    """
    query = filters.MatrixForm.read(request.GET)
    chosen = slugs.split(JOINT)
    frameworks = assessing.every_column()
    by_slug = {column.slug: column for column in frameworks}
    if not set(chosen) <= by_slug.keys() or len(set(chosen)) != len(chosen):
        raise Http404
    if not FEWEST <= len(chosen) <= MOST:
        named = framework_query([by_slug[slug] for slug in chosen])
        return redirect(reverse("comparisons:compare") + named)
    columns = [by_slug[slug]._replace(place=place) for place, slug in enumerate(chosen, start=1)]
    title = _(" vs ").join(column.name for column in columns)
    if query.params["print"] and not query.params["format"]:
        fit = MOST_ROWS if len(columns) <= printing.UPRIGHT else MOST_ROWS_SIDEWAYS
        most = None if query.params["print"] == "all" else fit
        paper = printing.paper_context(query, rows.every_criterion(), columns, most, differences_first=True)
        return render(request, "comparisons/print/matrix.html", {**paper, "title": title})
    context = matrix_context(query, rows.every_criterion(), columns, differences_first=True, bounds=bounds_of(query))
    usual = [column.slug for column in frameworks if column.slug in chosen]
    context |= {
        "section": "compare",
        "columns": columns,
        "names": get_text_list([column.name for column in columns], _("and")),
        # The same whatever the order in which the reader has them.
        "canonical_path": address_of(usual),
        "usual": JOINT.join(usual),
        "ways": framework_query(columns),
        "chips": chips(columns, query),
        "additions": [(c, address_of([*chosen, c.slug])) for c in frameworks if c.slug not in chosen],
        "can_add": len(chosen) < MOST,
    }
    if not context["perspective"].is_narrowed:
        is_chosen = not context["down"].is_part
        context["pros_cons"] = strongest(context["matrix"], current.index(timezone.localdate()), is_part=is_chosen)
    return answer(request, "comparisons/compare_frameworks.html", context, partial(matrix_sheet, title=title))


def address_of(slugs: Sequence[str]) -> str:
    """The address of a comparison of these frameworks, in this order."""
    return reverse("comparisons:compare_frameworks", args=[JOINT.join(slugs)])


def chips(columns: Sequence[Column], query: filters.MatrixForm) -> list[dict[str, Any]]:
    """Each compared framework with the addresses that move it to the left or to the right, or take it away; else ""."""
    slugs = [column.slug for column in columns]
    kept = query.string(across=None, page=None)
    return [
        {
            "column": column,
            "earlier": address_of(_swapped(slugs, at - 1)) + kept if at else "",
            "later": address_of(_swapped(slugs, at)) + kept if at + 1 < len(slugs) else "",
            "without": address_of([slug for slug in slugs if slug != column.slug]) + kept
            if len(slugs) > FEWEST
            else "",
        }
        for at, column in enumerate(columns)
    ]


def _swapped(slugs: Sequence[str], at: int) -> list[str]:
    """The slugs with two neighbours exchanged."""
    return [*slugs[:at], slugs[at + 1], slugs[at], *slugs[at + 2 :]]


def _has(column: Column, words: Sequence[str]) -> bool:
    """Whether the name or the tagline of a framework contains all the words."""
    text = f"{column.name} {column.tagline}".casefold()
    return all(word in text for word in words)
