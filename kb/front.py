"""Answer again what Django has answered from the store before, without asking Django.

A request whose method, address and headers that reach a page are word for word those of an earlier one gets the same
response, headers and all, as long as the page is current. Everything else passes on to Django, which decides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from comparisons.models import stamps
from comparisons.views.kept import VARYING

from .gateway import Application, Environ, Headers, StartResponse
from .pages import Page

#: Responses that are remembered, most characters of what decides one, and most bytes of its body.
MOST, LONGEST, HEAVIEST = 256, 800, 128_000
#: What of a request decides its response, as WSGI names it. Cookies are dropped for readers, so they are not among it.
_DECIDING = (
    *("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    "HTTP_ACCEPT_ENCODING",
    *(f"HTTP_{name.upper().replace('-', '_')}" for name in VARYING),
)
#: Requests with one of these are for Django.
_SPECIAL = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING")
_OF_BODY = {"content-length", "content-type", "content-encoding"}


@dataclass(frozen=True)
class Repeatable:
    """What the store says of a response that may be given again while its page is current.

    count: counts a request for the page, under the stamps of its time.
    """

    page: Page
    count: Callable[[stamps.Stamps], None]


@dataclass(frozen=True)
class Given:
    """A response that was given. without_body: the headers of its 304."""

    repeatable: Repeatable
    headers: Headers
    without_body: Headers
    tag: str
    body: list[bytes]


class Front:
    """A WSGI application in front of Django's."""

    def __init__(self, application: Application):
        self.application = application
        self.given: OrderedDict[tuple[str | None, ...], Given] = OrderedDict()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("CONTENT_LENGTH", "") not in ("", "0"):
            return self.application(environ, start_response)
        if any(name in environ for name in _SPECIAL):
            return self.application(environ, start_response)
        key = tuple(map(environ.get, _DECIDING))
        given = self.given.get(key)
        if given is None:
            return self.learn(key, environ, start_response)
        try:
            now = stamps.current()
        except DatabaseError:
            return self.application(environ, start_response)
        page = given.repeatable.page
        if not page.is_of(page.digest, now.now):
            self.given.pop(key, None)
            return self.learn(key, environ, start_response)
        given.repeatable.count(now)
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked is not None:
            if asked.removeprefix("W/") != given.tag:
                return self.application(environ, start_response)
            start_response("304 Not Modified", given.without_body)
            return ()
        start_response("200 OK", given.headers)
        return given.body

    def learn(self, key: tuple[str | None, ...], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer, and remember the response if the store says that it may be given again."""
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *rest)

        # Django returns the response itself.
        response: Any = self.application(environ, start)
        repeatable: Any = getattr(response, "repeatable", None)
        is_small = repeatable is not None and len(str(key)) <= LONGEST and len(response.content) <= HEAVIEST
        if is_small and started[0][0].startswith("200"):
            headers = started[0][1]
            without_body = [pair for pair in headers if pair[0].lower() not in _OF_BODY]
            tag = dict(headers)["ETag"]
            self.given[key] = Given(repeatable, headers, without_body, tag, [response.content])
            while len(self.given) > MOST:
                self.given.popitem(last=False)
        found: Iterable[bytes] = response
        return found
