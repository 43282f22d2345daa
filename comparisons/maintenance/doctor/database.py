"""Examine the database: does it answer, keep what is written, hold what the code expects, and what derives from it?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from comparisons.maintenance import checks
from comparisons.maintenance.failures import database_file, free_bytes, remedy, words
from comparisons.models.stamps import PageStamp

from .diagnosis import BAD, LOOK, OK, Diagnoses, Diagnosis, megabytes

PART = "database"
#: The most problems of one kind that are told one by one.
TOLD = 3
#: Seconds for which a lock of SQLite is waited for, each time; an editor waits longer.
PATIENCE = 3


def hurry() -> None:
    """Wait less from now on for a SQLite file that somebody else writes to."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        connection.close()
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE


def answer() -> Diagnosis:
    """Whether the database answers at all; nothing else is examined in it if not."""
    file = database_file()
    if file and os.access(file.parent, os.X_OK) and not file.exists():  # SQLite would make an empty one
        return Diagnosis(PART, BAD, f"there is no {file}", "run manage.py migrate, or correct DATABASE_URL or DATA_DIR")
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET statement_timeout = 0")  # of this process alone, since an examination may take long
                cursor.execute("SHOW server_version")
            else:
                cursor.execute("SELECT sqlite_version()")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        found = f"{'cannot be opened' if file else 'does not answer'}: {words(error)}"
        return Diagnosis(PART, BAD, found, remedy(error, "start it, or correct DATABASE_URL"))
    where = f", {file}" if file else ""
    return Diagnosis(PART, OK, f"{connection.display_name} {version}{where}")


def durability() -> Diagnoses:
    """Whether what is written survives a power cut, and is text as we know it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            file = database_file()
            is_fixed = file is not None and not os.access(file.parent, os.W_OK)  # by a read-only disk: it needs no log
            if mode != "wal" and not is_fixed:
                advice = "readers wait for writers; put the file on a disk of this machine"
                yield Diagnosis(PART, LOOK, f"its journal is {mode!r}, not 'wal'", advice)
            return
        cursor.execute("SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('server_encoding')")
        is_replica, fsync, encoding = cursor.fetchone()
    if is_replica:
        yield Diagnosis(PART, BAD, "DATABASE_URL names a replica", "name the primary there; see REPLICA_URL")
    if fsync == "off":
        yield Diagnosis(PART, LOOK, "writes do not wait for the disk", "set fsync = on in postgresql.conf")
    if encoding != "UTF8":
        yield Diagnosis(PART, BAD, f"its encoding is {encoding}", "make it anew with ENCODING 'UTF8'")


def writing() -> Diagnoses:
    """Whether it can be written. What is written for that is rolled back."""
    try:
        with transaction.atomic():
            PageStamp.objects.update_or_create(pk="doctor", defaults={"stamp": "doctor"})
            transaction.set_rollback(True)
    except DatabaseError as error:
        advice = remedy(error, "see whether the disk is full or read-only, or who holds a lock")
        yield Diagnosis(PART, BAD, f"cannot be written: {words(error)}", f"editors cannot save; {advice}")


def integrity() -> Diagnoses:
    """Whether the stored rows and indexes are whole. Reads the whole of a SQLite file."""
    with connection.cursor() as cursor:
        found = list(_sqlite_problems(cursor) if connection.vendor == "sqlite" else _postgres_problems(cursor))
    yield from found or [Diagnosis("integrity", OK, "whole")]


def _sqlite_problems(cursor: Any) -> Diagnoses:
    cursor.execute("PRAGMA integrity_check(1)")
    (said,) = cursor.fetchone()
    if said != "ok":
        advice = "stop the site, and restore the last backup: manage.py restore"
        yield Diagnosis("integrity", BAD, " ".join(said.split()), advice)
        return
    cursor.execute("PRAGMA foreign_key_check")
    if rows := cursor.fetchall():
        advice = "restore the last backup, or see who wrote past the site"
        yield Diagnosis("integrity", BAD, f"{len(rows)} rows, such as of {rows[0][0]}, refer to nothing", advice)


def _postgres_problems(cursor: Any) -> Diagnoses:
    cursor.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")
    for (name,) in cursor.fetchall():
        yield Diagnosis("integrity", BAD, f"the index {name} was not finished", f"REINDEX INDEX {name}")
    cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated")
    for table, name in cursor.fetchall():
        advice = f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        yield Diagnosis("integrity", LOOK, f"the constraint {name} was never checked against all rows", advice)


def migrations() -> Diagnoses:
    """Whether the tables are those of this release."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes))
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:TOLD])
        yield Diagnosis("migrations", BAD, f"{len(plan)} are missing: {names}", "run manage.py migrate")
    elif unknown:
        names = ", ".join(".".join(key) for key in unknown[:TOLD])
        yield Diagnosis("migrations", BAD, f"the database is of a newer release: {names}", "update the code")
    else:
        yield Diagnosis("migrations", OK, "all applied")


def derived() -> Diagnoses:
    """Whether cells, summaries, search and editions agree with the claims. Assesses everything anew."""
    for part, examine in checks.DERIVED_RULES.items():
        problems = list(examine())
        if problems:
            told = ", ".join(problem.record for problem in problems[:TOLD])
            more = f" and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
            yield Diagnosis(part, BAD, f"behind: {told}{more}", problems[0].message)
        else:
            yield Diagnosis(part, OK, "agree with the claims")


def replica() -> Diagnoses:
    """Whether the replica answers, and follows."""
    if "replica" not in settings.DATABASES:
        return
    try:
        with connections["replica"].cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            follows = cursor.fetchone()[0]
    except DatabaseError as error:
        yield Diagnosis("replica", BAD, f"does not answer: {words(error)}", "readers use the primary; start it")
        return
    if follows:
        yield Diagnosis("replica", OK, "follows the primary")
    else:
        yield Diagnosis("replica", BAD, "follows no primary", "REPLICA_URL must name a streaming replica")


def disk() -> Diagnoses:
    """Whether there is room to write: as much as the database takes, so that a copy of it fits."""
    folder = Path(settings.DATA_DIR)
    file = database_file()
    size = 0
    if file:
        folder = file.parent
        size = sum(each.stat().st_size for each in folder.glob(f"{file.name}*"))
    place = next(each for each in (folder, *folder.parents) if each.exists())
    free = free_bytes(place)
    found = f"{megabytes(free)} free in {place}"
    if free < 50_000_000:
        yield Diagnosis("disk", BAD, found, "make room; editors cannot save on a full disk")
    elif free < 2 * size:
        yield Diagnosis("disk", LOOK, f"{found}, the database takes {megabytes(size)}", "make room for a copy of it")
    else:
        yield Diagnosis("disk", OK, found)
