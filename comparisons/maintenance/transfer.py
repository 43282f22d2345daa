"""Copy the whole database into another one, of the other kind too: content, history, accounts and derived data.

Row by row under the same keys, so that every reference holds, and without signals, so that nothing is derived, dated or
written into the history anew. `dumpdata` and `loaddata` do none of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import dj_database_url
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.sql import InsertQuery

from comparisons.models import Framework
from comparisons.models.batches import batched
from comparisons.models.stamps import EVERYTHING, PageStamp, renew

#: The alias of the database that is written.
TARGET = "target"
#: Rows that are read, written and compared at a time.
BATCH = 500

#: Called with the name of a table and how many rows of it were copied.
Progress = Callable[[str, int], None]


class NotCopied(Exception):
    """The message says why. The target is as it was before, apart from tables that a migration has made."""


def copy(url: str, progress: Progress = lambda table, rows: None) -> int:
    """Copy every row of the database of the settings into an empty one at this address; returns how many.

    All or nothing, from one moment of the source, and compared afterwards. Raises NotCopied and DatabaseError.
    """
    _connect(url)
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotCopied("The database of the settings has migrations to come; run manage.py migrate first")
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    users = apps.get_model("auth", "User")
    if any(model.objects.using(TARGET).exists() for model in (Framework, users)):
        raise NotCopied("The other database is not empty; give one that holds nothing")
    total = 0
    with _one_moment(), transaction.atomic(using=TARGET):
        # What migrations have made, such as groups and their permissions, comes with the rows, under its own keys.
        for model in tables():
            _delete_all(model)
        for model in tables():
            progress(model._meta.db_table, rows := _copy(model))
            total += rows
        for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), list(tables())):
            with connections[TARGET].cursor() as cursor:
                cursor.execute(statement)
        if wrong := [model._meta.db_table for model in tables() if any(_different(model))]:
            raise NotCopied(f"Rows differ after they were copied, in {', '.join(wrong)}; please report this")
    renew({EVERYTHING}, TARGET)
    return total


def tables() -> Iterator[type[models.Model]]:
    """The models of all tables, those of Django's own apps and of relations included; without stamps of kept pages."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model is not PageStamp:
            yield model


def _connect(url: str) -> None:
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise NotCopied("That is no address of a database; write postgres://… or sqlite:////path/to/file") from error
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
    here = connections[DEFAULT_DB_ALIAS].settings_dict
    if all(database.get(name, "") == here.get(name, "") for name in ("HOST", "PORT", "NAME")):
        raise NotCopied("That is the database of the settings itself")
    connections.settings[TARGET] = database
    connections.configure_settings(connections.settings)
    connections[TARGET].ensure_connection()


def _one_moment() -> Any:
    """A transaction that sees the source as it was at one moment, however long it takes."""
    source = connections[DEFAULT_DB_ALIAS]
    block = transaction.atomic()
    if source.vendor == "postgresql":
        source.ensure_connection()
        with source.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET statement_timeout = 0")
    return block


def _delete_all(model: type[models.Model]) -> None:
    """Delete without Django's collector, which would follow relations; they are checked when all rows are there."""
    connection = connections[TARGET]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _copy(model: type[models.Model]) -> int:
    """Insert the rows as they are: no field computes a value of its own."""
    fields, total = _fields(model), 0
    # SQLite takes so many values at a time.
    size = min(BATCH, connections[TARGET].ops.bulk_batch_size(fields, [None] * BATCH))
    rows = model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").iterator(chunk_size=BATCH)
    for batch in batched(rows, size):
        query = InsertQuery(model)
        query.insert_values(fields, batch, raw=True)
        query.get_compiler(using=TARGET).execute_sql()
        total += len(batch)
    return total


def _different(model: type[models.Model]) -> Iterator[Any]:
    """The keys of rows that are not the same in both."""
    names = [field.attname for field in _fields(model)]
    count = [model._base_manager.using(alias).count() for alias in (DEFAULT_DB_ALIAS, TARGET)]
    if count[0] != count[1]:
        yield count
    rows = model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").values_list("pk", *names)
    for batch in batched(rows.iterator(chunk_size=BATCH), BATCH):
        other = model._base_manager.using(TARGET).filter(pk__in=[row[0] for row in batch])
        copied = {row[0]: row for row in other.values_list("pk", *names)}
        yield from (row[0] for row in batch if copied.get(row[0]) != row)


def _fields(model: type[models.Model]) -> list[Any]:
    """The columns of a model that can be written."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
