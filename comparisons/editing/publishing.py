"""Publish frameworks and criteria that were drafts, with everything that is said about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from comparisons.history.recording import set_reason
from comparisons.models.permissions import PUBLISH

from .steps import demand


@transaction.atomic
def publish_drafts(rows: Iterable[Any], *, by: Any) -> list[Any]:
    """Let readers see these frameworks or criteria and their published claims; return those that were drafts.

    Raises PermissionDenied, and StaleVersion if one was saved since it was read.
    """
    demand(by, PUBLISH)
    published = []
    for row in rows:
        if row.is_draft:
            row.is_draft = False
            set_reason(row, by=by)
            row.save()
            published.append(row)
    return published
