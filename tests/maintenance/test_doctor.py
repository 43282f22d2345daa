"""manage.py doctor: whatever is broken is named, with what to do; what is well is told too."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from comparisons.maintenance import rebuild
from comparisons.maintenance.backups import notes
from comparisons.maintenance.doctor import clock, database, examination, site
from comparisons.maintenance.doctor.diagnosis import Diagnosis
from comparisons.maintenance.doctor.examination import examine
from comparisons.models import Cell, Claim
from kb.caches import SharedCache
from kb.databases import HEAD
from kb.env import cache_of
from tests.factories import make_claim
from tests.kb.test_settings import PRODUCTION, python
from tests.serving import POSTGRES, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    return tmp_path


def states(findings: Iterator[Diagnosis]) -> list[str]:
    return [finding.state for finding in findings]


def only(findings: Iterator[Diagnosis]) -> tuple[str, str]:
    (found,) = findings
    return found.state, f"{found.found} → {found.remedy}"


@pytest.mark.crossing
def test_a_sound_site_has_nothing_bad(settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    make_claim()
    rebuild.rebuild()
    settings.KEEP_PAGES = True
    # The settings of the tests are not those of a site.
    monkeypatch.setattr(examination, "AROUND", examination.AROUND[1:])
    monkeypatch.setattr(clock, "kernel_state", lambda: 0)
    notes.note(Path(__file__))
    call_command("doctor", as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert {line["state"] for line in found} == {"ok"}
    assert {line["part"] for line in found} == {
        *("backup", "cache", "cells", "clock", "database", "disk", "editions", "integrity", "migrations", "pages"),
        *("pros & cons", "search", "static"),
    }
    quick = {finding.part for finding in examine(is_quick=True)}
    assert "migrations" in quick and not quick & {"integrity", "cells"}


def test_one_thing_that_is_bad_decides_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(database, "free_bytes", lambda _: 1_000_000)
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "bad   disk        1.0 MB free in" in capsys.readouterr().out


def test_unsafe_settings_are_told(settings: Any) -> None:
    settings.ALLOWED_HOSTS = []
    assert any("ALLOWED_HOSTS is not set" in finding.found for finding in site.configuration())
    settings.DEBUG = True
    assert "DEBUG is on" in [finding.found for finding in site.configuration()]


@pytest.mark.parametrize(("free", "state"), [(10_000_000, "bad"), (60_000_000_000_000, "ok"), (50_000_001, "look")])
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, state: str) -> None:
    big = tmp_path / "kb.sqlite3"
    with big.open("wb") as file:
        file.truncate(100_000_000)  # a file with a hole, which takes no room
    monkeypatch.setattr(database, "database_file", lambda: big)
    monkeypatch.setattr(database, "free_bytes", lambda _: free)
    assert states(database.disk()) == [state]


def test_static_files(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "kb.static.HashedStaticFiles"}}
    assert only(site.static_files())[0] == "bad"
    names = [name for finder in finders.get_finders() for name, _ in finder.list([])]

    def collected(paths: list[str]) -> None:
        for name in paths:
            (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "static" / name).touch()
        manifest = {"paths": {name: name for name in paths}, "version": "1.1", "hash": ""}
        (tmp_path / "static" / "staticfiles.json").write_text(json.dumps(manifest))

    collected(names[1:])
    assert only(site.static_files()) == (
        "bad",
        f"1 were not collected, such as {names[0]} → run manage.py collectstatic --noinput",
    )
    collected(names)
    assert only(site.static_files())[0] == "ok"
    os.utime(tmp_path / "static" / "staticfiles.json", (0, 0))
    assert only(site.static_files())[0] == "look"
    (tmp_path / "static" / names[0]).unlink()
    assert f"1 are missing, such as {names[0]}" in only(site.static_files())[1]
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {"cut": "of')
    assert f"{len(names)} were not collected" in only(site.static_files())[1]


def test_a_shared_cache_that_is_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(site.cache())[0] == "ok"
    monkeypatch.setattr(SharedCache, "_away_until", 0.0)
    settings.CACHES = {**settings.CACHES, "default": cache_of(f"redis://127.0.0.1:{free_port()}/0")}
    assert only(site.cache())[0] == "bad"


def test_the_last_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(site.backup())[0] == "look"
    file = tmp_path / "backup"
    notes.note(file)
    assert "no longer there" in only(site.backup())[1]
    file.touch()
    assert only(site.backup())[0] == "ok"
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(site.timezone, "now", lambda: later)
    assert "3 days old" in only(site.backup())[1]


def test_kept_pages(settings: Any) -> None:
    assert "KEEP_PAGES=0" in only(site.store())[1]
    settings.KEEP_PAGES = True
    assert only(site.store())[0] == "ok"
    options = {**settings.CACHES["pages"], "LOCATION": "tiny", "OPTIONS": {"MAX_BYTES": 0}}
    settings.CACHES = {**settings.CACHES, "pages": options}
    assert only(site.store()) == ("bad", "none can be kept → raise KEPT_MEGABYTES")


@pytest.mark.crossing
def test_a_database_that_cannot_be_written() -> None:
    assert states(database.writing()) == []
    stop = "PRAGMA query_only = ON" if connection.vendor == "sqlite" else "SET LOCAL transaction_read_only = on"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(stop)
            state, words = only(database.writing())
            transaction.set_rollback(True)
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")
    assert state == "bad" and "cannot be written" in words


def test_who_holds_the_database_is_to_be_looked_for() -> None:
    class Locked(sqlite3.OperationalError):
        sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise OperationalError("database is locked") from Locked()

    with connection.execute_wrapper(refuse):
        assert "another program writes" in only(database.writing())[1]


@pytest.mark.crossing
def test_rows_and_indexes_that_are_not_whole() -> None:
    broken = (
        ["UPDATE comparisons_claim SET framework_id = 99999"]
        if connection.vendor == "sqlite"
        else [
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'comparisons_claim_pkey'::regclass",
            "ALTER TABLE comparisons_pagestamp ADD CONSTRAINT never CHECK (stamp <> '') NOT VALID",
        ]
    )
    make_claim()
    assert only(database.integrity()) == ("ok", "whole → ")
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in broken:
            cursor.execute(statement)
        found = list(database.integrity())
        transaction.set_rollback(True)
    assert found[0].state == "bad" and len(found) == len(broken)
    assert all(finding.remedy for finding in found)


def test_migrations_that_are_missing_or_of_a_newer_release() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("comparisons", "9999_later")
    assert "newer release: comparisons.9999_later" in only(database.migrations())[1]
    newest = max(name for app, name in recorder.applied_migrations() if app == "comparisons" and name < "9")
    recorder.record_unapplied("comparisons", newest)
    assert f"1 are missing: comparisons.{newest} → run manage.py migrate" in only(database.migrations())[1]


def test_derived_data_that_is_behind() -> None:
    make_claim()
    rebuild.rebuild()
    Cell.objects.update(claims=99)
    found = {finding.part: finding for finding in database.derived()}
    assert found["cells"].state == "bad" and "rebuild_cells" in found["cells"].remedy
    assert found["pros & cons"].state == "ok"


@pytest.mark.parametrize(("seconds", "state"), [(-60, "ok"), (60, "look"), (4000, "bad")])
def test_a_clock_that_was_set_back(seconds: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "kernel_state", lambda: 0)
    make_claim()
    Claim.history.update(history_date=timezone.now() + timedelta(seconds=seconds))
    assert states(clock.clock()) == [state]


@pytest.mark.parametrize(("kernel", "state"), [(0, "ok"), (clock.TIME_ERROR, "look"), (-1, "ok"), (None, "ok")])
def test_a_clock_that_follows_no_time_server(kernel: int | None, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "kernel_state", lambda: kernel)
    found, words = only(clock.clock())
    assert found == state and ("no time server" in words) == ("timedatectl" in words) == (state == "look")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
def test_the_kernel_says_how_its_clock_is() -> None:
    """-1 is an error, such as one for a question that may change the clock."""
    assert clock.kernel_state() in range(clock.TIME_ERROR + 1)


@pytest.mark.crossing
def test_a_clock_that_differs_from_the_database_s(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock of its own")
    now = timezone.now().timestamp()
    monkeypatch.setattr(clock.time, "time", lambda: now + 60)
    monkeypatch.setattr(clock, "kernel_state", lambda: 0)
    assert "differs from the database's by 60 s" in only(clock.clock())[1]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
            ["ok    settings    https://", "bad   database    does not answer"],
        ),
        (
            {"DATABASE_URL": "sqlite://:memory:"},
            ["look  database    its journal is 'memory', not 'wal'", "bad   migrations  "],
        ),
        (
            {"DATABASE_URL": POSTGRES, "REPLICA_URL": "postgres://nobody@127.0.0.1:1/none"},
            ["bad   replica     does not answer", "bad   migrations  "],
        ),
        ({"DATABASE_URL": POSTGRES, "REPLICA_URL": POSTGRES}, ["bad   replica     follows no primary"]),
    ],
    ids=["away", "in memory", "replica away", "no replica"],
)
def test_a_database_that_is_not_what_it_should_be(variables: dict[str, str], expected: list[str]) -> None:
    done = python("manage.py", "doctor", **{**PRODUCTION, **variables})
    assert done.returncode == 1 and done.stderr == ""
    for words in expected:
        assert words in done.stdout


def test_a_file_of_sqlite_that_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "kb.sqlite3"
    file.write_bytes(HEAD.ljust(100, b"\xa5") + bytes(4000))
    done = python("manage.py", "doctor", **{**PRODUCTION, "DATABASE_URL": f"sqlite:///{file}"})
    assert done.returncode == 1 and done.stderr == ""
    assert "bad   database    cannot be opened: " in done.stdout and "restore the last backup" in done.stdout


def test_a_file_of_sqlite_that_is_not_there_is_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(database, "database_file", lambda: tmp_path / "kb.sqlite3")
    found = database.answer()
    assert (found.state, found.found) == ("bad", f"there is no {tmp_path}/kb.sqlite3")
