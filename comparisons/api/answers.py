"""Responses of the API: JSON that other sites may read."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comparisons.filters import BadQuery
from comparisons.views.problems import OPEN, problem

#: What a browser of another site is told that it may send.
PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def data(content: Any, following: str = "") -> HttpResponse:
    """A response with data. following: the address of the next page."""
    body = json.dumps(content, ensure_ascii=False)
    link = {"Link": f'<{following}>; rel="next"'} if following else {}
    return HttpResponse(body, content_type="application/json", headers={**OPEN, **link})


def preflight() -> HttpResponse:
    """What may be asked."""
    return HttpResponse(status=204, headers={**OPEN, **PREFLIGHT})


def bad_query(request: HttpRequest, error: BadQuery) -> HttpResponse:
    """The values that cannot be used, and the address without them."""
    errors = [{"parameter": one.name, "value": one.value, "detail": str(one.message)} for one in error.bad]
    named = ", ".join(dict.fromkeys(one.name for one in error.bad))
    return problem(400, "Some values cannot be used", f"See errors: {named}.", errors=errors)


def address(request: HttpRequest, query: str) -> str:
    """The absolute address of what is asked, with another query string."""
    return settings.SITE_URL + request.path + query
