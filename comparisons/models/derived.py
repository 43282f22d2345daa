"""Follow every write of some tables: note what it may have changed, and act once it has committed.

What is derived from the content (`cells`, `summaries`, `search_index`) hangs on writes here, in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from . import bulk_write


class Notes(Protocol):
    """What the writes of one transaction may have changed. `refresh` does nothing the second time."""

    def __init__(self, using: str): ...

    def refresh(self) -> None: ...


N = TypeVar("N", bound=Notes)
#: Takes a model, primary keys of its rows and the database: these are about to change, or have changed.
Note = Callable[[type[Model], Collection[int], str], None]


def notes_of(kind: type[N], using: str = DEFAULT_DB_ALIAS) -> N:
    """The notes of one kind on the running transaction, made at its first write and registered at each.

    A savepoint that is rolled back takes back what was registered inside it; what was registered before stays.
    """
    connection = connections[using]
    owners = (getattr(entry[1], "__self__", None) for entry in reversed(connection.run_on_commit))
    notes = next((owner for owner in owners if isinstance(owner, kind)), None) or kind(using)
    if connection.in_atomic_block:
        transaction.on_commit(notes.refresh, using=using)
    return notes


def follow(models: Iterable[type[Model]], note: Note, name: str) -> None:
    """Call `note` before and after every write of these models: before it too, since a row may leave its place.

    name: tells this follower from others; following twice under one name follows once.
    """

    def on_single(sender: type[Model], instance: Model, using: str, **_: Any) -> None:
        if instance.pk is not None:
            note(sender, [instance.pk], using)

    def on_bulk(sender: type[Model], pks: Collection[int], using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
        note(sender, pks, using)

    for model in models:
        uid = f"{name} {model.__name__}"
        for signal in (pre_save, post_save, pre_delete, post_delete):
            signal.connect(on_single, sender=model, weak=False, dispatch_uid=uid)
        bulk_write.connect(on_bulk, sender=model, weak=False, dispatch_uid=uid)
