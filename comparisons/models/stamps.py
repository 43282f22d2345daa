"""Stamps by which kept pages notice writes: a random word for each table, renewed after every write to it.

A page that is kept depends on the tables that it was read from (`reads.Tables`), and may be shown as long as their
stamps are the same. Writes are noticed where all pass that Django makes, as SQL, so that no way of writing can be
forgotten. The stamps are renewed once a transaction has committed, and again when what is derived from its writes has
been refreshed.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.signals import request_finished
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from . import derived, subject
from .late import later

logger = logging.getLogger(__name__)

#: The name under which a stamp stands for all tables at once.
EVERYTHING = "*"
#: Seconds for which the stamps that a process read are taken for the present ones. SQLite is asked each time instead:
#: it says within microseconds whether anybody else has committed.
KNOWN_FOR = 0.5
#: How the names of the tables of this app begin.
OWN = "comparisons_"
_WRITES = (
    r"(?:(?:INSERT\s+(?:OR\s+\w+\s+)?|REPLACE\s+|MERGE\s+)INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+"
    r'(?:ONLY\s+)?(?:"?\w+"?\.)?"?(\w+)'
)
_COMMENTS = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_WRITE, _WITH = (re.compile(_COMMENTS + one, re.I | re.S) for one in (_WRITES, r"WITH\b"))

Execute = Callable[..., Any]


class PageStamp(models.Model):
    """The stamp of a table, or of all. A table without one has not been written to yet.

    Only this module writes stamps of tables. `maintenance.recent` keeps a mark of its own beside them.
    """

    table = models.CharField(max_length=80, primary_key=True)
    stamp = models.CharField(max_length=16)

    class Meta:
        verbose_name = "page stamp"
        verbose_name_plural = "page stamps"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.table} {self.stamp}"


# Writing


def watch() -> None:
    """Renew stamps after every write of this process from now on, after migrations, and when tables are emptied."""
    connection_created.connect(watch_connection, dispatch_uid="stamps")
    post_migrate.connect(_on_migration, dispatch_uid="stamps")
    derived.refreshing.connect(_on_refresh, dispatch_uid="stamps")
    request_finished.connect(_on_response, dispatch_uid="stamps")


def watch_connection(connection: Any, **_: Any) -> None:
    """Watch the writes of one connection. Watching it twice is watching it once."""
    if not any(isinstance(wrapper, _Watcher) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.append(_Watcher())


def written(sql: str) -> list[str]:
    """The tables of this app, but for that of the stamps, that a statement writes to."""
    found = _WRITE.match(sql)
    tables = [found[1]] if found else re.findall(_WRITES, sql, re.I) if _WITH.match(sql) else []
    return [table for table in tables if table.startswith(OWN) and table != PageStamp._meta.db_table]


class _Watcher:
    """A wrapper of all statements of a connection, which notes the tables that they write to.

    pending, committed: the tables that the running transaction has written to, and those whose stamps are due.
    hooks: the callbacks that wait for the commit. Django begins another list at every commit and rollback.
    """

    def __init__(self) -> None:
        self.pending: set[str] = set()
        self.committed: set[str] = set()
        self.hooks: list[Any] | None = None

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
        connection = context["connection"]
        self.settle_outside(connection)
        result = execute(sql, params, many, context)
        if tables := written(sql):
            for table in tables:
                self.note(connection, table)
            # SQLite has not finished a statement whose rows nobody has fetched yet: another commit would undo it.
            if "RETURNING" not in sql or connection.vendor != "sqlite":
                self.settle_outside(connection)
        return result

    def note(self, connection: Any, table: str) -> None:
        """Let the stamp of a table be renewed after the commit; outside a transaction it is due."""
        if not connection.in_atomic_block:
            self.committed.add(table)
            return
        if self.hooks is not connection.run_on_commit:
            # Of an earlier transaction, or partly rolled back: what is still to be committed is what still waits.
            self.hooks = connection.run_on_commit
            waiting = (hook[1] for hook in connection.run_on_commit)
            self.pending = {one.args[1] for one in waiting if isinstance(one, partial) and one.func == self._on_commit}
        if table not in self.pending:
            self.pending.add(table)
            transaction.on_commit(partial(self._on_commit, connection, table), using=connection.alias, robust=True)

    def _on_commit(self, connection: Any, _table: str) -> None:
        """The first of the callbacks settles for all; later ones find nothing to do."""
        self.committed |= self.pending
        self.pending = set()
        if not derived.is_refreshing(connection.alias):
            self.settle(connection)

    def settle_outside(self, connection: Any) -> None:
        """Renew the stamps that are due, unless a transaction or a refresh of derived data will do it."""
        if not connection.in_atomic_block and not derived.is_refreshing(connection.alias):
            self.settle(connection)

    def settle(self, connection: Any) -> None:
        """Renew the stamps that are due."""
        if self.committed:
            tables, self.committed = self.committed, set()
            renew(tables, connection.alias)

    def settle_all(self, connection: Any) -> None:
        """Renew the stamps that are due, and those of a transaction whose callbacks are being called."""
        self.committed |= self.pending
        self.pending = set()
        self.settle(connection)


def _on_refresh(using: str, **_: Any) -> None:
    """Before derived data is refreshed, and after: readers see within a second what was committed."""
    for wrapper in connections[using].execute_wrappers:
        if isinstance(wrapper, _Watcher):
            wrapper.settle_all(connections[using])


def _on_response(**_: Any) -> None:
    """After a response: what a last statement outside a transaction wrote."""
    for each in connections.all(initialized_only=True):
        _settle_due(each)


def _settle_due(connection: Any) -> None:
    """Renew the stamps of what was written outside a transaction."""
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, _Watcher):
            wrapper.settle_outside(connection)


def _on_migration(using: str, **_: Any) -> None:
    renew({EVERYTHING}, using)


def renew(tables: Collection[str], using: str = "default") -> None:
    """Give these tables new stamps; one query. Before the migration that makes the stamps, nothing happens."""
    stamp = secrets.token_hex(8)
    # In one order, so that two writers never wait for each other.
    rows = [PageStamp(table=table, stamp=stamp) for table in sorted(tables)]
    try:
        PageStamp.objects.using(using).bulk_create(
            rows, update_conflicts=True, unique_fields=["table"], update_fields=["stamp"]
        )
    except DatabaseError as error:  # raised, it would tell an editor that what is committed is not saved
        if _are_stored(using):
            told = "Kept pages were not told of a write; a server tries again in some seconds: %s"
            logger.error(told, " ".join(str(error).split()))
            later(renew, frozenset(tables), using)
    forget()


def _are_stored(using: str) -> bool:
    """Whether the table of the stamps is there, as it is after its migration; True as well if nobody can tell."""
    try:
        return PageStamp._meta.db_table in connections[using].introspection.table_names()
    except DatabaseError:
        return True


# Reading


@dataclass(frozen=True, eq=False)
class Stamps:
    """The stamps at one moment.

    before: those that they replaced. since: when those were last seen to be the present ones, by the monotonic clock;
    whatever replaced them was committed after that.
    """

    now: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    since: float = float("-inf")

    def of(self, tables: Collection[str]) -> dict[str, str]:
        """The stamps of these tables; "" for a table without one."""
        return {table: self.now.get(table, "") for table in (*tables, EVERYTHING)}

    def are(self, stamps: Mapping[str, str]) -> bool:
        """Whether these stamps, from `of`, are still those of their tables."""
        return all(self.now.get(table, "") == stamp for table, stamp in stamps.items())


_lock = threading.Lock()
_held = Stamps({})
#: How often this process has renewed stamps.
_renewals = 0
#: When `_held` was last seen to be the present ones.
_seen_at = float("-inf")
#: The time until which `_held` may be used, and the renewals that it includes. Not for SQLite.
_read_until = (0.0, -1)


class _Seen(threading.local):
    """What this thread's connection to SQLite said when the stamps were last read. Equal means unchanged."""

    state: Any = None


_seen = _Seen()


def forget() -> None:
    """Read the stamps again the next time that they are asked for."""
    global _renewals
    _renewals += 1


def current() -> Stamps:
    """The stamps as they are now, on SQLite; on other databases as they were at most KNOWN_FOR seconds ago.

    At most one query. Raises DatabaseError.
    """
    global _read_until, _seen_at
    here: Any = connections[DEFAULT_DB_ALIAS]  # looked up once: a page asks this a dozen times
    _settle_due(here)
    if here.vendor == "sqlite":
        here.ensure_connection()
        raw, now = here.connection, time.monotonic()
        with here.wrap_database_errors:
            state = (raw, raw.execute("PRAGMA data_version").fetchone()[0], _renewals)
        if _seen.state == state:
            _seen_at = now
            return _held
        with _lock:
            _read(now)
        _seen.state = state
        return _held
    if _read_until[0] > time.monotonic() and _read_until[1] == _renewals:
        return _held
    with _lock:
        now, renewals = time.monotonic(), _renewals
        if _read_until[0] <= now or _read_until[1] != renewals:
            _read(now)
            _read_until = (now + KNOWN_FOR, renewals)
    return _held


def _read(now: float) -> None:
    """Read the stamps, under the lock. If that of the subject changed, what is remembered of it is forgotten first."""
    global _held, _seen_at
    # By hand, since the first page after each write waits for it: Django takes three times as long to build the query.
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute('SELECT "table", stamp FROM comparisons_pagestamp')
        rows = dict(cursor.fetchall())
    if rows != _held.now:
        if not Stamps(rows).are(_held.of({subject.Subject._meta.db_table})):
            subject.forget()
        _held = Stamps(rows, _held.now, _seen_at)
    _seen_at = now
