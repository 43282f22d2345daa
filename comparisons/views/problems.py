"""Errors for programs, as problems (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

#: Under which addresses programs ask.
PROGRAMS_UNDER = "/api/"
#: The content type of a problem.
PROBLEM = "application/problem+json"
#: Headers of every response: it is the same for everybody, so that any site may read it.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """An error, as a problem; nobody keeps it."""
    content = {"type": "about:blank", "title": title, "status": status}
    content |= {"detail": detail} if detail else {}
    headers = {**OPEN, "Cache-Control": "no-store"}
    body = json.dumps(content | more, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=PROBLEM, headers=headers)
