"""One page of a long list or axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404


@dataclass(frozen=True)
class Paging:
    """Which page of how many is shown. `first` and `last` are rows counted from 1; `page` runs from 1 to `pages`."""

    page: int
    pages: int
    first: int
    last: int
    total: int

    @property
    def is_part(self) -> bool:
        """Whether there are more rows than it shows."""
        return self.pages > 1

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1

    @classmethod
    def of(cls, total: int, size: int, page: int) -> Paging:
        """The page of this number, with `size` rows. Raises Http404 for a page past the end."""
        pages = max(1, -(-total // size))
        if page > pages:
            raise Http404
        return cls(page, pages, min((page - 1) * size + 1, total), min(page * size, total), total)

    @property
    def span(self) -> slice:
        """Where the rows of this page stand among all."""
        return slice(max(0, self.first - 1), self.last)

    def cut(self, rows: Any) -> Any:
        """The rows of this page, out of all rows or out of a queryset of them."""
        return rows[self.span]
