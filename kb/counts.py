"""What is counted to hold off those who ask too often: in the shared cache if there is one, else by each process."""

from __future__ import annotations

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache


def counts() -> BaseCache:
    """The cache of counts. It is apart from that of pages, so that no flood of these makes a count be forgotten."""
    return caches["counts"]


def count(name: str, seconds: int) -> int:
    """Count an event; returns how many there were since the first one, which is forgotten after so many seconds.

    While the shared cache is away it is 1.
    """
    counts().add(name, 0, seconds)
    try:
        return int(counts().incr(name))
    except ValueError:  # forgotten between the two lines
        return 1
