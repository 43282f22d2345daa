"""What granian has no setting for: long responses in threads of their own, and an end for clients who take nothing."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from granian.server import mp

from .streams import Stream

#: Seconds after which a client who takes nothing of what waits for it is cut off; as long as nginx waits by default.
UNREAD = 60

Answer = Callable[[Any, dict[str, Any]], Any]


def install() -> None:
    """Let the workers that granian starts from this process send as this module says.

    The function is private to granian. If it is missing one day, the site does not start.
    """
    mp._wsgi_call_wrap = sending(mp._wsgi_call_wrap)


def sending(wrap: Callable[..., Answer]) -> Callable[..., Answer]:
    """granian's way to ask an application, with our way to send. granian calls it in each process that it forks."""

    def wrapped(*arguments: Any) -> Answer:
        ask = wrap(*arguments)
        is_first = threading.Lock()

        def answer(protocol: Any, scope: dict[str, Any]) -> Any:
            # Not before, since granian opens the port of a process only after this function was made.
            if is_first.acquire(blocking=False):
                end_unread(UNREAD)
            return ask(Protocol(protocol), scope)

        return answer

    return wrapped


class Protocol:
    """A request of granian, which takes its response; for a `Stream`, in a thread that ends with it."""

    __slots__ = ("protocol", "response_bytes")

    def __init__(self, protocol: Any):
        self.protocol, self.response_bytes = protocol, protocol.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        send = self.protocol.response_iter
        if isinstance(body.inner, Stream):
            threading.Thread(target=send, args=(status, headers, body), daemon=True).start()
        else:
            send(status, headers, body)


def end_unread(seconds: float) -> None:
    """Let the system close connections whose other end takes nothing for so long; Linux only.

    That is said of every connection of this process, and of its open ports, so that what they accept inherits it.
    """
    if sys.platform != "linux":
        return
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # not a socket, or not over TCP
            found = socket.socket(fileno=int(name))
            try:
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
            finally:
                found.detach()
