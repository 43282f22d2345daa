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


def catch_up_unless_done(minutes: int) -> int:
    """As `catch_up`, but nothing at all if nobody has written since the last time: a restart costs a few queries.

    Stored and not kept in a process, since it is for the start of one.
    """
    newest = [(model.__name__, _history(model).objects.aggregate(at=Max("pk"))["at"]) for model in _models()]
    mark = hashlib.blake2b(repr(newest).encode(), digest_size=8).hexdigest()
    if PageStamp.objects.filter(table=CAUGHT_UP, stamp=mark).exists():
        return 0
    written = catch_up(minutes)
    PageStamp.objects.update_or_create(table=CAUGHT_UP, defaults={"stamp": mark})
    return written


def catch_up(minutes: int, using: str = DEFAULT_DB_ALIAS) -> int:
    """Refresh what follows from the writes in this many minutes before the last one; return how many rows these wrote.

    Running it twice, or while others write, does no harm.
    """
    models = _models()
    newest = [_history(model).objects.using(using).aggregate(at=Max("history_date"))["at"] for model in models]
    if not any(newest):
        return 0
    since = max(filter(None, newest)) - dt.timedelta(minutes=minutes)
    written = 0
    for model in models:
        entries = _history(model).objects.using(using).order_by()
        key = model._meta.pk.attname
        pks = set(entries.filter(history_date__gte=since).values_list(key, flat=True))
        if not pks:
            continue
        written += len(pks)
        earlier = entries.filter(**{f"{key}__in": entries.filter(history_date__gte=since).values(key)}).distinct()
        if model is Citation:
            touch(Claim, set(earlier.values_list("claim_id", flat=True)), using)
        if model in (Claim, Ruling):
            # Those that they were moved from, too.
            pairs = set(earlier.values_list("framework_id", "criterion_id"))
            cells.refresh({pair for pair in pairs if None not in pair}, using)
        touch(model, pks, using)
    return written


def _models() -> list[type[Model]]:
    """The models that derived data follows and that have a history."""
    followed = {model for kind in FOLLOWED.values() for model in kind.reaches}
    return sorted(filter(_history, followed), key=lambda model: model.__name__)


def _history(model: type[Model]) -> Any:
    """The model that holds the earlier states of a model; None without one."""
    return getattr(getattr(model, "history", None), "model", None)
