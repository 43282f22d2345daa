"""What the API answers, and what OpenAPI says of it (django-ninja).

Imported with the first request of a process, since it takes a tenth of the memory of a worker and few readers need it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from pydantic import Field, create_model

from comparisons import filters
from comparisons.exchange.public import Kind
from comparisons.models import subject
from comparisons.search.find import search as find
from comparisons.search.terms import count
from comparisons.views.errors import RETRY_AFTER, is_unavailable
from comparisons.views.problems import PROBLEM
from comparisons.views.search import MOST_WORDS, SIZE
from comparisons.views.search_rows import sections
from comparisons.views.sheets.records import search_sheet

from . import answers
from .parameters import ONE_NAMES, SEARCH_NAMES, described, only, path_parameter
from .resources import RESOURCES, Resource, offered

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
    return answers.data(resource.one(only(request.GET, ONE_NAMES), key, day))


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
    query = filters.SearchFilter(only(request.GET, SEARCH_NAMES)).form
    query.check()
    if count(query.params["q"]) > MOST_WORDS:
        query.refuse("q", query.texts["q"], f"Give at most {MOST_WORDS} words.")
    results = find(" ".join(query.params["q"].split()), exact=bool(query.params["exact"]))
    chosen = [hits for hits in results.hits if hits.pks and query.params["kind"] in (None, hits.kind)]
    total, more = sum(hits.total for hits in chosen), any(hits.more for hits in chosen)
    shown = [(section,) for section in sections(results, chosen, 0, SIZE, ())]
    sheet = search_sheet({"sections": shown, "text": query.params["q"], "total": total, "more": more})
    items = [
        {"kind": kind, "name": name.text, "says": says, "address": name.address}  # type: ignore[union-attr]
        for kind, name, says in sheet.rows
    ]
    return answers.data({"items": items, "total": total, "is_complete": not more and len(items) == total})


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


def document() -> Any:
    """The OpenAPI document, in the nouns of the subject and without what it has no records of."""
    found = api.get_openapi_schema(path_prefix=reverse("comparisons:api_root"))
    tags = {one.path for one in offered()} | {"search"}
    found["paths"] = {
        path: _in_nouns(operations)
        for path, operations in found["paths"].items()
        if not tags.isdisjoint(operations["get"]["tags"])
    }
    found["components"] = _in_nouns(found["components"])
    found["info"]["title"] = subject.current().name
    for operations in found["paths"].values():
        for status, told in operations["get"]["responses"].items():
            if status >= 400:
                told["content"] = {PROBLEM: next(iter(told["content"].values()))}
    return found


def _in_nouns(part: Any) -> Any:
    """A part of the document with its prose in the nouns of the subject, and without the titles made from names."""
    if isinstance(part, list):
        return [_in_nouns(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: gettext(value) if key in ("summary", "description") and isinstance(value, str) else _in_nouns(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str))
    }


#: The views of the operations by name.
VIEWS: dict[str, Callable[..., HttpResponse]] = {
    str(pattern.name): pattern.callback for pattern in api.urls[0] if isinstance(pattern, URLPattern)
}
