"""Backups: what was backed up is there again after a restore, row for row, and nothing is overwritten by accident."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from comparisons.maintenance.backups import postgres, sqlite
from comparisons.maintenance.backups.errors import BackupRefused
from kb.databases import configured
from kb.postgresql.base import DatabaseWrapper
from tests.kb.test_settings import PRODUCTION, python
from tests.serving import postgres_with_tables, sqlite_with_tables

pytestmark = pytest.mark.crossing

#: Few processes, each with several steps, since starting one takes longer than its work. `result` is printed.
BEFORE = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from comparisons.models import Claim
from tests.factories import make_claim

folder = Path(sys.argv[1])

def rows():
    "Every row of every table: accounts, history and derived data included."
    models = [model for model in apps.get_models(include_auto_created=True) if model.__name__ != "PageStamp"]
    return {model.__name__: list(map(str, model._base_manager.order_by("pk").values_list())) for model in models}

def attempt(command, *arguments, **options):
    "What a command refuses; an empty text if it does not."
    try:
        call_command(command, *map(str, arguments), verbosity=0, **options)
    except CommandError as error:
        return str(error)
    return ""
"""
#: What Django adds to the settings of a database.
DEFAULTS = {"OPTIONS": {}, "TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}
AFTER = "\nconnections.close_all()\nprint(json.dumps(result))"


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a site with a migrated database of its own."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("data")
        is_postgres = connection.vendor == "postgresql"
        url = stack.enter_context(postgres_with_tables()) if is_postgres else sqlite_with_tables(folder / "kb.sqlite3")
        found = {**PRODUCTION, "DATABASE_URL": url, "DATA_DIR": str(folder)}
        run("make_claim(); result = 0", folder, found)
        yield found


def run(code: str, folder: Path, variables: dict[str, str]) -> Any:
    """The result of some code in a process of its own."""
    done = python("-c", BEFORE + code + AFTER, str(folder), **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_restore_brings_every_row_back_and_keeps_what_was_there(variables: dict[str, str], tmp_path: Path) -> None:
    code = """
result = [rows(), attempt("backup", folder / "backup")]
claim = Claim.objects.get()
claim.statement = "Written after the backup."
claim.save()
User.objects.create(username="later")
result += [rows(), attempt("restore", folder / "backup"), rows()]
kept = list(Path(sys.argv[2]).glob("*before-*"))
result += [attempt("restore", kept[0]), rows()]
"""
    before, made, changed, restored, after, put_back, last = run(
        code.replace("sys.argv[2]", repr(variables["DATA_DIR"])), tmp_path, variables
    )
    assert (made, restored, put_back) == ("", "", "")
    assert changed["User"] != before["User"] and changed["HistoricalClaim"] != before["HistoricalClaim"]
    assert after == before
    assert last == changed
    # On SQLite what was there before is the very file that it was.
    kept = [*Path(variables["DATA_DIR"]).glob("*before-*"), *Path(variables["DATA_DIR"]).glob("kb.sqlite3")]
    assert not any(file.stat().st_mode & 0o077 for file in (tmp_path / "backup", *kept)), "they hold the accounts"


def test_what_cannot_be_right_is_refused(variables: dict[str, str], tmp_path: Path) -> None:
    code = """
(folder / "nonsense").write_text("nonsense" * 1000)
for day in ("20260101", "20260102"):
    (folder / f"crosscheck-{day}-000000.dump").touch()
attempt("backup", folder / "backup")
recorder = MigrationRecorder(connection)
recorder.record_applied("comparisons", "9999_later")
attempt("backup", folder / "newer")
recorder.record_unapplied("comparisons", "9999_later")
written, before = (folder / "backup").read_bytes(), rows()
result = [
    attempt("backup", folder / "backup"),
    attempt("backup", folder / "none" / "backup"),
    attempt("backup", folder / "new", keep=3),
    attempt("restore", folder / "none"),
    attempt("restore", folder / "nonsense"),
    attempt("restore", folder / "newer"),
]
assert rows() == before and (folder / "backup").read_bytes() == written
assert attempt("backup", folder / "backup", force=True) == ""
assert attempt("backup", folder, keep=2) == ""
"""
    exists, none, keep, missing, nonsense, newer = run(code, tmp_path, variables)
    assert "exists; name another file, or replace it with --force" in exists
    assert "does not exist; make it first" in none
    assert "--keep is for backups in a folder" in keep
    assert "does not exist" in missing
    assert ("is no backup" if connection.vendor == "sqlite" else "pg_restore: ") in nonsense
    assert "is of a newer release (comparisons.9999_later)" in newer
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names[:2] == ["backup", "crosscheck-20260102-000000.dump"] and names[3:] == ["newer", "nonsense"]
    noted = json.loads((Path(variables["DATA_DIR"]) / "last-backup.json").read_text())
    assert noted["file"] == str(tmp_path / names[2])


def test_nothing_is_restored_while_the_database_is_in_use(variables: dict[str, str], tmp_path: Path) -> None:
    code = """
import subprocess
attempt("backup", folder / "backup")
User.objects.create(username="again")
before = rows()
connections.close_all()
reader = "import django; django.setup(); from django.db import connection as c; c.cursor().execute('SELECT 1 FROM "
reader += "comparisons_claim'); print('ready', flush=True); input()"
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
with subprocess.Popen([sys.executable, "-c", reader], **pipes) as process:
    assert process.stdout.readline() == "ready\\n"
    result = attempt("restore", folder / "backup")
    process.communicate("\\n")
assert rows() == before
"""
    assert "The database is in use" in run(code.replace("\\\\n", "\\n"), tmp_path, variables)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's is one file")
@pytest.mark.parametrize(("breaks_off", "says"), [("pg_restore", "it broke off"), ("pg_dump", "it is too old")])
def test_what_breaks_off_leaves_everything_as_it_was(
    breaks_off: str, says: str, variables: dict[str, str], tmp_path: Path
) -> None:
    """A program that fails after half of its work; of pg_restore, half of its script has reached psql by then."""
    if breaks_off == "pg_restore":
        half = 'head --lines="$(($(wc --lines < "$1") / 2))" "$1"; echo it broke off >&2; exit 1'
        work = f'case "$*" in *--no-owner*) PATH=$OLD pg_restore "$@" > "$0.all"; set -- "$0.all"; {half};; esac'
    else:
        work = "echo it is too old >&2; exit 1"
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / breaks_off
    code = """
import os
from pathlib import Path
attempt("backup", folder / "backup")
User.objects.create(username="since")
before, kept = rows(), list(Path(os.environ["DATA_DIR"]).glob("before-*"))
os.environ["OLD"] = os.environ["PATH"]
os.environ["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
result = [attempt("restore", folder / "backup")]
result += [rows() == before, len(list(Path(os.environ["DATA_DIR"]).glob("before-*"))) - len(kept)]
User.objects.get(username="since").delete()
"""
    program.write_text(f'#!/bin/sh\n{work}\nPATH=$OLD exec {breaks_off} "$@"\n')
    program.chmod(0o755)
    said, is_same, more = run(code, tmp_path, variables)
    assert f"{breaks_off}: {says}" in said
    assert is_same and more == (breaks_off == "pg_restore"), "an empty file is no backup"


def test_without_the_programs_of_postgres_the_command_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupRefused, match=r"pg_dump is not installed here. .* pg_dump --format=custom"):
        postgres.PostgresDump.write(tmp_path / "backup")


def test_the_programs_of_postgres_connect_as_the_site_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else a connection that has to be encrypted would not be, or nothing would answer at all."""
    monkeypatch.setenv("DATABASE_URL", "postgres://me:word@db:5433/kb?sslmode=verify-full&sslrootcert=/ca.pem")
    monkeypatch.setattr(postgres, "connection", DatabaseWrapper({**DEFAULTS, **configured(tmp_path)["default"]}))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "pg_dump").write_text("#!/bin/sh\n/usr/bin/env\n")
    (tmp_path / "pg_dump").chmod(0o755)
    told = dict(line.split("=", 1) for line in postgres._run("pg_dump", database=True).splitlines() if line[:2] == "PG")
    names = ("HOST", "PORT", "USER", "PASSWORD", "DATABASE", "SSLMODE", "SSLROOTCERT")
    assert [told[f"PG{name}"] for name in names] == ["db", "5433", "me", "word", "kb", "verify-full", "/ca.pem"]
    assert not told.keys() & {"PGOPTIONS", "PGCLIENTENCODING"}, "a backup takes longer than a page may"


@pytest.mark.django_db
def test_what_sqlite_says_while_it_writes_the_copy_becomes_a_refusal(tmp_path: Path) -> None:
    """As on a full disk; here the place is a folder."""
    with pytest.raises(BackupRefused, match="The copy could not be written: unable to open"):
        sqlite.SqliteFile.write(tmp_path)
