"""Counts in a file: all processes of a machine count together, and each for itself where the file cannot be used."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.views.limits import count
from kb import counts
from kb.attempts import SLOWDOWNS, Attempt
from kb.counts import CountsFile
from kb.env import counts_of
from tests.serving import ROOT

from .test_settings import KEY
from .test_settings import settings as settings_with


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counts.sqlite3"


@pytest.fixture
def opened(file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], CountsFile]:
    """Opens the file, as each thread and each process does for itself."""
    monkeypatch.setattr(CountsFile, "_is_away", False)
    options = counts_of(file)
    return lambda: CountsFile(options["LOCATION"], {"OPTIONS": options["OPTIONS"]})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(now=1000.0)
    now.time = lambda: now.now
    monkeypatch.setattr(counts, "time", now)
    monkeypatch.setattr("django.core.cache.backends.base.time", now)
    return now


def test_what_one_counts_the_others_count_on(opened: Callable[[], CountsFile]) -> None:
    one, other = opened(), opened()
    assert one.add("a", 0, 60) and not other.add("a", 0, 60)
    assert [one.incr("a"), other.incr("a"), one.decr("a")] == [1, 2, 1]
    other.set("until", 1.5, 60)
    assert one.get_many(["until", "b"]) == {"until": 1.5}
    assert one.delete("until") and not other.delete("until") and other.get("until", "none") == "none"
    other.clear()
    with pytest.raises(ValueError, match="not found"):
        one.incr("a")


def test_what_has_ended_begins_anew(opened: Callable[[], CountsFile], clock: Any) -> None:
    cache = opened()
    cache.add("a", 5, 60)
    clock.now += 61
    assert cache.get("a") is None
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    assert cache.add("a", 0, 60) and cache.incr("a") == 1
    cache.set("for ever", 1, None)
    clock.now += 1e9
    assert cache.get("for ever") == 1


COUNTING = """
import django; django.setup()
from django.core.cache import caches
for _ in range(300): caches["counts"].incr("tries")
"""


def test_of_what_processes_count_at_the_same_time_nothing_is_lost(opened: Callable[[], CountsFile], file: Path) -> None:
    opened().set("tries", 0, 600)
    environment = {**os.environ, "DATA_DIR": str(file.parent), "DJANGO_SETTINGS_MODULE": "kb.settings", "CACHE_URL": ""}
    running = [subprocess.Popen([sys.executable, "-c", COUNTING], cwd=ROOT, env=environment) for _ in range(3)]
    assert [one.wait(180) for one in running] == [0, 0, 0]
    assert opened().get("tries") == 900


def test_a_guesser_gets_no_further_try_from_another_worker(
    opened: Callable[[], CountsFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = [opened(), opened()]
    attempt = Attempt.by("editor", "192.0.2.1", "")
    for number in range(SLOWDOWNS["account"].free):
        answering = workers[number % 2]
        monkeypatch.setattr("comparisons.views.limits.counts", lambda here=answering: here)
        monkeypatch.setattr("kb.attempts.counts", lambda here=answering: here)
        assert attempt.wait() == 0
        attempt.begin()
    for worker in workers:
        monkeypatch.setattr("kb.attempts.counts", lambda here=worker: here)
        assert attempt.wait() > 0


def test_without_the_file_a_process_counts_for_itself_and_says_so_once(
    opened: Callable[[], CountsFile], file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.mkdir()
    cache = opened()
    cache.clear()
    monkeypatch.setattr("comparisons.views.limits.counts", lambda: cache)
    assert [count("a", 60), count("a", 60), cache.get("a")] == [1, 2, 2]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    file.rmdir()
    assert [count("a", 60), opened().get("a")] == [1, 1], "it is used as soon as it can be"
    cache._memory.clear()


def test_a_file_that_is_no_database_stops_nobody(opened: Callable[[], CountsFile], file: Path) -> None:
    file.write_bytes(b"rubbish" * 1000)
    cache = opened()
    cache.set("a", 3, 60)
    assert cache.get("a") == 3
    cache._memory.clear()


def test_no_name_is_written_down_and_nobody_else_may_read_the_file(
    opened: Callable[[], CountsFile], file: Path
) -> None:
    opened().set("pages:192.0.2.77:9", 1, 60)
    assert b"192.0.2.77" not in b"".join(one.read_bytes() for one in file.parent.iterdir())
    assert file.stat().st_mode & 0o077 == 0


def test_of_too_many_counts_those_are_forgotten_that_end_first(
    opened: Callable[[], CountsFile], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    monkeypatch.setattr(counts, "MOST", 3)
    monkeypatch.setattr(counts, "LOOK_EVERY", 2)
    cache = opened()
    cache.add("failures", 7, 86_400)
    for number in range(20):
        cache.add(f"pages:{number}", 0, 60)
    assert cache.get("failures") == 7
    assert sqlite3.connect(file).execute("SELECT count(*) FROM counts").fetchone()[0] <= 5


@pytest.mark.parametrize(("url", "backend"), [("", "kb.counts.CountsFile"), ("redis://h/0", "kb.caches.SharedCache")])
def test_counts_are_kept_where_most_processes_share_them(url: str, backend: str) -> None:
    assert settings_with("s.CACHES['counts']['BACKEND']", SECRET_KEY=KEY, CACHE_URL=url) == backend
