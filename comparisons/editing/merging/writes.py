"""Locking, saving and deleting the rows of a rename, a merge or a split."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import ProtectedError

from comparisons.history import recording
from comparisons.history.reasons import ChangeReason
from comparisons.models import StaleVersion
from comparisons.models.base import Versioned
from comparisons.models.batches import BATCH, batched

R = TypeVar("R", bound=models.Model)


def hold(model: type[models.Model], rows: Any) -> set[int]:
    """Lock rows until the end of the transaction and return their primary keys, in whose order they are locked.

    One order for all writers keeps them from deadlocks.
    """
    wanted = rows.order_by().values("pk")
    held = model._base_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
    return set(held.values_list("pk", flat=True))


def locked(*read: R) -> list[R]:
    """These rows as they are now, locked. Raises StaleVersion if one was saved or deleted since it was read."""
    model: Any = type(read[0])
    pks = [row.pk for row in read]
    rows = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")}
    for row in read:
        if row.pk not in rows or rows[row.pk].version != row.version:  # type: ignore[attr-defined]
            raise StaleVersion(row)
    return [rows[pk] for pk in pks]


def save(row: models.Model, by: Any, reason: ChangeReason) -> None:
    """Save a row, with who saves it and why in its history."""
    recording.set_reason(row, by=by, reason=reason)
    row.save()


def save_all(rows: Iterable[Any], names: Collection[str], by: Any, reason: ChangeReason) -> None:
    """Store locked rows of one model as saving each would do, in a few queries for hundreds of them.

    names: the fields that changed. The version of each row rises, and its history gets an entry.
    """
    for batch in batched(rows, BATCH):
        model = type(batch[0])
        fields = list(names)
        if issubclass(model, Versioned):
            fields.append("version")
            for row in batch:
                row.version += 1
        model._base_manager.bulk_update(batch, fields)
        recording.record(model, batch, created=False, by=by, reason=reason, using=batch[0]._state.db)


def delete(row: models.Model, by: Any, reason: ChangeReason) -> None:
    """Delete a row from which everything has moved, even a claim that was published: its address leads on."""
    recording.set_reason(row, by=by, reason=reason)
    try:
        models.Model.delete(row)
    except ProtectedError as error:
        raise StaleVersion(row) from error  # something was added to it in the meantime


def relink(through: Any, to: str, of: str, duplicate: int, kept: int) -> None:
    """Make the rows of a many-to-many table that name one record name another, each once."""
    rows = through._base_manager.filter(**{f"{to}_id": duplicate})
    there = through._base_manager.filter(**{f"{to}_id": kept}).values(f"{of}_id")
    rows.filter(**{f"{of}_id__in": list(there.values_list(f"{of}_id", flat=True))}).delete()
    rows.update(**{f"{to}_id": kept})
