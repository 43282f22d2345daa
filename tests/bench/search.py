"""What a search costs among 300,000 claims: the commonest word beside a rare one, on SQLite and on PostgreSQL.

python tests/bench/search.py

Each database is a scratch one, filled and thrown away; PostgreSQL is used where the server that BENCH_POSTGRES names
(postgres://user@host:port/postgres) answers. Figures are CPU, medians of ROUNDS: of this process for the whole
request, rendering included, and with it of the backend of PostgreSQL. BENCH_CLAIMS sets another size.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

CLAIMS = int(os.environ.get("BENCH_CLAIMS") or 300_000)
POSTGRES = os.environ.get("BENCH_POSTGRES") or "postgres://postgres@127.0.0.1:5432/postgres"
ROUNDS = 15
#: The searches that are timed: in each claim, in 25 claims, in one of 25 claims, in many with no overlap, and so on.
COMMON, RARE = "sourced", "quixotic"
SEARCHES = {
    "rare": RARE,
    "commonest": COMMON,
    "commonest, unfinished": COMMON[:4],
    "in one of 25": "middling",
    "two common words": f"{COMMON} framework",
    "common words never met together": "alphaside betaside",
    "phrase of common words": f'"{COMMON} framework"',
    "typing error": "quixtoic",
    "nothing": "nonexistent",
    "partly": f"{RARE} {COMMON} nonexistent",
    "partly, common words": f"{COMMON} framework nonexistent",
    "a framework and a criterion": "framework 7 criterion 70",
    "two frameworks": "framework 7 vs framework 8",
}
#: How many times dearer than the rare word these may be; of the others the figures are shown.
HELD = {"commonest": 2.0, "phrase of common words": 4.0}


def vocabulary(chance: random.Random) -> list[str]:
    """Some 6,000 words that can be spoken, by falling frequency."""
    syllables = [a + b for a in "bcdfghjklmnprstvw" for b in "aeiou"]
    return ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(6000)]


def statements(count: int) -> Iterator[str]:
    """Statements of some 20 words, frequent ones far more often than others; the same at every run."""
    chance = random.Random(20261121)  # noqa: S311
    words = vocabulary(chance)
    weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    for number in range(count):
        body = chance.choices(words, cum_weights=weights, k=14)
        body[3:3] = [COMMON, "framework"] if number % 2 else ["framework", "is", COMMON]
        body.append("alphaside" if number % 3 else "betaside")
        if number % 25 == 0:
            body.append("middling")
        if number % (count // 25) == 7:
            body.append(RARE)
        yield " ".join(body).capitalize() + "."


def fill() -> None:
    """60 frameworks, 80 criteria and the claims, indexed; nothing is cited, since search does not ask.

    Nothing is announced: each batch would bring all that is derived up to date, and the index is built in the end.
    """
    from django.db.models import QuerySet

    from comparisons.models import Claim, Criterion, CriterionGroup, Framework
    from comparisons.search import index as search_index
    from comparisons.search import names as search_names

    group = CriterionGroup.objects.create(slug="group", name="Group")
    frameworks = [Framework(slug=f"f{n}", name=f"Framework {n}", tagline="What it is", summary="") for n in range(60)]
    criteria = [
        Criterion(slug=f"c{n}", name=f"Criterion {n}", question="Why?", definition="So", value_type="text", group=group)
        for n in range(80)
    ]
    QuerySet(Framework).bulk_create(frameworks)
    QuerySet(Criterion).bulk_create(criteria)
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    claims = (
        Claim(
            key=f"claim-{n}",
            framework=frameworks[n % 60],
            criterion=criteria[n // 60 % 80],
            kind="capability",
            polarity="neutral",
            statement=statement,
            status="published",
            published_at=now,
        )
        for n, statement in enumerate(statements(CLAIMS))
    )
    while batch := [claim for claim, _ in zip(claims, range(10_000), strict=False)]:
        QuerySet(Claim).bulk_create(batch, batch_size=1000)
    search_names.rebuild()
    search_index.rebuild(
        progress=lambda done, total: done % 40_000 or print(f"  {done} of {total} indexed", flush=True)
    )


def measure() -> bool:
    """Time the searches and print them; whether those that are held keep to the bound."""
    from django.db import connection
    from django.test import Client

    from comparisons.models import drawn
    from tests.bench.database import backend_cpu

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    client, backend = Client(), backend_cpu()
    spent: dict[str, float] = {}
    found: dict[str, str] = {}
    for name, text in SEARCHES.items():
        costs = []
        for _ in range(ROUNDS):
            drawn.pages.forget()  # what was found before is drawn again, as for a search that nobody asked for yet
            start = time.process_time() + backend()
            response = client.get("/search/", {"q": text})
            costs.append(time.process_time() + backend() - start)
        results = response.context["results"]
        found[name] = f"{results.total}{'+' if results.more else ''} found"
        if results.correction:
            found[name] += f" for {results.text}"
        spent[name] = statistics.median(costs[2:]) * 1000
    print(f"  {'search':34} {'CPU ms':>8} {'× rare':>7}")
    for name, cost in spent.items():
        print(f"  {name:34} {cost:8.1f} {cost / spent['rare']:7.2f}  {found[name]}")
    return all(spent[name] <= most * spent["rare"] for name, most in HELD.items())


def run() -> bool:
    """Fill and measure the database of DATABASE_URL, which has to be empty."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    start = time.monotonic()
    fill()
    print(f"  {CLAIMS} claims written and indexed in {time.monotonic() - start:.0f} s", flush=True)
    return measure()


@contextmanager
def scratch(server: str) -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server, dropped afterwards."""
    import psycopg

    name = f"crosscheck_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main() -> bool:
    """Both databases, one after the other, each in a process of its own; whether all bounds are kept."""

    def one(title: str, url: str) -> bool:
        print(title, flush=True)
        environment = {**os.environ, "DATABASE_URL": url, "BENCH_SEARCH": "run"}
        return subprocess.run([sys.executable, __file__], cwd=ROOT, env=environment).returncode == 0

    with tempfile.TemporaryDirectory() as folder:
        kept = [one("Search on SQLite", f"sqlite:///{folder}/search.sqlite3")]
    try:
        with scratch(POSTGRES) as url:
            kept.append(one("Search on PostgreSQL", url))
    except Exception as error:
        print(f"Search on PostgreSQL: skipped, {error}")
    return all(kept)


if __name__ == "__main__":
    sys.exit(0 if (run() if os.environ.get("BENCH_SEARCH") == "run" else main()) else 1)
