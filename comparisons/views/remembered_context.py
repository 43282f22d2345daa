"""What pages show, remembered until something that it was read from is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comparisons import filters
from comparisons.models import remembered
from comparisons.models.sealed import Sealed, read, written


def remembered_context(
    view: Callable[..., Any],
    query: filters.QueryForm | None,
    build: Callable[[], dict[str, Any]],
    *arguments: Hashable,
    sealed: Collection[str] = (),
) -> dict[str, Any]:
    """The context of a page, which is read again only if its queries find something else; with the query form.

    view, arguments: whose page it is, and what names it. build: reads all of the context, and uses nothing that was
    read before it was called; its `query` may be left out if it is this one. Each page gets a copy, so that what its
    records look up when they are shown is read each time. What `build` raises is not remembered. sealed: what of the
    context is `Sealed` on a page, since only parts that are `{% drawn %}` show it.
    """

    if query is not None and query.params.get("format"):
        return {"query": query, **build()}

    def packed() -> bytes:
        built = build()
        form = built.pop("query", query)
        shown: dict[str, Any] = {
            name: list(value) if isinstance(value, QuerySet) else value for name, value in built.items()
        }
        shown |= {name: Sealed(shown[name]) for name in sealed}
        return written((shown, form.names if form is not None else {}))

    key = (view, query.string() if query is not None else "", *arguments, timezone.localdate())
    context, names = read(remembered.made(key, packed))
    if query is None:
        return dict(context)
    query.names.update(names)
    return {**context, "query": query}
