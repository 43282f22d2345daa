"""How long to wait between requests to one host."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Seconds between two requests to one host, and the longest wait that a site can ask for.
PAUSE, LONGEST_WAIT = 1.0, timedelta(days=1)


def retry_after(text: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, at most a day; None if it is neither seconds nor a date."""
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
    """Keeps a pause between two requests to the same host: call `wait` before a request, `requested` after it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep):
        self.clock, self.sleep = clock, sleep
        self._ready: dict[str, float] = {}
        self._pause: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Make the pause of this host longer: so many seconds."""
        self._pause[host] = max(PAUSE, seconds)

    def ready_at(self, host: str) -> float:
        """When the next request to this host may be made, by the clock; 0 for a host without a request so far."""
        return self._ready.get(host, 0.0)

    def wait(self, host: str) -> None:
        """Sleep until the next request to this host may be made."""
        left = self.ready_at(host) - self.clock()
        if left > 0:
            self.sleep(left)

    def requested(self, host: str) -> None:
        """Begin the pause of this host."""
        self._ready[host] = self.clock() + self._pause.get(host, PAUSE)
