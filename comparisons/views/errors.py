"""The answers to requests that fail: the new address of what has moved, or a page that says what a reader can do."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import InterfaceError, InternalError, OperationalError, models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils.log import log_response
from django.utils.text import capfirst

from comparisons.filters import BadQuery
from comparisons.maintenance import failures
from comparisons.models import subject

from . import redirects, suggestions
from .problems import PROGRAMS_UNDER, problem

#: Seconds after which a client may try again when the database did not answer.
RETRY_AFTER = 30
#: The code with which PostgreSQL refuses a write while it is read-only.
READ_ONLY = "25006"
#: Fields by which a form knows itself again, and its buttons.
_OWN_OF_FORMS = re.compile(r"^(csrfmiddlewaretoken|read_version|next|_.*|.*initial-.*)$|_FORMS$|-id$")
#: The name of a field in a row beneath a record.
_ROW = re.compile(r"(.+)-([0-9]{1,4})-(.+)")
#: Seconds for which the log does not say again for what reason many requests are answered with 503.
SAID_FOR = 60

logger = logging.getLogger(__name__)
#: When that was said last, by reason.
_said_at: dict[str, float] = {}


class ReaderErrors:
    """Middleware that turns errors into answers a reader can act on.

    A page that is not found, or a value that cannot be used, may name a record by a former slug: then it redirects.
    Other values that cannot be used give the page that names them, a database that does not answer gives a 503.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        subject.current()  # before any text is looked up: each is in the nouns of the subject
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (Http404, BadQuery)) and (moved := redirects.address(request)):
            return redirects.permanent(moved)
        if isinstance(error, BadQuery):
            context = {"bad": error.bad, "without": request.path + error.without}
            response = render(request, "400.html", context, status=400)
        elif is_unavailable(error):
            context = {"unsaved": unsaved(request), "path": request.get_full_path()}
            response = render(request, "503.html", context, status=503)
            response["Retry-After"] = str(RETRY_AFTER)
            log_unavailable(error, response)
        else:
            return None
        response["Cache-Control"] = "no-store"
        return response


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the database is away, busy, full or read-only, so that the same request may succeed later."""
    cause = getattr(error, "__cause__", None)
    is_read_only = isinstance(error, InternalError) and getattr(cause, "sqlstate", "") == READ_ONLY
    return is_read_only or isinstance(error, (OperationalError, InterfaceError))


def log_unavailable(error: BaseException | None, response: HttpResponse) -> None:
    """Say once a minute why readers get a 503 page, instead of a line or a traceback for each of them."""
    log_seldom("The database is unavailable, and pages are answered with 503", response, failures.words(error))


def log_seldom(reason: str, response: HttpResponse, *more: str) -> None:
    """Say once a minute for what reason requests get a response like this one. more: what need not be the same."""
    if time.monotonic() - _said_at.get(reason, float("-inf")) > SAID_FOR:
        _said_at[reason] = time.monotonic()
        logger.error("%s", ": ".join((reason, *more)))
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django looks at it before it logs a response


def unsaved(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that could not be saved, in order, to be sent again; empty for any other request.

    A form with a password is not shown again.
    """
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def entered(pairs: list[tuple[str, str]], path: str = "") -> list[tuple[str, str]]:
    """Those fields of a form that somebody typed, by their labels: “Citations 1: locator”.

    path: where the form was sent; of a page of the admin, it says which record the fields are of. What the form says of
    itself is left out, such as its token and the number of its rows.
    """
    own = _model_of(path)
    return [(_in_words(name, own), value) for name, value in pairs if value and not _OWN_OF_FORMS.search(name)]


def _in_words(name: str, own: type[models.Model] | None) -> str:
    of_row = _ROW.fullmatch(name)
    if of_row is None:
        return capfirst(_label(name, own))
    rows, number, column = of_row.groups()
    beneath = getattr(_field(own, rows), "related_model", None)
    rows = beneath._meta.verbose_name_plural if beneath else rows.replace("_", " ")
    return capfirst(f"{rows} {int(number) + 1}: {_label(column, beneath)}")


def _label(name: str, own: type[models.Model] | None) -> str:
    """What forms call a field: as its model does, or else as all models do that have one of this name."""
    field = _field(own, name)
    found = {str(one.verbose_name) for one in [field] if hasattr(one, "verbose_name")}
    if not found:
        kinds = [kind for kind in apps.get_app_config("comparisons").get_models() if not hasattr(kind, "history_type")]
        fields = (_field(kind, name) for kind in kinds)
        found = {str(one.verbose_name) for one in fields if hasattr(one, "verbose_name")}
    return found.pop() if len(found) == 1 else name.replace("_", " ")


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None


def _model_of(path: str) -> type[models.Model] | None:
    """The model whose records a page of the admin is about, if it is one."""
    try:
        found = resolve(path.partition("?")[0])
        app, model, _page = str(found.url_name).split("_", 2)
        return apps.get_model(app, model) if found.app_name == "admin" else None
    except (Resolver404, ValueError, LookupError):
        return None


def _words_of(path: str) -> str:
    """Up to five words from an address, without its section, as a guess at what the reader was looking for."""
    section, _slash, rest = unquote(path).strip("/").partition("/")
    return " ".join(re.findall(r"[^\W_]{2,40}", rest or section)[:5])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django itself refuses, without reading anything of it, and log why in one line."""
    response = HttpResponse(loader.get_template("400_plain.html").render(), status=400)
    log_response("Refused: %.200s", exception, response=response, request=request)
    return response


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that the account has no right to make: whose it is, and what it lacks where that is known."""
    account = getattr(request, "_cached_user", None)  # only if it was looked up already: this page needs no database
    name = account.get_username() if account is not None and account.is_authenticated else ""
    context = {"account": name, "lacking": str(exception or "")}
    return HttpResponse(loader.get_template("403.html").render(context), status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token: say what happened, and show what was entered if our own page sent it."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    context = {"path": request.get_full_path(), "unsaved": unsaved(request) if is_ours else []}
    return HttpResponse(loader.get_template("403_csrf.html").render(context), status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for a record that does not exist and for one that is not published.

    It names pages with nearly the same address; at most eight queries, none for an address that can name no record.
    """
    if request.path_info.startswith(PROGRAMS_UNDER):
        return problem(404, "Not found", "There is no such resource.")
    context = {
        "path": request.path[:200],
        "words": _words_of(request.path),
        "suggestions": suggestions.for_path(request.path),
    }
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an unexpected error. It needs no database and no manifest; plain text if the template fails too."""
    try:
        context = {"request_id": request.headers.get("X-Request-ID", "")}
        return HttpResponseServerError(loader.get_template("500.html").render(context))
    except Exception:  # the last resort must not fail itself
        text = "Something went wrong on our side. Nothing you entered was at fault.\n"
        return HttpResponseServerError(text, content_type="text/plain; charset=utf-8")
