"""How many pages and files are made for one client: who asks for ever new searches, filters or addresses gets a pause.

It stands inside the store of pages: what is kept is given to everybody, as often as they like.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.template import loader

from comparisons.views import takeaway
from comparisons.views.clients import household
from comparisons.views.limits import count

from .edge import COOKIES_UNDER, GetResponse

#: Seconds in which pages are counted.
SPAN = 60
#: What a supervisor asks for all the time.
_FREE = ("/healthz", "/readyz")


class PagesPerClient:
    """Middleware that answers 429 to a client for whom PAGES_PER_MINUTE have been made in this minute."""

    def __init__(self, get_response: GetResponse):
        if not settings.PAGES_PER_MINUTE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A page that is built ahead is built for nobody.
        address = request.META.get("REMOTE_ADDR", "")
        if not address or request.path_info in _FREE:
            return self.get_response(request)
        if request.path_info.startswith(COOKIES_UNDER):  # editors log in, which is limited too (kb/attempts.py)
            return self.get_response(request)
        if (refused := takeaway.refusal(request)) is not None:
            return refused
        minute, passed = divmod(time.time(), SPAN)
        if count(f"pages:{household(address)}:{minute:.0f}", SPAN) <= settings.PAGES_PER_MINUTE:
            return self.get_response(request)
        return pause(int(SPAN - passed) + 1)


def pause(seconds: int) -> HttpResponse:
    """The response to a client who has to wait so many seconds; made without the database."""
    page = loader.get_template("429.html").render({"seconds": seconds})
    return HttpResponse(page, status=429, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})
