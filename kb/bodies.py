"""Requests with a body never take all threads, so that who sends one slowly stops no reader.

A thread that waits for a body cannot be called back: granian has no time limit for bodies, and stops answering at all
if one is read elsewhere and left. A proxy that reads bodies before it passes them on spares the site this; without one,
slow senders can keep editors from saving, but nobody from reading.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable

from .gateway import CROWDED, Application, Environ, StartResponse

BUSY = "Very many are sending something right now. Nothing was saved. Load this page again to send yours again."
#: The largest body, in bytes, that is read before its request is passed on: that of any form without a file.
READ_AHEAD = 1_000_000


class Bodies:
    """A WSGI application that passes on requests with a body while at least one thread is left for others.

    At most half of the threads wait for a body at once. That of a form is read before its request is passed on, so that
    it takes this room while it is sent and no longer: the browser of one editor sends up to three forms at a time, two
    for what is shown beside a claim that is typed and one to save it. Of requests that find no room the body is not
    read; `kb.edge.RequestLimits` answers them.
    """

    def __init__(self, application: Application, threads: int):
        self.application = application
        self.room = threading.BoundedSemaphore(max(1, threads - 1))
        self.waiting_room = threading.BoundedSemaphore(max(1, threads // 2))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or environ.get("CONTENT_LENGTH", "0") in ("", "0"):
            # Of any other method nothing of the site reads a body, so nobody waits for one that is announced.
            return self.application(environ, start_response)
        if not self.room.acquire(blocking=False):
            return self.refuse(environ, start_response)
        try:
            return self.admit(environ, start_response)
        finally:
            self.room.release()

    def admit(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, its body read if it is small."""
        if not self.waiting_room.acquire(blocking=False):
            return self.refuse(environ, start_response)
        try:
            length = environ["CONTENT_LENGTH"]
            if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > READ_AHEAD:
                return self.application(environ, start_response)
            try:
                environ = {**environ, "wsgi.input": io.BytesIO(environ["wsgi.input"].read(int(length)))}
            except OSError:
                return self.application(environ, start_response)  # Django finds it unreadable too, and says so
        finally:
            self.waiting_room.release()
        return self.application(environ, start_response)

    def refuse(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return self.application({**environ, CROWDED: BUSY, "CONTENT_LENGTH": "0"}, start_response)
