"""Pages for readers from a replica of the database, while the primary is left to editors.

A request of a reader that only reads gets a page made from the replica; everything else uses the primary: the admin,
whatever is written, and for a while the pages that an editor opens after a write. Not a database router: it would
choose for each query, and one page could then mix two states of the content. Here a request uses one database for
everything, SQL by hand included.

Whatever keeps finished pages must not keep one that has `request.from_replica` for longer than REPLICA_MAX_LAG, unless
it read what it keeps the page under from the replica too: the page may be older than the last write.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie

from .edge import COOKIES_UNDER, GetResponse

ALIAS = "replica"
#: Seconds between two looks at how far the replica is behind.
LOOK_EVERY = 1.0
#: Seconds for which a replica that does not answer is left alone.
AWAY = 10.0
#: Seconds beyond the greatest lag for which an editor goes on reading from the primary after a write.
MARGIN = 10

_PRIMARY_AT = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"
_REPLICA_AT = """SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
    - '0/0'::pg_lsn"""


def cookie_name() -> str:
    """The cookie of those who have just written. It says so and nothing else, and no page depends on it."""
    return "__Host-wrote" if settings.SESSION_COOKIE_SECURE else "wrote"


class ReadReplica:
    """Let the requests of readers use the replica while it is up to date; not used without one."""

    def __init__(self, get_response: GetResponse):
        if ALIAS not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.lag = Lag(settings.REPLICA_MAX_LAG)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if reads_only(request) and not has_written(request) and self.lag.is_small():
            response = self.with_replica(request)
            is_missing = response.status_code == 404 and self.lag.has_primary
            return self.looked_for_again(request) or response if is_missing else response
        response = self.get_response(request)
        if request.method == "POST" and request.path_info.startswith(COOKIES_UNDER) and response.status_code < 400:
            response.set_cookie(
                cookie_name(),
                "1",
                max_age=settings.REPLICA_MAX_LAG + MARGIN,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def looked_for_again(self, request: HttpRequest) -> HttpResponse | None:
        """What the primary has where the replica has nothing yet, such as a record that a reader has just kept.

        None if it has nothing either.
        """
        request.from_replica = False  # type: ignore[attr-defined]
        response = self.get_response(request)
        return response if response.status_code < 400 else None

    def with_replica(self, request: HttpRequest) -> HttpResponse:
        """The response, made while the replica stands in for the database in this thread, under its name.

        If the replica cannot be reached, the primary is used.
        """
        primary, replica = connections[DEFAULT_DB_ALIAS], connections[ALIAS]
        try:
            replica.ensure_connection()  # under its own name, by which connections of a pool are found
        except Error:
            return self.get_response(request)
        connections[DEFAULT_DB_ALIAS] = replica
        replica.alias = DEFAULT_DB_ALIAS
        request.from_replica = True  # type: ignore[attr-defined]
        request.has_primary = self.lag.has_primary  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            replica.alias = ALIAS
            connections[DEFAULT_DB_ALIAS] = primary


def reads_only(request: HttpRequest) -> bool:
    """Whether a request is that of a reader and cannot write."""
    return request.method in ("GET", "HEAD", "OPTIONS") and not request.path_info.startswith(COOKIES_UNDER)


def has_written(request: HttpRequest) -> bool:
    """Whether an editor who has just written sent this request.

    Read from the header: `request.COOKIES` would be kept, and pages for readers must see no cookie.
    """
    header = request.META.get("HTTP_COOKIE", "")
    return cookie_name() in header and cookie_name() in parse_cookie(header)


class Lag:
    """How far the replica is behind, looked at once a second at most by each process.

    The primary is asked for the end of its log, the replica how far it has followed. Once the replica has got to a
    place where the primary was at a time, it holds all that was committed by then. The replica's own clock says less:
    one that has lost its primary thinks that it is up to date.
    """

    def __init__(self, most: float, clock: Callable[[], float] = time.monotonic):
        self.most = most
        self.clock = clock
        #: Places of the primary that the replica has not reached yet, each with the time.
        self.ahead: deque[tuple[float, int]] = deque()
        self.holds_all_until = float("-inf")
        self.next_look = float("-inf")
        self.usable = False
        #: Whether the primary answered when it was asked last.
        self.has_primary = True
        self.lock = threading.Lock()

    def is_small(self) -> bool:
        """Whether readers may use the replica."""
        now = self.clock()
        if now >= self.next_look and self.lock.acquire(blocking=False):
            try:
                self.next_look = now + LOOK_EVERY
                self.look(now)
            finally:
                self.lock.release()
        return self.usable

    def look(self, now: float) -> None:
        """Compare the two. While the primary is away nothing can be newer than the replica, so readers may use it."""
        try:
            primary = place(DEFAULT_DB_ALIAS, _PRIMARY_AT)
        except Error:
            primary = None
        self.has_primary = primary is not None
        try:
            replica = place(ALIAS, _REPLICA_AT)
        except Error:
            self.usable, self.next_look = False, now + AWAY
            return
        if primary is None:
            self.usable, self.next_look = True, now + AWAY
            return
        self.ahead.append((now, primary))
        while self.ahead and self.ahead[0][1] <= replica:
            self.holds_all_until = self.ahead.popleft()[0]
        if len(self.ahead) > 2 * self.most / LOOK_EVERY + 2:
            self.ahead.pop()  # the oldest decide
        self.usable = now - self.holds_all_until <= self.most


def place(alias: str, question: str) -> int:
    """How many bytes of the log a server has written or followed."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(question)
            return int(cursor.fetchone()[0])
    except Error:
        connections[alias].close()
        raise
