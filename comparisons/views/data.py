"""Everything to take away: the page that tells how, the files, and what programs read first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.exchange import data_files
from comparisons.exchange.sheets import md_text
from comparisons.models import Cell, Comparison, Framework, remembered, subject
from comparisons.proof.shown_samples import has_samples

from .kept import kept

_NAME = re.compile(r"[a-z0-9-]+-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:-[a-z0-9_-]+)?\.(?:jsonl|sqlite)\.gz")
#: Seconds for which a file may be kept without asking; that of a day may be written again on that day.
FRESH = 600


def open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    """Let other sites read a response that is the same for everybody."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@kept()
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """How to take away everything, or a part; two queries."""
    days = data_files.days()
    written = data_files.of_day(days[0]) if days else None
    context = {
        "section": "data",
        "written": written,
        "earlier": [found for day in days[1:] if (found := data_files.of_day(day))],
        "has_spreadsheets": "xlsx" in filters.FORMATS,
        "example": remembered.of(_example),
    }
    return render(request, "comparisons/data.html", context)


def _example() -> tuple[str, str] | None:
    """The framework and the criterion of the cell that most witnesses argue over; one query."""
    cells = Cell.objects.filter(framework__is_draft=False, criterion__is_draft=False, agreement="disputed")
    return cells.order_by("-witnesses", "pk").values_list("framework__slug", "criterion__slug").first()


@require_safe
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of a day, in pieces, with its checksum as the entity tag. Raises Http404 for any other name."""
    named = _NAME.fullmatch(name)
    written = next((found for day in data_files.days() if named and named["day"] == day.isoformat()
                    and (found := data_files.of_day(day))), None)  # fmt: skip
    told = next((file for file in written.files if file.name == name), None) if written else None
    if written is None or told is None:
        raise Http404
    tag = f'"{told.sha256}"'
    response: Any = get_conditional_response(request, etag=tag)
    if response is None:
        path = data_files.folder() / written.day.isoformat() / told.name
        try:
            response = FileResponse(path.open("rb"), as_attachment=True, filename=told.name)
        except FileNotFoundError:  # removed since it was named
            raise Http404 from None
        response.headers["Content-Type"] = "application/gzip"
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return open_to_all(response)


@kept()
@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """The records of the files as JSON Schema."""
    return open_to_all(JsonResponse(data_files.schema(), json_dumps_params={"indent": 1}))


@kept()
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """What this is and where everything is, for language models; three queries. Source: llmstxt.org."""
    here = subject.current()
    lead = here.title or _("Software compared by what cited sources say")
    licence = " ".join(filter(None, (here.text_licence, here.text_licence_url)))
    lists = {
        _("All data as files, and how to get any part"): "data",
        _("API"): "api_docs",
        _("How answers are worked out"): "method",
        _("The matrix of everything"): "matrix",
        _("All questions"): "criterion_list",
        _("Pros and cons"): "claim_list",
        _("Disagreements"): "disagreement_list",
        _("Benchmarks"): "benchmark_list",
        **({_("Samples: the same programs, run"): "sample_list"} if has_samples() else {}),
        _("Sources"): "article_list",
    }
    lines = [
        f"# {md_text(here.name)}",
        "",
        f"> {md_text(lead)}. " + _("Every statement is a claim that cites its sources, and says where they disagree."),
        "",
        _("Any table as data: add format=csv, json or md to the address of a matrix, list, answer or benchmark."),
        *([_("Licence of text and data: %s") % licence] if licence else []),
        *_linked(_("Where to begin"), ((title, reverse(f"comparisons:{name}"), "") for title, name in lists.items())),
        *_linked(
            _("Comparisons"),
            (
                (one.title, one.get_absolute_url(), "")
                for one in Comparison.objects.published().order_by("order", "title")[:50]
            ),
        ),
        *_linked(
            capfirst(here.noun_plural),
            (
                (one.name, one.get_absolute_url(), one.tagline)
                for one in Framework.objects.published().order_by("order", "name")[:100]
            ),
        ),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _linked(title: str, links: Iterable[tuple[str, str, str]]) -> list[str]:
    """A heading and its links: (name, path, note); nothing without links."""
    lines = [
        f"- [{md_text(name)}]({settings.SITE_URL}{path})" + (f": {md_text(note)}" if note else "")
        for name, path, note in links
    ]
    return ["", f"## {md_text(title)}", "", *lines] if lines else []
