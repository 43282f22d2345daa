"""What every public page of the big knowledge base costs, each asked for by itself.

`python -m tests.big.walk ADDRESS [PART OF A PATH]` prints a line for each page of the database at an address.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

#: A page is built at least this often; the fastest time counts, since nothing makes a page faster by accident.
TIMES = 3


class Cost(NamedTuple):
    """What one page cost. cpu: milliseconds of the process; size: bytes before compression."""

    path: str
    status: int
    size: int
    cpu: float
    queries: int


def cost(path: str, times: int = TIMES, enough: float = 100) -> Cost:
    """Ask for a page through all middleware, at most so often, until it takes fewer milliseconds than `enough`."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    cpu = queries = float("inf")
    for _ in range(times):
        with CaptureQueriesContext(connection) as asked:
            start = time.process_time()
            answer = Client().get(path)
            size = len(b"".join(answer.streaming_content)) if answer.streaming else len(answer.content)  # type: ignore[attr-defined]
            cpu = min(cpu, (time.process_time() - start) * 1000)
        queries = min(queries, len(asked))
        if cpu < enough:
            break
    return Cost(path, answer.status_code, size, cpu, int(queries))


def main() -> None:
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    from . import addresses

    for path in ("/", "/pros-cons/", "/search/?q=cache"):
        cost(path, 1)
    for _name, path in addresses.walk():
        if sys.argv[2:] and not any(part in path for part in sys.argv[2:]):
            continue
        one = cost(path)
        mark = "!" if one.size > 400_000 or one.cpu > 300 else " "
        print(f"{mark} {one.status} {one.cpu:7.0f} ms {one.size / 1000:7.0f} kB {one.queries:4} queries  {one.path}")


if __name__ == "__main__":
    main()
