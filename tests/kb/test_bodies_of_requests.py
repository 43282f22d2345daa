"""Requests with a body: how many at once, and what of them is read before Django is asked."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kb.bodies import READ_AHEAD, Bodies
from kb.edge import CROWDED

#: Threads of the server.
THREADS = 4
PATIENCE = 30


def post(body: Any, length: int) -> dict[str, Any]:
    return {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(length), "wsgi.input": body}


class SlowlySent(io.BytesIO):
    """A body that is there once `sent` is set."""

    def __init__(self, sent: threading.Event, asked: Callable[[], Any]):
        super().__init__(b"a=b")
        self.sent, self.asked = sent, asked

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked()
        assert self.sent.wait(PATIENCE)
        return super().read(size)


def start(*_given: Any) -> None:
    """Begin a response that nobody looks at."""


def answers(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
    return [b"crowded" if CROWDED in environ else environ["wsgi.input"].read()]


def test_forms_that_have_been_sent_leave_room_to_send_another() -> None:
    """An editor saves while both previews of what was typed before are being made."""
    together = threading.Barrier(THREADS - 1, timeout=PATIENCE)

    def work(environ: dict[str, Any], begin: Any) -> Iterable[bytes]:
        together.wait()
        return answers(environ, begin)

    bodies = Bodies(work, THREADS)
    with ThreadPoolExecutor(THREADS - 1) as threads:
        asked = [threads.submit(bodies, post(io.BytesIO(b"a=b"), 3), start) for _ in range(THREADS - 1)]
        assert [one.result() for one in asked] == [[b"a=b"]] * (THREADS - 1)


def test_bodies_that_are_sent_slowly_take_half_of_the_threads() -> None:
    sent, both = threading.Event(), threading.Barrier(THREADS // 2 + 1, timeout=PATIENCE)
    bodies = Bodies(answers, THREADS)
    with ThreadPoolExecutor(THREADS // 2) as threads:
        slow = [threads.submit(bodies, post(SlowlySent(sent, both.wait), 3), start) for _ in range(THREADS // 2)]
        both.wait()
        assert bodies(post(io.BytesIO(b"a=b"), 3), start) == [b"crowded"]
        assert bodies({"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}, start) == [b""]
        sent.set()
        assert [one.result() for one in slow] == [[b"a=b"]] * (THREADS // 2)
    assert bodies(post(io.BytesIO(b"a=b"), 3), start) == [b"a=b"]


def test_a_large_body_is_left_to_be_read_as_it_comes() -> None:
    body = io.BytesIO(b"x")
    bodies = Bodies(lambda environ, _start: [environ["wsgi.input"]], THREADS)
    assert bodies(post(body, READ_AHEAD + 1), start) == [body]
    assert bodies({**post(body, 0), "CONTENT_LENGTH": "x"}, start) == [body]


def test_a_body_that_cannot_be_read_is_left_to_django() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the connection is gone")

    body = Broken(b"a=b")
    assert Bodies(lambda environ, _start: [environ["wsgi.input"]], THREADS)(post(body, 3), start) == [body]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_a_body_that_nobody_reads_is_not_waited_for(method: str) -> None:
    class Awaited(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("somebody waits for it")

    bodies = Bodies(lambda *_: [b"at once"], 1)
    assert bodies({**post(Awaited(), 9), "REQUEST_METHOD": method}, start) == [b"at once"]
