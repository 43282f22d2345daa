"""Ask another site for a page: the one place from which this project reaches out.

An address may come from anybody, and so may what it redirects to. Hence, for each request and each redirect anew: only
http and https, only the allowed ports, no user name; the name is looked up once, every address found has to be public,
and the connection goes to the very address that was judged, so that a name cannot point elsewhere in between. Only the
standard library: it leaves the socket to us, which a deadline for the whole and a limit of the bytes both take. Proxy
variables, cookies and credentials are never looked at; a compressed answer is not asked for and not unpacked.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import urljoin

from comparisons.domain.vocabulary import LinkTrouble

from .addresses import SCHEMES, Target, Unanswered, is_public, target_of
from .pace import Pace, retry_after
from .sockets import BoundedSocket, TooMuch, connect, look_up, seconds_left

#: Redirects that are followed; seconds that a request takes with all of them, waiting for our turn apart.
MOST_REDIRECTS, DEADLINE = 5, 10.0
#: Most bytes that are read of a body.
MOST_BODY = 1_000_000
#: Addresses of one name that are tried, one after the other.
MOST_TRIES = 4

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})


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
        sock: BoundedSocket | None = None
        try:
            sock = self._socket(target, deadline)
            request = http.client.HTTPConnection(target.host, target.port)
            request.sock = sock
            request.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            common = {"Host": target.origin.partition("://")[2], "User-Agent": self.agent, "Accept": "*/*"}
            common |= {"Accept-Encoding": "identity", "Connection": "close"}
            for name, value in {**common, **(headers or {})}.items():
                request.putheader(name, value)
            request.endheaders()
            response = http.client.HTTPResponse(sock, method=method)  # type: ignore[arg-type]
            with closing(response):
                response.begin()
                return response.status, response.headers, sock.body(response, min(most, MOST_BODY))
        except TooMuch:
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
            if sock is not None:
                sock.end()

    def _socket(self, target: Target, deadline: float) -> BoundedSocket:
        """A connection to an address that was judged, encrypted if need be."""
        sock = self._connected(self._addresses(target, deadline), target.port, deadline)
        try:
            if target.scheme == "https":
                sock.settimeout(seconds_left(deadline, self.clock))
                self._tls = self._tls or ssl.create_default_context()
                sock = self._tls.wrap_socket(sock, server_hostname=target.host)
        except BaseException:
            sock.close()
            raise
        return BoundedSocket(sock, deadline, self.clock)

    def _addresses(self, target: Target, deadline: float) -> list[str]:
        """The IP addresses of a host, looked up this once; Unanswered if a single one is not public."""
        try:
            found = [str(ipaddress.ip_address(target.host))]
        except ValueError:
            try:
                found = self.resolve(target.host, seconds_left(deadline, self.clock))
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
                return self.connect(address, port, seconds_left(deadline, self.clock) / (len(addresses) - place))
            except ConnectionRefusedError:
                troubles.append(LinkTrouble.REFUSED)
            except TimeoutError:
                troubles.append(LinkTrouble.TIMEOUT)
            except OSError:
                troubles.append(LinkTrouble.UNREACHABLE)
        # Nobody listens only if that is so at every address.
        raise Unanswered(max(troubles, key=lambda trouble: trouble != LinkTrouble.REFUSED))
