"""Fields of forms that pick records by typing a part of their names."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class _OnlyKeys:
    """Shows a form again whatever was sent for a record: Django looks for it, and fails if it can be no key."""

    field: Any

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if self._is_key(one)], attr)  # type: ignore[misc]

    def _is_key(self, value: Any) -> bool:
        target = self.field.remote_field
        meta = target.model._meta
        key = meta.get_field(getattr(target, "field_name", meta.pk.name))
        try:
            key.clean(value, None)
        except ValidationError:
            return False
        return "\0" not in str(value)


class RecordSelect(_OnlyKeys, AutocompleteSelect):
    """Picks one record."""


class RecordsSelect(_OnlyKeys, AutocompleteSelectMultiple):
    """Picks several records."""


class PickingForms:
    """Lets the forms of a model, or of rows beneath a record, pick records so. select: the field for one record."""

    select: type[RecordSelect] = RecordSelect

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            options.setdefault("widget", self.select(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            options.setdefault("widget", RecordsSelect(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **options)  # type: ignore[misc]


class KnowingSelect(RecordSelect):
    """Shows the chosen row without a query. known: names by primary key, as text."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = [str(key) for key in value if str(key)]
        if not chosen or not set(chosen) <= self.known.keys():
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, key, self.known[key], True, len(options)) for key in chosen]
        return [(None, options, 0)]
