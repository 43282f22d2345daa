"""Write down what changed its meaning when cells were assessed again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from comparisons.domain.changes import change_of, recheck_change_of
from comparisons.domain.matrix import CellView, Line
from comparisons.domain.vocabulary import ChangeKind, Status
from comparisons.language import values
from comparisons.models import Cell, Check, Criterion, Framework, MeaningChange
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
    changed: dict[int, list[ChangeKind]] = {}
    for criterion in {*before, *after} & had.criteria:
        cells = before.get(criterion), after.get(criterion)
        if kinds := [kind for kind in (change_of(*cells), recheck_change_of(*cells)) if kind is not None]:
            changed[criterion] = kinds
    if not changed or not Framework.objects.using(using).filter(pk=framework, is_draft=False).exists():
        return
    checks = _last_checks(framework, [pk for pk, kinds in changed.items() if ChangeKind.RECHECKED in kinds], using)
    changes = []
    for line in lines(Criterion.objects.using(using).filter(pk__in=changed, is_draft=False)):
        old, new = before.get(line.id), after.get(line.id)
        for kind in changed[line.id]:
            on, why = _day_and_reason(kind, old, new, checks.get(line.id), today)
            changes.append(
                MeaningChange(
                    key=f"cell/{framework}/{line.id}/{secrets.token_hex(8)}",
                    kind=kind,
                    on=on,
                    framework_id=framework,
                    criterion_id=line.id,
                    before=_words(old, line),
                    after=_words(new, line),
                    was_disputed=bool(old and old.is_disputed),
                    is_disputed=bool(new and new.is_disputed),
                    why=why,
                )
            )
    MeaningChange.objects.using(using).bulk_create(changes)


def _last_checks(framework: int, criteria: Collection[int], using: str) -> dict[int, Check]:
    """The last check of each of these cells of a framework that has one; one query, none for no criteria."""
    if not criteria:
        return {}
    checks = Check.objects.using(using).of_present_texts().filter(claim__criterion__in=criteria, holds=True)
    rows = checks.filter(claim__framework=framework, claim__status=Status.PUBLISHED).select_related("claim")
    return {check.claim.criterion_id: check for check in rows.order_by("checked_on", "pk")}


def _day_and_reason(
    kind: ChangeKind, was: CellView | None, now: CellView | None, check: Check | None, today: date
) -> tuple[date, str]:
    """When a change happened, and why, in Markdown; of a recheck that became due, the version."""
    if kind == ChangeKind.RECHECK and now is not None and now.release_on is not None:
        return now.release_on, now.release_version
    due_since = was.release_on if was is not None else None
    if kind == ChangeKind.RECHECKED and check is not None and due_since and check.checked_on >= due_since:
        return check.checked_on, check.note or _("Still holds in %(version)s.") % {"version": check.version}
    if now is None:
        return today, _("No published claim is left.")
    return today, f"{values.sources_and_strength(now, today)}."


def _words(cell: CellView | None, line: Line) -> str:
    return values.headline(cell, line)[:200] if cell is not None and cell.has_value else ""
