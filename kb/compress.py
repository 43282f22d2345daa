"""Pages on their way out: compressed, and asked for anew only when they have changed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.regex_helper import _lazy_re_compile

from .edge import COOKIES_UNDER

try:
    import brotli
except ImportError:  # an extra of the deployed site; gzip does without
    brotli = None

#: Shorter answers gain nothing.
SHORTEST = 200
#: Level 5 of 11: smaller than gzip at its best, in the time of gzip at its usual.
QUALITY = 5
TAKES_BROTLI = _lazy_re_compile(r"(?:^|[\s,])br(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))\s*(?:[,;]|$)")


class Compress(GZipMiddleware):
    """Brotli where it is installed and understood, else gzip.

    What a page's length can tell an eavesdropper (BREACH) is a secret beside text of the attacker's choice. Pages for
    readers hold no secret. Those under the admin do: they are left to Django's gzip, which pads them at random, and
    whose CSRF token is masked anew for each answer.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = not request.path_info.startswith(COOKIES_UNDER)
        if public and response.status_code in (200, 304):
            # Kept anywhere and asked about each time: the answer is a 304 as long as nothing changed.
            response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        if (
            brotli is None
            or response.streaming
            or response.has_header("Content-Encoding")
            or not public
            or len(response.content) < SHORTEST  # type: ignore[attr-defined]
            or not TAKES_BROTLI.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = brotli.compress(response.content, quality=QUALITY, mode=brotli.MODE_TEXT)  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response["Content-Encoding"] = "br"
        etag = response.get("ETag")
        if etag and etag.startswith('"'):
            # The same page in other bytes.
            response["ETag"] = f"W/{etag}"
        return response
