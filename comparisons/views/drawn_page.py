"""Pages that are drawn once for what they show, like the parts that are `{% drawn %}`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader

from comparisons.models.drawn import drawn_once, pages
from comparisons.proof.shown_samples import has_samples

from .context import site


def drawn_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a context, as `render` makes it; drawn once for each path and all that its context holds.

    For pages whose context takes much less time to write down than the page takes to draw: small ones, and those whose
    large parts are `Sealed`. A page that asks the database while it is drawn is drawn each time.
    """
    shown = {**site(request), "has_samples": has_samples(), **context}
    told = {name: value for name, value in shown.items() if name != "subject"}  # which every digest includes
    body = drawn_once(
        pages,
        template,
        {**told, "request": request.path},
        lambda: loader.render_to_string(template, shown, request).encode(),
    )
    return HttpResponse(body)
