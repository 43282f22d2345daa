"""Connections that end at a deadline and after a limited number of bytes, whatever the server does."""

from __future__ import annotations

import http.client
import io
import queue
import socket
import threading
from collections.abc import Callable
from typing import Any

#: Most bytes that are read of the head of a response.
MAX_HEAD = 32_768


def look_up(host: str, timeout: float) -> list[str]:
    """The IP addresses of a host name. Raises TimeoutError after `timeout` seconds, OSError if the name is not found.

    The system's resolver has no timeout, so it runs in a thread of its own, which is abandoned when time is up.
    """
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            found.put(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except Exception as error:
            found.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = found.get(timeout=timeout)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return list(dict.fromkeys(str(entry[4][0]) for entry in answer))


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """Open a connection to an IP address."""
    return socket.create_connection((address, port), timeout)


class TooLarge(Exception):
    """The server has sent more bytes than are read."""


def seconds_left(deadline: float, clock: Callable[[], float]) -> float:
    """The seconds until the deadline, more than 0. Raises TimeoutError if it has passed."""
    left = deadline - clock()
    if left <= 0:
        raise TimeoutError
    return left


class BoundedSocket(io.RawIOBase):
    """A socket for http.client with a deadline for everything, however slowly bytes come, and a limit of bytes.

    Raises TimeoutError after the deadline, TooLarge beyond the limit.
    """

    def __init__(self, sock: Any, deadline: float, clock: Callable[[], float]):
        self.sock, self.deadline, self.clock, self.most = sock, deadline, clock, MAX_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.most <= 0:
            raise TooLarge
        self.sock.settimeout(seconds_left(self.deadline, self.clock))
        size = self.sock.recv_into(memoryview(buffer)[: self.most])
        self.most -= size
        return size

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(seconds_left(self.deadline, self.clock))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def body(self, response: http.client.HTTPResponse, most: int) -> bytes:
        """The first `most` bytes of the body.

        The limit of bytes is twice that: in a chunked body the sizes of the chunks count as well.
        """
        self.most, parts, size = 2 * most, [], 0
        try:
            while size < most and (part := response.read1(most - size)):
                parts.append(part)
                size += len(part)
        except TooLarge:
            pass
        return b"".join(parts)

    def end(self) -> None:
        """Close the connection."""
        self.sock.close()
