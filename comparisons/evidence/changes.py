"""Write down what changed its meaning when cells were assessed again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from comparisons.domain.changes import change_of
from comparisons.domain.matrix import CellView, Line
from comparisons.language import values
from comparisons.models import Cell, Criterion, Framework, MeaningChange
from comparisons.models.batches import BATCH, batched
from comparisons.models.judgement import CELL_COLUMNS

from .assessing import lines

Views = Mapping[int, CellView]


def views_now(framework: int, criteria: Collection[int], using: str) -> dict[int, CellView]:
    """The cells of a framework as they are stored, by criterion; one query."""
    rows = Cell.objects.using(using).filter(framework=framework, criterion__in=criteria).order_by()
    return {view.criterion_id: view for view in (CellView(*row) for row in rows.values_list(*CELL_COLUMNS))}


class Known(NamedTuple):
    """The frameworks and the criteria that had a cell before; first answers under any other are no change.

    They come with the framework, or with the question, that is new.
    """

    frameworks: frozenset[int]
    criteria: frozenset[int]


def known(pairs: Collection[tuple[int, int]], using: str) -> Known:
    """Those frameworks and criteria of some cells under which a cell is stored; two queries for each batch."""
    return Known(*(_with_cells(name, {pair[at] for pair in pairs}, using) for at, name in enumerate(_AXES)))


def all_known(using: str) -> Known:
    """All frameworks and criteria under which a cell is stored; two queries."""
    cells = Cell.objects.using(using).order_by()
    return Known(*(frozenset(cells.values_list(name, flat=True).distinct()) for name in _AXES))


_AXES = ("framework_id", "criterion_id")


def _with_cells(name: str, pks: Collection[int], using: str) -> frozenset[int]:
    cells = Cell.objects.using(using).order_by()
    found: set[int] = set()
    for batch in batched(sorted(pks), BATCH):
        found.update(cells.filter(**{f"{name}__in": batch}).values_list(name, flat=True).distinct())
    return frozenset(found)


def record(framework: int, before: Views, after: Views, had: Known, today: date, using: str) -> None:
    """Write the changes of meaning between two states of some cells of a framework; no query if there are none."""
    if framework not in had.frameworks:
        return
    changed = {
        criterion: kind
        for criterion in {*before, *after}
        if (kind := change_of(before.get(criterion), after.get(criterion))) is not None and criterion in had.criteria
    }
    if not changed or not Framework.objects.using(using).filter(pk=framework, is_draft=False).exists():
        return
    changes = []
    for line in lines(Criterion.objects.using(using).filter(pk__in=changed, is_draft=False)):
        old, new = before.get(line.id), after.get(line.id)
        changes.append(
            MeaningChange(
                key=f"cell/{framework}/{line.id}/{secrets.token_hex(8)}",
                kind=changed[line.id],
                on=today,
                framework_id=framework,
                criterion_id=line.id,
                before=_words(old, line),
                after=_words(new, line),
                was_disputed=bool(old and old.is_disputed),
                is_disputed=bool(new and new.is_disputed),
            )
        )
    MeaningChange.objects.using(using).bulk_create(changes)


def _words(cell: CellView | None, line: Line) -> str:
    return values.headline(cell, line)[:200] if cell is not None and cell.has_value else ""
