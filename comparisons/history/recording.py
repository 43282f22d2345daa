"""Write the history of rows that were written in bulk: what a save of a single row does by itself."""

from __future__ import annotations

from typing import Any

from comparisons.models.batches import batched

#: Rows for each query.
BATCH = 500


def record(model: Any, rows: list[Any], *, created: bool, by: Any = None, reason: str = "", using: str) -> None:
    """Give each of these rows one entry in the history, with its many-to-many fields as they are stored now.

    A row's `_history_date` is the day of its entry; without one it is now. Of a model without history: nothing.
    """
    if not rows or not hasattr(model, "history"):
        return
    entries = model.history.bulk_history_create(
        rows, batch_size=BATCH, update=not created, default_user=by, default_change_reason=reason
    )
    for name in (field.name for field in model.history.model._history_m2m_fields):
        _record_links(model, name, {row.pk: entry for row, entry in zip(rows, entries, strict=True)}, using)


def _record_links(model: Any, name: str, entry_of: dict[Any, Any], using: str) -> None:
    field = model._meta.get_field(name)
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    links, log = field.remote_field.through.objects.using(using), getattr(model.history.model, name).model
    for batch in batched(entry_of, BATCH):
        pairs = links.filter(**{f"{own}__in": batch}).order_by("pk").values_list("pk", own, other)
        log.objects.using(using).bulk_create(
            [log(id=pk, history=entry_of[left], **{own: left, other: right}) for pk, left, right in pairs],
            batch_size=BATCH,
        )
