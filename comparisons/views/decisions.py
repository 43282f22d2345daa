"""Decision records: the result of a choice as a page, as Markdown and as JSON, kept under an address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comparisons import filters
from comparisons.models import DecisionRecord

from .decision_markdown import markdown
from .decision_state import by_weight, disputed, key_of, since, state_of
from .kept import kept
from .limits import is_over, sender

#: Longest title and context that a reader may give.
TITLE, CONTEXT = 120, 600
#: Records that one address may keep in an hour.
AN_HOUR = 20
#: Frameworks of the ranking that the page draws; the files have all.
SHOWN = 12
#: The files that the page leads to, in its order.
FILES = ("md", "json")


@kept(filters.DecisionDraftForm)
@csrf_exempt  # readers have no cookie, so there is nothing that another site could act with
@require_http_methods(["GET", "HEAD", "POST"])
def decision_draft(request: HttpRequest) -> HttpResponse:
    """The record of a choice as it would be kept today; a POST keeps it and leads to its address."""
    query = filters.DecisionDraftForm.read(request.POST if request.method == "POST" else request.GET)
    today = timezone.localdate()
    if request.method == "POST":
        return _keep(request, query, today)
    state = state_of(query, today)
    choice = settings.SITE_URL + reverse("comparisons:choose") + state["query"]
    if query.params["format"]:
        return _file(state, query.params["format"], choice)
    context = _context(state) | {
        "query": query,
        "choice": query.string(format=None),
        "files": [query.string(format=form) for form in FILES],
        "hidden": query.hidden("format", "q", "group", "page", "reasons_page"),
        "may_keep": settings.DECISION_RECORDS > 0,
        "longest": {"title": TITLE, "context": CONTEXT},
    }
    return render(request, "comparisons/decision.html", context)


def _keep(request: HttpRequest, query: filters.DecisionDraftForm, today: date) -> HttpResponse:
    """Keep a record, unless it is there; a page that says why if it cannot be kept."""
    if not settings.DECISION_RECORDS:
        raise Http404
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return _not_kept(request, query, 403, _("Records are kept from this site only."))
    title, context = _text(request, "title", TITLE), _text(request, "context", CONTEXT)
    if title is None or context is None:
        return _not_kept(request, query, 400, _("The title or the context is too long, or cannot be stored."))
    if is_over(f"decisions:{sender(request)}", AN_HOUR):
        return _not_kept(request, query, 429, _("Many records were kept from your address. Try again in an hour."))
    state = state_of(query, today, title, context)
    key = key_of(state)
    if not DecisionRecord.objects.filter(key=key).exists():
        if DecisionRecord.objects.count() >= settings.DECISION_RECORDS:
            return _not_kept(request, query, 503, _("This site keeps no more records. Take it away as a file."))
        DecisionRecord.objects.get_or_create(key=key, defaults={"day": today, "state": state})
    response = redirect("comparisons:decision", key)
    response.status_code = 303
    return response


def _text(request: HttpRequest, name: str, longest: int) -> str | None:
    """What a reader entered, on one line; None for what cannot be stored."""
    text = " ".join(request.POST.get(name, "").split())
    can_be_stored = text.isprintable() and not any("\ud800" <= character <= "\udfff" for character in text)
    return text if len(text) <= longest and can_be_stored else None


def _not_kept(request: HttpRequest, query: filters.DecisionDraftForm, status: int, why: str) -> HttpResponse:
    context = {"why": why, "choice": query.string(format=None)}
    response = render(request, "comparisons/decision_not_kept.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@kept(filters.RecordForm)
@require_safe
def decision(request: HttpRequest, key: str) -> HttpResponse:
    """A record as it was kept, beside what has changed since."""
    query = filters.RecordForm.read(request.GET)
    record = DecisionRecord.objects.filter(key=key).first()
    if record is None:
        raise Http404
    address = settings.SITE_URL + reverse("comparisons:decision", args=[key])
    if query.params["format"]:
        return _file(record.state, query.params["format"], address)
    today = timezone.localdate()
    context = _context(record.state) | {
        "query": query,
        "record": record,
        "address": address,
        "choice": record.state["query"],
        "files": [f"?format={form}" for form in FILES],
        "since": since(record.state, today),
    }
    return render(request, "comparisons/decision.html", context)


def _context(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of a state."""
    return {
        "section": "choose",
        "state": state,
        "day": date.fromisoformat(state["day"]),
        "weights": by_weight(state),
        "disputed": disputed(state),
        "shown": [{**one, "rank": rank} for rank, one in enumerate(state["ranking"][:SHOWN], start=1)],
    }


def _file(state: Mapping[str, Any], form: str, address: str) -> HttpResponse:
    if form == "json":
        return JsonResponse({**state, "address": address}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    text = markdown(state, address, settings.SITE_URL)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")
