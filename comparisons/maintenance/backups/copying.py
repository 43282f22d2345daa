"""Make a backup and put one back, whatever the database."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from . import notes, postgres, sqlite
from .errors import BackupRefused

#: The names of backups that are written into a folder.
_NAMED = re.compile(r"crosscheck-\d{8}-\d{6}\.(?:sqlite3|dump)")


def backup(place: Path, *, force: bool = False, keep: int = 0) -> Path:
    """Write a checked copy of the database to a file, or to a new file in a folder; return the file.

    force: replace a file. keep: of the backups in the folder, delete all but the newest so many; 0 deletes none.
    The file appears when it is whole. Raises BackupRefused and OSError.
    """
    kind = _kind()
    file = place / f"crosscheck-{datetime.now(UTC):%Y%m%d-%H%M%S}.{kind.SUFFIX}" if place.is_dir() else place
    if keep and file == place:
        raise BackupRefused("--keep is for backups in a folder; name one that exists")
    if not file.parent.is_dir():
        raise BackupRefused(f"The folder {file.parent} does not exist; make it first")
    if file.exists() and not force:
        raise BackupRefused(f"{file} exists; name another file, or replace it with --force")
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # Only for the one who runs the site, since it holds the accounts.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        kind.write(partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        if force:
            partial.replace(file)
        else:
            os.link(partial, file)  # fails if another backup has taken the name since
    finally:
        for each in file.parent.glob(f"{partial.name}*"):  # with the journal that SQLite leaves on a full disk
            each.unlink(missing_ok=True)
    notes.note(file)
    for old in sorted((each for each in file.parent.iterdir() if _NAMED.fullmatch(each.name)), reverse=True)[keep:]:
        if keep:
            old.unlink()
    return file


def restore(file: Path) -> Path:
    """Make the database what it was when this backup was made. Returns where the present one is kept.

    Raises BackupRefused if the file is no backup of this kind of database, or of a newer release, or if the site runs.
    """
    if not file.is_file():
        raise BackupRefused(f"{file} is a folder; name a file in it" if file.is_dir() else f"{file} does not exist")
    kind = _kind()
    newer = sorted(set(kind.migrations_of(file)) - set(MigrationLoader(None).graph.nodes))
    if newer:
        raise BackupRefused(f"{file} is of a newer release ({'.'.join(newer[-1])}); install that one first")
    connections.close_all()
    return kind.put_back(file, f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")


def _kind() -> type[sqlite.SqliteFile] | type[postgres.PostgresDump]:
    return sqlite.SqliteFile if connection.vendor == "sqlite" else postgres.PostgresDump
