"""Bring derived data up to date after a kill: with what was written last, not with everything.

Derived data follows a write right after its commit. A process that is killed in between leaves it behind; the history,
which is part of the commit, says what was written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max, Model

from comparisons.evidence import cells
from comparisons.models import Citation, Claim, Ruling
from comparisons.models.derived import FOLLOWED, touch
from comparisons.models.stamps import PageStamp

#: The name of the stamp that says with which writes derived data was last brought up to date.
CAUGHT_UP = "caught up"


def mark(using: str = DEFAULT_DB_ALIAS) -> str:
    """A word for all that was written so far; it is the same as long as nobody writes."""
    newest = [
        (model.__name__, _history(model).objects.using(using).aggregate(at=Max("pk"))["at"]) for model in _models()
    ]
    return hashlib.blake2b(repr(newest).encode(), digest_size=8).hexdigest()


def note(mark: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Note that derived data is up to date with what was written when this was the mark."""
    PageStamp.objects.using(using).update_or_create(table=CAUGHT_UP, defaults={"stamp": mark})


def is_noted(mark: str) -> bool:
    """Whether derived data is known to be up to date with this mark."""
    return PageStamp.objects.filter(table=CAUGHT_UP, stamp=mark).exists()


def catch_up(minutes: int, using: str = DEFAULT_DB_ALIAS) -> int:
    """Refresh what follows from the writes in this many minutes before the last one; return how many rows these wrote.

    Running it twice, or while others write, does no harm.
    """
    written = 0
    since = _since(minutes, using)
    for model in _models() if since else ():
        entries = _history(model).objects.using(using).order_by()
        key = model._meta.pk.attname
        pks = set(entries.filter(history_date__gte=since).values_list(key, flat=True))
        if not pks:
            continue
        written += len(pks)
        earlier = entries.filter(**{f"{key}__in": entries.filter(history_date__gte=since).values(key)}).distinct()
        if model is Citation:
            touch(Claim, set(earlier.values_list("claim_id", flat=True)), using, also_unseen=True)
        if model in (Claim, Ruling):
            # Those that they were moved from, too.
            pairs = set(earlier.values_list("framework_id", "criterion_id"))
            cells.refresh({pair for pair in pairs if None not in pair}, using)
        touch(model, pks, using, also_unseen=True)  # a draft may have been published until then
    return written


def count(minutes: int) -> int:
    """How many states `catch_up` would look at."""
    since = _since(minutes, DEFAULT_DB_ALIAS)
    return sum(_history(model).objects.filter(history_date__gte=since).count() for model in _models() if since)


def _since(minutes: int, using: str) -> dt.datetime | None:
    """So many minutes before the last write; None if there was none."""
    newest = [_history(model).objects.using(using).aggregate(at=Max("history_date"))["at"] for model in _models()]
    return max(filter(None, newest)) - dt.timedelta(minutes=minutes) if any(newest) else None


def _models() -> list[type[Model]]:
    """The models that derived data follows and that have a history."""
    followed = {model for kind in FOLLOWED.values() for model in kind.reaches}
    return sorted(filter(_history, followed), key=lambda model: model.__name__)


def _history(model: type[Model]) -> Any:
    """The model that holds the earlier states of a model; None without one."""
    return getattr(getattr(model, "history", None), "model", None)
