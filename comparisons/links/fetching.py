"""Ask another site for a page: the one place from which this project reaches out.

An address may come from anybody, and so may what it redirects to. Hence, for each request and each redirect anew: only
http and https, only the allowed ports, no user name; the name is looked up once, every address found has to be public,
and the connection goes to the very address that was judged, so that a name cannot point elsewhere in between. Only the
standard library: it leaves the socket to us, which a deadline for the whole and a limit of the bytes both take. Proxy
variables, cookies and credentials are never looked at; a compressed answer is not asked for and not unpacked.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from comparisons.domain.vocabulary import LinkTrouble

#: Redirects that are followed; seconds that a request takes with all of them, waiting for our turn apart.
MOST_REDIRECTS, DEADLINE = 5, 10.0
#: Bytes that are read of the head of an answer, and at most of its body; characters of an address.
MOST_HEAD, MOST_BODY, LONGEST_ADDRESS = 32_768, 1_000_000, 2_000
#: Addresses of one name that are tried, one after the other.
MOST_TRIES = 4
#: Seconds between two requests to one host, and the longest time that a site may make us wait.
PAUSE, LONGEST_WAIT = 1.0, timedelta(days=1)

SCHEMES = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})

_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SAFE = "/%:@!$&'()*+,;=~-._?"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: What nobody's public site is on, whatever Python's `is_global` says: it differs from release to release.
#: Source: IANA's registries of special-purpose addresses, read generously.
NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Those that carry an IPv4 address within: compatible, mapped, translated (NAT64, twice), Teredo, 6to4.
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("100::/64", "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
#: The only part of IPv6 that has been given out to sites.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")


class Unanswered(Exception):
    """There was no answer, or none that we would fetch; `trouble` says why."""

    def __init__(self, trouble: LinkTrouble):
        self.trouble = trouble
        super().__init__(trouble.value)


@dataclass(frozen=True)
class Target:
    """An address taken apart, in the one form in which it is judged and asked. path: with the query."""

    scheme: str
    host: str
    port: int
    path: str
    fragment: str = ""

    @property
    def place(self) -> str:
        """Host and port as an allow-list names them."""
        return f"{self._host}:{self.port}"

    @property
    def origin(self) -> str:
        port = "" if self.port == SCHEMES[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self._host}{port}"

    @property
    def url(self) -> str:
        return self.origin + self.path + (f"#{self.fragment}" if self.fragment else "")

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


@dataclass(frozen=True)
class Answer:
    """What a site said in the end.

    redirected: the answer is that of another address. moved_to: where permanent redirects led, before any other; "".
    """

    status: int
    headers: Message
    body: bytes
    redirected: bool
    moved_to: str

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the site asks us to stay away: at most a day. None if it does not."""
        return retry_after(self.headers.get("Retry-After", ""), now)


def target_of(url: str) -> Target:
    """Take an address apart; Unanswered if there is anything about it that we would not ask for."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or "@" in parts.netloc or len(url) > LONGEST_ADDRESS:
            raise ValueError
        port = SCHEMES[parts.scheme] if parts.port is None else parts.port
        path = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" if parts.query else "")
        return Target(parts.scheme, _canonical(parts.hostname or ""), port, path, quote(parts.fragment, _SAFE))
    except ValueError:
        raise Unanswered(LinkTrouble.NOT_ALLOWED) from None


def _canonical(host: str) -> str:
    """The name of a host in the one form it has; ValueError for what only some resolvers take for an address."""
    if ":" in host:
        if "%" in host:
            raise ValueError
        return str(ipaddress.IPv6Address(host))
    if len(host) > 253:
        raise ValueError
    host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):  # such as 2130706433, 0x7f.1 or 127.1
        return str(ipaddress.IPv4Address(host))
    return host


def is_public(address: str) -> bool:
    """Whether an IP address is one that a public site may have.

    An IPv6 address that carries an IPv4 one is never taken for public: no source is cited by one.
    """
    try:
        ip: IPAddress = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in GIVEN_OUT)


def retry_after(text: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or a date; at most a day, None if it cannot be read."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(until - now, timedelta()), LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


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


class Pace:
    """One request a second to each host: `wait` for its turn, tell when it was `asked`. Others are not kept waiting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep):
        self.clock, self.sleep = clock, sleep
        self._ready: dict[str, float] = {}
        self._pause: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave this host more time than others."""
        self._pause[host] = max(PAUSE, seconds)

    def ready_at(self, host: str) -> float:
        return self._ready.get(host, 0.0)

    def wait(self, host: str) -> None:
        left = self.ready_at(host) - self.clock()
        if left > 0:
            self.sleep(left)

    def asked(self, host: str) -> None:
        self._ready[host] = self.clock() + self._pause.get(host, PAUSE)


class Fetcher:
    """Asks sites, one request at a time.

    agent: the User-Agent, always the same and honest. ports: those that are asked. allowed: exact "host:port" that are
    asked whatever address they have; for tests, which have servers on this machine. The rest is replaced in tests.
    """

    def __init__(
        self,
        agent: str,
        pace: Pace,
        *,
        ports: Collection[int] = tuple(SCHEMES.values()),
        allowed: Collection[str] = (),
        deadline: float = DEADLINE,
        resolve: Callable[[str, float], list[str]] = look_up,
        connect: Callable[[str, int, float], Any] = connect,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.agent, self.pace, self.ports, self.allowed = agent, pace, frozenset(ports), frozenset(allowed)
        self.deadline, self.resolve, self.connect, self.clock = deadline, resolve, connect, clock
        self._tls = tls

    def fetch(self, method: str, url: str, headers: Mapping[str, str] | None = None, most: int = 0) -> Answer:
        """Ask for an address and follow its redirects; Unanswered if there is no answer.

        headers: for this address alone, not for what it redirects to. most: bytes that are read of the body.
        """
        target, left, moved, lasting = target_of(url), self.deadline, "", True
        for hop in range(MOST_REDIRECTS + 1):
            self._allow(target)
            self.pace.wait(target.host)
            start = self.clock()
            try:
                status, found, body = self._ask(method, target, headers if hop == 0 else None, most, start + left)
            finally:
                self.pace.asked(target.host)
                left -= self.clock() - start
            location = found.get("Location", "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
            if status not in REDIRECTS or not location:
                return Answer(status, found, body, redirected=hop > 0, moved_to=moved)
            target = self._next(target, location)
            lasting = lasting and status in LASTING
            moved = target.url if lasting else moved
        raise Unanswered(LinkTrouble.REDIRECTS)

    def _next(self, target: Target, location: str) -> Target:
        try:
            url = urljoin(target.url, location)
        except ValueError:
            raise Unanswered(LinkTrouble.NOT_ALLOWED) from None
        if "#" not in location and target.fragment:  # RFC 9110, 10.2.2: the fragment is inherited
            url = f"{url}#{target.fragment}"
        return target_of(url)

    def _allow(self, target: Target) -> None:
        if target.port not in self.ports and target.place not in self.allowed:
            raise Unanswered(LinkTrouble.NOT_ALLOWED)

    def _ask(
        self, method: str, target: Target, headers: Mapping[str, str] | None, most: int, deadline: float
    ) -> tuple[int, Message, bytes]:
        """One request to one address of one site: status, headers, and at most so much of the body."""
        wire: _Wire | None = None
        try:
            wire = self._wire(target, deadline)
            request = http.client.HTTPConnection(target.host, target.port)
            request.sock = wire
            request.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            common = {"Host": target.origin.partition("://")[2], "User-Agent": self.agent, "Accept": "*/*"}
            common |= {"Accept-Encoding": "identity", "Connection": "close"}
            for name, value in {**common, **(headers or {})}.items():
                request.putheader(name, value)
            request.endheaders()
            response = http.client.HTTPResponse(wire, method=method)  # type: ignore[arg-type]
            with closing(response):
                response.begin()
                return response.status, response.headers, wire.body(response, min(most, MOST_BODY))
        except _TooMuch:
            raise Unanswered(LinkTrouble.TOO_LARGE) from None
        except TimeoutError:
            raise Unanswered(LinkTrouble.TIMEOUT) from None
        except ssl.SSLCertVerificationError:
            raise Unanswered(LinkTrouble.CERTIFICATE) from None
        except ssl.SSLError:
            raise Unanswered(LinkTrouble.ENCRYPTION) from None
        except http.client.RemoteDisconnected:
            raise Unanswered(LinkTrouble.UNREACHABLE) from None
        except (http.client.HTTPException, ValueError):
            raise Unanswered(LinkTrouble.BROKEN) from None
        except OSError:
            raise Unanswered(LinkTrouble.UNREACHABLE) from None
        finally:
            if wire is not None:
                wire.end()

    def _wire(self, target: Target, deadline: float) -> _Wire:
        """A connection to an address that was judged, encrypted if need be."""
        sock = self._connected(self._addresses(target, deadline), target.port, deadline)
        try:
            if target.scheme == "https":
                sock.settimeout(_left(deadline, self.clock))
                self._tls = self._tls or ssl.create_default_context()
                sock = self._tls.wrap_socket(sock, server_hostname=target.host)
        except BaseException:
            sock.close()
            raise
        return _Wire(sock, deadline, self.clock)

    def _addresses(self, target: Target, deadline: float) -> list[str]:
        """The IP addresses of a host, looked up this once; Unanswered if a single one is not public."""
        try:
            found = [str(ipaddress.ip_address(target.host))]
        except ValueError:
            try:
                found = self.resolve(target.host, _left(deadline, self.clock))
            except socket.gaierror as error:
                gone = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
                raise Unanswered(LinkTrouble.NO_HOST if gone else LinkTrouble.NAME_SERVER) from None
        if not found:
            raise Unanswered(LinkTrouble.NO_HOST)
        if target.place not in self.allowed and not all(map(is_public, found)):
            raise Unanswered(LinkTrouble.NOT_ALLOWED)
        return found[:MOST_TRIES]

    def _connected(self, addresses: list[str], port: int, deadline: float) -> Any:
        """A connection to the first address that takes one, each given its part of the time that is left."""
        troubles = []
        for place, address in enumerate(addresses):
            try:
                return self.connect(address, port, _left(deadline, self.clock) / (len(addresses) - place))
            except ConnectionRefusedError:
                troubles.append(LinkTrouble.REFUSED)
            except TimeoutError:
                troubles.append(LinkTrouble.TIMEOUT)
            except OSError:
                troubles.append(LinkTrouble.UNREACHABLE)
        # Nobody listens only if that is so at every address.
        raise Unanswered(max(troubles, key=lambda trouble: trouble != LinkTrouble.REFUSED))


class _TooMuch(Exception):
    """More bytes than we read."""


def _left(deadline: float, clock: Callable[[], float]) -> float:
    """Seconds left, more than none."""
    left = deadline - clock()
    if left <= 0:
        raise TimeoutError
    return left


class _Wire(io.RawIOBase):
    """A socket as http.client wants it, that ends at the deadline however slowly bytes drip, and after so many."""

    def __init__(self, sock: Any, deadline: float, clock: Callable[[], float]):
        self.sock, self.deadline, self.clock, self.most = sock, deadline, clock, MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.most <= 0:
            raise _TooMuch
        self.sock.settimeout(_left(self.deadline, self.clock))
        size = self.sock.recv_into(memoryview(buffer)[: self.most])
        self.most -= size
        return size

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(_left(self.deadline, self.clock))
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
        except _TooMuch:
            pass
        return b"".join(parts)

    def end(self) -> None:
        self.sock.close()
