"""Which pages make PostgreSQL read a whole large table: `BENCH_POSTGRES=postgres://… python tests/bench/explain.py`.

Every page is asked for on the large knowledge base of run.py, and each of its queries is given to EXPLAIN ANALYZE.
Printed are the sequential scans of tables with more than MANY rows, with the pages that make them; none is what to hope
for. Those that a plan holds ready but never begins do not count. One claim is made a draft first: what readers may see
costs more to find out where anything is hidden.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

#: A smaller table is read whole as fast as by an index.
MANY = 5_000


def main() -> None:
    server = os.environ.get("BENCH_POSTGRES")
    if not server:
        sys.exit("Name a PostgreSQL server in BENCH_POSTGRES: postgres://user@host:port/postgres")
    from tests.bench import run

    run.measure = measure
    run.main()


def measure() -> None:
    """Print the sequential scans of every page, the second time that it is asked for."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from comparisons.domain.vocabulary import Status
    from comparisons.models import Claim
    from tests.browser.paths import PAGES

    Claim.objects.filter(pk=Claim.objects.order_by("pk").values("pk")[:1]).update(status=Status.DRAFT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [MANY])
        large = dict(cursor.fetchall())
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    asked = 0
    client = Client(raise_request_exception=False)
    for page in PAGES:
        client.get(page.path)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.path)
        for query in queries:
            sql = query["sql"]
            if not sql.lstrip(" (").startswith(("SELECT", "WITH")):
                continue
            asked += 1
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
                plan = cursor.fetchone()[0]
            for table in scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
                if table in large:
                    found[table, sql[:160]].add(page.path)
    print(f"{asked} queries of {len(PAGES)} pages; tables of more than {MANY} rows: {', '.join(sorted(large))}")
    for (table, sql), pages in sorted(found.items()):
        print(f"\n{table} is read whole by {', '.join(sorted(pages)[:5])}{' …' if len(pages) > 5 else ''}\n    {sql}")
    if not found:
        print("No large table is read whole.")


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan has read whole, without a limit that ends it early."""
    if plan["Node Type"] == "Limit" or not plan["Actual Loops"]:
        return
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


if __name__ == "__main__":
    main()
