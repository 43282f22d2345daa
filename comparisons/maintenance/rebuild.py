"""Everything that is derived from the content, at once: cells, summaries of pros and cons, the index of the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from comparisons.evidence import cells
from comparisons.pros_cons import summaries
from comparisons.search import index as search_index


class Rebuilt(NamedTuple):
    """How many rows there are of each kind."""

    cells: int
    summaries: int
    entries: int


Progress = Callable[[str, int, int], None]


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Progress = lambda what, done, total: None) -> Rebuilt:
    """Compute all of it anew. progress: called with what is rebuilt, how much of it is done and the total."""

    def telling(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total)

    return Rebuilt(
        cells.rebuild(using, telling("frameworks")),
        summaries.rebuild(using, telling("claims")),
        search_index.rebuild(using, telling("records")),
    )
