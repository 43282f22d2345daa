"""What the pictures of pages show on which several frameworks stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.vocabulary import Agreement, Meaning
from comparisons.evidence import assessing
from comparisons.evidence.matrix import Perspective
from comparisons.evidence.matrix import matrix as seen_matrix
from comparisons.evidence.rows import every_criterion
from comparisons.maintenance.checks import FEWEST, MOST
from comparisons.models import ComparisonFramework, Framework
from comparisons.models.base import JOINT
from comparisons.proof.shown_samples import ShownSample, shown_tasks

from .card_content import (
    BELOW,
    NAME,
    OF_RECORDS,
    ROWS,
    SQUARES,
    CardRow,
    ShareCard,
    Square,
    height_at,
    shortened,
    titled,
)


def comparison_content(today: date, slug: str) -> ShareCard:
    """A comparison: a row of squares for each framework, one for each of the first criteria; four queries."""
    places = ComparisonFramework.objects.filter(comparison__slug=slug, framework__is_draft=False).order_by(
        "order", "pk"
    )
    members = list(places.select_related("comparison", "framework")[: ROWS + 3])
    if not members:
        raise Http404
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    rows_of_page = page.rows.filter(criterion__is_draft=False).order_by("order", "pk")
    lines = assessing.lines(rows_of_page[:SQUARES], "criterion__")
    size = rows_of_page.aggregate(
        criteria=Count("pk", distinct=True), disputed=_disputed_in([column.id for column in columns])
    )
    return _side_by_side(page.title, columns, lines, size, today)


def picked_content(today: date, slugs: str) -> ShareCard:
    """Frameworks that a reader picked, in the order of the address, like a comparison; four queries."""
    named = slugs.split(JOINT)
    found = {one.slug: one for one in Framework.objects.published().filter(slug__in=named)}
    if not FEWEST <= len(named) <= MOST or len(set(named)) != len(named) or not set(named) <= found.keys():
        raise Http404
    columns = [assessing.column(found[slug], place) for place, slug in enumerate(named, start=1)]
    every = every_criterion()
    disputed = _disputed_in([column.id for column in columns], "cells")
    size = every.order_by().aggregate(criteria=Count("pk", distinct=True), disputed=disputed)
    title = _(" vs ").join(column.name for column in columns)
    return _side_by_side(title, columns, assessing.lines(every[:SQUARES]), size, today)


def sample_content(today: date, slug: str) -> ShareCard:
    """A sample: the frameworks in which it is written, with the length of each and how its contract came out."""
    columns = assessing.every_column()
    one = next((one for one in shown_tasks(Path(settings.FIXTURE_DIRS[0]), columns) if one.task.slug == slug), None)
    if one is None or not one.samples:
        raise Http404
    rows = tuple(
        CardRow(height_at(at), shortened(sample.column.name, NAME), _length(sample))
        for at, sample in enumerate(one.samples[:ROWS])
    )
    count = len(one.samples)
    foot = ngettext("%d sample, asked the same", "%d samples, asked the same", count) % count
    return titled(one.task.title, below=shortened(one.task.lead, BELOW), rows=rows, foot=foot)


def _side_by_side(
    title: str, columns: Sequence[Column], lines: Sequence[Line], size: Mapping[str, int], today: date
) -> ShareCard:
    """Frameworks, each with a row of squares. size: how many criteria there are, and how many answers are disputed."""
    matrix = seen_matrix(columns, lines, Perspective(), today)
    step = 240 // len(columns)
    rows = []
    for at, (column, cells) in enumerate(matrix.by_column):
        top = 318 + at * step
        squares = _squares([cell for _row, cell, _figure in cells], top, min(44, step - 8))
        rows.append(CardRow(top + 30, shortened(column.name, 16), squares=squares))
    disputed, criteria = size["disputed"], size["criteria"]
    foot = ngettext("%d question", "%d questions", criteria) % criteria
    if disputed:
        answers = ngettext("%d answer disputed", "%d answers disputed", disputed) % disputed
        foot = _("%(first)s; %(second)s") % {"first": foot, "second": answers}
    return titled(title, rows=tuple(rows), foot=foot)


def _disputed_in(frameworks: Sequence[int], cells: str = "criterion__cells") -> Count:
    """How many cells of these frameworks are disputed. cells: the way to them from what is counted."""
    here = Q(**{f"{cells}__framework__in": frameworks, f"{cells}__agreement": Agreement.DISPUTED})
    return Count(cells, filter=here, distinct=True)


#: Shares of the full height; "other" is drawn in the middle, all else on the base line.
_HEIGHTS = {"partial": 0.5, "no": 0.15, "other": 0.15}


def _squares(cells: Sequence[CellView | None], top: int, height: int) -> tuple[Square, ...]:
    """A square for each criterion, the higher the better the need is met, so that colour is not needed to tell."""
    step = 810 / max(len(cells), 1)
    squares = []
    for at, cell in enumerate(cells):
        kind = _kind(cell)
        high = round(height * _HEIGHTS.get(kind, 1), 1)
        low = top + (height - high) / (2 if kind == "other" else 1)
        squares.append(Square(round(310 + at * step, 1), round(low, 1), round(min(step - 2, 40), 1), high, kind))
    return tuple(squares)


def _kind(cell: CellView | None) -> str:
    if cell is None or not cell.has_value:
        return "unknown"
    if cell.is_open:
        return "con"
    return {Meaning.YES: "yes", Meaning.PARTIAL: "partial", Meaning.NO: "no"}.get(cell.meaning, "other")  # type: ignore[call-overload]


def _length(sample: ShownSample) -> str:
    """How long a sample is, and how many packages it installs, if that was found out."""
    lines = ngettext("%d line", "%d lines", sample.sample.lines) % sample.sample.lines
    packages = len(sample.result.packages) if sample.result else 0
    if not packages:
        return lines
    installed = ngettext("%d package", "%d packages", packages) % packages
    return _("%(first)s, %(second)s") % {"first": lines, "second": installed}


#: The content of a picture for each kind of page: a function of today's date and the slugs in its address.
CONTENT = {**OF_RECORDS, "comparison": comparison_content, "compare": picked_content, "sample": sample_content}
