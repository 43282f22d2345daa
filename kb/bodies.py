"""Requests with a body never take all threads, so that who sends one slowly stops no reader.

A thread that waits for a body cannot be called back: granian has no time limit for bodies, and stops answering at all
if one is read elsewhere and left. A proxy that reads bodies before it passes them on spares the site this; without one,
slow senders can keep editors from saving, but nobody from reading.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .edge import CROWDED

if TYPE_CHECKING:  # it needs the models, which are not there yet
    from .front import Application, Environ, StartResponse


class Bodies:
    """A WSGI application that passes on requests with a body while they take less than half of the threads.

    Of others the body is not read; `kb.edge.RequestLimits` answers them.
    """

    def __init__(self, application: Application, threads: int):
        self.application = application
        self.room = threading.BoundedSemaphore(max(1, threads // 2))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") in ("", "0"):
            return self.application(environ, start_response)
        if not self.room.acquire(blocking=False):
            return self.application({**environ, CROWDED: True, "CONTENT_LENGTH": "0"}, start_response)
        try:
            return self.application(environ, start_response)
        finally:
            self.room.release()
