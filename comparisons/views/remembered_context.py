"""What pages show, remembered until something that it was read from is written."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comparisons import filters
from comparisons.models import remembered


def remembered_context(
    view: Callable[..., Any], query: filters.QueryForm | None, build: Callable[[], dict[str, Any]], *arguments: Hashable
) -> dict[str, Any]:
    """The context of a page, which is read again only if its queries find something else; with the query form.

    view, arguments: whose page it is, and what names it. build: reads all of the context, and uses nothing that was
    read before it was called; its `query` may be left out if it is this one. Each page gets a copy, so that what its
    records look up when they are shown is read each time. What `build` raises is not remembered.
    """

    if query is not None and query.params.get("format"):
        return {"query": query, **build()}

    def packed() -> bytes:
        built = build()
        form = built.pop("query", query)
        read = {name: list(value) if isinstance(value, QuerySet) else value for name, value in built.items()}
        return pickle.dumps((read, form.names if form is not None else {}), pickle.HIGHEST_PROTOCOL)

    key = (view, query.string() if query is not None else "", *arguments, timezone.localdate())
    context, names = pickle.loads(remembered.made(key, packed))  # noqa: S301 (written by this process, just above)
    if query is None:
        return dict(context)
    query.names.update(names)
    return {**context, "query": query}
