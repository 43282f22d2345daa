"""What a page of pros and cons costs on 30,000 and on 300,000 claims: `python tests/bench/pros_cons.py`.

Fills a scratch database (SQLite, the same rows at every run), measures the CPU of every page, then copies the claims
with all that hangs on them, nine times over, and measures again in a new process. Prints both and the ratio, which
shall be at most 1.15. Each page is asked for many times; the median counts. `--small 3000` is a quick try. Ends with
status 1 where a page is beyond the limit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.15
TIMES, TIMES_MORE = 9, 10
#: The catalogue is the same at both sizes: only the claims grow.
FRAMEWORKS, GROUPS, CRITERIA, ARTICLES = 300, 8, 100, 1_000
KINDS = ("capability", "judgement", "recommendation", "usage")
VERDICTS = (*("unchecked",) * 6, "holds", "opinion", "outdated")
WORDS = (
    "server",
    "request",
    "handler",
    "template",
    "session",
    "router",
    "worker",
    "schema",
    "client",
    "cache",
    "token",
)
PAGES = [
    "",
    "?view=list",
    "?framework=framework-7",
    "?framework=framework-7&polarity=con",
    "?polarity=pro",
    "?polarity=pro&strength=strong&strength=fair&sort=newest",
    "?kind=judgement&verdict=holds&verdict=opinion&sort=criterion",
    "?group=group-3&polarity=con&sort=framework",
    "?article=article-5&article=article-6&article=article-700",
    "?year_from=2022&year_to=2024&kind=capability",
    "?q=router+cach",
    "?q=unusual17",
    "?framework=framework-7&framework=framework-8&criterion=criterion-4&strength=thin&q=cache&year_from=2019",
    "?framework=framework-7&criterion=criterion-4&polarity=con&kind=usage&verdict=holds&strength=strong&year_to=2016",
    "?polarity=con&sort=newest&after=claim-11",
    "?view=list&sort=framework&after=claim-905",
]


def fill(size: int, say: Callable[[str], None]) -> None:
    """All rows but the summaries; then the summaries."""
    from django.db import models, transaction

    from comparisons import summaries
    from comparisons.models import Article, Citation, Claim, Criterion, CriterionGroup, Framework

    def create(rows: Iterable[Any], total: int, what: str) -> list[Any]:
        """Insert without announcing it, in batches; the rows are not kept where there are many."""
        kept, batch, done = [], [], 0
        for row in rows:
            batch.append(row)
            if len(batch) == 2_000 or done + len(batch) == total:
                models.QuerySet(type(row)).bulk_create(batch)
                kept += batch if total <= 2_000 else []
                done += len(batch)
                batch = []
                if done % 50_000 == 0 or done == total:
                    say(f"{done:,} of {total:,} {what}")
        return kept

    chance = random.Random(20261120)  # noqa: S311 (not a secret: the same rows at every run)
    today = dt.date.today()
    with transaction.atomic():
        frameworks = create(
            (
                Framework(slug=f"framework-{n}", name=f"Framework {n}", tagline="One", summary="One.", order=n)
                for n in range(FRAMEWORKS)
            ),
            FRAMEWORKS,
            "frameworks",
        )
        groups = create(
            (CriterionGroup(slug=f"group-{n}", name=f"Group {n}", order=n) for n in range(GROUPS)), GROUPS, "groups"
        )
        criteria = create(
            (
                Criterion(
                    slug=f"criterion-{n}",
                    name=f"Criterion {n}",
                    question="So?",
                    definition="So.",
                    value_type="text",
                    group=groups[n % GROUPS],
                    order=n,
                )
                for n in range(CRITERIA)
            ),
            CRITERIA,
            "criteria",
        )
        articles = create(
            (
                Article(
                    slug=f"article-{n}",
                    title=f"Article {n}",
                    publisher=f"Publisher {n % 400}",
                    kind="article",
                    interest="independent",
                    published_on=today - dt.timedelta(chance.randrange(4_000)),
                    precision="day",
                )
                for n in range(ARTICLES)
            ),
            ARTICLES,
            "articles",
        )

        def claims() -> Iterator[Claim]:
            for n in range(size):
                verdict = chance.choice(VERDICTS)
                yield Claim(
                    pk=n + 1,
                    key=f"claim-{n}",
                    framework=chance.choice(frameworks),
                    criterion=chance.choice(criteria),
                    kind=chance.choice(KINDS),
                    polarity=chance.choice(("pro", "con")),
                    statement=f"The {' '.join(chance.choices(WORDS, k=9))} decides, unusual{n % 5_000}.",
                    status="published",
                    published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                    verdict=verdict,
                    verdict_note="So." if verdict != "unchecked" else "",
                    verdict_on=None if verdict == "unchecked" else today,
                )

        def citations() -> Iterator[Citation]:
            for n in range(2 * size):
                stance = "disputes" if n % 2 and not n % 7 else "supports"
                article = chance.choice(articles)
                yield Citation(claim_id=n // 2 + 1, article=article, says="So.", stance=stance, locator=str(n % 2))

        create(claims(), size, "claims")
        create(citations(), 2 * size, "citations")

    def progress(done: int, total: int) -> None:
        if done == total or done % 4_000 == 0:
            say(f"{done:,} of {total:,} summaries")

    with transaction.atomic():
        summaries.rebuild(progress=progress)


def grow(size: int, say: Callable[[str], None]) -> None:
    """The claims with their citations and summaries TIMES_MORE times over, in the database itself."""
    from django.db import connection, transaction

    from comparisons.models import Citation, Claim, ClaimSummary

    with transaction.atomic(), connection.cursor() as cursor:
        for copy in range(1, TIMES_MORE):
            shift = {"id": size * copy, "claim_id": size * copy, "place": size * copy}
            for model, table in ((Claim, {}), (Citation, {"id": 2 * size * copy}), (ClaimSummary, {})):
                moved = {**shift, **table}
                columns = [field.column for field in model._meta.concrete_fields]
                values = [
                    f"'claim-' || (id - 1 + {size * copy})"
                    if column == "key"
                    else f'"{column}" + {moved[column]}'
                    if column in moved
                    else f'"{column}"'
                    for column in columns
                ]
                first = (
                    f"id <= {2 * size if model is Citation else size}"
                    if model is not ClaimSummary
                    else f"place < {size}"
                )
                names = ", ".join(f'"{column}"' for column in columns)
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)}"
                    f" FROM {model._meta.db_table} WHERE {first}"
                )
            say(f"{size * (copy + 1):,} claims")


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """CPU of each page in milliseconds: the median of many, and of one whose words and names are asked for anew."""
    from django.test import Client
    from django.utils import timezone

    from comparisons import facets

    client = Client(SERVER_NAME="localhost")
    start = time.process_time()
    facets.current(timezone.localdate())
    say(f"index built in {time.process_time() - start:.1f} s")
    found = {}
    for page in PAGES:
        for _ in range(3):
            assert client.get(f"/pros-cons/{page}").status_code == 200, page
        spent = []
        for _ in range(TIMES):
            start = time.process_time()
            client.get(f"/pros-cons/{page}")
            spent.append(1000 * (time.process_time() - start))
        found[page] = statistics.median(spent)
    return found


def child(task: str, size: int) -> None:
    """One task in this process; prints what was measured as JSON on the last line."""

    def say(text: str) -> None:
        print(f"  {text}", file=sys.stderr, flush=True)

    import django

    django.setup()
    from django.core.management import call_command

    if task == "fill":
        call_command("migrate", verbosity=0)
        fill(size, say)
    elif task == "grow":
        grow(size, say)
    print(json.dumps(measure(say)))


def run(task: str, size: int, folder: str) -> dict[str, float]:
    """One task in a process of its own, on the database in a folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, __file__, "--task", task, "--small", str(size)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=30_000)
    parser.add_argument("--task", choices=["fill", "grow"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        child(given.task, given.small)
        return 0
    with tempfile.TemporaryDirectory(prefix="pros-cons-") as folder:
        small, large = run("fill", given.small, folder), run("grow", given.small, folder)
    print(f"CPU of /pros-cons/ in ms, median of {TIMES}: {given.small:,} claims, {TIMES_MORE} times as many, ratio")
    beyond = 0
    for page in PAGES:
        ratio = large[page] / small[page]
        beyond += ratio > LIMIT
        print(f"{small[page]:8.1f} {large[page]:8.1f} {ratio:6.2f}{' *' if ratio > LIMIT else '  '} {page or '(all)'}")
    print(f"{beyond} of {len(PAGES)} pages cost more than {LIMIT} times as much" if beyond else f"all within {LIMIT}")
    return bool(beyond)


if __name__ == "__main__":
    sys.exit(main())
