"""A cache or a database that goes away, and comes back: served all the same, told once, and used again by itself."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.db import connection

from tests.conftest import SECOND_DOMAIN
from tests.serving import PATIENCE, POSTGRES, Site, free_port, postgres_database, served, skip_unless_ci

pytestmark = [
    pytest.mark.crossing,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="its site uses PostgreSQL on either database"),
]


class Line:
    """A line to a server on this machine that can be cut: then connections break, and new ones are refused."""

    def __init__(self, port: int, to: int):
        self.port, self.to = port, to
        self.open: list[socket.socket] = []
        self.join()

    def join(self) -> None:
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=[self.server], daemon=True).start()

    def cut(self) -> None:
        for each in (self.server, *self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.open.clear()

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = server.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self.open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=[one, other], daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while part := one.recv(65536):
                other.sendall(part)
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def redis_server() -> Iterator[redis.Redis]:
    """A Redis of this test alone."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        skip_unless_ci("neither Redis nor Valkey is installed")
    port = free_port()
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            client = redis.Redis(port=port)
            until(lambda: _answers(client))
            yield client
        finally:
            process.terminate()


def _answers(client: redis.Redis) -> bool:
    with suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


def until(holds: Callable[[], bool]) -> None:
    """Ask over and over until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"


@pytest.fixture(scope="module")
def cache() -> Iterator[redis.Redis]:
    with redis_server() as client:
        yield client


@pytest.fixture(scope="module")
def lines(cache: redis.Redis) -> Iterator[dict[str, Line]]:
    ports = {"cache": cache.connection_pool.connection_kwargs["port"], "database": urlsplit(POSTGRES).port or 5432}
    found = {name: Line(free_port(), port) for name, port in ports.items()}
    yield found
    for line in found.values():
        line.cut()


@pytest.fixture(scope="module")
def site(lines: dict[str, Line]) -> Iterator[Site]:
    with ExitStack() as stack:
        url = urlsplit(stack.enter_context(postgres_database()))
        user = url.netloc.rpartition("@")[0]
        settings = {"CACHE_URL": f"redis://127.0.0.1:{lines['cache'].port}/0", "WEB_WORKERS": "1"}
        address = url._replace(netloc=f"{user}@127.0.0.1:{lines['database'].port}").geturl()
        yield stack.enter_context(served(address, SECOND_DOMAIN, **settings))


def said(site: Site, words: str) -> int:
    """How often the log has said something."""
    return (Path(site.environment["DATA_DIR"]) / "server.log").read_text().count(words)


def test_without_the_cache_pages_are_there_and_it_is_used_again(
    site: Site, cache: redis.Redis, lines: dict[str, Line]
) -> None:
    assert site.get("/task-queues/").status == 200
    until(lambda: bool(cache.keys("*page:*")))
    lines["cache"].cut()
    for path in ("/task-queues/", "/criteria/", "/pros-cons/", "/matrix/", "/articles/", "/search/?q=celery"):
        assert site.get(path).status == 200
    assert said(site, "names does not answer") == 1
    cache.flushall()
    lines["cache"].join()
    number = iter(range(10_000))
    # Each address is another page, so that the store is asked.
    until(lambda: site.get(f"/search/?q=celery+{next(number)}").status == 200 and bool(cache.keys("*page:*")))
    assert said(site, "names answers again") == 1


def test_without_the_database_readers_are_told_and_it_is_used_again(site: Site, lines: dict[str, Line]) -> None:
    assert site.get("/readyz").text == "ready\n"
    lines["database"].cut()
    until(lambda: site.get("/task-queues/celery/").status == 503)
    for path in ("/claims/", "/task-queues/dramatiq/", "/search/?q=away", "/admin/login/"):
        answer = site.get(path)
        assert answer.status in (503, 404, 200)
        if answer.status == 503:
            assert answer.headers["retry-after"] == "30" and answer.headers["cache-control"] == "no-store"
            assert "Traceback" not in answer.text
    for _ in range(3):
        assert (site.get("/healthz").status, site.get("/readyz").status) == (200, 503)
    assert said(site, "Service Unavailable: /readyz") == said(site, "The database does not answer") == 0, (
        "a line for each probe"
    )
    assert said(site, "The database is unavailable") == 1
    assert said(site, "Service Unavailable: /frameworks") == 0
    lines["database"].join()
    until(lambda: site.get("/task-queues/celery/").status == 200)
    assert site.get("/readyz").text == "ready\n"
