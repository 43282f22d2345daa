"""What the pages of a very large matrix cost when nothing is kept: `python tests/bench/matrix.py`.

Fills a scratch database with 20,000 criteria by 17 frameworks, asks for each page a few times and prints the least CPU
of one request. Ends with status 1 where a page costs more than LIMIT, or is larger than LARGEST.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

#: Most CPU of a request in ms, with room for a slow machine, and most bytes of a page.
LIMIT, LARGEST = 600, 400_000
ROUNDS = 4


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="crosscheck-bench-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="kb.settings",
            DATA_DIR=folder,
            DATABASE_URL="",
            DEBUG="0",
            HTTPS="0",
            SECRET_KEY=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="localhost,testserver",
            SITE_URL="http://localhost",
            LOG_LEVEL="ERROR",
            KEEP_PAGES="0",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        from tests.views.test_wide_matrix import CRITERIA, FRAMEWORKS, PAGES
        from tests.wide import fill

        begun = time.monotonic()
        fill(FRAMEWORKS, CRITERIA)
        print(f"{CRITERIA} criteria by {FRAMEWORKS} frameworks in {time.monotonic() - begun:.0f} s")
        return measure(PAGES)


def measure(pages: list[str]) -> int:
    """Print the cost of each page; 1 if one is too dear or too large, else 0."""
    from django.db import connections
    from django.test import Client

    client, worst = Client(), 0
    client.get("/healthz")
    print(f"{'first ms':>9} {'least ms':>9} {'kB':>6}   page")
    for path in pages:
        costs = []
        for _ in range(ROUNDS):
            cpu = time.process_time()
            answer = client.get(path)
            costs.append((time.process_time() - cpu) * 1000)
        size = len(answer.content)
        bad = answer.status_code != 200 or min(costs) > LIMIT or size > LARGEST
        worst |= bad
        print(f"{costs[0]:9.0f} {min(costs):9.0f} {size / 1000:6.0f}   {path}{' !' if bad else ''}", flush=True)
    connections.close_all()
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
