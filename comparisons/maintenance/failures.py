"""What it means that the database fails, and what to do about it: its own words say neither."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from django.db import connection

#: Bytes below which a disk is taken to be full: SQLite cannot even open a database without room for its log and index.
ROOM = 200_000

_DAMAGED = "stop the site, put the file aside, and restore the last backup: manage.py restore"
_LOCKED = "another program writes, such as an import; wait for it, or see which ones have the file open: fuser {file}"
_FULL = "make room on the disk of {file}; the site then goes on by itself"
#: What to do, by the codes of SQLite, and the states of PostgreSQL.
_REMEDIES: dict[int | str, str] = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: "let the account of the site write {file} and its folder; the disk may be read-only",
    sqlite3.SQLITE_CANTOPEN: "let the account of the site read and write {file} and its folder, or name another file",
    sqlite3.SQLITE_IOERR: "see whether the disk of {file} fails; the log of the system says more, such as dmesg",
    "53100": "make room on the disk of the server; the site then goes on by itself",
    "25006": "name the primary in DATABASE_URL, or let it be written again",
}


def words(error: BaseException | None) -> str:
    """What the database says, on one line; of a full disk, that it is full."""
    said = " ".join(str(error).split())
    return f"the disk is full ({said})" if _code(error) == sqlite3.SQLITE_FULL and "full" not in said else said


def remedy(error: BaseException | None, otherwise: str = "") -> str:
    """What to do about an error of the database; `otherwise` if it does not say enough."""
    return _REMEDIES.get(_code(error), otherwise).format(file=database_file())


def database_file() -> Path | None:
    """The file of the database; None on PostgreSQL, and in memory."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and ":memory:" not in name and "mode=memory" not in name
    return Path(name) if is_file else None


def free_bytes(place: Path) -> int:
    """How much whoever runs this may still write there."""
    room: Any = os.statvfs(place)
    return int(room.f_bavail * room.f_frsize)


def _code(error: BaseException | None) -> int | str:
    """The code by which the server knows an error of Django's; "" without one."""
    cause = getattr(error, "__cause__", None) or error
    # The last eight bits are the kind of an error, the others which one it is.
    code: int | str = getattr(cause, "sqlite_errorcode", 0) & 0xFF or getattr(cause, "sqlstate", None) or ""
    return sqlite3.SQLITE_FULL if code == sqlite3.SQLITE_IOERR and _is_full() else code


def _is_full() -> bool:
    file = database_file()
    try:
        return file is not None and free_bytes(file.parent) < ROOM
    except OSError:  # there is no such folder
        return False
