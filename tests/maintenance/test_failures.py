"""What an error of the database means is told, and what to do: with real errors of SQLite, where one can be had."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection

from comparisons.maintenance import failures


def writes(line: sqlite3.Connection) -> None:
    line.execute("CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")


def damaged(file: Path) -> None:
    writes_some = sqlite3.connect(file)
    writes_some.execute("CREATE TABLE t (a)")
    writes_some.close()
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"\xa5" * 2000)
    sqlite3.connect(file).execute("SELECT * FROM t")


def locked(file: Path) -> None:
    holder = sqlite3.connect(file)
    holder.execute("BEGIN EXCLUSIVE")
    sqlite3.connect(file, timeout=0).execute("BEGIN IMMEDIATE")


def read_only(file: Path) -> None:
    sqlite3.connect(file).execute("CREATE TABLE a (b)")
    writes(sqlite3.connect(f"file:{file}?mode=ro", uri=True))


def full(file: Path) -> None:
    line = sqlite3.connect(file)
    line.execute("PRAGMA max_page_count = 2")
    writes(line)


def elsewhere(file: Path) -> None:
    sqlite3.connect(file / "none" / "kb.sqlite3").execute("SELECT 1")


@pytest.mark.parametrize(
    ("happens", "advice"),
    [
        (damaged, "restore the last backup"),
        (locked, "another program writes"),
        (read_only, "let the account of the site write"),
        (full, "make room on the disk of"),
        (elsewhere, "or name another file"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_what_to_do_about_an_error_of_sqlite(happens: Callable[[Path], None], advice: str, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as found:
        happens(tmp_path / "kb.sqlite3")
    error = DatabaseError(*found.value.args)
    error.__cause__ = found.value  # as Django passes it on
    assert advice in failures.remedy(error, "otherwise")


class _InputOutput(sqlite3.OperationalError):
    """What SQLite says if it finds no room for the index of its log."""

    sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE


@pytest.mark.parametrize(
    ("free", "words", "advice"),
    [
        (100_000, "the disk is full (disk I/O error)", "make room on the disk of"),
        (90_000_000, "disk I/O error", "see whether the disk of"),
    ],
)
def test_an_error_for_want_of_room_is_told_as_a_full_disk(
    free: int, words: str, advice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(failures, "database_file", lambda: tmp_path / "kb.sqlite3")
    monkeypatch.setattr(failures, "free_bytes", lambda _: free)
    error = OperationalError("disk I/O\nerror")
    error.__cause__ = _InputOutput()
    assert failures.words(error) == words
    assert failures.remedy(error).startswith(advice)


class _OfServer(Exception):
    def __init__(self, sqlstate: str | None):
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "advice"), [("53100", "disk of the server"), ("08006", "otherwise"), (None, "other")]
)
def test_what_to_do_about_an_error_of_postgresql(state: str | None, advice: str) -> None:
    error = OperationalError("no room")
    error.__cause__ = _OfServer(state)
    assert advice in failures.remedy(error, "otherwise")


def test_an_error_without_a_cause_says_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures.remedy(OperationalError("why"), "otherwise") == "otherwise"
    monkeypatch.setitem(connection.settings_dict, "NAME", "file:memory?mode=memory")
    assert failures.database_file() is None
