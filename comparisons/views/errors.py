"""What a page that fails is answered with: the address of what has moved, or a page that says what a reader can do."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from comparisons.filters import BadQuery

from . import redirects

#: Seconds after which a client may try again when the database did not answer.
RETRY_AFTER = 30
#: Seconds for which the answer that a record has moved may be kept: its former name may be given away one day.
KEPT = 3600


class ReaderErrors:
    """Turn what a reader can mend, or wait for, into a page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (Http404, BadQuery)) and (moved := redirects.address(request)):
            response: HttpResponse = HttpResponsePermanentRedirect(moved)
            response["Cache-Control"] = f"public, max-age={KEPT}"
            return response
        if isinstance(error, BadQuery):
            context = {"bad": error.bad, "without": request.path + error.without}
            response = render(request, "400.html", context, status=400)
        elif isinstance(error, OperationalError):
            response = render(request, "503.html", status=503)
            response["Retry-After"] = str(RETRY_AFTER)
        else:
            return None
        response["Cache-Control"] = "no-store"
        return response
