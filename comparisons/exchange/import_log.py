"""What the log of the admin says of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from comparisons.models import ClaimImport

#: Longest name of a file in the log.
LENGTH = 200


def log(name: str, counts: Mapping[str, int], *, by: Any, using: str) -> None:
    """Add one entry for a whole import, within its transaction. An import that names nobody has no entry."""
    if by is None:
        return
    LogEntry.objects.using(using).create(
        user_id=by.pk,
        content_type=ContentType.objects.db_manager(using).get_for_model(ClaimImport),
        object_repr=name[:LENGTH],
        action_flag=CHANGE,
        change_message=_("Imported: %(created)d created, %(changed)d changed, %(unchanged)d unchanged.") % counts,
    )
