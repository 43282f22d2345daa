"""Large files never take all threads, so that who reads one slowly, or not at all, stops no other reader.

granian fetches the pieces of a response in the thread that made it, which waits for the client as soon as the
connection is full, with no limit of time. It gets a response of one piece at once, and sends that without a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from .gateway import CROWDED, Application, Environ, StartResponse

#: The most bytes of a file that are passed on as one piece; every static file and most others have fewer.
WHOLE = 1_000_000
BUSY = "Very many are taking large files right now. Try again in a minute."


class Streams:
    """A WSGI application that passes on files of one piece, and longer ones while they take less than a quarter of the
    threads. `kb.edge.RequestLimits` answers who asks for another.
    """

    def __init__(self, application: Application, threads: int):
        self.application = application
        self.room = threading.BoundedSemaphore(max(1, threads // 4))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[Any, ...]] = []
        response: Any = self.application(environ, lambda *told: started.append(told))
        if not getattr(response, "streaming", False):
            start_response(*started[0])
            found: Iterable[bytes] = response
            return found
        pieces = iter(response)
        try:
            head, is_whole = _head(pieces)
        except BaseException:
            response.close()
            raise
        if is_whole:
            response.close()
            start_response(*started[0])
            return [head]
        if not self.room.acquire(blocking=False):
            response.close()
            return self.application({**environ, CROWDED: BUSY}, start_response)
        start_response(*started[0])
        return Stream(head, pieces, response, self.room)


class Stream:
    """A response in pieces, which takes room until it is closed."""

    def __init__(self, head: bytes, rest: Iterator[bytes], response: Any, room: threading.Semaphore):
        self.head, self.rest, self.response, self.room = head, rest, response, room

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        yield from self.rest

    def close(self) -> None:
        self.room.release()
        self.response.close()


def _head(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """The first WHOLE bytes or a few more, and whether they are all."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > WHOLE:
            return b"".join(found), False
    return b"".join(found), True
