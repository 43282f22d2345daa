"""The read-only API: a list and a record of each resource, search, and the documents about it (django-ninja).

The parameters are read by the forms and FilterSets of the site, so that a program is refused where a reader is. What
OpenAPI says of them is made from the same declarations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from pydantic import Field, create_model

from comparisons import filters
from comparisons.exchange.public import Kind
from comparisons.exchange.public_kinds import kinds
from comparisons.models import subject
from comparisons.search.find import search as find
from comparisons.search.terms import count
from comparisons.views.errors import RETRY_AFTER, is_unavailable
from comparisons.views.kept import Kept
from comparisons.views.problems import PROBLEM
from comparisons.views.search import MOST_WORDS, SIZE
from comparisons.views.search_rows import sections
from comparisons.views.sheets.records import search_sheet

from . import answers
from .parameters import described, path_parameter
from .resources import RESOURCES, Resource

_TYPES: dict[str, Any] = {"string": str, "integer": int, "boolean": bool, "array": list[Any]}

api = NinjaAPI(
    title="Crosscheck",
    version="1",
    description="Read-only, without a key: what readers see, as JSON. Pages by key, ETag and 304, open to other sites.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None


class FoundOut(Schema):
    """A record that a search found."""

    kind: str
    name: str
    says: str
    address: str


class SearchOut(Schema):
    """What a search found."""

    items: list[FoundOut]
    total: int
    is_complete: bool


def _class_name(name: str) -> str:
    return name.title().replace("_", "")


def _model(kind: Kind) -> Any:
    """The records of a kind, as OpenAPI describes them. With `fields` some are left out, so that none is required."""
    columns: dict[str, Any] = {
        field.name: (_TYPES[field.type] | None, Field(None, json_schema_extra=_format(field.format)))
        for field in kind.columns
    }
    columns |= {one.name: (list[str] | None, None) for one in kind.lists}
    columns |= {"address": (str | None, None)} if kind.page else {}
    return create_model(f"{_class_name(kind.name)}Record", __base__=Schema, __doc__=kind.title, **columns)


def _format(format: str) -> dict[str, Any]:
    return {"format": format} if format else {}


MODELS = {kind.name: _model(kind) for kind in {resource.kind.name: resource.kind for resource in RESOURCES}.values()}
PAGES = {
    name: create_model(
        f"{_class_name(name)}Page",
        __base__=Schema,
        items=(list[model], ...),  # type: ignore[valid-type]
        next=(str | None, None),
    )
    for name, model in MODELS.items()
}
PROBLEMS: dict[Any, Any] = {400: ProblemOut, 404: ProblemOut}


def _list_view(resource: Resource) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        items, after = resource.page(request.GET, timezone.localdate())
        following = answers.address(request, after) if after else ""
        return answers.data({"items": items, "next": following or None}, following)

    return view


def _one_view(resource: Resource) -> Callable[..., HttpResponse]:
    key = resource.kind.key
    if len(key) == 1:

        def view(request: HttpRequest, key: str) -> HttpResponse:
            return _one(request, resource, {resource.kind.key[0]: key}, timezone.localdate())

        return view

    def view_of_pair(request: HttpRequest, framework: str, criterion: str) -> HttpResponse:
        return _one(request, resource, {"framework": framework, "criterion": criterion}, timezone.localdate())

    return view_of_pair


def _one(request: HttpRequest, resource: Resource, key: dict[str, str], day: dt.date) -> HttpResponse:
    return answers.data(resource.one(request.GET, key, day))


for _resource in RESOURCES:
    _name = _resource.path.replace("-", "_")
    api.get(
        f"/{_resource.path}",
        response={200: PAGES[_resource.kind.name], **PROBLEMS},
        operation_id=f"list_{_name}",
        summary=_resource.title,
        url_name=f"list_{_name}",
        tags=[_resource.path],
        openapi_extra={"parameters": described(_resource)},
    )(_list_view(_resource))
    if _resource.kind.page:
        _path = "{key}" if len(_resource.kind.key) == 1 else "{framework}/{criterion}"
        api.get(
            f"/{_resource.path}/{_path}",
            response={200: MODELS[_resource.kind.name], **PROBLEMS},
            operation_id=f"get_{_name}",
            summary=f"One of: {_resource.title}",
            url_name=f"get_{_name}",
            tags=[_resource.path],
            openapi_extra={"parameters": [path_parameter(_resource.kind)]},
        )(_one_view(_resource))


@api.get(
    "/search",
    response={200: SearchOut, **PROBLEMS},
    operation_id="search",
    summary="Records that hold all the words",
    url_name="search",
    tags=["search"],
    openapi_extra={"parameters": described(None)},
)
def search(request: HttpRequest) -> HttpResponse:
    """Records of every kind, or with `kind` of one, the best first; as many queries as the page takes."""
    query = filters.SearchFilter(request.GET).form
    query.check()
    if count(query.params["q"]) > MOST_WORDS:
        query.refuse("q", query.texts["q"], f"Give at most {MOST_WORDS} words.")
    results = find(" ".join(query.params["q"].split()), exact=bool(query.params["exact"]))
    chosen = [hits for hits in results.hits if hits.pks and query.params["kind"] in (None, hits.kind)]
    total, more = sum(hits.total for hits in chosen), any(hits.more for hits in chosen)
    shown = sections(results, chosen, 0, SIZE, ())
    sheet = search_sheet({"sections": shown, "text": query.params["q"], "total": total, "more": more})
    items = [
        {"kind": kind, "name": name.text, "says": says, "address": name.address}  # type: ignore[union-attr]
        for kind, name, says in sheet.rows
    ]
    return answers.data({"items": items, "total": total, "is_complete": not more and len(items) == total})


#: What the search reads.
SEARCH_NAMES = ("q", "exact", "kind")


@api.exception_handler(filters.BadQuery)
def _bad_query(request: HttpRequest, error: filters.BadQuery) -> HttpResponse:
    return answers.bad_query(request, error)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answers.problem(404, "Not found", "There is no such record, or it is not published.")


@api.exception_handler(DatabaseError)
def _unavailable(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    if not is_unavailable(error):
        raise error
    response = answers.problem(503, "The database does not answer", "Try again in a while.")
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    described = api.get_openapi_schema(path_prefix=reverse("comparisons:api_root"))
    described["info"]["title"] = subject.current().name
    for operations in described["paths"].values():
        for status, told in operations["get"]["responses"].items():
            if status >= 400:
                told["content"] = {PROBLEM: next(iter(told["content"].values()))}
    return answers.data(described)


def docs(request: HttpRequest) -> HttpResponse:
    """The documentation for people, made from the same declarations, without script."""
    context = {
        "section": "data",
        "resources": [(one, _parameters(one), one.kind.names, f"{one.path}/{_key(one)}") for one in _offered()],
        "searched": described(None),
    }
    return render(request, "comparisons/api_docs.html", context)


def _offered() -> list[Resource]:
    """The resources that the subject has records of. The others answer too, with nothing."""
    has = {kind.name for kind in kinds()}
    return [one for one in RESOURCES if one.kind.name in has]


def _parameters(resource: Resource) -> list[dict[str, Any]]:
    return [one for one in described(resource) if one["name"] not in ("after", "limit", "fields")]


def _key(resource: Resource) -> str:
    return "/".join("{" + name + "}" for name in resource.kind.key) if resource.kind.page else ""


def root(request: HttpRequest) -> HttpResponse:
    """The resources with their addresses."""
    here = answers.address(request, "")
    found = {one.path: here + one.path for one in _offered()} | {"search": f"{here}search"}
    return answers.data({**found, "openapi": f"{here}openapi.json", "documentation": f"{here}docs"})


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
    names = {f"list_{one.path.replace('-', '_')}": one.names for one in RESOURCES}
    names |= {f"get_{one.path.replace('-', '_')}": ("fields",) for one in RESOURCES}
    names["search"] = SEARCH_NAMES
    found = [
        path(under, _safe(root, ()), name="api_root"),
        path(f"{under}openapi.json", _safe(openapi, ()), name="api_openapi"),
        path(f"{under}docs", _safe(docs, ()), name="api_docs"),
    ]
    for pattern in api.urls[0]:
        name, view = str(getattr(pattern, "name", "")), getattr(pattern, "callback", None)
        if view is not None and name in names:
            found.append(path(f"{under}{pattern.pattern}", _safe(view, names[name]), name=f"api_{name}"))
    return found
