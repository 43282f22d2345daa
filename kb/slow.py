"""A log line for each query that takes long, with the name of the function that asked."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

from .entrance import answering

logger = logging.getLogger(__name__)

#: Characters of a query that are logged. Its parameters are not: readers have typed some of them.
LONGEST = 300


def watch() -> None:
    """Time the queries of every connection of this process from now on, unless SLOW_QUERY_MILLISECONDS is 0."""
    if settings.SLOW_QUERY_MILLISECONDS:
        connection_created.connect(_on_connection, dispatch_uid="slow queries")


def _on_connection(connection: Any, **_: Any) -> None:
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a query, and log it if it took long; SQLite goes on searching while its rows are read, which is not timed."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = 1000 * (time.perf_counter() - begun)
        if took >= settings.SLOW_QUERY_MILLISECONDS:
            text = " ".join(sql.split())
            shown = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
            logger.warning("Slow query: %d ms, %s, %s: %s", took, _asker(sys._getframe(1)), answering().what, shown)


def _asker(frame: FrameType | None) -> str:
    """The name of the function of this project that asked for the query."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(("comparisons.", "kb.")) and ".models.stamps" not in module:
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "another package"
