"""Large files take no thread from pages, so that who reads one slowly, or not at all, stops no other reader.

granian fetches the pieces of a response in the thread that made it, which waits for the client as soon as the
connection is full. It gets a response of one piece at once, and sends that without a thread. What is longer gets a
thread of its own from `kb.sending`, with nothing in it but an open file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from .gateway import CROWDED, Application, Environ, StartResponse

#: The most bytes of a file that are passed on as one piece; every static file and most others have fewer.
WHOLE = 1_000_000
#: Longer files that a process sends at once. Each keeps a socket and a file open: with the other connections of
#: `kb.serve` these stay below the 1024 that a process may usually open.
PLACES = 256
BUSY = "Very many are taking large files right now. Try again in a minute."


class Streams:
    """A WSGI application that passes on files of one piece, and longer ones while there are places for them.

    `kb.edge.RequestLimits` answers who asks for another.
    """

    def __init__(self, application: Application, places: int = PLACES):
        self.application = application
        self.places = threading.BoundedSemaphore(places)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[Any, ...]] = []
        response: Any = self.application(environ, lambda *told: started.append(told))
        if not getattr(response, "streaming", False):
            start_response(*started[0])
            found: Iterable[bytes] = response
            return found
        if _is_whole(started[0][1]):
            try:
                piece = b"".join(response)
            finally:
                response.close()
            start_response(*started[0])
            return [piece]
        if not self.places.acquire(blocking=False):
            response.close()
            return self.application({**environ, CROWDED: BUSY}, start_response)
        start_response(*started[0])
        return Stream(response, self.places)


class Stream:
    """A response in pieces, which takes a place until it is closed."""

    def __init__(self, response: Any, places: threading.Semaphore):
        self.response, self.places = response, places

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        self.places.release()
        self.response.close()


def _is_whole(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a response is known to be short enough for one piece."""
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    return length.isascii() and length.isdigit() and int(length) <= WHOLE
