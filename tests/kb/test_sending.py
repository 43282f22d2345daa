"""granian sends what takes long in threads of its own, and not for ever to clients who take nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.kb.test_away import until
from tests.serving import PATIENCE, ROOT, free_port

#: A site with one thread. It gives long files under /long, and else says how many of them are being sent.
SERVER = """
import multiprocessing, sys, threading
from granian import Granian
from kb import sending
from kb.streams import Stream

places = threading.Semaphore(1000)
class File:
    def __iter__(self):
        return iter([b"x" * 4096] * 5000)
    def close(self):
        pass
def site(environ, start_response):
    start_response("200 OK", [])
    if environ["PATH_INFO"] != "/long":
        return [str(1000 - places._value).encode()]
    places.acquire()
    return Stream(File(), places)

sending.UNREAD = float(sys.argv[2])
sending.install()
multiprocessing.set_start_method("fork")
server = Granian("of:nothing", interface="wsgi", port=int(sys.argv[1]), workers=1, blocking_threads=1, backpressure=64)
server.serve(target_loader=lambda: site, wrap_loader=False)
"""


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """That of a server which cuts off who reads nothing for so many seconds."""
    found = free_port()
    command = [sys.executable, "-c", SERVER, str(found), str(request.param)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: is_open(found))
            yield found
        finally:
            process.terminate()


def is_open(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def asked(port: int, path: str, receives: int = 0) -> socket.socket:
    """A connection on which something was asked for. receives: the bytes that it holds unread."""
    line = socket.socket()
    line.settimeout(PATIENCE)
    if receives:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    line.connect(("127.0.0.1", port))
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    return line


def whole(line: socket.socket) -> bytes:
    """The body of a response."""
    with line, line.makefile("rb") as answer:
        return answer.read().partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("port", [PATIENCE], indirect=True)
def test_unread_files_take_no_thread_of_who_asks_next(port: int) -> None:
    with ExitStack() as stack:
        unread = [stack.enter_context(asked(port, "/long", receives=2048)) for _ in range(20)]
        until(lambda: whole(asked(port, "/")) == b"20")
        assert len(whole(asked(port, "/long"))) > 4096 * 5000
        for line in unread:
            line.close()
        until(lambda: whole(asked(port, "/")) == b"0")


@pytest.mark.parametrize("port", [1], indirect=True)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a program say how long data may be left unread")
def test_a_client_who_takes_nothing_is_cut_off(port: int) -> None:
    assert whole(asked(port, "/")) == b"0"
    with asked(port, "/long", receives=2048):
        until(lambda: whole(asked(port, "/")) == b"1")
        until(lambda: whole(asked(port, "/")) == b"0")
