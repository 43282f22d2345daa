"""Write histories: who changed a row and why, and the entries of rows that were written in bulk."""

from __future__ import annotations

from typing import Any

from django.db import models

from comparisons.models.batches import batched

from .reasons import ChangeReason

#: Rows for each query.
BATCH = 500


def set_reason(row: models.Model, *, by: Any, reason: ChangeReason | None = None) -> None:
    """Say who writes a row and why, before it is saved or deleted; its entry in the history takes it from there."""
    row._history_user = by  # type: ignore[attr-defined]
    if reason is not None:
        row._change_reason = reason.sentence  # type: ignore[attr-defined]
        row._history_step, row._history_origin = reason.step, reason.origin  # type: ignore[attr-defined]


def record(
    model: Any, rows: list[Any], *, created: bool, by: Any = None, reason: ChangeReason | None = None, using: str
) -> None:
    """Give each row that was written in bulk one entry in the history, with its many-to-many fields as stored now.

    A row's `_history_date` is the time of its entry; without one it is now. Does nothing for a model without history.
    """
    if not rows or not hasattr(model, "history"):
        return
    step = {"history_step": reason.step, "history_origin": reason.origin} if reason else {}
    entries = model.history.bulk_history_create(
        rows,
        batch_size=BATCH,
        update=not created,
        default_user=by,
        default_change_reason=reason.sentence if reason else "",
        custom_historical_attrs=step,
    )
    for name in (field.name for field in model.history.model._history_m2m_fields):
        _record_links(model, name, {row.pk: entry for row, entry in zip(rows, entries, strict=True)}, using)


def _record_links(model: Any, name: str, entry_of: dict[Any, Any], using: str) -> None:
    field = model._meta.get_field(name)
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    links, log = field.remote_field.through._base_manager.using(using), getattr(model.history.model, name).model
    for batch in batched(entry_of, BATCH):
        pairs = links.filter(**{f"{own}__in": batch}).order_by("pk").values_list("pk", own, other)
        log.objects.using(using).bulk_create(
            [log(id=pk, history=entry_of[left], **{own: left, other: right}) for pk, left, right in pairs],
            batch_size=BATCH,
        )
