"""Everything that is stored, in forms that can be compared."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from comparisons.maintenance.checks import content_models
from comparisons.models.names import holds_name


def every_row() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables of the app with their ids: history, links, cells and what else is derived included.

    But for the counter of writes, the mark it leaves on what was computed anew, and the stamps of kept pages: they tell
    how often and when, not what.
    """
    tables = apps.get_app_config("comparisons").get_models(include_auto_created=True)
    found = {table._meta.label: list(table._base_manager.order_by("pk").values()) for table in tables}
    del found["comparisons.Edition"], found["comparisons.PageStamp"], found["comparisons.StoredSets"]
    for row in found["comparisons.ClaimSummary"]:
        del row["change"]
    return found


def content() -> dict[str, dict[Any, dict[str, Any]]]:
    """All rows of content by natural key, references by natural key too; two databases can be compared by it."""
    keys = {
        model: {row[0]: row[1:] for row in model._base_manager.values_list("pk", *model.natural_key_fields)}
        for model in content_models()
    }
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for model in content_models():
        rows = {keys[model][row.pop("id")]: row for row in model._base_manager.values()}
        for field in model._meta.concrete_fields:
            if field.related_model in keys and not holds_name(field):
                for row in rows.values():
                    row[field.attname] = keys[field.related_model].get(row[field.attname])
        for field in model._meta.many_to_many:
            links = field.remote_field.through._base_manager.values_list(
                field.m2m_column_name(), field.m2m_reverse_name()
            )
            for left, right in links:
                rows[keys[model][left]].setdefault(field.name, set()).add(keys[field.related_model][right])
        found[model._meta.label_lower] = rows
    return found
