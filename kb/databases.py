"""The databases of the site: SQLite or PostgreSQL, and of PostgreSQL a replica to read from, if there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from .env import whole
from .read_only.base import cannot_be_written

POSTGRES = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"


def configured(data_dir: Path) -> dict[str, dict[str, Any]]:
    """The value of DATABASES: `default`, and `replica` if REPLICA_URL is set.

    Raises ImproperlyConfigured for a database that is not supported, and for a replica or a pool without PostgreSQL.
    """
    databases: dict[str, Any] = {
        "default": dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir}/kb.sqlite3")
    }
    if replica := os.environ.get("REPLICA_URL"):
        databases["replica"] = dj_database_url.parse(replica)
        if {database["ENGINE"] for database in databases.values()} != {POSTGRES}:
            raise ImproperlyConfigured(
                "REPLICA_URL is set, but only PostgreSQL has replicas; give postgres:// in it and in DATABASE_URL"
            )
        # A test that asks for the replica gets the database of the tests.
        databases["replica"]["TEST"] = {"MIRROR": "default"}
    for database in databases.values():
        if database["ENGINE"] == SQLITE:
            _sqlite(database)
        elif database["ENGINE"] == POSTGRES:
            _postgres(database)
        else:
            raise ImproperlyConfigured(
                "DATABASE_URL names a database that is not supported; use sqlite:// or postgres://"
            )
    return databases


def _sqlite(database: dict[str, Any]) -> None:
    file = Path(database["NAME"])
    if cannot_be_written(file):
        database["ENGINE"] = "kb.read_only"
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
    # Writers queue at BEGIN instead of failing half-way; readers do not wait, thanks to the write-ahead log.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=1073741824;"
        "PRAGMA journal_size_limit=67108864",
    }
    database["CONN_MAX_AGE"] = None


def _postgres(database: dict[str, Any]) -> None:
    options = database.setdefault("OPTIONS", {})
    options |= {"connect_timeout": 3, "options": f"-c statement_timeout={whole('DATABASE_STATEMENT_TIMEOUT', 5000)}"}
    database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = whole("DATABASE_CONN_MAX_AGE", 600)
    if most := whole("DATABASE_POOL", 0):
        # The pool keeps the connections, so that Django must not; a request waits three seconds for a free one.
        database["CONN_MAX_AGE"] = 0
        options["pool"] = {"min_size": 1, "max_size": most, "timeout": 3}
