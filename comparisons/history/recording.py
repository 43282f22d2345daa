"""Write histories: who changed a row and why, and the entries of rows that were written in bulk."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connections, models
from django.utils import timezone

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
    """Give each row that was written in bulk one entry in the history, with all that is stored of it now.

    A row's `_history_date` is the time of its entry; without one it is now. Does nothing for a model without history.
    """
    if not rows or not hasattr(model, "history"):
        return
    now, sentence = timezone.now(), reason.sentence if reason else ""
    by = by or model.history.model.get_default_history_user(rows[0])
    alike: dict[tuple[Any, str], list[tuple[Any, Any]]] = defaultdict(list)
    for row in rows:
        told = row.__dict__
        who = told.get("_history_user", by)
        alike[who, told.get("_change_reason") or sentence].append((row.pk, told.get("_history_date", now)))
    step = {"history_type": "+" if created else "~"}
    if reason:
        step |= {"history_step": reason.step, "history_origin": reason.origin}
    for (user, why), entries in alike.items():
        given = step | {"history_user_id": user.pk if user else None, "history_change_reason": why}
        for batch in batched(entries, BATCH):
            entry_of = _insert(model, batch, given, using)
            for field in model.history.model._history_m2m_fields:
                _record_links(model, field.name, entry_of, using)


def _insert(model: Any, entries: list[tuple[Any, Any]], given: dict[str, Any], using: str) -> dict[Any, Any]:
    """Copy stored rows into the history inside the database; return the keys of the entries by those of the rows.

    entries: the keys of the rows, each with the time of its entry. given: the other fields of the entries.
    """
    log, connection = model.history.model, connections[using]
    quote = connection.ops.quote_name
    own = {field.column for field in model._meta.concrete_fields}
    blank, columns, values, parameters = log(**given), [], [], []
    for field in log._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(quote(field.column))
        if field.name == "history_date":
            values.append("given.column2")
        elif field.column in own:
            values.append(f"stored.{quote(field.column)}")
        else:
            values.append("%s")
            parameters.append(field.get_db_prep_save(getattr(blank, field.attname), connection))
    moment = log._meta.get_field("history_date")
    times = {at: moment.get_db_prep_save(at, connection) for at in {at for _pk, at in entries}}  # mostly one
    for pk, at in entries:
        parameters += [pk, times[at]]
    key, entry = quote(model._meta.pk.column), quote(log._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(log._meta.db_table)} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM (VALUES {', '.join(['(%s, %s)'] * len(entries))}) AS given "
            f"JOIN {quote(model._meta.db_table)} AS stored ON stored.{key} = given.column1 ORDER BY stored.{key} "
            f"RETURNING {key}, {entry}",
            parameters,
        )
        return dict(cursor.fetchall())


def _record_links(model: Any, name: str, entry_of: dict[Any, Any], using: str) -> None:
    field = model._meta.get_field(name)
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    links, log = field.remote_field.through._base_manager.using(using), getattr(model.history.model, name).model
    pairs = links.filter(**{f"{own}__in": list(entry_of)}).order_by("pk").values_list("pk", own, other)
    log.objects.using(using).bulk_create(
        [log(id=pk, history_id=entry_of[left], **{own: left, other: right}) for pk, left, right in pairs],
        batch_size=BATCH,
    )
