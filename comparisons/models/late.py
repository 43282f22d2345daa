"""Work that follows from a committed write and failed, such as while the database was locked: it is tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

#: Seconds until work that failed is tried again.
PAUSE = 5.0

_waiting: set[tuple[Any, ...]] = set()
_lock = threading.Lock()


def later(work: Callable[..., object], *arguments: Any) -> None:
    """Do some work in a moment, in a thread of its own; once, however often it is asked for until then.

    Work that fails again asks for it again. A process that ends before leaves it to the next start of a server, which
    looks at the writes of the last minutes (`maintenance.recent`).
    """
    due = (work, *arguments)
    with _lock:
        if due in _waiting:
            return
        _waiting.add(due)
    timer = threading.Timer(PAUSE, _do, due)
    timer.daemon = True
    timer.start()


def _do(work: Callable[..., object], *arguments: Any) -> None:
    with _lock:
        _waiting.discard((work, *arguments))
    try:
        work(*arguments)
    finally:
        connections.close_all()
