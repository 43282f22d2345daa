"""How often one client may do something: counted in the cache, under a hash of its address.

In the shared cache if there is one; else the processes of one machine count together in a file.
"""

from __future__ import annotations

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .clients import household

#: Seconds for which it is counted how often readers without an account object or keep a record.
HOUR = 3_600
_SALT = "limits"


def counts() -> BaseCache:
    """The cache of counts. It is apart from that of pages, so that no flood of these makes a count be forgotten."""
    return caches["counts"]


def count(name: str, seconds: int, by: int = 1) -> int:
    """Count an event; returns how many there were since the first one, which is forgotten after so many seconds.

    by: for how many it counts. While the shared cache is away only these are known.
    """
    counts().add(name, 0, seconds)
    try:
        return int(counts().incr(name, by))
    except ValueError:  # forgotten between the two lines
        return by


def is_over(name: str, most: int) -> bool:
    """Count one more of something within an hour, and say whether it is one too many."""
    return count(name, HOUR) > most


def sender(request: HttpRequest) -> str:
    """A hash of the client that a request comes from."""
    return salted_hmac(_SALT, household(request.META.get("REMOTE_ADDR", "")), algorithm="sha256").hexdigest()
