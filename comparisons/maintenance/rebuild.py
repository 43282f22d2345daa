"""Rebuild all derived data: the cells, the summaries of pros and cons, the index of the search and its names.

Then the comparisons as readers see them today are recorded. Their earlier editions cannot be worked out again, so they
stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from comparisons.evidence import cells
from comparisons.history import changes, editions
from comparisons.models import Claim
from comparisons.models.derived import paused
from comparisons.pros_cons import summaries
from comparisons.search import index as search_index
from comparisons.search import names as search_names

from . import recent

#: Written rows up to which it is always quicker to do only what follows from them.
FEW = 500


class Rebuilt(NamedTuple):
    """How many rows there are of each kind after a rebuild; of editions, how many comparisons had changed."""

    cells: int
    summaries: int
    entries: int
    editions: int


#: Called with the name of what is being read, such as "claims", how many are done, and how many there are.
Progress = Callable[[str, int, int], None]


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Progress = lambda what, done, total: None) -> Rebuilt:
    """Rebuild all derived data, and write changes of meaning that are not written yet. See Progress."""

    def progress_of(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total)

    mark = recent.mark(using)
    search_names.rebuild(using)
    with paused(search_index.ENTRIES, editions.EDITIONS):  # both hold what cells say, and are brought up to date below
        assessed = cells.rebuild(using, progress_of("frameworks"))
    changes.rebuild(using)
    rebuilt = Rebuilt(
        assessed,
        summaries.rebuild(using, progress_of("claims")),
        search_index.rebuild(using, progress_of("records")),
        editions.catch_up(using, progress_of("comparisons")),
    )
    recent.note(mark, using)
    return rebuilt


def ensure_current(minutes: int) -> int:
    """Bring derived data up to date with the writes in so many minutes before the last one, for the start of a server.

    Does nothing, in a few queries, if nobody has written since the last time. Returns how many rows were written.
    """
    mark = recent.mark()
    if recent.is_noted(mark):
        return 0
    if (written := recent.count(minutes)) > max(FEW, Claim.objects.count() // 10):
        # After a great import it takes less time to do everything anew.
        rebuild()
        return written
    written = recent.catch_up(minutes)
    recent.note(mark)
    return written
