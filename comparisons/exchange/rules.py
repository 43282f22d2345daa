"""Check the constraints of a table in memory, and say them in sentences.

Django's own check takes a query for each constraint and row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from comparisons.models.base import KEY_FORM

#: Says of a row whether a condition is true of it.
Truth = Callable[[Any], bool | None]
_LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, given: value == given,
    "in": lambda value, given: value in given,
    "lte": lambda value, given: value <= given,
    "gt": lambda value, given: value > given,
    "contains": lambda value, given: given in value,
    "startswith": lambda value, given: value.startswith(given),
    "endswith": lambda value, given: value.endswith(given),
    "has_key_form": lambda value, given: (KEY_FORM.search(value) is not None) is given,
}


def broken(
    row: models.Model, given: Collection[str] | None = None
) -> Iterator[tuple[models.CheckConstraint, set[str]]]:
    """The check constraints that a row breaks, each with the fields that it concerns.

    given: the only fields that may not have their default; None if that is not known.
    """
    model = type(row)
    rules = _rules_of(model) if given is None else _rules_about(model, frozenset(given))
    for rule, is_kept in rules:
        if is_kept(row) is False:
            yield rule, _fields(rule.condition)


@cache
def _rules_of(model: type[models.Model]) -> list[tuple[models.CheckConstraint, Truth]]:
    """The check constraints of a table, each with what says whether a row keeps it."""
    rules = [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    return [(rule, truth_of(rule.condition, model)) for rule in rules]


@lru_cache(maxsize=100)
def _rules_about(model: type[models.Model], given: frozenset[str]) -> list[tuple[models.CheckConstraint, Truth]]:
    """The same, without those that the defaults of all other fields keep."""
    blank = model()
    return [
        (rule, is_kept)
        for rule, is_kept in _rules_of(model)
        if not given.isdisjoint(_fields(rule.condition)) or is_kept(blank) is False
    ]


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


def truth_of(node: Any, model: type[models.Model]) -> Truth:
    """What says whether a condition is true of a row. None if a null makes it unknown, as in a database."""
    if not isinstance(node, Q):
        lookup, given = node
        return _leaf(lookup, given, model)
    parts = [truth_of(child, model) for child in node.children]
    decides, negated = node.connector == Q.OR, node.negated

    def either(row: models.Model) -> bool | None:
        found = [part(row) for part in parts]
        return None if None in found else (found.count(True) % 2 == 1) is not negated

    def joined(row: models.Model) -> bool | None:
        value: bool | None = not decides
        for part in parts:
            found = part(row)
            if found is decides:
                return decides is not negated
            if found is None:
                value = None
        return None if value is None else value is not negated

    return either if node.connector == Q.XOR else joined


def _leaf(lookup: str, given: Any, model: type[models.Model]) -> Truth:
    name, _mark, kind = lookup.partition("__")
    value_of = _value_of(model, name)
    if kind == "isnull":
        return lambda row: (value_of(row) is None) is given
    compare = _LOOKUPS[kind or "exact"]
    if isinstance(given, F):
        other_of = _value_of(model, given.name)  # type: ignore[attr-defined]

        def of_two(row: models.Model) -> bool | None:
            value, other = value_of(row), other_of(row)
            return None if value is None or other is None else compare(value, other)

        return of_two
    known = frozenset(given) if kind == "in" else given

    def of_one(row: models.Model) -> bool | None:
        value = value_of(row)
        return None if value is None else compare(value, known)

    return of_one


def _value_of(model: type[models.Model], name: str) -> Callable[[Any], Any]:
    """What gives the value of a field as Python has it."""
    field: Any = model._meta.get_field(name)
    attribute, to_python = field.attname, field.to_python
    plain = str if isinstance(field, models.CharField | models.TextField) else bool

    def value_of(row: Any) -> Any:
        value = getattr(row, attribute)
        return value if value is None or type(value) is plain else to_python(value)

    return value_of


def _fields(node: Any) -> set[str]:
    if isinstance(node, Q):
        return {name for child in node.children for name in _fields(child)}
    return {node[0].partition("__")[0]}
