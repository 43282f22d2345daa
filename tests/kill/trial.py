"""One writer started, killed at a moment of chance, and what it left in the database looked at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from random import Random
from typing import Any

from django.db import connection
from django.test import Client

from comparisons.maintenance import checks, rebuild
from comparisons.models import Claim, Framework
from tests.serving import PATIENCE, ROOT

from .writer import ROWS

#: The longest time that a writer lives once it is ready, in seconds.
LONGEST = {"edit": 0.4, "import": 0.8, "seed": 1.5}


def database_url() -> str:
    """The address of the database of this process."""
    one: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{one['NAME']}"
    password = f":{one['PASSWORD']}" if one["PASSWORD"] else ""
    return f"postgres://{one['USER']}{password}@{one['HOST']}:{one['PORT'] or 5432}/{one['NAME']}"


def acknowledged(kind: str, token: str, chance: Random) -> int:
    """Start a writer and kill it; the number of the last write that it acknowledged, 0 for none."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "tests.kill.writer", kind, token]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, LONGEST[kind]))
            assert process.poll() is None, "the writer ended by itself"
        finally:
            process.kill()
        # A line may be cut off: what was not said whole was not acknowledged.
        lines = process.stdout.read().split("\n")[:-1]
    _wait_for_the_server()
    return int(lines[-1]) if lines else 0


def _wait_for_the_server() -> None:
    """Let PostgreSQL end what the killed writer had sent: it may still commit, between two looks at what is stored."""
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "the server goes on working for a writer that was killed"
            time.sleep(0.05)


def trial(kind: str, token: str, chance: Random) -> bool:
    """Kill one writer and check what is stored. Returns whether derived data was behind.

    Raises AssertionError if an acknowledged write is lost, if one is there by half, or if a page is wrong afterwards.
    """
    last = acknowledged(kind, token, chance)
    stored = globals()[f"_{kind}s"](token)
    assert stored in (last, last + 1), f"{kind} {token}: {last} acknowledged, {stored} stored"
    is_behind = bool(checks.check_all())
    rebuild.ensure_current(10)  # as the server does before it serves
    problems = [str(problem) for problem in checks.check_all()]
    assert problems == [], problems
    _pages_are_right()
    return is_behind


def _edits(token: str) -> int:
    """The number of the last edit stored; its history holds as many states."""
    claim = Claim.objects.published().order_by("pk")[0]
    found = re.search(rf"{token} (\d+)\.", claim.statement)
    number = int(found[1]) if found else 0
    states = Claim.history.model.objects.filter(id=claim.pk, statement__contains=f"{token} ").count()
    assert states == number, f"{token}: edit {number} is stored, with {states} states in its history"
    return number


def _imports(token: str) -> int:
    """The number of the last import stored; each is there whole, with its citations."""
    keys = Claim.objects.filter(key__startswith=f"{token}-", citations__isnull=False).values_list("key", flat=True)
    counts = Counter(int(key.split("-")[1]) for key in keys)
    assert set(counts.values()) <= {ROWS}, counts
    return max(counts, default=0)


def _seeds(token: str) -> int:
    """The number of the last load stored; every framework holds it, or none."""
    found = {re.sub(rf".*{token} ", "", line) for line in Framework.objects.values_list("tagline", flat=True)}
    assert len(found) == 1 or not any(word.isdigit() for word in found), found
    return int(found.pop()) if len(found) == 1 and next(iter(found)).isdigit() else 0


def _pages_are_right() -> None:
    claim = Claim.objects.published().select_related("framework").order_by("pk")[0]
    words = claim.statement.rstrip(".")
    reader = Client()
    assert words in reader.get(claim.get_absolute_url()).content.decode()
    assert claim.framework is not None
    assert claim.framework.tagline in reader.get(claim.framework.get_absolute_url()).content.decode()
    assert claim.get_absolute_url() in reader.get("/search/", {"q": " ".join(words.split()[:5])}).content.decode()
    assert reader.get("/matrix/").status_code == 200
