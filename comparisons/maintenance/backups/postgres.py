"""Backups of PostgreSQL by its own programs pg_dump, pg_restore and psql, which are best of the server's version."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.db import connection

from .errors import BackupRefused

#: What the site sets for its pages; the programs have limits and an encoding of their own.
OWN = {"options", "connect_timeout", "client_encoding"}


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
        try:
            PostgresDump.write(beside)
        except BackupRefused:
            beside.unlink(missing_ok=True)
            raise
        _replace(tables, file)
        return beside


def _replace(tables: list[str], file: Path) -> None:
    """Run what pg_restore makes of a dump as it comes, in one transaction. Raises BackupRefused if either fails.

    COMMIT is said only once pg_restore has ended well. If it breaks off, or this process does, psql finds the end of
    its input without one, and the server undoes everything.
    """
    drop = f"DROP TABLE {', '.join(tables)} CASCADE" if tables else "SELECT 1"
    reading = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file)]
    writing = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    writing += ["--command=BEGIN", f"--command={drop}", "--file=-"]
    for program in (reading[0], writing[0]):
        _needs(program)
    with TemporaryFile("w+") as says, TemporaryFile("w+") as answers:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": answers}
        psql: Any = subprocess.Popen(writing, env=_environment(), **pipes)  # noqa: S603
        restore: Any = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=says)  # noqa: S603
        # A broken pipe: psql has ended, and says why.
        with psql, suppress(BrokenPipeError), restore, restore.stdout, psql.stdin:
            shutil.copyfileobj(restore.stdout, psql.stdin)
            if restore.wait() == 0:
                psql.stdin.write(b"COMMIT;\n")
        # A pg_restore that only found psql gone was ended by the system.
        ends = [("pg_restore", max(restore.returncode, 0), says), ("psql", psql.returncode, answers)]
        for program, failed, said in [*ends, ("pg_restore", restore.returncode, says)]:
            said.seek(0)
            if failed:
                raise _failed(program, said.read())


def _run(program: str, *arguments: str, database: bool = False) -> str:
    """What a program prints. database: let it connect to that of the settings. Raises BackupRefused if it fails."""
    _needs(program)
    done = subprocess.run(  # noqa: S603
        [program, *arguments], env=_environment() if database else None, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise _failed(program, done.stderr)
    return done.stdout


def _needs(program: str) -> None:
    if not shutil.which(program):
        raise BackupRefused(
            f"{program} is not installed here. Install PostgreSQL's client programs, or run it on the database server: "
            "pg_dump --format=custom --file=FILE DATABASE; pg_restore --clean --if-exists --dbname=DATABASE FILE"
        )


def _failed(program: str, said: str) -> BackupRefused:
    return BackupRefused(f"{program}: {' '.join(said.split()) or 'failed'}")


def _environment() -> dict[str, str]:
    """The variables by which a program connects as the site does, with what its address says of TLS among them."""
    from psycopg.pq import Conninfo  # SQLite needs no psycopg

    one: Any = connection
    given = one.get_connection_params()
    known = {each.keyword.decode(): each.envvar.decode() for each in Conninfo.get_defaults() if each.envvar}
    return os.environ | {known[name]: str(given[name]) for name in known.keys() & given.keys() - OWN}
