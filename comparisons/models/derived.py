"""Keep derived data up to date: whatever is worked out from the content and stored, such as the cells.

A `Derived` declares one kind of it in a table: which models it is worked out from, and which keys a write touches.
`follow` watches every write of these models. What the writes of one transaction touch is collected, and refreshed once
the transaction has committed.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction
from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal

from .base import bulk_write
from .batches import BATCH, batched
from .late import later

logger = logging.getLogger(__name__)

#: Sent with the database, `using`, when a refresh begins after a commit, and when nothing is left to refresh.
refreshing = Signal()

#: Keys of what was touched, by their kind. Each `Derived` names the kinds that it can refresh.
Keys = Mapping[str, Collection[Any]]


class Reach:
    """Which keys a written row touches: their kind, and the look-ups that lead to them from the row.

    Without look-ups the key is the primary key of the row. Several look-ups give one tuple.
    also_unseen: whether rows count that readers cannot see, since what they name may have to be hidden with them.
    """

    def __init__(self, kind: str, *lookups: str, also_unseen: bool = False):
        self.kind = kind
        self.lookups = lookups
        self.also_unseen = also_unseen

    def keys(self, written: WrittenRows) -> set[Any]:
        """The keys that these rows touch. A null is no key."""
        written = written.with_unseen if self.also_unseen else written
        if not self.lookups and written.unseen is None:
            return set(written.pks)
        found = {row for row in written.values(self.lookups or ("pk",)) if None not in row}
        return found if len(self.lookups) > 1 else {key for (key,) in found}


class WrittenRows:
    """Rows of a model that are about to be written, or have been, and what look-ups find from them.

    What is found through one row each is asked for at once, for all kinds of derived data: one query per batch. Other
    look-ups, and those of a kind of derived data that is not followed, take a query of their own.

    unseen: a condition for rows that are left out; None if all count.
    """

    def __init__(self, model: type[Model], pks: Collection[int], using: str, unseen: Q | None = None):
        self.model, self.pks, self.using, self.unseen = model, pks, using, unseen
        self.found: dict[str, list[Any]] = {}

    @cached_property
    def with_unseen(self) -> WrittenRows:
        """The same, without leaving any out."""
        return self if self.unseen is None else WrittenRows(self.model, self.pks, self.using)

    @property
    def are_seen(self) -> bool:
        """Whether any of them is one that something may be derived from."""
        return self.unseen is None or any(True for _row in self.values(("pk",)))

    def values(self, lookups: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
        """What these look-ups find, a tuple for each row."""
        if any(_leads_to_many(self.model, lookup) for lookup in lookups):
            return self._read(lookups)
        if not self.found.keys() >= set(lookups):
            together = tuple(dict.fromkeys([*lookups, *_single_lookups(self.model)]))
            rows = self._read(together)
            self.found = {lookup: [row[place] for row in rows] for place, lookup in enumerate(together)}
        return zip(*(self.found[lookup] for lookup in lookups), strict=True)

    def _read(self, lookups: tuple[str, ...]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for batch in batched(self.pks, BATCH):
            rows = self.model._base_manager.using(self.using).filter(pk__in=batch).order_by()
            found.extend((rows if self.unseen is None else rows.exclude(self.unseen)).values_list(*lookups))
        return found


def _leads_to_many(model: type[Model], lookup: str) -> bool:
    """Whether a look-up may find several values from one row."""
    if lookup == "pk":
        return False
    target: Any = model._meta.get_field(lookup.removesuffix("_id").split("__")[0])
    return bool(target.one_to_many or target.many_to_many)


def _single_lookups(model: type[Model]) -> list[str]:
    """The look-ups of all that is followed that find one value from each row of a model."""
    reaches = [reach for derived in FOLLOWED.values() for reach in derived.reaches_from(model)]
    lookups = [lookup for reach in reaches for lookup in reach.lookups if not _leads_to_many(model, lookup)]
    return [*lookups, "pk"]


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

    def reaches_from(self, model: type[Model]) -> tuple[Reach, ...]:
        """How a write of a model reaches keys; () if it reaches none."""
        reaches = self.reaches.get(model) or ()
        return reaches if isinstance(reaches, tuple) else (reaches,)

    def touched_keys(self, written: WrittenRows) -> Keys:
        """The keys that a write of these rows touches."""
        found: defaultdict[str, set[Any]] = defaultdict(set)
        for reach in self.reaches_from(written.model):
            found[reach.kind] |= reach.keys(written)
        return found


#: The kinds of derived data that are kept up to date, by name, in the order in which they are refreshed.
FOLLOWED: dict[str, Derived] = {}


#: The names of those that do not follow the writes of this thread for now.
_PAUSED: ContextVar[frozenset[str]] = ContextVar("paused", default=frozenset())


@contextmanager
def paused(*kinds: Derived) -> Iterator[None]:
    """Let these kinds of derived data not follow the writes in this block, after which they are rebuilt whole."""
    token = _PAUSED.set(_PAUSED.get() | {kind.name for kind in kinds})
    try:
        yield
    finally:
        _PAUSED.reset(token)


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

    def take(self, other: Touched) -> None:
        """Move what another one has collected to this one."""
        keys, other.keys = other.keys, {}
        for name, found in keys.items():
            collected = self.keys.setdefault(name, defaultdict(set))
            for kind, one in found.items():
                collected[kind] |= one

    def take_owed(self) -> None:
        """Move what is owed of earlier writes to this one."""
        with _OWING:
            self.take(_OWED.setdefault(self.using, Touched(self.using)))

    def refresh_committed(self) -> None:
        """Refresh what a committed write has touched, and what is owed of earlier ones.

        If the database is busy or away, it is owed: raised, the error would tell an editor that nothing is saved.
        """
        if is_refreshing(self.using):
            return self.refresh()
        if not self.keys:  # this is called for each write, and the first call did it for all
            return
        self.take_owed()
        # A refresh takes out what it has done.
        due = {name: defaultdict(set, {kind: {*keys} for kind, keys in of.items()}) for name, of in self.keys.items()}
        try:
            self.refresh()
        except (OperationalError, InterfaceError) as error:
            self.keys = due
            with _OWING:
                _OWED[self.using].take(self)
            logger.error(
                "Derived data is behind; a server tries again in some seconds: %s", " ".join(str(error).split())
            )
            later(_refresh_owed, self.using)

    def refresh(self) -> None:
        """Refresh what was added since the last call.

        What a refresh itself writes, such as cells, touches kinds that may still be waiting for their turn. They are
        refreshed once, when it comes.
        """
        keys, self.keys = self.keys, {}
        running = _RUNNING.get()
        if running is not None and running.using == self.using:
            for name in running.waiting & keys.keys():
                for kind, found in keys.pop(name).items():
                    running.touched.keys.setdefault(name, defaultdict(set))[kind].update(found)
        self._run(keys)

    def _run(self, keys: dict[str, defaultdict[str, set[Any]]]) -> None:
        """Refresh these keys, kind by kind in order."""
        touched = Touched(self.using)
        touched.keys = keys
        running = Refreshing(self.using, touched, set(FOLLOWED))
        is_outermost = not is_refreshing(self.using)
        if is_outermost:
            refreshing.send(Touched, using=self.using)
        token = _RUNNING.set(running)
        try:
            for name, derived in FOLLOWED.items():
                running.waiting.discard(name)
                if name in touched.keys:
                    derived.refresh(touched.keys.pop(name), self.using)
        finally:
            _RUNNING.reset(token)
            if is_outermost:
                refreshing.send(Touched, using=self.using)


@dataclass(frozen=True, eq=False)
class Refreshing:
    """A refresh that is going on. waiting: the names of the kinds whose turn has not come yet."""

    using: str
    touched: Touched
    waiting: set[str]


#: The refresh that is going on in this thread.
_RUNNING: ContextVar[Refreshing | None] = ContextVar("refreshing", default=None)


#: What could not be refreshed after its commit, by database. The next refresh of this process takes it along.
_OWED: dict[str, Touched] = {}
_OWING = threading.Lock()


def _refresh_owed(using: str) -> None:
    """Try again what is owed."""
    touched = Touched(using)
    touched.take_owed()
    touched.refresh_committed()


def is_refreshing(using: str) -> bool:
    """Whether this thread is refreshing derived data of a database."""
    running = _RUNNING.get()
    return running is not None and running.using == using


def touched_in_transaction(using: str) -> Touched:
    """What the running transaction has touched so far; empty before its first write and outside a transaction.

    It belongs to the callbacks that wait for the commit, so Django drops it together with them: at a rollback, and at
    the rollback of the savepoint in which the first write took place. If only later writes are rolled back, their keys
    stay. Refreshing those as well changes nothing.
    """
    owners = (getattr(callback[1], "__self__", None) for callback in reversed(connections[using].run_on_commit))
    return next((owner for owner in owners if isinstance(owner, Touched)), None) or Touched(using)


def touch(
    model: type[Model], pks: Collection[int], using: str = DEFAULT_DB_ALIAS, *, also_unseen: bool = False
) -> None:
    """Note that these rows are about to be written, or have been, so that what depends on them is refreshed.

    also_unseen: whether those count that nothing is derived from as they are now, since it may be unknown what they
    were before.
    """
    skipped = _PAUSED.get()
    depending = [one for one in FOLLOWED.values() if model in one.reaches and one.name not in skipped]
    if not depending:
        return
    written = WrittenRows(model, pks, using, None if also_unseen else getattr(model, "unseen", None))
    if not written.are_seen:
        depending = [one for one in depending if any(reach.also_unseen for reach in one.reaches_from(model))]
    for derived in depending:
        if derived.in_transaction:
            derived.refresh(derived.touched_keys(written), using)
    if not depending:
        return
    touched = touched_in_transaction(using)
    for derived in depending:
        if not derived.in_transaction:
            touched.add(derived, derived.touched_keys(written))
    if connections[using].in_atomic_block:
        # At each write, since the rollback of a savepoint drops what was registered inside it.
        transaction.on_commit(touched.refresh_committed, using=using)
    else:
        touched.refresh_committed()


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
