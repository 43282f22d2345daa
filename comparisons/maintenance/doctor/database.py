"""Examine the database: does it answer, keep what is written, hold what the code expects, and what derives from it?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from comparisons.maintenance import checks
from comparisons.models.stamps import PageStamp

from .diagnosis import BAD, LOOK, OK, Diagnoses, Diagnosis, megabytes

PART = "database"
#: The most problems of one kind that are told one by one.
TOLD = 3


def answer() -> Diagnosis:
    """Whether the database answers at all; nothing else is examined in it if not."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET statement_timeout = 0")  # of this process alone, since an examination may take long
                cursor.execute("SHOW server_version")
            else:
                cursor.execute("SELECT sqlite_version()")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return Diagnosis(PART, BAD, f"does not answer: {_words(error)}", "start it, or correct DATABASE_URL")
    where = f", {file}" if (file := _file()) else ""
    return Diagnosis(PART, OK, f"{connection.display_name} {version}{where}")


def durability() -> Diagnoses:
    """Whether what is written survives a power cut, and is text as we know it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            if mode != "wal":
                remedy = "readers wait for writers; put the file on a disk of this machine"
                yield Diagnosis(PART, LOOK, f"its journal is {mode!r}, not 'wal'", remedy)
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
        remedy = "editors cannot save; see whether the disk is full or read-only, or who holds a lock"
        yield Diagnosis(PART, BAD, f"cannot be written: {_words(error)}", remedy)


def integrity() -> Diagnoses:
    """Whether the stored rows and indexes are whole. Reads the whole of a SQLite file."""
    with connection.cursor() as cursor:
        found = list(_sqlite_problems(cursor) if connection.vendor == "sqlite" else _postgres_problems(cursor))
    yield from found or [Diagnosis("integrity", OK, "whole")]


def _sqlite_problems(cursor: Any) -> Diagnoses:
    cursor.execute("PRAGMA integrity_check(1)")
    (said,) = cursor.fetchone()
    if said != "ok":
        yield Diagnosis("integrity", BAD, said, "stop the site, and restore the last backup: manage.py restore")
        return
    cursor.execute("PRAGMA foreign_key_check")
    if rows := cursor.fetchall():
        remedy = "restore the last backup, or see who wrote past the site"
        yield Diagnosis("integrity", BAD, f"{len(rows)} rows, such as of {rows[0][0]}, refer to nothing", remedy)


def _postgres_problems(cursor: Any) -> Diagnoses:
    cursor.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")
    for (name,) in cursor.fetchall():
        yield Diagnosis("integrity", BAD, f"the index {name} was not finished", f"REINDEX INDEX {name}")
    cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated")
    for table, name in cursor.fetchall():
        remedy = f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        yield Diagnosis("integrity", LOOK, f"the constraint {name} was never checked against all rows", remedy)


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
        yield Diagnosis("replica", BAD, f"does not answer: {_words(error)}", "readers use the primary; start it")
        return
    if follows:
        yield Diagnosis("replica", OK, "follows the primary")
    else:
        yield Diagnosis("replica", BAD, "follows no primary", "REPLICA_URL must name a streaming replica")


def disk() -> Diagnoses:
    """Whether there is room to write: as much as the database takes, so that a copy of it fits."""
    folder = Path(settings.DATA_DIR)
    file = _file()
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


def free_bytes(place: Path) -> int:
    """How much whoever runs this may still write there."""
    room: Any = os.statvfs(place)
    return int(room.f_bavail * room.f_frsize)


def _file() -> Path | None:
    """The file of the database; None on PostgreSQL, and in memory."""
    name = str(connection.settings_dict["NAME"])
    return (
        Path(name) if connection.vendor == "sqlite" and ":memory:" not in name and "mode=memory" not in name else None
    )


def _words(error: DatabaseError) -> str:
    """What the database says, on one line."""
    return " ".join(str(error).split())
