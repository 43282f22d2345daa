"""What the first answer of each page costs on PostgreSQL: `BENCH_POSTGRES=postgres://… python tests/bench/explain.py`.

Every page is asked for on the large knowledge base of run.py, twice, by a process of its own that is forked from one
which has warmed up, as the workers of the server are. Printed are the pages whose first answer is dear, with their
dearest queries; then the tables of more than MANY rows that are read from one end to the other, by which pages, the
first time and again; none is what to hope for. Scans that a plan holds ready but never begins do not count. One claim
is made a draft: what readers may see costs more to find out where anything is hidden. BENCH_PATHS, separated by
spaces, stands for other pages.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

#: A smaller table is read whole as fast as by an index.
MANY = 5_000
#: Milliseconds of CPU from which on a first answer is dear, and how many of its queries are shown.
DEAR, SHOWN = 300, 3


class Query(NamedTuple):
    """A query of a page, the milliseconds that it took, and the large tables that it read whole."""

    sql: str
    took: float
    whole: frozenset[str]


class Answer(NamedTuple):
    """A page that was asked for. wall, own, database: milliseconds in all, of CPU here and of CPU in the database."""

    wall: float
    own: float
    database: float
    queries: tuple[Query, ...]


class Read(NamedTuple):
    """A page as its first reader in a process got it, and the next."""

    path: str
    status: int
    first: Answer
    again: Answer


def main() -> None:
    if not (os.environ.get("BENCH_POSTGRES") or os.environ.get("BENCH_DATABASE")):
        sys.exit("Name a PostgreSQL server in BENCH_POSTGRES: postgres://user@host:port/postgres")
    from tests.bench import run

    run.measure = measure
    run.main()


def measure() -> None:
    """Ask for every page twice, and print what it costs."""
    from django.db import connection

    from comparisons.domain.vocabulary import Status
    from comparisons.models import Claim
    from kb.serve import load, warm_up
    from tests.bench.lists import LISTS
    from tests.browser.paths import PAGES

    if not Claim.objects.filter(status=Status.DRAFT).exists():
        Claim.objects.filter(pk=Claim.objects.order_by("pk").values("pk")[:1]).update(status=Status.DRAFT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    warm_up(load())
    connection.close()
    paths = os.environ.get("BENCH_PATHS", "").split() or list(dict.fromkeys([*(page.path for page in PAGES), *LISTS]))
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as workers:
        reads = list(workers.imap(read, paths, chunksize=1))
    report(reads)


def read(path: str) -> Read:
    """Ask for a page twice in this process."""
    from django.db import connection
    from django.test import Client

    from tests.bench.database import backend_cpu

    client, backend = Client(raise_request_exception=False), backend_cpu()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [MANY])
        large = frozenset(name for (name,) in cursor.fetchall())

    def ask() -> tuple[int, Answer]:
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        spent = (time.perf_counter(), time.process_time(), backend())
        status = client.get(path).status_code
        wall, own, database = (
            (after - before) * 1000
            for before, after in zip(spent, (time.perf_counter(), time.process_time(), backend()), strict=True)
        )
        asked = list(connection.queries_log)
        connection.force_debug_cursor = False
        queries = [
            Query(one["sql"], float(one["time"]) * 1000, frozenset(_whole(one["sql"])) & large)
            for one in asked
            if one["sql"] and one["sql"].lstrip(" (").startswith(("SELECT", "WITH"))
        ]
        return status, Answer(wall, own, database, tuple(queries))

    def _whole(sql: str) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        return scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])

    (status, first), (_status, again) = ask(), ask()
    return Read(path, status, first, again)


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan has read whole, without a limit that ends it early."""
    if plan["Node Type"] == "Limit" or not plan["Actual Loops"]:
        return
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def report(reads: Sequence[Read]) -> None:
    """Print what was found."""
    print(f"{'first ms':>9} {'CPU':>7} {'database':>9} {'queries':>8} {'again':>7} {'CPU':>7} {'database':>9}   page")
    for page in sorted(reads, key=lambda page: -page.first.own - page.first.database):
        first, again = page.first, page.again
        print(
            f"{first.wall:9.0f} {first.own:7.0f} {first.database:9.0f} {len(first.queries):8} "
            f"{again.wall:7.0f} {again.own:7.0f} {again.database:9.0f}   {page.path}"
            f"{f': {page.status}' if page.status != 200 else ''}"
        )
        if first.own + first.database >= DEAR:
            for query in sorted(first.queries, key=lambda query: -query.took)[:SHOWN]:
                print(f"{query.took:20.0f} ms {query.sql[:200]}")
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for page in reads:
        for when, answer in (("the first time", page.first), ("each time", page.again)):
            for query in answer.queries:
                for table in query.whole:
                    found[table, query.sql[:160], when].append(page.path)
    for (table, sql, when), pages in sorted(found.items()):
        some = list(dict.fromkeys(pages))
        print(f"\n{table} is read whole {when} by {', '.join(some[:5])}{' …' if len(some) > 5 else ''}\n    {sql}")
    if not found:
        print("No large table is read whole.")


if __name__ == "__main__":
    main()
