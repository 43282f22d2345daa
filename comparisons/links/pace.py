"""Politeness towards other sites: pauses between requests, and the patience that a site asks for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Seconds between two requests to one host, and the longest time that a site may make us wait.
PAUSE, LONGEST_WAIT = 1.0, timedelta(days=1)


def retry_after(text: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or a date; at most a day, None if it cannot be read."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(until - now, timedelta()), LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


class Pace:
    """One request a second to each host: `wait` for its turn, tell when it was `asked`. Others are not kept waiting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep):
        self.clock, self.sleep = clock, sleep
        self._ready: dict[str, float] = {}
        self._pause: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave this host more time than others."""
        self._pause[host] = max(PAUSE, seconds)

    def ready_at(self, host: str) -> float:
        return self._ready.get(host, 0.0)

    def wait(self, host: str) -> None:
        left = self.ready_at(host) - self.clock()
        if left > 0:
            self.sleep(left)

    def asked(self, host: str) -> None:
        self._ready[host] = self.clock() + self._pause.get(host, PAUSE)
