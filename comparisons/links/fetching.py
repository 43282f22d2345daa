"""Fetch a page from another site. This is the only place from which the project makes requests.

An address may come from anybody, and so may the address that it redirects to. So these rules hold for each request and
for each redirect: only http and https, only the allowed ports, no user name. The host name is looked up once, every IP
address found has to be public, and the connection goes to one of these very addresses, so that the name cannot point
elsewhere in the meantime. Proxy variables, cookies and credentials are not used; compressed responses are neither
requested nor unpacked. Only the standard library is used, because it lets us provide the socket, and both the deadline
of a whole request and the limit of its bytes depend on that.
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

from .addresses import SCHEMES, FetchError, Target, is_public, target_of
from .pace import Pace, retry_after
from .sockets import BoundedSocket, TooLarge, connect, look_up, seconds_left

#: Most redirects that are followed, and most seconds for a request with all its redirects, without the pauses.
MAX_REDIRECTS, DEADLINE = 5, 10.0
#: Most bytes that are read of a body.
MAX_BODY = 1_000_000
#: Most IP addresses of one host name that are tried.
MAX_TRIES = 4

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})


@dataclass(frozen=True)
class Response:
    """The last response to a request, after all redirects.

    redirected: whether it comes from another address than the one requested.
    moved_to: the address to which permanent redirects led, up to the first temporary one; "" if the first one was
    temporary, or there was none. landed: the address that answered.
    """

    status: int
    headers: Message
    body: bytes
    redirected: bool
    moved_to: str
    landed: str

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the site asks us to wait, at most a day; None if it does not ask."""
        return retry_after(self.headers.get("Retry-After", ""), now)


class Fetcher:
    """Fetches pages, one request at a time.

    agent: the User-Agent; it says who we are. ports: the ports that may be fetched. allowed: each "host:port" that may
    be fetched whatever its IP address is: tests use servers on this machine, and an operator may have an index of
    packages. deadline: seconds for a request with its redirects. limit: most bytes of any body. The other options are
    for tests.
    """

    def __init__(
        self,
        agent: str,
        pace: Pace,
        *,
        ports: Collection[int] = tuple(SCHEMES.values()),
        allowed: Collection[str] = (),
        deadline: float = DEADLINE,
        limit: int = MAX_BODY,
        resolve: Callable[[str, float], list[str]] = look_up,
        connect: Callable[[str, int, float], Any] = connect,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.agent, self.pace, self.ports, self.allowed = agent, pace, frozenset(ports), frozenset(allowed)
        self.deadline, self.resolve, self.connect, self.clock = deadline, resolve, connect, clock
        self.limit = limit
        self._tls = tls

    def fetch(self, method: str, url: str, headers: Mapping[str, str] | None = None, most: int = 0) -> Response:
        """Fetch an address and follow its redirects. Raises FetchError if there is no response.

        headers: sent to this address, not to the addresses it redirects to. most: most bytes read of the body.
        """
        target, left, moved, lasting = target_of(url), self.deadline, "", True
        for hop in range(MAX_REDIRECTS + 1):
            self._require_allowed(target)
            self.pace.wait(target.host)
            start = self.clock()
            try:
                status, found, body = self._ask(method, target, headers if hop == 0 else None, most, start + left)
            finally:
                self.pace.requested(target.host)
                left -= self.clock() - start
            location = found.get("Location", "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
            if status not in REDIRECTS or not location:
                return Response(status, found, body, redirected=hop > 0, moved_to=moved, landed=target.url)
            target = self._next(target, location)
            lasting = lasting and status in PERMANENT_REDIRECTS
            moved = target.url if lasting else moved
        raise FetchError(LinkTrouble.REDIRECTS)

    def _next(self, target: Target, location: str) -> Target:
        try:
            url = urljoin(target.url, location)
        except ValueError:
            raise FetchError(LinkTrouble.NOT_ALLOWED) from None
        if "#" not in location and target.fragment:  # RFC 9110, 10.2.2: the fragment is inherited
            url = f"{url}#{target.fragment}"
        return target_of(url)

    def _require_allowed(self, target: Target) -> None:
        if target.port not in self.ports and target.host_and_port not in self.allowed:
            raise FetchError(LinkTrouble.NOT_ALLOWED)

    def _ask(
        self, method: str, target: Target, headers: Mapping[str, str] | None, most: int, deadline: float
    ) -> tuple[int, Message, bytes]:
        """Make one request, without following a redirect: status, headers, and the beginning of the body."""
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
                return response.status, response.headers, sock.body(response, min(most, self.limit))
        except TooLarge:
            raise FetchError(LinkTrouble.TOO_LARGE) from None
        except TimeoutError:
            raise FetchError(LinkTrouble.TIMEOUT) from None
        except ssl.SSLCertVerificationError:
            raise FetchError(LinkTrouble.CERTIFICATE) from None
        except ssl.SSLError:
            raise FetchError(LinkTrouble.ENCRYPTION) from None
        except http.client.RemoteDisconnected:
            raise FetchError(LinkTrouble.UNREACHABLE) from None
        except (http.client.HTTPException, ValueError):
            raise FetchError(LinkTrouble.BROKEN) from None
        except OSError:
            raise FetchError(LinkTrouble.UNREACHABLE) from None
        finally:
            if sock is not None:
                sock.end()

    def _socket(self, target: Target, deadline: float) -> BoundedSocket:
        """A connection to a host whose IP addresses have been checked; encrypted for https."""
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
        """The IP addresses of a host, looked up once. Raises FetchError unless every one of them is public."""
        try:
            found = [str(ipaddress.ip_address(target.host))]
        except ValueError:
            try:
                found = self.resolve(target.host, seconds_left(deadline, self.clock))
            except socket.gaierror as error:
                unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
                raise FetchError(LinkTrouble.NO_HOST if unknown else LinkTrouble.NAME_SERVER) from None
        if not found:
            raise FetchError(LinkTrouble.NO_HOST)
        if target.host_and_port not in self.allowed and not all(map(is_public, found)):
            raise FetchError(LinkTrouble.NOT_ALLOWED)
        return found[:MAX_TRIES]

    def _connected(self, addresses: list[str], port: int, deadline: float) -> Any:
        """A connection to the first address that accepts one; each gets an equal share of the time that is left."""
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
        # A host refuses connections only if all its addresses do.
        raise FetchError(max(troubles, key=lambda trouble: trouble != LinkTrouble.REFUSED))
