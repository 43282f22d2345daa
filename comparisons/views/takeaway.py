"""The pages that can be taken away: what a page shows, as a file in the format that the reader asks for."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.exchange import sheets, spreadsheets
from comparisons.exchange.spreadsheets import SheetTooLarge
from comparisons.models import subject
from comparisons.models.snapshot import snapshot

from .errors import log_seldom
from .limits import HOUR, count, counts, sender
from .paging import Paging

#: Rows that are read at once for a file, which costs more memory than what is shown; a file of more has several parts.
PART = 2_000
#: The same where each row takes a condition of its own in the query, of which a statement of SQLite may have 1,000.
FEW = 300
#: Cells that are written for one client within an hour, of files of every size: each takes 5 to 30 µs of CPU, so all of
#: them one to three minutes. Two files of 300,000 pros and cons have as many, or sixty of 10,000.
CELLS_AN_HOUR = 6_000_000
#: The bytes of a file that are kept in memory.
IN_MEMORY = 2_000_000
#: Held while a file of several parts is written, which may take minutes: a process writes one at a time, so that its
#: other threads are left to readers.
_WRITING = threading.Lock()
#: Seconds after which somebody may try again who came while one was written.
BUSY = 60

#: The content type of each format, and whether browsers are to show it and not to save it at once.
CONTENT_TYPES = {
    "csv": ("text/csv; charset=utf-8", False),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    "json": ("application/json", True),
    "md": ("text/markdown; charset=utf-8", True),
}


class SheetPart(HttpResponse):
    """What a view answers when it is asked for one part of a file. after: the query string of the next one, or ""."""

    def __init__(self, sheet: sheets.Sheet, after: str):
        super().__init__()
        self.sheet, self.after = sheet, after


def size(query: filters.QueryForm, on_screen: int, most: int | None = None) -> int:
    """How many rows of a list one page shows, or one part of a file holds."""
    return (most or PART) if query.params["format"] else on_screen


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    sheet: Callable[[dict[str, Any]], sheets.Sheet],
    draw: Callable[..., HttpResponse] = render,
) -> HttpResponse:
    """The page of a context or, if a format is asked for, what it shows as a file.

    context: with `query`; `paging` or `down` says which rows of how many these are, or `next` how the next ones are
    asked for. sheet: makes the table of a context. draw: makes the page. A file has all rows, unless one page is asked
    for. If they are more than one part, the view is asked for the other parts while the file is written.
    """
    query: filters.QueryForm = context["query"]
    format = query.params["format"]
    if not format:
        return draw(request, template, context)
    made, after = _counted(request, sheet(context)), _next(context)
    if getattr(request, "wants_part", False):
        return SheetPart(made, after)
    is_page = any(query.texts.get(name) for name in filters.PAGING)
    page = settings.SITE_URL + request.path + query.string(format=None)
    about = {"address": page, "day": timezone.localdate(), **_licence(), **_rows(context, is_whole=not is_page)}
    about["next"] = settings.SITE_URL + request.path + after if after and is_page else None
    named = ", ".join((made.title, *query.chosen_words))
    whole = replace(made, title=named, about={**about, **made.about})
    headers = _headers(request, format, page, about["next"])
    try:
        if after and not is_page:
            part = request.path + query.setting("page", 1) if "page" in query.fields else ""
            return _large(request, whole, format, headers, part)
        out = io.BytesIO()
        _write(out, whole, format)
    except SheetTooLarge:
        query.refuse("format", [format], _("Too large for such a file. Choose less, or take CSV."))
    return HttpResponse(out.getvalue(), headers=headers)


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The response to a client for whom CELLS_AN_HOUR were written, if it asks for a file; None for any other.

    To be asked before the file is made: to read what is in it costs as much as to write it.
    """
    if "format" not in request.GET or (counts().get(_allowance(request)) or 0) <= CELLS_AN_HOUR:
        return None
    reason = _("Your address has taken very much within an hour. Try again in an hour; pages can be read meanwhile.")
    return _refuse(request, 429, HOUR, _("Enough files for now"), reason)


def _counted(request: HttpRequest, sheet: sheets.Sheet) -> sheets.Sheet:
    """A table, or a part of one, whose cells count for the client."""
    rows = list(sheet.rows)
    count(_allowance(request), HOUR, by=len(sheet.columns) * len(rows))
    return replace(sheet, rows=rows)


def _allowance(request: HttpRequest) -> str:
    return f"files:{sender(request)}"


def _large(request: HttpRequest, sheet: sheets.Sheet, format: str, headers: dict[str, str], part: str) -> Any:
    """A file of several parts: written from one state of the database before the first byte is sent, and streamed.

    So neither a client that reads slowly keeps that state alive, nor does an error leave half a file. It costs little
    memory: a part at a time, and the rest in a temporary file. part: the address of the first part, which can be had
    while another file is written. Raises SheetTooLarge.
    """
    if not _WRITING.acquire(blocking=False):
        reason = _("Another large file is being written right now. Yours can be had in a minute.")
        return _refuse(request, 503, BUSY, _("One large file at a time"), reason, part)
    try:
        return FileResponse(_written(request, sheet, format), headers=headers)
    finally:
        _WRITING.release()


def _refuse(request: HttpRequest, status: int, seconds: int, title: str, reason: str, part: str = "") -> HttpResponse:
    shown = request.GET.copy()
    del shown["format"]
    page = request.path + (f"?{shown.urlencode()}" if shown else "")
    again = request.get_full_path() if status == 503 else ""
    context = {"title": title, "reason": reason, "again": again, "part": part, "page": page}
    response = HttpResponse(loader.get_template("file_refused.html").render(context), status=status)
    response["Retry-After"], response["Cache-Control"] = str(seconds), "no-store"
    if status == 503:
        log_seldom("Large files are answered with 503: another is being written", response)
    return response


def _written(request: HttpRequest, sheet: sheets.Sheet, format: str) -> Any:
    """A temporary file with all parts, to be read from its beginning."""
    file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    try:
        with snapshot():
            rows = (row for part in _parts(request) for row in part.rows)
            _write(file, replace(sheet, rows=rows), format)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _parts(request: HttpRequest) -> Iterator[sheets.Sheet]:
    """All parts of a file, each as the view answers it. Raises SheetTooLarge if they do not have the same columns."""
    match: Any = request.resolver_match
    asked: Any = copy(request)
    asked.wants_part, names = True, None
    while True:
        part = match.func(asked, *match.args, **match.kwargs)
        names, before = [column.name for column in part.sheet.columns], names
        if before not in (None, names):
            raise SheetTooLarge
        yield part.sheet
        if not part.after:
            return
        asked.GET = QueryDict(part.after.removeprefix("?"))


def _write(file: Any, sheet: sheets.Sheet, format: str) -> None:
    if format == "xlsx":
        spreadsheets.write(file, sheet, timezone.localdate())
    else:
        sheets.write(file, sheet, format)


def _licence() -> dict[str, Any]:
    here = subject.current()
    return {"publisher": here.name, "licence": here.text_licence, "licence_address": here.text_licence_url}


def _rows(context: dict[str, Any], *, is_whole: bool) -> dict[str, Any]:
    """Which rows of how many a file holds."""
    paging = context.get("paging") or context.get("down")
    if is_whole:
        total = context.get("total") if paging is None else paging.total
        return {} if total is None else {"total": total, "first": min(1, total), "last": total}
    if paging is None:
        return {name: context[name] for name in ("total", "first", "last") if name in context}
    return {"total": paging.total, "first": paging.first, "last": paging.last}


def _next(context: dict[str, Any]) -> str:
    """The query string of the rows after those that are shown; "" after the last."""
    query, paging, across = context["query"], context.get("paging") or context.get("down"), context.get("across")
    if paging is None:
        return query.setting("after", context["next"]) if context.get("next") else ""
    if paging.page < paging.pages:
        return query.string(page=paging.next)
    if isinstance(across, Paging) and across.page < across.pages:
        return query.string(page=None, across=across.next)  # a matrix goes on with its next columns
    return ""


def _headers(request: HttpRequest, format: str, page: str, after: str | None) -> dict[str, str]:
    place = slugify(request.path.replace("/", " ").replace(".", "-")) or "home"
    name = f"{slugify(subject.current().name)}-{place}-{timezone.localdate()}.{format}"
    content_type, is_for_reading = CONTENT_TYPES[format]
    kind = "inline" if is_for_reading else "attachment"
    return {
        "Content-Type": content_type,
        "Content-Disposition": f'{kind}; filename="{name}"',
        "Link": f'<{page}>; rel="canonical"' + (f', <{after}>; rel="next"' if after else ""),
        "X-Robots-Tag": "noindex",
        # Other sites may read what everybody gets.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
