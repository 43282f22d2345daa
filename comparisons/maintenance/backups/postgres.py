"""Backups of PostgreSQL by its own programs pg_dump, pg_restore and psql, which are best of the server's version."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from .errors import BackupRefused


class PostgresDump:
    """A backup is a dump in PostgreSQL's own format."""

    SUFFIX = "dump"

    @staticmethod
    def write(file: Path) -> None:
        """Dump the database as it is at one moment, for its owner alone, and see that the dump can be read."""
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", database=True)
        _run("pg_restore", "--list", str(file))

    @staticmethod
    def migrations_of(file: Path) -> list[tuple[str, str]]:
        """The migrations that a backup has. Raises BackupRefused for a file that is no backup."""
        text = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(file))
        lines = text.partition("COPY public.django_migrations (id, app, name, applied) FROM stdin;\n")[2]
        rows = [line.split("\t") for line in lines.partition("\n\\.\n")[0].splitlines()]
        if not rows:
            raise BackupRefused(f"{file} is no backup of this site: it has no list of migrations")
        return [(app, name) for _id, app, name, _applied in rows]

    @staticmethod
    def put_back(file: Path, moment: str) -> Path:
        """Replace all tables by those of the backup, in one transaction. What they were is dumped to DATA_DIR."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            others = cursor.fetchone()[0]
            cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            tables = [name for (name,) in cursor.fetchall()]
        connection.close()
        if others:
            raise BackupRefused(f"The database is in use by {others} others; stop the site everywhere, then restore")
        beside = Path(settings.DATA_DIR) / f"before-{moment}.dump"
        beside.parent.mkdir(parents=True, exist_ok=True)
        PostgresDump.write(beside)
        drop = f"DROP TABLE {', '.join(tables)} CASCADE" if tables else "SELECT 1"
        script = _run("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file))
        options = (
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--command={drop}",
            "--file=-",
        )
        _run("psql", *options, database=True, given=script)
        return beside


def _run(program: str, *arguments: str, database: bool = False, given: str | None = None) -> str:
    """What a program prints. database: let it connect to that of the settings. Raises BackupRefused if it fails."""
    if not shutil.which(program):
        raise BackupRefused(
            f"{program} is not installed here. Install PostgreSQL's client programs, or run it on the database server: "
            "pg_dump --format=custom --file=FILE DATABASE; pg_restore --clean --if-exists --dbname=DATABASE FILE"
        )
    one: dict[str, Any] = connection.settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given_by = {name: str(one[setting]) for name, setting in variables.items() if database and one[setting]}
    done = subprocess.run(  # noqa: S603
        [program, *arguments], env={**os.environ, **given_by}, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{program}: {' '.join(done.stderr.split()) or 'failed'}")
    return done.stdout
