"""What forms and lists leave out, since the subject has no use for it: facts, conditions, releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from comparisons.models import subject


class UsedFields:
    """A model whose fields without a use stand on no form and in no list. What they hold is kept."""

    model: Any

    def _used(self, names: Sequence[Any]) -> list[Any]:
        """Those of these fields that are used. names: of fields, and of several in a row."""
        unused = subject.current().unused.get(str(self.model._meta.model_name), frozenset())
        rows = (
            [one for one in name if one not in unused] if isinstance(name, (list, tuple)) else name for name in names
        )
        return [row for row in rows if row and (isinstance(row, list) or row not in unused)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)  # type: ignore[misc]
        parts = [(title, {**options, "fields": self._used(options["fields"])}) for title, options in found]
        return [(title, options) for title, options in parts if options["fields"]]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._used(super().get_list_display(request))  # type: ignore[misc]

    def get_list_filter(self, request: HttpRequest) -> Any:
        unused = subject.current().unused.get(str(self.model._meta.model_name), frozenset())
        filters = super().get_list_filter(request)  # type: ignore[misc]
        return [one for one in filters if (one[0] if isinstance(one, (list, tuple)) else one) not in unused]


class OfReleases:
    """Rows that nobody sees, nor writes, while the subject has no releases."""

    def has_view_permission(self, request: HttpRequest, *args: Any) -> bool:
        return subject.current().has_releases and super().has_view_permission(request, *args)  # type: ignore[misc]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return subject.current().has_releases and super().has_add_permission(request, *args)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return subject.current().has_releases and super().has_change_permission(request, *args)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return subject.current().has_releases and super().has_delete_permission(request, *args)  # type: ignore[misc]
