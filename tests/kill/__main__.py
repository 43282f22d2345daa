"""Kill writers on both databases: `python -m tests.kill 200`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import django

from tests.serving import ROOT, postgres_database


def main(kills: int) -> None:
    with tempfile.TemporaryDirectory(prefix="crosscheck-kill-") as folder, postgres_database() as url:
        for address in (f"sqlite:///{folder}/kb.sqlite3", url):
            environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
            content = str(Path(__file__).parents[1] / "domains" / "task_queues")
            for command in (["migrate", "-v0"], ["seed", "-v0", "--from", content]):
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
            command = [sys.executable, "-m", "tests.kill", str(kills), "here"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)


def kill_here(kills: int) -> None:
    """Kill writers on the database of the settings."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from .trial import trial
    from .writer import KINDS

    settings.ALLOWED_HOSTS.append("testserver")
    chance, start, behind = Random(kills), time.monotonic(), 0  # noqa: S311
    for number in range(kills):
        kind = list(KINDS)[number % len(KINDS)]
        behind += trial(kind, f"token{number:04}", chance)
        if (number + 1) % 20 == 0:
            print(f"{connection.vendor}: {number + 1} killed, derived data behind after {behind}", flush=True)
    print(
        f"{connection.vendor}: {kills} writers killed in {time.monotonic() - start:.0f} s; "
        f"every acknowledged write is there, none by half; derived data was behind after {behind}."
    )


if __name__ == "__main__":
    (kill_here if sys.argv[2:] else main)(int(sys.argv[1]) if sys.argv[1:] else 200)
