"""The outermost layer: what no answer may lack and no request may carry, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed

#: Longest address that is read, in characters.
MAX_ADDRESS = 8000


class Edge:
    """Set the headers of every answer; refuse TRACE, long addresses and characters no database keeps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.refusal(request) or self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        return response

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a request that is not looked at any further; None for all others."""
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS", "POST"])
        address = request.get_full_path()
        if len(address) > MAX_ADDRESS:
            return HttpResponse("The address is too long.", status=414, content_type="text/plain; charset=utf-8")
        if "\0" in request.path or "%00" in address or any("\ud800" <= c <= "\udfff" for c in request.path):
            return HttpResponseBadRequest(
                "The address contains a character that cannot be stored.", content_type="text/plain; charset=utf-8"
            )
        return None
