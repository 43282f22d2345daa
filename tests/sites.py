"""Small sites on this machine, which say exactly what a test wants them to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

#: Key and certificate of "pages.example", signed by itself; for tests alone.
CERTIFICATE = Path(__file__).parent / "certificates" / "pages.example.pem"

#: Bytes to be sent, or a function that is given the connection.
Page = bytes | Callable[[socket.socket], object]


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A plain answer. Header names with underscores for hyphens."""
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 {status} Whatever\r\n{''.join(lines)}Content-Length: {len(body)}\r\n\r\n".encode() + body


def moved(to: str, status: int = 301) -> bytes:
    return answer(status, Location=to)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """A running site: `pages` by path, or by "METHOD /path"; what is not there is a 404."""

    port: int
    pages: dict[str, Page]
    requests: list[Request] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/page") -> str:
        return f"http://{self.place}{path}"

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [f"{one.method} {one.path}" for one in self.requests if one.path != "/robots.txt"]

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            method, path, _version = first.split(" ")
            headers = dict(line.lower().split(": ", 1) for line in lines)
            self.requests.append(Request(method, path, headers))
            page = self.pages.get(f"{method} {path}", self.pages.get(path, answer(404)))
            if isinstance(page, bytes):
                connection.sendall(page)
            else:
                page(connection)


@contextmanager
def site(pages: Mapping[str, Page] | None = None, *, tls: bool = False) -> Iterator[Site]:
    """Serve these pages until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        running = Site(server.getsockname()[1], dict(pages or {}))
        context = _context(running) if tls else None

        def serve(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                running.serve(context.wrap_socket(connection, server_side=True) if context else connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = server.accept()
                    threading.Thread(target=serve, args=[connection], daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join(10)


def _context(running: Site) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    context.sni_callback = lambda _socket, name, _context: running.names.append(name)
    return context


@contextmanager
def silence() -> Iterator[int]:
    """The port of a server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@dataclass
class Clock:
    """A clock that stands still but for those who sleep."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
