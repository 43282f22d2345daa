"""Writers at the same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from tests.serving import PATIENCE


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job returned, or the exception it ended in; all begin together."""
    barrier = threading.Barrier(len(jobs))
    ends: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            barrier.wait(PATIENCE)
            ends[place] = job()
        except Exception as error:
            ends[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return ends
