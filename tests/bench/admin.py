"""Time the admin in Chromium on 30,000 claims: desk, lists, filters, searches and forms; `python tests/bench/admin.py`.

Fills a scratch database (SQLite, or one on the server that BENCH_POSTGRES names), serves it as deployed, logs an
editor in and opens each page several times in a real browser. Printed is the median of the navigation timing from its
start to the complete document, with the share of the server (time to first byte), and the number of queries. Ends
with status 1 where the desk or a list takes longer than the limit. `--folder DIR` keeps the database there for the
next time.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

LIMIT = 300  # ms, for the desk and the lists; a form of many rows may take longer
TIMES = 7
PASSWORD = "a long password of the bench"
LIST = "/admin/comparisons/{}/"
PAGES = [
    "/admin/",
    LIST.format("claim"),
    LIST.format("claim") + "?p=600",
    LIST.format("claim") + "?q=router",
    LIST.format("claim") + "?q=flask+session+article-0042",
    LIST.format("claim") + "?o=-8",
    LIST.format("claim") + "?o=3.4",
    LIST.format("claim") + "?framework__id__exact=7&criterion__group__id__exact=3",
    LIST.format("claim") + "?published_from=2026-11-01&published_to=2026-11-10",
    *(LIST.format("claim") + f"?work={key}" for key in ("review", "drafts", "waiting", "uncited", "unchecked")),
    LIST.format("claim") + "add/",
    LIST.format("claim") + "777/change/",
    LIST.format("claim") + "777/history/",
    LIST.format("cell"),
    LIST.format("cell") + "?p=200",
    LIST.format("cell") + "?q=flask",
    LIST.format("cell") + "?strength=thin&curated=1",
    *(LIST.format("cell") + f"?work={key}" for key in ("disputed", "recheck", "thin")),
    LIST.format("cell") + "gaps/",
    LIST.format("citation"),
    LIST.format("citation") + "?p=900",
    LIST.format("citation") + "?q=server",
    LIST.format("article"),
    LIST.format("article") + "?o=6",
    LIST.format("article") + "?q=article-00",
    LIST.format("article") + "?work=dead",
    LIST.format("article") + "?published_on__year=2024",
    LIST.format("article") + "77/change/",
    *(LIST.format(name) for name in ("framework", "release", "criterion", "criteriongroup", "level")),
    LIST.format("framework") + "7/change/",
    LIST.format("criterion") + "7/change/",
    LIST.format("ruling"),
    LIST.format("ruling") + "add/",
    LIST.format("comparison"),
    LIST.format("comparison") + "2/change/",
]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--folder", help="keep the database here, and use the one that is here")
    options.add_argument("--only", default="", help="only pages whose address contains this")
    asked = options.parse_args()
    with ExitStack() as stack:
        folder = asked.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="crosscheck-bench-"))
        from tests.serving import free_port, postgres_database

        port = free_port()
        os.environ.update(
            DJANGO_SETTINGS_MODULE="kb.settings",
            DATA_DIR=folder,
            DATABASE_URL="",
            DEBUG="0",
            HTTPS="0",
            SECRET_KEY=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
            SITE_URL=f"http://127.0.0.1:{port}",
            PORT=str(port),
            LOG_LEVEL="ERROR",
        )
        if server := os.environ.get("BENCH_POSTGRES"):
            os.environ["TEST_POSTGRES_URL"] = server
            os.environ["DATABASE_URL"] = stack.enter_context(postgres_database())
        start = time.monotonic()

        def say(text: str) -> None:
            if not text.startswith("derived") or text.endswith("00/300 frameworks"):
                print(f"  {time.monotonic() - start:6.1f} s  {text:<40}", flush=True)

        kept = (Path(folder) / "kb.sqlite3").exists() and not os.environ["DATABASE_URL"]
        prepare(say, fill=not kept)
        sys.exit(measure(port, Path(folder), [page for page in PAGES if asked.only in page]))


def prepare(say: Any, *, fill: bool) -> None:
    """Tables, static files and, unless they are there, rows."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if fill:
        from tests.bench import data

        data.fill(say)
        people_and_work(say)
        say(f"{data.assess(say)} cells stored")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def people_and_work(say: Any) -> None:
    """Something on each list of work: drafts, reviews, dead links, rulings, and sixty comparisons."""
    from django.contrib.auth.models import Group, User
    from django.db import transaction
    from django.db.models import Q, QuerySet

    from comparisons.models import (
        Article,
        Cell,
        Claim,
        Comparison,
        ComparisonCriterion,
        ComparisonFramework,
        Criterion,
        Framework,
        Ruling,
    )
    from tests.bench.data import TODAY, create

    say("editors and their work")
    reviewer = User.objects.create_user("rita", password=PASSWORD, is_staff=True)
    reviewer.groups.add(Group.objects.get(name="reviewer"))
    editors = [User.objects.create_user(f"editor{number}", is_staff=True) for number in range(9)]
    with transaction.atomic():
        claims: Any = QuerySet(Claim)
        for number, author in enumerate([reviewer, *editors]):
            claims.filter(pk__in=range(number, 30_000, 10)).update(author=author, written_by=author)
        work = claims.filter(pk__in=range(1, 30_000, 15))
        work.update(status="draft", published_at=None)
        work.filter(pk__in=range(1, 30_000, 30)).update(status="in-review")
        claims.filter(Q(pk__in=range(3, 30_000, 5)), status="published").update(verdict="opinion", verdict_on=TODAY)
        uncited = [*claims.filter(status="draft").order_by("pk").values_list("pk", flat=True)[:200]]
        from comparisons.models import Citation

        QuerySet(Citation).filter(claim__in=uncited).delete()
        QuerySet(Article).filter(pk__in=range(1, 1000, 20)).update(link_health="dead")
        frameworks, criteria = list(Framework.objects.all()), list(Criterion.objects.all())
        comparisons = create(
            Comparison(slug=f"comparison-{number}", title=f"Comparison {number}", introduction="For the bench.")
            for number in range(60)
        )
        create(
            ComparisonFramework(comparison=comparison, framework=frameworks[(number * 5 + place) % len(frameworks)])
            for number, comparison in enumerate(comparisons)
            for place in range(8)
        )
        create(
            ComparisonCriterion(comparison=comparison, criterion=criteria[(number * 7 + place) % len(criteria)])
            for number, comparison in enumerate(comparisons)
            for place in range(40)
        )
        create(
            Ruling(
                framework=framework, criterion=criterion, is_open=True, reason="opinion", why="Open.", ruled_on=TODAY
            )
            for framework in frameworks
            for criterion in criteria[::20]
        )
    assert not Cell.objects.exists()


def measure(port: int, folder: Path, pages: list[str]) -> int:
    """Print a line for each page; 1 if one is beyond the limit."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS
    from tests.serving import find_chromium

    client = Client()
    assert client.login(username="rita", password=PASSWORD)
    queries = {}
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            status = client.get(page).status_code
        queries[page] = len(asked) if status == 200 else f"status {status}"
    slow = 0
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "kb.serve"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
                tab = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
                address = f"http://127.0.0.1:{port}"
                answer(tab, address + "/admin/login/")
                tab.fill("#id_username", "rita")
                tab.fill("#id_password", PASSWORD)
                tab.click("[type=submit]")
                print(f"{'complete':>9} {'server':>9} {'queries':>8} {'kB':>6}   page")
                for page in pages:
                    slow += timed(tab, address, page, queries[page])
                browser.close()
        finally:
            server.terminate()
            server.wait(15)
    if slow:
        print(f"{slow} lists take longer than {LIMIT} ms.")
    return int(bool(slow))


def answer(tab: Any, url: str) -> None:
    """Open the first page, once the server is up."""
    from playwright.sync_api import Error

    for _ in range(100):
        try:
            tab.goto(url)
            return
        except Error:
            tab.wait_for_timeout(200)
    raise SystemExit("the server does not answer")


def timed(tab: Any, address: str, page: str, queries: Any) -> bool:
    """Open a page several times, print its line, and say whether it is too slow."""
    runs = []
    for _ in range(TIMES):
        tab.goto(address + page, wait_until="load")
        runs.append(
            tab.evaluate(
                """(() => { const t = performance.getEntriesByType("navigation")[0];
                return [t.domComplete, t.responseStart - t.requestStart, t.decodedBodySize / 1000]; })()"""
            )
        )
    complete, server, size = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    print(f"{complete:9.0f} {server:9.0f} {queries!s:>8} {size:6.0f}   {page}", flush=True)
    return complete > LIMIT and not page.endswith(("/change/", "/add/"))


if __name__ == "__main__":
    main()
