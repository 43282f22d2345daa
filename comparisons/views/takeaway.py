"""The pages that can be taken away: what a page shows, as a file in the format that the reader asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from comparisons import filters
from comparisons.exchange import sheets
from comparisons.exchange.spreadsheets import spreadsheet
from comparisons.models import subject

from .paging import Paging

#: Most rows of a file; what is read costs more memory than what is shown. The next rows are a link away.
MOST = 2_000
#: Most rows where each takes a condition of its own in the query, of which a statement of SQLite may have 1,000.
FEW = 300

#: The content type of each format, and whether browsers are to show it and not to save it at once.
CONTENT_TYPES = {
    "csv": ("text/csv; charset=utf-8", False),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    "json": ("application/json", True),
    "md": ("text/markdown; charset=utf-8", True),
}


def size(query: filters.QueryForm, on_screen: int, most: int | None = None) -> int:
    """How many rows of a list one page shows, or one file holds."""
    return (most or MOST) if query.params["format"] else on_screen


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], sheet: Callable[[dict[str, Any]], sheets.Sheet]
) -> HttpResponse:
    """The page of a context or, if a format is asked for, what it shows as a file.

    context: with `query`; `paging` or `down` says which rows of how many these are, or `next` how the next ones are
    asked for. sheet: makes the table of a context.
    """
    query: filters.QueryForm = context["query"]
    format = query.params["format"]
    if not format:
        return render(request, template, context)
    made, after = sheet(context), _next(context)
    page = settings.SITE_URL + request.path + query.string(format=None)
    about = {
        "address": page,
        "day": timezone.localdate(),
        **_licence(),
        **_rows(context),
        "next": settings.SITE_URL + request.path + after if after else None,
    }
    named = ", ".join((made.title, *query.chosen_words))
    whole = replace(made, title=named, about={**about, **made.about})
    body = spreadsheet(whole, timezone.localdate()) if format == "xlsx" else sheets.written(whole, format)
    return _file(request, body, format, page, about["next"])


def _licence() -> dict[str, Any]:
    here = subject.current()
    return {"publisher": here.name, "licence": here.text_licence, "licence_address": here.text_licence_url}


def _rows(context: dict[str, Any]) -> dict[str, Any]:
    """Which rows of how many a file holds."""
    paging = context.get("paging") or context.get("down")
    if paging is None:
        return {name: context[name] for name in ("total", "first", "last") if name in context}
    return {"total": paging.total, "first": paging.first, "last": paging.last}


def _next(context: dict[str, Any]) -> str:
    """The query string of the rows after those that are shown; "" after the last."""
    query, paging, across = context["query"], context.get("paging") or context.get("down"), context.get("across")
    if paging is None:
        return query.string(after=context["next"]) if context.get("next") else ""
    if paging.page < paging.pages:
        return query.string(page=paging.next)
    if isinstance(across, Paging) and across.page < across.pages:
        return query.string(page=None, across=across.next)  # a matrix goes on with its next columns
    return ""


def _file(request: HttpRequest, body: bytes, format: str, page: str, after: str | None) -> HttpResponse:
    place = slugify(request.path.replace("/", " ").replace(".", "-")) or "home"
    name = f"{slugify(subject.current().name)}-{place}-{timezone.localdate()}.{format}"
    content_type, is_for_reading = CONTENT_TYPES[format]
    kind = "inline" if is_for_reading else "attachment"
    return HttpResponse(
        body,
        content_type=content_type,
        headers={
            "Content-Disposition": f'{kind}; filename="{name}"',
            "Link": f'<{page}>; rel="canonical"' + (f', <{after}>; rel="next"' if after else ""),
            "X-Robots-Tag": "noindex",
            # Other sites may read what everybody gets.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
