"""Whether a page of a list costs as much in a large knowledge base as in a small one: `python tests/bench/lists.py`.

BENCH_DATABASES names two that are filled, the small one first, separated by a space (data.py). The CPU of a server's
processes is counted, and on PostgreSQL that of its connections. targets.py asks the same of databases that it fills.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.database import backends_cpu
from tests.bench.store import cpu
from tests.serving import Site, served

#: Lists, filters and facets, near the beginning and far from it.
LISTS = (
    *("/articles/", "/articles/?page=15", "/articles/?kind=thread&page=2", "/pitfalls/", "/pitfalls/?page=30"),
    *("/pitfalls/?framework=flask", "/practices/", "/practices/?page=15", "/use-cases/", "/disagreements/"),
    *("/disagreements/?page=200", "/pros-cons/", "/pros-cons/?framework=flask", "/matrix/", "/frameworks/"),
    *("/criteria/", "/frameworks/flask/", "/comparisons/"),
)
#: Choices among pros and cons that nobody asked for before, so that their options are counted: see `_addresses`.
FIRST = (
    "/pros-cons/?framework=framework-{one}&framework=framework-{other}",
    "/pros-cons/?criterion=criterion-{one}&criterion=criterion-{other}",
    "/pros-cons/?article=article-{one}&article=article-{other}",
    "/pros-cons/?polarity=con&q={word}+{next}&year_from={year}",
    "/pros-cons/?kind=judgement&q={word}+{next}&year_from={year}&sort=newest&after=claim-{far}",
)
#: Words that many statements hold (data.py).
WORDS = ("server", "request", "handler", "template", "session", "router", "worker", "schema", "client", "query")
#: How much more a page of the large knowledge base may cost.
GROWTH = 1.10
#: How often both are asked for a page in turns, and how often at each turn.
ROUNDS, REQUESTS = 5, 10
#: A page beyond the limit is asked for as often again, up to so many times: noise on one side passes, cost stays.
PATIENCE = 5

#: Told of each page: its name, what it costs in the small knowledge base in ms, and the ratio of the two.
Say = Callable[[str, float, float], None]


def lists(small: Site, large: Site, say: Say) -> None:
    """Compare a cold page of each list; pages that one of them does not have are left out.

    Both are asked in turns, so that whatever else the machine does weighs on both alike; since it can only add, the
    least counts. Where a page shows more in the larger one, such as longer names, it may cost more by as much.
    """
    with ExitStack() as stack:
        both = [stack.enter_context(served(beside=site, WEB_WORKERS="1", KEEP_PAGES="0")) for site in (small, large)]
        for page in (*LISTS, *FIRST):
            addresses = _addresses(page)
            path = next(addresses)
            answers = [cold.get(path) for cold in both]
            if any(answer.status != 200 for answer in answers):
                continue
            shows = max(1.0, len(answers[1].body) / len(answers[0].body))
            rounds: list[list[float]] = []
            for _ in range(PATIENCE):
                for _ in range(ROUNDS):
                    paths = [*islice(addresses, REQUESTS)]
                    rounds.append([_cost(cold, paths) for cold in both])
                before, after = (min(costs) for costs in zip(*rounds, strict=True))
                if after / before / shows <= GROWTH:
                    break
            say(page, before, after / before / shows)


def _addresses(page: str) -> Iterator[str]:
    """The addresses at which a page is asked for: of a list the same each time, of a choice others by the hundred."""
    for number in count():
        turn = number // len(WORDS)
        yield page.format(
            one=f"{10 + number % 90:04}",
            other=f"{10 + number * 7 % 89:04}",
            word=WORDS[number % len(WORDS)],
            next=WORDS[(number + turn) % len(WORDS)],
            year=2020 + turn // len(WORDS),
            far=f"{9_000 + 67 * number:05}",
        )


def _cost(site: Site, paths: Sequence[str]) -> float:
    """CPU of a request for one of these pages in ms, of the server and of the database."""

    def spent() -> float:
        return cpu(site.pid) + backends_cpu(site.environment["DATABASE_URL"])

    before = spent()
    for path in paths:
        site.get(path, Accept_Encoding="br")
    return (spent() - before) * 1000 / len(paths)


def main() -> int:
    urls = os.environ.get("BENCH_DATABASES", "").split()
    if len(urls) != 2:
        sys.exit("Name two databases in BENCH_DATABASES, the small one first")
    missed = []

    def say(path: str, before: float, ratio: float) -> None:
        missed.extend([path] if ratio > GROWTH else [])
        print(f"{before:8.1f} ms {ratio:7.2f} times{' !' if ratio > GROWTH else '  '} {path}", flush=True)

    with tempfile.TemporaryDirectory(prefix="crosscheck-bench-") as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kb.settings",
            "DATA_DIR": folder,
            "HTTPS": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "PAGES_PER_MINUTE": "0",
        }
        small, large = (Site(0, {**environment, "DATABASE_URL": url}) for url in urls)
        small.manage("collectstatic", "--noinput", "-v0")
        lists(small, large, say)
    return min(1, len(missed))


if __name__ == "__main__":
    sys.exit(main())
