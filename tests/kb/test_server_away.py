"""A server of PostgreSQL that let one request wait in vain is left alone by the next, and asked again soon."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from kb.databases import configured, limit_waiting
from kb.postgresql import base
from tests.serving import free_port


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Server:
    """What stands behind a connection. seconds: how long an attempt takes."""

    def __init__(self, clock: Clock):
        self.clock, self.asked, self.seconds, self.is_away = clock, 0, 3.0, True

    def connect(self) -> str:
        self.asked += 1
        self.clock.now += self.seconds
        if self.is_away:
            raise psycopg.OperationalError("no answer")
        return "a connection"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(base, "time", found)
    monkeypatch.setattr(base, "_away_until", {})
    return found


@pytest.fixture
def server(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server(clock)
    monkeypatch.setattr(base.base.DatabaseWrapper, "get_new_connection", lambda *_: found.connect())
    return found


def connect(**pool: Any) -> Any:
    """A connection as a thread of the site asks for one. pool: of it, what it says of its failures."""
    wrapper = base.DatabaseWrapper({"HOST": "db", "PORT": "5432", "OPTIONS": {}, "NAME": "kb"})
    if pool:
        wrapper.__class__ = type("Pooled", (base.DatabaseWrapper,), {"pool": SimpleNamespace(**pool)})
    return wrapper.get_new_connection({})


def test_a_server_that_let_one_wait_is_not_asked_by_the_next(server: Server, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(psycopg.OperationalError):
            connect()
    assert (server.asked, clock.now) == (1, 3.0)


def test_a_server_that_is_back_is_used_after_a_pause(server: Server, clock: Clock) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect()
    server.is_away = False
    clock.now += base.PAUSE
    assert [connect(), connect()] == ["a connection"] * 2


def test_after_the_pause_one_tries_while_the_others_learn_at_once(server: Server, clock: Clock) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect()
    clock.now += base.PAUSE
    others: list[str] = []

    def beside() -> str:
        try:
            return str(Server.connect(server))
        finally:
            with pytest.raises(psycopg.OperationalError, match="a moment ago"):
                connect()
            others.append("told")

    server.connect = beside  # type: ignore[method-assign]
    with pytest.raises(psycopg.OperationalError, match="no answer"):
        connect()
    assert (server.asked, others) == (2, ["told"])


def test_a_server_that_refuses_at_once_is_asked_each_time(server: Server) -> None:
    server.seconds = 0.001
    for _ in range(3):
        with pytest.raises(psycopg.OperationalError, match="no answer"):
            connect()
    assert server.asked == 3


@pytest.mark.parametrize(("failures", "asked"), [([0, 0] * 3, 3), ([0, 2, 2, 4, 4, 6], 1)], ids=["in use", "away"])
def test_of_a_pool_only_attempts_to_connect_say_that_the_server_is_away(
    failures: list[int], asked: int, server: Server
) -> None:
    told = iter(failures)
    for _ in range(3):
        with pytest.raises(psycopg.OperationalError):
            connect(get_stats=lambda: {"connections_errors": next(told)})
    assert server.asked == asked


@pytest.fixture
def settings_of_pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Callable[[int], dict[str, Any]]]:
    monkeypatch.setenv("DATABASE_POOL", "2")
    monkeypatch.delenv("REPLICA_URL", raising=False)

    def found(port: int) -> dict[str, Any]:
        monkeypatch.setenv("DATABASE_URL", f"postgres://nobody@127.0.0.1:{port}/none")
        return configured(tmp_path)["default"]

    yield found


def test_a_pool_begins_to_connect_anew_with_each_request(settings_of_pool: Callable[[int], dict[str, Any]]) -> None:
    """Not ever more seldom: then it would be minutes after a long absence until the server is used again."""
    from psycopg_pool import ConnectionPool, PoolTimeout

    came = threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", free_port())) as silent:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    silent.accept()[0].close()
                    came.release()

        threading.Thread(target=hang_up, daemon=True).start()
        options = settings_of_pool(silent.getsockname()[1])["OPTIONS"]["pool"]
        to = f"host=127.0.0.1 port={silent.getsockname()[1]} sslmode=disable gssencmode=disable"
        gave_up = threading.Event()
        with ConnectionPool(to, open=True, reconnect_failed=lambda _pool: gave_up.set(), **options) as pool:
            for _ in range(3):
                assert gave_up.wait(30) and came.acquire(timeout=30)
                gave_up.clear()
                with pytest.raises(PoolTimeout):
                    pool.getconn(timeout=0.01)


@pytest.mark.crossing
def test_a_server_that_says_nothing_is_given_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen one: it acknowledges every packet, so that no connection to it breaks."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file")
    monkeypatch.setattr(base, "patience", 0.3)
    own: Any = base.DatabaseWrapper(connection.settings_dict, "own")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
            with pytest.raises(OperationalError, match=r"the server said nothing for 0\.3 s"):
                cursor.execute("SELECT pg_sleep(3)")
        assert own.connection.closed
        own.close_if_unusable_or_obsolete()
        with own.cursor() as cursor:
            cursor.execute("SELECT 2")
            assert cursor.fetchone() == (2,)
    finally:
        own.close()


def test_only_processes_that_answer_requests_give_up(
    settings_of_pool: Callable[[int], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "patience", None)
    databases = {"default": settings_of_pool(5432)}
    assert base.patience is None
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "0")
    limit_waiting(databases)
    assert base.patience is None
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "3000")
    limit_waiting(databases)
    assert base.patience == 8


@pytest.mark.crossing
def test_a_connection_whose_other_end_has_vanished_counts_as_broken_after_ten_seconds(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file")
    connection.ensure_connection()
    with socket.socket(fileno=connection.connection.fileno()) as own:
        try:
            if own.family == socket.AF_UNIX or not hasattr(socket, "TCP_USER_TIMEOUT"):
                pytest.skip("the server is on this machine, or the system does not say")
            assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        finally:
            own.detach()
