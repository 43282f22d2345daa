"""Compression of pages, and the header that lets caches keep them."""

from __future__ import annotations

import gzip
import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from .edge import COOKIES_UNDER

try:
    import brotli
except ImportError:  # brotli is in the extra `serve`; without it pages are compressed by gzip
    brotli = None

#: Responses of fewer bytes are not compressed.
SHORTEST = 200
#: Level 5 of 11: smaller than gzip at its highest level, in the time that gzip takes at its default.
QUALITY = 5
#: The beginnings of content types that become smaller by compression.
_TEXT = (
    *("text/", "image/svg", "application/xml", "application/atom+xml"),
    *("application/json", "application/manifest+json"),
)
_ACCEPTS = {
    name: re.compile(rf"(?:^|[\s,]){name}(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))\s*(?:[,;]|$)") for name in ("br", "gzip")
}


def accepted(request: HttpRequest) -> str:
    """The encoding in which the client gets its response: "br", "gzip", or "" for none."""
    accepts = request.META.get("HTTP_ACCEPT_ENCODING", "")
    if brotli is not None and _ACCEPTS["br"].search(accepts):
        return "br"
    return "gzip" if _ACCEPTS["gzip"].search(accepts) else ""


def shrinks(response: HttpResponseBase) -> bool:
    """Whether compressing the body is worth it: it is a text, and not a short one."""
    is_text = response.get("Content-Type", "").startswith(_TEXT)
    return is_text and len(response.content) >= SHORTEST  # type: ignore[attr-defined]


def encode(body: bytes, encoding: str) -> bytes:
    """A body in an encoding that `accepted` names."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=QUALITY, mode=brotli.MODE_TEXT))
    return gzip.compress(body, 6, mtime=0) if encoding else body


def decode(body: bytes, encoding: str) -> bytes:
    """What `encode` was given."""
    if encoding == "br":
        return bytes(brotli.decompress(body))
    return gzip.decompress(body) if encoding else body


class Compress(GZipMiddleware):
    """Compress with brotli where it is installed and the client accepts it, else with gzip.

    From the length of a compressed page an eavesdropper can learn a secret that stands beside text of the attacker's
    choice (BREACH). Pages for readers contain no secret. Those of the admin do: Django's gzip pads them at random, and
    their CSRF token is masked differently in each response.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = not request.path_info.startswith(COOKIES_UNDER)
        if public and response.status_code in (200, 304):
            # Any cache may keep the page but must ask each time; the response is a 304 until the page changes.
            response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        if public and not response.streaming and (response.has_header("Content-Encoding") or not shrinks(response)):
            return response
        encoding = accepted(request)
        if response.streaming or not public or encoding == "gzip":
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        if not encoding:
            return response
        response.content = encode(response.content, "br")  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response["Content-Encoding"] = "br"
        etag = response.get("ETag")
        if etag and etag.startswith('"'):
            # The same page as different bytes.
            response["ETag"] = f"W/{etag}"
        return response
