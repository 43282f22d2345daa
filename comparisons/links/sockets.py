"""Connections that end at a deadline and after a limited number of bytes, whatever the other side does."""

from __future__ import annotations

import http.client
import io
import queue
import socket
import threading
from collections.abc import Callable
from typing import Any

#: Bytes that are read of the head of an answer.
MOST_HEAD = 32_768


def look_up(host: str, timeout: float) -> list[str]:
    """The IP addresses of a name. The system's resolver knows no deadline, so it is left alone when ours has passed."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except Exception as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = found.get(timeout=timeout)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return list(dict.fromkeys(str(entry[4][0]) for entry in answer))


def connect(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


class TooMuch(Exception):
    """More bytes than we read."""


def seconds_left(deadline: float, clock: Callable[[], float]) -> float:
    """Seconds left, more than none."""
    left = deadline - clock()
    if left <= 0:
        raise TimeoutError
    return left


class BoundedSocket(io.RawIOBase):
    """A socket as http.client wants it, that ends at the deadline however slowly bytes drip, and after so many."""

    def __init__(self, sock: Any, deadline: float, clock: Callable[[], float]):
        self.sock, self.deadline, self.clock, self.most = sock, deadline, clock, MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.most <= 0:
            raise TooMuch
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
        """The beginning of the body. A server may cut it in ever so small chunks: their sizes are counted as well."""
        self.most, parts, size = 2 * most, [], 0
        try:
            while size < most and (part := response.read1(most - size)):
                parts.append(part)
                size += len(part)
        except TooMuch:
            pass
        return b"".join(parts)

    def end(self) -> None:
        self.sock.close()
