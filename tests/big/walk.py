"""What every public page of the big knowledge base costs, each asked for by itself.

The same machine counts twice the CPU for the same page when it does other work, and one machine half of another's. So
the cost of a page is compared with that of a fixed piece of work, done right before it.

`python -m tests.big.walk ADDRESS [PART OF A PATH]` prints a line for each page of the database at an address.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

#: A page is built at least this often; the fastest time counts, since nothing makes a page faster by accident.
TIMES = 3


#: Milliseconds of CPU that `_fixed_work` takes on the machine on which the limits of cost were set.
FIXED = 11.0


class Cost(NamedTuple):
    """What one page cost.

    cpu: milliseconds of the process, as many as it would take where the limits were set; size: bytes before
    compression.
    """

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
            fixed = _time_of(_fixed_work)
            start = time.process_time()
            answer = Client().get(path)
            size = len(b"".join(answer.streaming_content)) if answer.streaming else len(answer.content)  # type: ignore[attr-defined]
            cpu = min(cpu, (time.process_time() - start) * 1000 * FIXED / fixed)
        queries = min(queries, len(asked))
        if cpu < enough:
            break
    return Cost(path, answer.status_code, size, cpu, int(queries))


def _fixed_work() -> None:
    """Do what pages do most: fill a template of the installed engine with rows."""
    from django.template import Context, Engine

    template = Engine().from_string(
        "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}"
    )
    template.render(Context({"rows": [[f"{n} & {m}" for m in range(10)] for n in range(360)]}))


def _time_of(work: Callable[[], None]) -> float:
    """Milliseconds of CPU that it takes; of two times the shorter."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)


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
