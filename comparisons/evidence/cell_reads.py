"""Stored cells as pages read them: with their framework, their criterion and the ruling on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from comparisons.domain.matrix import CellView, Column, Line
from comparisons.models import Cell, Criterion, Framework, Ruling
from comparisons.models.judgement import CELL_COLUMNS
from comparisons.models.prepared import ByKeys
from comparisons.models.proposals import under_review_since

from .assessing import LINE_COLUMNS


class PlacedCell(NamedTuple):
    """A stored cell with its framework and criterion. reason, why, ruled_on: of the ruling on it; None without one."""

    cell: CellView
    line: Line
    column: Column
    reason: str | None
    why: str | None
    ruled_on: date | None

    @classmethod
    def ruled_by(cls, ruling: Ruling | None, cell: CellView, line: Line, column: Column) -> PlacedCell:
        """A cell at its place with the ruling on it, if there is one."""
        if ruling is None:
            return cls(cell, line, column, None, None, None)
        return cls(cell, line, column, ruling.reason, ruling.why, ruling.ruled_on)


def placed_cells(cells: QuerySet[Cell]) -> list[PlacedCell]:
    """Cells in the order of the query, each with its framework, criterion and ruling; one query."""
    return [placed(row) for row in placed_rows(cells)]


def cells_by_key(pks: Collection[int]) -> dict[int, PlacedCell]:
    """These cells by primary key, in no order; one query."""
    return {pk: placed(row) for *row, pk in _BY_KEY(pks)}


def placed_rows(cells: QuerySet[Cell], *more: str) -> QuerySet[Any]:
    """The columns of placed cells, and then those of some more fields."""
    ruling = Ruling.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    ruled = {f"ruling_{name}": Subquery(ruling.values(name)[:1]) for name in ("reason", "why", "ruled_on")}
    return cells.annotate(**ruled).values_list(
        *CELL_COLUMNS,
        *(f"criterion__{name}" for name in LINE_COLUMNS),
        *(f"framework__{name}" for name in ("pk", "slug", "name", "tagline")),
        *ruled,
        *more,
    )


_BY_KEY = ByKeys(lambda pks: placed_rows(Cell.objects.filter(pk__in=pks).order_by(), "pk"))


def placed(row: Sequence[Any]) -> PlacedCell:
    """A placed cell from its columns."""
    line, column = len(CELL_COLUMNS), len(CELL_COLUMNS) + len(LINE_COLUMNS)
    pk, slug, name, tagline, *ruling = row[column:]
    place = Column(pk, slug, name, tagline, place=0)
    return PlacedCell(CellView(*row[:line]), Line(*row[line:column]), place, *ruling)


def criterion_in(framework: Framework, slug: str) -> tuple[Criterion, CellView | None, Ruling | None] | None:
    """A criterion with the cell and the ruling of one framework; one query. None if there is no such criterion.

    `review_since` of the criterion says since when a change of the ruling is under review; None if none is.
    """
    found = (
        Criterion.objects.published()
        .filter(slug=slug)
        .annotate(
            here=FilteredRelation("cells", condition=Q(cells__framework=framework.pk)),
            ruled=FilteredRelation("rulings", condition=Q(rulings__framework=framework.pk)),
        )
        .annotate(review_since=Subquery(under_review_since(Ruling, OuterRef("ruled__pk"))))
        .select_related("group", "here__level", "here__benchmark", "ruled__level")
        .first()
    )
    return (found, view_of(getattr(found, "here", None)), getattr(found, "ruled", None)) if found else None


def view_of(cell: Cell | None) -> CellView | None:
    """A cell, read with its level and its benchmark, as a plain value; None for None."""
    if cell is None:
        return None
    level = cell.level
    of_others: dict[str, Any] = {
        "level_slug": level.slug if level else None,
        "level_label": level.label if level else None,
        "meaning": level.meaning if level else None,
        "level_place": level.order if level else None,
        "benchmark_slug": cell.benchmark.slug if cell.benchmark else None,
        "benchmark_title": cell.benchmark.title if cell.benchmark else None,
    }
    fields: dict[str, Any] = {name: getattr(cell, name) for name in CellView._fields if name not in of_others}
    return CellView(**fields, **of_others)


def frameworks_on(criterion: int) -> list[tuple[Column, CellView | None]]:
    """Every framework in order with its cell on one criterion, or None if it has no such cell; one query."""
    found = Framework.objects.published().annotate(
        here=FilteredRelation("cells", condition=Q(cells__criterion=criterion))
    )
    rows = found.order_by("order", "name").values_list(
        *("pk", "slug", "name", "tagline"), *(f"here__{name}" for name in CELL_COLUMNS)
    )
    return [
        (Column(pk, slug, name, tagline, place), CellView(*cell) if cell[0] is not None else None)
        for place, (pk, slug, name, tagline, *cell) in enumerate(rows, start=1)
    ]
