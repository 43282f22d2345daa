"""A load generator for where wrk is not installed. Runs by itself: `python generator.py JSON`.

It is weaker than wrk: one process of Python that asks over kept connections, one request at a time on each, and takes
more of a processor for a request than a fast server does, so that with it fast servers seem slower than they are.

JSON: host, port, path, connections, seconds and timeout. Prints one line of JSON: how many requests were answered, in
how many seconds, two percentiles of latency in ms, and errors by kind. Needs the standard library alone.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import Any

#: Kinds of error, as wrk has them: no connection, broken off, not sent, another status than 2xx or 3xx, no answer.
ERRORS = ("connect", "read", "write", "status", "timeout")
#: Seconds until a connection that was refused is tried again.
AGAIN = 0.05
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:\s*chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:\s*close", re.IGNORECASE)


def answer_of(data: bytes, has_ended: bool = False) -> tuple[int, bool] | None:
    """The status of an answer, and whether the connection closes after it; None if it is not whole yet.

    has_ended: whether no more bytes come, which ends an answer that does not state its length.
    """
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    status = int(head[9:12]) if head[9:12].isdigit() else 0
    closes = bool(_CLOSES.search(head)) or head.startswith(b"HTTP/1.0")
    if length := _LENGTH.search(head):
        is_whole = len(body) >= int(length[1])
    elif _CHUNKED.search(head):
        is_whole = body.endswith(b"0\r\n\r\n")
    else:
        is_whole, closes = has_ended, True
    return (status, closes) if is_whole else None


def percentile(ordered: list[float], percent: int) -> float:
    """The smallest of some ordered values that so many percent of them do not exceed; 0 for none."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else 0.0


class Asking(asyncio.Protocol):
    """A connection that asks again as soon as it was answered, and is opened again when it closes."""

    def __init__(self, load: Load):
        self.load, self.data, self.asked_at = load, b"", 0.0
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.load.open.add(self)
        self.ask()

    def ask(self) -> None:
        self.data, self.asked_at = b"", time.perf_counter()
        self.transport.write(self.load.request)

    def data_received(self, data: bytes) -> None:
        self.data += data
        if (answer := answer_of(self.data)) is not None:
            self.answered(*answer)

    def answered(self, status: int, closes: bool) -> None:
        if self.load.is_over:
            return
        self.load.took.append(time.perf_counter() - self.asked_at)
        self.load.errors["status"] += not 200 <= status < 400
        self.asked_at = 0.0
        if closes:
            self.transport.close()
        else:
            self.ask()

    def connection_lost(self, _error: Exception | None) -> None:
        self.load.open.discard(self)
        if self.load.is_over:
            return
        if self.asked_at:
            if (answer := answer_of(self.data, has_ended=True)) is not None:
                self.answered(*answer)
            else:
                self.load.errors["read"] += 1
        self.load.connect()


class Load:
    """Requests over a number of connections, until it is over."""

    def __init__(self, plan: dict[str, Any]):
        self.plan = plan
        self.request = f"GET {plan['path']} HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\n\r\n".encode()
        self.took: list[float] = []
        self.errors = dict.fromkeys(ERRORS, 0)
        self.open: set[Asking] = set()
        self.connecting: set[asyncio.Task[None]] = set()
        self.is_over = False

    def connect(self) -> None:
        task = asyncio.get_running_loop().create_task(self._connect())
        self.connecting.add(task)
        task.add_done_callback(self.connecting.discard)

    async def _connect(self) -> None:
        while not self.is_over:
            try:
                loop = asyncio.get_running_loop()
                await loop.create_connection(lambda: Asking(self), self.plan["host"], self.plan["port"])
                return
            except OSError:
                self.errors["connect"] += 1
                await asyncio.sleep(AGAIN)

    async def run(self) -> dict[str, Any]:
        """Ask for as long as the plan says; what is on its way then counts only if it waited too long."""
        begun = time.perf_counter()
        for _one in range(self.plan["connections"]):
            self.connect()
        await asyncio.sleep(self.plan["seconds"])
        self.is_over, ended = True, time.perf_counter()
        waited = [ended - one.asked_at for one in self.open if one.asked_at]
        self.errors["timeout"] = sum(seconds > self.plan["timeout"] for seconds in waited)
        ordered = sorted(self.took)
        return {
            "requests": len(ordered),
            "seconds": ended - begun,
            "p50": 1_000 * percentile(ordered, 50),
            "p99": 1_000 * percentile(ordered, 99),
            "errors": self.errors,
        }


def main() -> None:
    print(json.dumps(asyncio.run(Load(json.loads(sys.argv[1])).run())), flush=True)


if __name__ == "__main__":
    main()
