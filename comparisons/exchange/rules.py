"""Check the constraints of a table in memory, and say them in sentences.

Django's own check takes a query for each constraint and row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import reduce
from operator import xor
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from comparisons.models.base import KEY

_LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, given: value == given,
    "in": lambda value, given: value in given,
    "lte": lambda value, given: value <= given,
    "gt": lambda value, given: value > given,
    "contains": lambda value, given: given in value,
    "startswith": lambda value, given: value.startswith(given),
    "endswith": lambda value, given: value.endswith(given),
    "has_key_form": lambda value, given: (re.search(KEY.regex, value) is not None) is given,
}


def broken(row: models.Model) -> Iterator[tuple[models.CheckConstraint, set[str]]]:
    """The check constraints that a row breaks, each with the fields that it concerns."""
    for rule in row._meta.constraints:
        if isinstance(rule, models.CheckConstraint) and truth(rule.condition, row) is False:
            yield rule, _fields(rule.condition)


def unique_fields(model: type[models.Model], key: Collection[str]) -> Iterator[tuple[str, ...]]:
    """What no two records may have the same of, apart from their key. key: its look-ups."""
    parts = {lookup.split("__")[0] for lookup in key}
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and field.name not in parts:
            yield (field.name,)
    for rule in model._meta.constraints:
        is_plain = isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition is None
        if is_plain and not {*rule.fields} <= parts:  # type: ignore[attr-defined]
            yield tuple(rule.fields)  # type: ignore[attr-defined]


def sentence(rule: Any, model: type[models.Model]) -> str:
    """What a constraint asks for. Its name, which only a database knows, is never said."""
    text = str(rule.violation_error_message)
    if text != rule.default_violation_error_message:
        return text
    meta: Any = model._meta
    if isinstance(rule, models.UniqueConstraint):
        same = ", ".join(str(meta.get_field(name).verbose_name) for name in rule.fields)
        return _("Another record has the same: %(names)s. It has to be unique.") % {"names": same}
    names = sorted(_fields(rule.condition))
    field = meta.get_field(names[0])
    if len(names) == 1 and field.choices:
        return _("Choose one of: %(words)s.") % {"words": ", ".join(word for word, _label in field.choices)}
    if len(names) == 1 and isinstance(field, models.URLField):
        return _("Give an http or https address with a host, such as https://example.org/page.")
    if len(names) == 1:
        return _("Fill this in.")
    labels = ", ".join(f"“{meta.get_field(name).verbose_name}”" for name in names)
    return _("These fields do not go together as they are: %(names)s.") % {"names": labels}


def truth(node: Any, row: models.Model) -> bool | None:
    """Whether a condition is true of a row. None if a null makes it unknown, as in a database."""
    if not isinstance(node, Q):
        lookup, given = node
        return _leaf(lookup, given, row)
    found = [truth(child, row) for child in node.children]
    if node.connector == Q.XOR:
        value = None if None in found else reduce(xor, map(bool, found), False)
    else:
        decides = node.connector == Q.OR
        value = decides if decides in found else None if None in found else not decides
    return (None if value is None else not value) if node.negated else value


def _leaf(lookup: str, given: Any, row: models.Model) -> bool | None:
    name, _mark, kind = lookup.partition("__")
    value = _value(row, name)
    if kind == "isnull":
        return (value is None) is given
    if isinstance(given, F):
        given = _value(row, given.name)  # type: ignore[attr-defined]
    if value is None or given is None:
        return None
    return _LOOKUPS[kind or "exact"](value, given)


def _value(row: models.Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    return value if value is None else field.to_python(value)


def _fields(node: Any) -> set[str]:
    if isinstance(node, Q):
        return {name for child in node.children for name in _fields(child)}
    return {node[0].partition("__")[0]}
