"""The outermost layer: what no answer may lack and no request may carry, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Longest address that is read, in characters.
MAX_ADDRESS = 8000
#: Largest body that is read, in bytes: an import of claims, with room to spare.
MAX_BODY = 25_000_000
#: Where somebody can be logged in. Cookies sent to any other address are dropped unread.
COOKIES_UNDER = "/admin/"


class Edge:
    """Set the headers of every answer; refuse TRACE, long addresses, large bodies and characters no database keeps.

    Readers are anonymous: no public page can depend on a cookie, nor be made to set one (as Django does for a
    malformed CSRF cookie), because it never sees any. So any of them may be kept by any cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(COOKIES_UNDER):
            request.META.pop("HTTP_COOKIE", None)
        response = self.refusal(request) or self.get_response(request)
        for name, value in self.headers(request, response).items():
            response.headers.setdefault(name, value)
        return response

    def headers(self, request: HttpRequest, response: HttpResponse) -> dict[str, str]:
        """What an answer carries unless its view says otherwise.

        Django's own middleware sets some of these too, but not on what is answered before it: static files,
        redirects to https, and the refusals of this layer.
        """
        headers = {
            "Content-Security-Policy": settings.CONTENT_SECURITY_POLICY,
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if not getattr(response, "xframe_options_exempt", False):
            headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        if request.is_secure() and settings.SECURE_HSTS_SECONDS:
            headers["Strict-Transport-Security"] = (
                f"max-age={settings.SECURE_HSTS_SECONDS}"
                + ("; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else "")
                + ("; preload" if settings.SECURE_HSTS_PRELOAD else "")
            )
        return headers

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a request that is not looked at any further; None for all others."""
        if request.method == "TRACE":
            response = refuse(405, "This method is not allowed.")
            response.headers["Allow"] = "GET, HEAD, OPTIONS, POST"
            return response
        address = request.get_full_path()
        if len(address) > MAX_ADDRESS:
            return refuse(414, "The address is too long.")
        if "\0" in request.path or "%00" in address or any("\ud800" <= c <= "\udfff" for c in request.path):
            return refuse(400, "The address contains a character that cannot be stored.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return refuse(400, "The length of the request is not a number.")
        if len(length) > 12 or int(length) > MAX_BODY:
            return refuse(413, "The request is too large.")
        return None


def refuse(status: int, reason: str) -> HttpResponse:
    """A short plain answer that nobody keeps."""
    return HttpResponse(
        f"{reason}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
