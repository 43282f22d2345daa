"""The read-only API: a list and a record of each resource, search, and the documents about it.

The parameters are read by the forms and FilterSets of the site, so that a program is refused where a reader is. What
OpenAPI says of them is made from the same declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from comparisons import filters
from comparisons.language import nouns
from comparisons.views.kept import Kept

from . import answers
from .parameters import ONE_NAMES, SEARCH_NAMES, described
from .resources import RESOURCES, Resource, offered


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return answers.data(_operations().document())


def docs(request: HttpRequest) -> HttpResponse:
    """The documentation for people, made from the same declarations, without script."""
    context = {
        "section": "data",
        "resources": [(one, _parameters(one), one.kind.names, f"{one.path}/{_key(one)}") for one in offered()],
        "searched": described(None),
    }
    return render(request, "comparisons/api_docs.html", context)


def _parameters(resource: Resource) -> list[dict[str, Any]]:
    return [one for one in described(resource) if one["name"] not in ("after", "limit", "fields")]


def _key(resource: Resource) -> str:
    return "/".join("{" + name + "}" for name in resource.kind.key) if resource.kind.page else ""


def root(request: HttpRequest) -> HttpResponse:
    """The resources with their addresses."""
    here = answers.address(request, "")
    found = {one.path: here + one.path for one in offered()} | {"search": f"{here}search"}
    return answers.data({**found, "openapi": f"{here}openapi.json", "documentation": f"{here}docs"})


def _operations() -> Any:
    """The operations, which are imported with the first request of a process."""
    with nouns.as_written():
        from . import operations

    return operations


def _operation(name: str) -> Callable[..., HttpResponse]:
    """The view of an operation."""

    def view(request: HttpRequest, **given: str) -> HttpResponse:
        view_of: Callable[..., HttpResponse] = _operations().VIEWS[name]
        return view_of(request, **given)

    return view


def _safe(view: Callable[..., HttpResponse], names: tuple[str, ...]) -> Callable[..., HttpResponse]:
    """A view that answers GET and HEAD, and OPTIONS for other sites; its responses are kept as pages are."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return answers.preflight()
        if request.method not in ("GET", "HEAD"):
            refused = answers.problem(405, "Method not allowed", "The API is read-only.")
            refused["Allow"] = answers.PREFLIGHT["Allow"]
            return refused
        asked, request.method = request.method, "GET"  # of HEAD the server leaves the body out
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = asked

    wrapped.kept = Kept({name: filters.QueryField() for name in names})  # type: ignore[attr-defined]
    wrapped.csrf_exempt = True  # type: ignore[attr-defined] # nothing can be changed
    return wrapped


def addresses(under: str) -> list[URLPattern]:
    """The addresses of the API, under one of the site."""
    operations: list[tuple[str, str, tuple[str, ...]]] = [("search", "search", SEARCH_NAMES)]
    for one in RESOURCES:
        name = one.path.replace("-", "_")
        operations.append((f"list_{name}", one.path, one.names))
        if one.kind.page:
            key = "<key>" if len(one.kind.key) == 1 else "<framework>/<criterion>"
            operations.append((f"get_{name}", f"{one.path}/{key}", ONE_NAMES))
    return [
        path(under, _safe(root, ()), name="api_root"),
        path(f"{under}openapi.json", _safe(openapi, ()), name="api_openapi"),
        path(f"{under}docs", _safe(docs, ()), name="api_docs"),
        *(
            path(f"{under}{route}", _safe(_operation(name), read), name=f"api_{name}")
            for name, route, read in operations
        ),
    ]
