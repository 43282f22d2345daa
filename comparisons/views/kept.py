"""What the store of pages (kb/store.py) has to know of a view: what of a request reaches its page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict

from comparisons import filters

View = TypeVar("View", bound=Callable[..., Any])
#: The only headers of a request that may reach a page, beside its encoding.
VARYING = ("HX-Request", "HX-History-Restore-Request")
#: Headers of a request, by their names in META.
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """A view whose pages are kept.

    fields: the parameters that it reads, by name and in one order. headers: what of a request's headers reaches the
    page. vary: the names of these headers in lower case.
    """

    fields: Mapping[str, filters.QueryField] = field(default_factory=dict)
    headers: Callable[[HttpRequest], Headers] | None = None
    vary: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters that it reads."""
        return tuple(self.fields)

    def pairs(self, data: QueryDict) -> list[tuple[str, str]]:
        """The parameters of a request that the view reads, as its form reads them: without blanks, none twice."""
        fields: Mapping[str, Any] = self.fields
        return [
            pair
            for name, one in fields.items()
            for pair in one.pairs(name, one.widget.value_from_datadict(data, {}, name))
        ]


def kept(
    form: type[filters.QueryForm] | type[filters.FilterSet] | None = None,
    headers: Callable[[HttpRequest], Headers] | None = None,
    vary: Collection[str] = (),
) -> Callable[[View], View]:
    """Keep the pages of a view. They depend on the path, the content, the day, and what is declared here alone.

    form: what reads the parameters; without one there are none.
    """

    if not set(vary) <= set(VARYING):
        raise ValueError("VARYING does not name all of these headers")

    def mark(view: View) -> View:
        view.kept = Kept(filters.fields_of(form), headers, frozenset(map(str.lower, vary)))  # type: ignore[attr-defined]
        return view

    return mark
