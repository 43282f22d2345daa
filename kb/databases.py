"""The databases of the site: SQLite or PostgreSQL, and of PostgreSQL a replica to read from, if there is one."""

from __future__ import annotations

import os
from errno import EINVAL
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from .env import whole
from .read_only.base import cannot_be_written

#: What an address of PostgreSQL stands for; the backend that is used is kb/postgresql.
POSTGRES = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"
#: The first bytes of a database of SQLite.
HEAD = b"SQLite format 3\0"
#: Seconds in which PostgreSQL has to take a connection.
CONNECTING = 3
#: When a connection counts as broken whose other end has vanished without a word, such as a machine without power: it
#: has acknowledged nothing for ten seconds (of these, milliseconds). The system would wait for a quarter of an hour.
SILENCE = {"tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 5}
#: What an address cannot say, since it is decided here; `currentSchema` stands for `options` in an address.
DECIDED = {"options": "options (or currentSchema)", "connect_timeout": "connect_timeout"} | {
    one: one for one in SILENCE
}


def configured(data_dir: Path) -> dict[str, dict[str, Any]]:
    """The value of DATABASES: `default`, and `replica` if REPLICA_URL is set.

    Raises ImproperlyConfigured for a database that is not supported, and for a replica or a pool without PostgreSQL.
    """
    databases: dict[str, Any] = {
        "default": _parsed("DATABASE_URL", os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir}/kb.sqlite3")
    }
    if replica := os.environ.get("REPLICA_URL"):
        databases["replica"] = _parsed("REPLICA_URL", replica)
        if {database["ENGINE"] for database in databases.values()} != {POSTGRES}:
            raise ImproperlyConfigured(
                "REPLICA_URL is set, but only PostgreSQL has replicas; give postgres:// in it and in DATABASE_URL"
            )
        # A test that asks for the replica gets the database of the tests.
        databases["replica"]["TEST"] = {"MIRROR": "default"}
    for database in databases.values():
        (_sqlite if database["ENGINE"] == SQLITE else _postgres)(database)
    return databases


def limit_waiting(databases: dict[str, dict[str, Any]]) -> None:
    """Let this process, which answers requests, wait for no answer of PostgreSQL that cannot come any more."""
    limit = whole("DATABASE_STATEMENT_TIMEOUT", 5000)
    if limit and any(database["ENGINE"] == "kb.postgresql" for database in databases.values()):
        from .postgresql import base

        base.patience = limit / 1000 + base.GRACE


def _parsed(name: str, url: str) -> dict[str, Any]:
    """The database at an address. The message of the error does not show it, since it may contain a password."""
    known = f"{name} is no address of a database; write postgres://user:password@host:5432/name"
    known += " or sqlite:////path/to/file" if name == "DATABASE_URL" else ""
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(known) from error
    if database["ENGINE"] not in (POSTGRES, SQLITE):
        raise ImproperlyConfigured(f"{name} names a database that is not supported; use sqlite:// or postgres://")
    if not database["NAME"] if database["ENGINE"] == POSTGRES else database.get("HOST"):
        # A file with a host is one whose address lacks a slash.
        raise ImproperlyConfigured(known)
    if database["ENGINE"] == POSTGRES and any("\0" in str(value) for value in database.values()):
        raise ImproperlyConfigured(known)  # what follows it would be cut off, which names another database
    if database["NAME"] == ":memory:" and ":memory:" not in url:
        # Of an address without a file; what is written there would be gone at the end of the process.
        raise ImproperlyConfigured(known)
    return database


def _sqlite(database: dict[str, Any]) -> None:
    file = Path(database["NAME"])
    _refuse_no_database(file)
    if cannot_be_written(file):
        database["ENGINE"] = "kb.read_only"
    elif ":memory:" not in str(file):
        _make_folder(file)
    # Writers queue at BEGIN instead of failing half-way; readers do not wait, thanks to the write-ahead log.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=1073741824;"
        "PRAGMA journal_size_limit=67108864",
    }
    database["CONN_MAX_AGE"] = None


def _refuse_no_database(file: Path) -> None:
    """Raises ImproperlyConfigured for a path that cannot be one, and for something there that is no database."""
    try:
        if not str(file).isprintable():
            raise OSError(EINVAL, "it has characters that cannot be shown")
        if file.is_dir():
            raise ImproperlyConfigured(f"DATABASE_URL names {file}, which is a folder; write sqlite:////path/to/file")
        # An empty file is a database without tables. Of one that may not be read, SQLite says so.
        head = file.open("rb").read(len(HEAD)) if file.is_file() and os.access(file, os.R_OK) else b""
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL names {str(file)[:200]!r}, which no file can be called ({error.strerror}); "
            "write sqlite:////path/to/file"
        ) from error
    if head and head != HEAD:
        raise ImproperlyConfigured(
            f"DATABASE_URL names {file}, which is no database of SQLite; name another file, or move this one away"
        )


def _make_folder(file: Path) -> None:
    remedy = "let DATA_DIR or DATABASE_URL name one that the site may write to"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder of the database, {file.parent}, cannot be made ({error.strerror}); {remedy}"
        ) from error
    if not file.exists() and not os.access(file.parent, os.W_OK):
        raise ImproperlyConfigured(f"The folder of the database, {file.parent}, cannot be written; {remedy}")


def _postgres(database: dict[str, Any]) -> None:
    options = database.setdefault("OPTIONS", {})
    _refuse_unknown(options)
    if decided := sorted(options.keys() & DECIDED):
        raise ImproperlyConfigured(
            f"The address of a database ends in {DECIDED[decided[0]]}, which the site sets itself; leave it out"
        )
    # Compiling a query takes PostgreSQL seconds where its plan is long, and the query itself a few milliseconds.
    sent = f"-c statement_timeout={whole('DATABASE_STATEMENT_TIMEOUT', 5000)} -c jit=off"
    options |= {"connect_timeout": CONNECTING, "options": sent, **SILENCE}
    database["ENGINE"] = "kb.postgresql"
    database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = whole("DATABASE_CONN_MAX_AGE", 600)
    if most := whole("DATABASE_POOL", 0):
        # The pool keeps the connections, so that Django must not. A request waits for a free one, and longer than an
        # attempt takes, so that it is known by then whether the server is away.
        database["CONN_MAX_AGE"] = 0
        options["pool"] = {"min_size": 1, "max_size": most, "timeout": CONNECTING + 1}
        # A failed attempt ends, and the next request begins another. Left to itself the pool would try ever more
        # seldom, and not notice for minutes that the server is back.
        options["pool"]["reconnect_timeout"] = 0


def _refuse_unknown(options: dict[str, Any]) -> None:
    """Raises ImproperlyConfigured if an address has an option after its “?” that PostgreSQL does not know, or a value
    that it never takes.
    """
    if find_spec("psycopg") is None:
        return  # Django says so itself
    from psycopg import Error, pq
    from psycopg.conninfo import make_conninfo

    try:
        # Values are looked at before a connection is tried, for which there is nothing in a folder that does not exist.
        attempt = pq.PGconn.connect_start(make_conninfo(**{**options, "host": "/nonexistent"}).encode())
        found = attempt.error_message.decode(errors="replace")
        attempt.finish()
    except Error as error:
        found = str(error)
    words = " ".join(found.split())
    if words.startswith("invalid "):
        raise ImproperlyConfigured(f"The address of a database ends in an {words}; leave it out")
