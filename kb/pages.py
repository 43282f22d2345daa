"""Finished pages, and what a request has to say to get one."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from comparisons.views.kept import Kept

from .compress import accepted, decode, encode, shrinks

#: Headers of the page that its 304 has too.
_OF_UNCHANGED = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cache-Control",
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Vary",
)
#: Headers that are made for each response.
_MADE = ("Content-Encoding", "Content-Length", "ETag")
#: Seconds after which a page is built anew whatever the stamps say: nobody announces a write when the writer is killed
#: right after its commit, or did not come through Django.
LIFETIME = 600


@dataclass(frozen=True)
class Asked:
    """A page that a request asks for. Equal ones get equal pages.

    script, path: where the site is mounted, and the path below that. query: the declared parameters in one order.
    headers: what of the request's headers reaches the page.
    """

    script: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def by(cls, request: HttpRequest, kept: Kept) -> Asked:
        """What a request asks of a view that is kept. Raises SuspiciousOperation for a query that cannot be read."""
        path = request.path_info
        query = urlencode(kept.pairs(request.GET)) if kept.fields and request.META.get("QUERY_STRING") else ""
        headers = tuple(sorted(kept.headers(request).items())) if kept.headers else ()
        return cls(request.path.removesuffix(path), path, query, headers)

    @property
    def digest(self) -> str:
        """A short name of the page, the same in every process."""
        text = repr((self.script, self.path, self.query, self.headers))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def request(self) -> HttpRequest:
        """A request that asks for this page, to build it before somebody does."""
        host = next(iter(settings.ALLOWED_HOSTS), "localhost").removeprefix(".")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": self.script,
            "PATH_INFO": self.path.encode().decode("latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
            "HTTP_ACCEPT_ENCODING": "br, gzip",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **dict(self.headers),
        }
        return WSGIRequest(environ)


@dataclass(frozen=True)
class Page:
    """A finished page.

    digest: that of what was asked. stamps: those of the tables that it was read from, when building it began.
    bodies: in those encodings in which it was asked for; an encoding is made once. until: when its LIFETIME is over, by
    the clock, which processes and machines that share pages have in common.
    """

    digest: str
    day: date
    stamps: Mapping[str, str]
    headers: Mapping[str, str]
    tag: str
    bodies: Mapping[str, bytes]
    until: float

    @classmethod
    def of(cls, response: HttpResponse, digest: str, day: date, stamps: Mapping[str, str]) -> Page:
        """The page that is a response which nothing has encoded."""
        headers = {name: value for name, value in response.items() if name not in _MADE}
        if shrinks(response):
            vary = headers.get("Vary", "")
            headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
        tag = hashlib.blake2b(response.content + repr(headers).encode(), digest_size=12).hexdigest()
        return cls(digest, day, stamps, headers, tag, {"": response.content}, time.time() + LIFETIME)

    def is_of(self, digest: str, stamps: Mapping[str, str]) -> bool:
        """Whether it is the page with this digest, as of today and of these stamps, and not too old."""
        return (
            self.digest == digest
            and time.time() < self.until
            and self.day == timezone.localdate()
            and all(stamps.get(table, "") == stamp for table, stamp in self.stamps.items())
        )

    def encoding(self, request: HttpRequest) -> str:
        """The encoding in which this client gets it; "" for none."""
        return accepted(request) if "Accept-Encoding" in self.headers.get("Vary", "") else ""

    def encoded(self, encoding: str) -> Page:
        """The same page with its body in an encoding as well. The body as it was written is not kept beside others."""
        if encoding in self.bodies:
            return self
        ready = {name: body for name, body in self.bodies.items() if name or not encoding}
        return replace(self, bodies={**ready, encoding: encode(self._plain(), encoding)})

    def _plain(self) -> bytes:
        known, body = next(iter(self.bodies.items()))
        return decode(body, known)

    def unchanged(self, request: HttpRequest) -> HttpResponse | None:
        """The response to a client that has this page already, or wants no other; None for any other client."""
        changed = parse_http_date_safe(self.headers.get("Last-Modified", ""))
        tag = self._tag(self.encoding(request))
        response: HttpResponse | None = get_conditional_response(request, etag=tag, last_modified=changed)
        if response is not None:
            _take_over(response, self.headers)
            response.headers["ETag"] = tag
        return response

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page as this client reads it."""
        encoding = self.encoding(request)
        body = self.bodies.get(encoding) or self._plain()
        made = {"ETag": self._tag(encoding), "Content-Length": str(len(body))}
        if encoding:
            made["Content-Encoding"] = encoding
        return HttpResponse(body, headers={**self.headers, **made})

    def _tag(self, encoding: str) -> str:
        """A strong entity tag: other bytes have another."""
        return f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'


class Unchanged(ConditionalGetMiddleware):
    """Django's own, for pages that are not kept; its 304 has those headers of the page too that caches renew by it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer = super().process_response(request, response)
        if answer is not response:
            _take_over(answer, response.headers)
            if not response.streaming and not response.has_header("Content-Encoding") and shrinks(response):
                # Compression, which stands outside, says so of a page with a body.
                patch_vary_headers(answer, ("Accept-Encoding",))
        return answer


def _take_over(unchanged: HttpResponseBase, headers: Mapping[str, str]) -> None:
    """Give the headers of a page to its 304."""
    for name in _OF_UNCHANGED:
        if name in headers:
            unchanged.headers[name] = headers[name]
