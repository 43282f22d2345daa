"""Put an earlier state of a record back as one new save. Nothing in the history is changed; putting back adds to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from comparisons.history import reasons
from comparisons.history.states import State, present
from comparisons.models import Claim, StaleVersion

from . import state_writing, steps


@transaction.atomic
def put_back(row: Any, state: State, *, by: Any, saved_at: datetime) -> bool:
    """Save a record as it was, with its citations if it is a claim: one new save, under the rules of an edit.

    row: the record as its editor saw it. saved_at: when the state was saved, for the history. Returns whether anything
    changed. Raises StaleVersion if the record was saved since it was seen, ValidationError if the state is not valid
    today.
    """
    if not type(row)._base_manager.filter(pk=row.pk, version=row.version).exists():
        raise StaleVersion(row)
    now = present(row)
    if now == state:
        return False
    state_writing.set_fields(row, state)
    if isinstance(row, Claim):
        steps.prepare_edit(row, by=by, citations=now.parts != state.parts)
    state_writing.save(row, state, now, by=by, reason=reasons.put_back(saved_at))
    return True
