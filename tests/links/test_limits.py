"""The fetcher keeps its limits of time and bytes, whatever a server sends."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.links import fetching, sockets
from comparisons.links.addresses import FetchError
from comparisons.links.fetching import Fetcher
from comparisons.links.pace import Pace
from tests.sites import Clock, answer, silence, site

from .fetchers import OK, PUBLIC, Drip, fetcher, no_connection, trouble


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n"])
def test_a_slow_server_has_ten_seconds_in_all(start: bytes) -> None:
    clock = Clock()
    drip = Drip(clock, start)
    one = fetcher(clock=clock, connect=lambda *_: drip, resolve=lambda *_: [PUBLIC])
    assert trouble(lambda: one.fetch("GET", "http://slow.example/", most=1000)) == "timeout"
    assert clock.now == 1000 + fetching.DEADLINE
    assert drip.closed
    assert max(drip.timeouts) <= fetching.DEADLINE and drip.timeouts == sorted(drip.timeouts, reverse=True)


def test_all_redirects_together_have_ten_seconds_without_the_pauses_between_them() -> None:
    clock, pauses = Clock(), Clock()
    each = b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n"
    one = Fetcher(
        "Crosscheck/1.0",
        Pace(pauses, pauses.sleep),
        clock=clock,
        connect=lambda *_: Drip(clock, each=each[:30]),
        resolve=lambda *_: [PUBLIC],
    )
    assert trouble(lambda: one.fetch("GET", "http://slow.example/")) in ("timeout", "broken", "redirects")
    assert clock.now <= 1000 + fetching.DEADLINE


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_silent_server_is_given_up_at_the_deadline(scheme: str) -> None:
    with silence() as port:
        one = fetcher(allowed=[f"127.0.0.1:{port}"], deadline=0.2)
        assert trouble(lambda: one.fetch("GET", f"{scheme}://127.0.0.1:{port}/")) == "timeout"


def test_a_slow_handshake_is_given_up_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        record = iter(struct.pack("!BHH", 22, 0x0303, 16000) + b"\x02\x00\x3e\x00" + b"\0" * 16000)
        for byte in record:
            connection.sendall(bytes([byte]))
            try:
                if not connection.recv(65536):
                    return
            except TimeoutError:
                continue

    with site() as own:
        own.serve = drip  # type: ignore[method-assign]
        one = fetcher(own, deadline=0.3)
        assert trouble(lambda: one.fetch("GET", own.url().replace("http", "https"))) == "timeout"


def test_a_resolver_that_never_answers_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    end = threading.Event()
    monkeypatch.setattr(sockets.socket, "getaddrinfo", lambda *_args, **_options: end.wait(30) and [])
    one = fetcher(resolve=sockets.look_up, deadline=0.1, connect=no_connection)
    assert trouble(lambda: one.fetch("GET", "http://name.example/")) == "timeout"
    end.set()


def endless(start: bytes, each: bytes) -> Callable[[socket.socket], None]:
    def page(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(each)

    return page


@pytest.mark.parametrize(
    "each", [b"X-A: " + b"a" * 1000 + b"\r\n", b"X-A: a\r\n" * 10, b"a" * 1000, b" folded\r\n"], ids=len
)
def test_an_endless_head_is_not_read(each: bytes) -> None:
    with site({"/page": endless(OK, each)}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url())) in ("too-large", "broken")


@pytest.mark.parametrize(
    ("head", "each"),
    [
        (OK + b"\r\n", b"a" * 65536),
        (OK + b"Content-Length: 99999999999\r\n\r\n", b"a" * 65536),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4096 + b"\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 100 + b"\r\na\r\n"),
    ],
    ids=["until-the-end", "length", "chunks", "tiny-chunks"],
)
def test_an_endless_body_is_read_up_to_the_limit(head: bytes, each: bytes) -> None:
    with site({"/page": endless(head, each)}) as own:
        assert len(fetcher(own).fetch("GET", own.url(), most=10**9).body) <= fetching.MAX_BODY
        assert fetcher(own).fetch("GET", own.url()).body == b""


def test_a_compressed_response_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    with site({"/page": answer(200, bomb, Content_Encoding="gzip")}) as own:
        assert fetcher(own).fetch("GET", own.url(), most=fetching.MAX_BODY).body == bomb


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"", "unreachable"),
        (b"\r\n\r\n", "broken"),
        (b"<html>", "broken"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 99 OK\r\n\r\n", "broken"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "broken"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "broken"),
        (b"\x16\x03\x01" * 50, "broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "broken"),
    ],
)
def test_a_malformed_response_is_broken(said: bytes, expected: str) -> None:
    with site({"/page": said}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url())) == expected


@given(st.binary(max_size=400))
def test_whatever_a_server_sends_gives_a_response_or_a_trouble(said: bytes) -> None:
    class Once(Drip):
        def recv_into(self, buffer: Any) -> int:
            return super().recv_into(buffer) if self.start else 0

    for start in (said, OK + said, OK + b"Location: " + said, OK.replace(b"200", b"301") + b"Location: " + said):
        one = fetcher(connect=lambda *_, start=start: Once(Clock(), start), resolve=lambda *_: [PUBLIC])
        try:
            assert one.fetch("GET", "http://odd.example/", most=1000).status >= 100
        except FetchError as error:
            assert error.trouble in LinkTrouble
