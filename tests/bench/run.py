"""Time every page on a large knowledge base, beside a bare view that returns the same bytes: `make bench`.

A scratch database is filled and thrown away: SQLite, or one of its own on the PostgreSQL server that BENCH_POSTGRES
names (postgres://user@host:port/postgres). BENCH_DATABASE names one that is filled already, and stays. Figures are
medians of full requests through all middleware, without a network; "times bare" is what the page costs in CPU beyond
what Django itself does, and can be compared across machines.
"""

from __future__ import annotations

import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

#: A page is asked this often at least, and at most, and for about this long.
FEWEST, MOST, SECONDS = 5, 40, 2.0


def main() -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="crosscheck-bench-"))
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
            # A kept page costs nothing and asks the database nothing.
            KEEP_PAGES="0",
            PAGES_PER_MINUTE="0",
            # To gather statistics of the filled tables takes PostgreSQL longer than a page may.
            DATABASE_STATEMENT_TIMEOUT="0",
        )
        if filled := os.environ.get("BENCH_DATABASE"):
            os.environ["DATABASE_URL"] = filled
        elif server := os.environ.get("BENCH_POSTGRES"):
            os.environ["TEST_POSTGRES_URL"] = server
            from tests.serving import postgres_database

            os.environ["DATABASE_URL"] = stack.enter_context(postgres_database())
        start = time.monotonic()

        def say(text: str) -> None:
            end = "\r" if sys.stdout.isatty() else "\n"
            step = re.match(r"derived from (\d+)/(\d+) ", text)
            if end == "\r" or step is None or step[1] == step[2]:
                print(f"  {time.monotonic() - start:6.1f} s  {text:<40}", end=end, flush=True)

        prepare(say)
        if not filled:
            print("Filling a scratch database:")
            fill(say)
            print("\n")
        measure()
        from django.db import connections

        connections.close_all()


def prepare(say) -> None:  # type: ignore[no-untyped-def]
    import django
    from django.core.management import call_command

    say("static files")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def fill(say) -> None:  # type: ignore[no-untyped-def]
    from django.core.management import call_command
    from django.db import connection

    say("tables")
    call_command("migrate", verbosity=0)

    from tests.bench import data

    data.fill(say)
    say(f"{data.assess(say)} cells stored")
    with connection.cursor() as cursor:
        # As autovacuum does: what was rewritten while it was filled leaves rows behind that every page would step over.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measure() -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import clear_url_caches

    from tests.bench import bare
    from tests.browser.paths import PAGES

    client = Client(raise_request_exception=False)
    own_urls = settings.ROOT_URLCONF

    def timed(path: str, urls: str) -> tuple[float, float]:
        """Wall and CPU time of one request, in ms."""
        if urls != settings.ROOT_URLCONF:
            settings.ROOT_URLCONF = urls
            clear_url_caches()
            client.get("/healthz")
        wall, cpu = time.perf_counter(), time.process_time()
        client.get(path)
        return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000

    print(f"{'first':>9} {'wall':>9} {'CPU':>9} {'bare':>7} {'times':>7} {'queries':>8} {'kB':>8}   page")
    print(f"{'ms':>9} {'ms':>9} {'ms':>9} {'ms':>7} {'bare':>7}")
    for page in PAGES:
        settings.ROOT_URLCONF = own_urls
        clear_url_caches()
        client.get("/healthz")
        first = timed(page.path, own_urls)[0]
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page.path)
        asked = len(queries)
        if answer.status_code != 200:
            print(f"{'':>63}   {page.path}: {answer.status_code}")
            continue
        bare.BODY["content"] = answer.content
        own, yardstick, begun = [], [], time.monotonic()
        while len(own) < FEWEST or (len(own) < MOST and time.monotonic() - begun < SECONDS):
            own.append(timed(page.path, own_urls))
        for _ in range(MOST):
            yardstick.append(timed(page.path, "tests.bench.bare"))
        wall, cpu = (statistics.median(column) for column in zip(*own, strict=True))
        bare_cpu = statistics.median(cpu for _, cpu in yardstick)
        print(
            f"{first:9.1f} {wall:9.1f} {cpu:9.1f} {bare_cpu:7.2f} {cpu / bare_cpu:7.0f} {asked:8} "
            f"{len(answer.content) / 1000:8.0f}   {page.path}",
            flush=True,
        )


if __name__ == "__main__":
    main()
