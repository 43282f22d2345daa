"""States as JSON: other records by their natural keys, so that a renamed or merged one is still found.

{"fields": {name: value}, "parts": [{"kind": model name, "key": primary key, "fields": {name: value}}]}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from comparisons.models import FormerAddress, Level
from comparisons.models.addresses import Addressed
from comparisons.models.names import holds_name
from comparisons.models.publishers import present_name

from .state_fields import PART_OF
from .states import State, all_values, record_model

#: The primary key that stands for a record that no longer exists.
DELETED = 0
_PART_MODELS = {str(model._meta.model_name): model for model in PART_OF}


NaturalKeys = Mapping[tuple[Any, Any], list[Any]]


def as_json(model: type[models.Model], state: State, keys: NaturalKeys | None = None) -> dict[str, Any]:
    """A state as JSON. keys: see natural_keys; without them one query for each kind of record that it refers to."""
    keys = natural_keys(model, [state]) if keys is None else keys
    return {
        "fields": _written(model, state.fields, keys),
        "parts": [
            {"kind": part._meta.model_name, "key": pk, "fields": _written(part, values, keys)}
            for (part, pk), values in state.parts.items()
        ],
    }


def from_json(model: type[models.Model], stored: Mapping[str, Any]) -> State:
    """The state that was stored as JSON; records that no longer exist have the key DELETED."""
    parts = {}
    for row in stored["parts"]:
        part = _PART_MODELS[row["kind"]]
        parts[part, row["key"]] = _read(part, row["fields"])
    return State(_read(model, stored["fields"]), parts)


def natural_keys(model: type[models.Model], states: Iterable[State]) -> NaturalKeys:
    """The natural keys of all records that states refer to, by model and primary key; one query for each model."""
    wanted: dict[Any, set[Any]] = {}
    for owner, values in all_values(model, states):
        for name, value in values.items():
            target = record_model(owner._meta.get_field(name))
            if target is not None:
                wanted.setdefault(target, set()).update(value if isinstance(value, tuple) else {value} - {None})
    return {
        (target, row.pk): list(row.natural_key())
        for target, pks in wanted.items()
        for row in target._base_manager.filter(pk__in=pks).select_related("criterion" if target is Level else None)
    }


def _written(model: type[models.Model], values: Mapping[str, Any], keys: NaturalKeys) -> Any:
    found: dict[str, Any] = {}
    for name, value in values.items():
        target = record_model(model._meta.get_field(name))
        if target is None:
            found[name] = _plain(value)
        elif isinstance(value, tuple):
            found[name] = [keys[target, pk] for pk in value]
        else:
            found[name] = None if value is None else keys[target, value]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _read(model: type[models.Model], stored: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in stored.items():
        column: Any = model._meta.get_field(name)
        if column.many_to_many:
            values[name] = tuple(sorted(_find(column.related_model, key) for key in value))
        elif holds_name(column):
            values[name] = present_name(column.to_python(value))
        elif column.related_model is not None:
            values[name] = None if value is None else _find(column.related_model, value)
        else:
            values[name] = column.to_python(value)
    return values


def _find(target: Any, key: list[Any]) -> int:
    """The primary key of the record with this natural key, under its present name if it was renamed or merged."""
    found = target._base_manager.filter(**dict(zip(target.natural_key_fields, key, strict=True))).first()
    if found is not None:
        return found.pk
    if issubclass(target, Addressed):
        former = FormerAddress.objects.filter(kind=target.address_kind, key=key[0]).first()
        return _find(target, [former.now]) if former is not None else DELETED
    if target is Level:
        criterion = _find(Level._meta.get_field("criterion").related_model, key[:1])
        level = Level.objects.filter(criterion=criterion, slug=key[1]).first()
        return level.pk if level is not None else DELETED
    return DELETED
