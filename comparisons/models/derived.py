"""Keep derived data up to date: whatever is worked out from the content and stored, such as the cells.

A `Derived` declares one kind of it in a table: which models it is worked out from, and which keys a write touches.
`follow` watches every write of these models. What the writes of one transaction touch is collected, and refreshed once
the transaction has committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from .base import bulk_write
from .batches import BATCH, batched

#: Keys of what was touched, by their kind. Each `Derived` names the kinds that it can refresh.
Keys = Mapping[str, Collection[Any]]


class Reach:
    """Which keys a written row touches: their kind, and the look-ups that lead to them from the row.

    Without look-ups the key is the primary key of the row. Several look-ups give one tuple.
    """

    def __init__(self, kind: str, *lookups: str):
        self.kind = kind
        self.lookups = lookups

    def keys(self, model: type[Model], pks: Collection[int], using: str) -> set[Any]:
        """The keys that these rows touch: one query per batch if there are look-ups. A null is no key."""
        if not self.lookups:
            return set(pks)
        found: set[tuple[Any, ...]] = set()
        for batch in batched(pks, BATCH):
            rows = model._base_manager.using(using).filter(pk__in=batch).order_by()
            found.update(row for row in rows.values_list(*self.lookups) if None not in row)
        return found if len(self.lookups) > 1 else {key for (key,) in found}


#: Keys of the rows of one write, by the look-ups that led to them: several kinds of derived data may share them.
Known = dict[tuple[str, ...], set[Any]]


@dataclass(frozen=True, eq=False)
class Derived:
    """One kind of derived data.

    reaches: the models it is worked out from, each with the keys that a write of a row touches, of one kind or several;
    None for a model whose writes touch no key, but need a refresh all the same.
    refresh: brings up to date what depends on these keys, in the database named; running it twice does no harm.
    in_transaction: whether that happens inside the transaction, at each write, and not once after the commit.
    """

    name: str
    reaches: Mapping[type[Model], Reach | tuple[Reach, ...] | None]
    refresh: Callable[[Keys, str], None]
    in_transaction: bool = False

    def touched_keys(self, model: type[Model], pks: Collection[int], using: str, known: Known) -> Keys:
        """The keys that a write of these rows touches. known: is filled with what was looked up."""
        reaches = self.reaches[model] or ()
        reaches = reaches if isinstance(reaches, tuple) else (reaches,)
        for reach in reaches:
            if reach.lookups not in known:
                known[reach.lookups] = reach.keys(model, pks, using)
        return {reach.kind: known[reach.lookups] for reach in reaches}


#: The kinds of derived data that are kept up to date, by name, in the order in which they are refreshed.
FOLLOWED: dict[str, Derived] = {}


class Touched:
    """What the writes of one transaction have touched, of every kind of derived data."""

    def __init__(self, using: str):
        self.using = using
        self.keys: dict[str, defaultdict[str, set[Any]]] = {}

    def add(self, derived: Derived, keys: Keys) -> None:
        """Add keys that a write has touched; without keys, that a refresh is needed."""
        collected = self.keys.setdefault(derived.name, defaultdict(set))
        for kind, found in keys.items():
            collected[kind].update(found)

    def refresh(self) -> None:
        """Refresh what was added since the last call."""
        keys, self.keys = self.keys, {}
        for name, derived in FOLLOWED.items():
            if name in keys:
                derived.refresh(keys[name], self.using)


def touched_in_transaction(using: str) -> Touched:
    """What the running transaction has touched so far; empty before its first write and outside a transaction.

    It belongs to the callbacks that wait for the commit, so Django drops it together with them: at a rollback, and at
    the rollback of the savepoint in which the first write took place. If only later writes are rolled back, their keys
    stay. Refreshing those as well changes nothing.
    """
    owners = (getattr(callback[1], "__self__", None) for callback in reversed(connections[using].run_on_commit))
    return next((owner for owner in owners if isinstance(owner, Touched)), None) or Touched(using)


def touch(model: type[Model], pks: Collection[int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Note that these rows are about to be written, or have been, so that what depends on them is refreshed."""
    depending = [derived for derived in FOLLOWED.values() if model in derived.reaches]
    known: Known = {}
    for derived in depending:
        if derived.in_transaction:
            derived.refresh(derived.touched_keys(model, pks, using, known), using)
    touched = touched_in_transaction(using)
    for derived in depending:
        if not derived.in_transaction:
            touched.add(derived, derived.touched_keys(model, pks, using, known))
    if connections[using].in_atomic_block:
        # At each write, since the rollback of a savepoint drops what was registered inside it.
        transaction.on_commit(touched.refresh, using=using)
    else:
        touched.refresh()


def _on_single_write(sender: type[Model], instance: Model, using: str, **_: Any) -> None:
    if instance.pk is not None:
        touch(sender, [instance.pk], using)


def _on_bulk_write(sender: type[Model], pks: Collection[int], using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    touch(sender, pks, using)


def _on_links(sender: type[Model], instance: Model, action: str, using: str, **_: Any) -> None:
    """Links of a many-to-many field: they have no signals of their own, and are looked at while they exist."""
    if action in ("post_add", "pre_remove", "pre_clear"):
        own = next(field.name for field in sender._meta.fields if field.related_model is type(instance))
        touch(
            sender,
            list(sender._base_manager.using(using).filter(**{own: instance}).values_list("pk", flat=True)),
            using,
        )


def follow(derived: Derived) -> None:
    """Keep this kind of derived data up to date from now on. Of two with one name, the later replaces the earlier.

    A row is looked at before each write as well as after it: a write may move it from one key to another. Among the
    models may be the links of a many-to-many field.
    """
    FOLLOWED[derived.name] = derived
    for model in derived.reaches:
        if model._meta.auto_created:
            m2m_changed.connect(_on_links, sender=model, dispatch_uid=f"derived from {model.__name__}")
            continue
        for signal in (pre_save, post_save, pre_delete, post_delete):
            signal.connect(_on_single_write, sender=model, dispatch_uid=f"derived from {model.__name__}")
        bulk_write.connect(_on_bulk_write, sender=model, dispatch_uid=f"derived from {model.__name__}")
