"""Build the pages that are asked for most after a write, before somebody has to wait for them."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

from django.db import connections

from comparisons.views.errors import is_unavailable

from .pages import Asked

logger = logging.getLogger(__name__)

#: How many pages are built ahead, and of how many it is counted how often they are asked for.
PAGES, COUNTED = 12, 400
#: The name of the thread that builds them.
THREAD = "pages ahead"
#: Seconds from one time to the next, however often somebody writes.
PAUSE = 5.0


class Ahead:
    """Counts requests, and builds the pages of the most frequent ones in a thread of its own.

    build: builds a page unless it is there. may_begin: whether no other process does the same at this moment.
    """

    def __init__(self, build: Callable[[Asked], object], may_begin: Callable[[], bool]):
        self.build, self.may_begin = build, may_begin
        self.counts: Counter[Asked] = Counter()
        self._stamps: object = None
        self._next = 0.0

    def count(self, asked: Asked, stamps: object) -> None:
        """Count a request; begin to build ahead if somebody has written since the last time."""
        if not asked.headers:
            self.counts[asked] += 1
        if stamps is not self._stamps and time.monotonic() > self._next:
            is_first, self._stamps, self._next = self._stamps is None, stamps, time.monotonic() + PAUSE
            if not is_first and self.may_begin():
                threading.Thread(target=self.run, name=THREAD, daemon=True).start()
        if len(self.counts) > 2 * COUNTED:
            self._shorten()

    def run(self) -> None:
        """Build the pages that are asked for most."""
        try:
            for asked in self._shorten()[:PAGES]:
                self.build(asked)
        except Exception as error:  # nobody waits for it; the next reader builds the page
            if is_unavailable(error):  # which is no fault of the code
                logger.warning("Pages were not built ahead: %s", " ".join(str(error).split()))
            else:
                logger.exception("Pages were not built ahead")
        finally:
            connections.close_all()

    def _shorten(self) -> list[Asked]:
        """Forget what is asked for rarely, and let later requests count more; returns the rest in order."""
        most = self.counts.copy().most_common(COUNTED)
        self.counts = Counter({asked: count // 2 for asked, count in most if count > 1})
        return [asked for asked, _count in most]
