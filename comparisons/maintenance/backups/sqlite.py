"""Backups of SQLite: one file, written by SQLite itself while others read and write."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from .errors import BackupRefused


class SqliteFile:
    """A backup is a database file like the one of the site, without a log beside it."""

    SUFFIX = "sqlite3"

    @staticmethod
    def write(file: Path) -> None:
        """Copy the database as it is at one moment, and check the copy. Raises BackupRefused, as on a full disk."""
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(file)) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                _check(copy, "The copy")
        except sqlite3.Error as error:
            raise BackupRefused(f"The copy could not be written: {error}") from error

    @staticmethod
    def migrations_of(file: Path) -> list[tuple[str, str]]:
        """The migrations that a backup has. Raises BackupRefused for a file that is no sound backup."""
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as kept:
                _check(kept, str(file))
                return kept.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.Error as error:
            raise BackupRefused(f"{file} is no backup of this site: {error}") from error

    @staticmethod
    def put_back(file: Path, moment: str) -> Path:
        """Put a copy of the backup in place of the database, which is kept beside it."""
        name = connection.settings_dict["NAME"]
        now = Path(name)
        copy, beside = now.with_name(f".{now.name}.{os.getpid()}"), now.with_name(f"{now.name}.before-{moment}")
        try:
            shutil.copyfile(file, copy)
            copy.chmod(0o600)  # for its owner alone, since it holds the accounts
            if now.exists() and os.geteuid() == 0:
                os.chown(copy, now.stat().st_uid, now.stat().st_gid)
            with copy.open("rb") as written:
                os.fsync(written.fileno())
            with closing(sqlite3.connect(now, timeout=2, isolation_level=None)) as present:
                _lock(present)
                # Both names at once, so that there is a database at every moment.
                os.link(now, beside)
                beside.chmod(0o600)
                copy.replace(now)
        finally:
            copy.unlink(missing_ok=True)
        return beside


def _lock(present: sqlite3.Connection) -> None:
    """Bring the log into the file, and hold the file. SQLite does neither while another process has it open."""
    try:
        (mode,) = present.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode == "delete":
            present.execute("BEGIN EXCLUSIVE")
            return
    except sqlite3.OperationalError:
        pass
    raise BackupRefused("The database is in use; stop the site and whatever else writes to it, then restore")


def _check(database: sqlite3.Connection, name: str) -> None:
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise BackupRefused(f"{name} is not whole: {said}")
