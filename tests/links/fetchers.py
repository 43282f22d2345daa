"""A fetcher for tests: it fetches only from the sites that a test names, and its pauses take no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.links.addresses import FetchError
from comparisons.links.fetching import Fetcher
from comparisons.links.pace import Pace
from tests.sites import Clock, Site

OK = b"HTTP/1.1 200 OK\r\n"
PUBLIC = "93.184.216.34"


class UnexpectedConnection(AssertionError):
    """The fetcher opened a connection that the test forbids."""


def no_connection(address: str, port: int, _timeout: float) -> Any:
    raise UnexpectedConnection(f"{address}:{port}")


def no_resolver(host: str, _timeout: float) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def fetcher(*sites: Site, **options: Any) -> Fetcher:
    """A fetcher that may fetch from these sites, does not sleep, and looks up no names."""
    clock = Clock()
    options = {"resolve": no_resolver, "allowed": [one.place for one in sites], **options}
    return Fetcher("Crosscheck/1.0 (+https://crosscheck.example/)", Pace(clock, clock.sleep), **options)


def trouble(call: Callable[[], Any]) -> LinkTrouble:
    with pytest.raises(FetchError) as error:
        call()
    return error.value.trouble


class Drip:
    """A connection that sends `start` at once and then `each` once a second, for ever. Only that moves its clock."""

    def __init__(self, clock: Clock, start: bytes = b"", each: bytes = b"a"):
        self.clock, self.start, self.each, self.closed, self.timeouts = clock, start, each, False, []

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)

    def sendall(self, data: bytes) -> None:
        pass

    def recv_into(self, buffer: Any) -> int:
        if self.start:
            size = min(len(buffer), len(self.start))
            buffer[:size], self.start = self.start[:size], self.start[size:]
            return size
        self.clock.now += 1
        size = min(len(buffer), len(self.each))
        buffer[:size] = self.each[:size]
        return size

    def close(self) -> None:
        self.closed = True
