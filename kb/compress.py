"""Compression of pages, and the header that lets caches keep them."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.regex_helper import _lazy_re_compile

from .edge import COOKIES_UNDER

try:
    import brotli
except ImportError:  # brotli is in the extra `serve`; without it pages are compressed by gzip
    brotli = None

#: Responses of fewer bytes are not compressed.
SHORTEST = 200
#: Level 5 of 11: smaller than gzip at its highest level, in the time that gzip takes at its default.
QUALITY = 5
ACCEPTS_BROTLI = _lazy_re_compile(r"(?:^|[\s,])br(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))\s*(?:[,;]|$)")


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
        if (
            brotli is None
            or response.streaming
            or response.has_header("Content-Encoding")
            or not public
            or len(response.content) < SHORTEST  # type: ignore[attr-defined]
            or not ACCEPTS_BROTLI.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = brotli.compress(response.content, quality=QUALITY, mode=brotli.MODE_TEXT)  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response["Content-Encoding"] = "br"
        etag = response.get("ETag")
        if etag and etag.startswith('"'):
            # The same page as different bytes.
            response["ETag"] = f"W/{etag}"
        return response
