"""What OpenAPI says of the parameters, from the forms and FilterSets that read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst

from comparisons import filters
from comparisons.exchange.public import Kind
from comparisons.filters import programs
from comparisons.filters.fields import RecordField, WholeField, WordField

from .resources import Resource

#: What the search reads, and what a single record does.
SEARCH_NAMES, ONE_NAMES = ("q", "exact", "kind"), ("fields",)
_SAID = {
    "after": "Where the page before ended; `next` has it.",
    "limit": "How many records.",
    "fields": "Names of fields with commas between them; all if not given.",
    "q": "Words.",
    "exact": "Search for the words as they are typed.",
}


def only(data: QueryDict, names: Iterable[str]) -> QueryDict:
    """These parameters alone: what else the forms of the site read is ignored, and an answer is not kept under it."""
    found = QueryDict(mutable=True)
    for name in names:
        found.setlist(name, data.getlist(name))
    return found


def described(resource: Resource | None) -> list[dict[str, Any]]:
    """The parameters of a list; without a resource those of the search."""
    if resource is None:
        fields: Any = filters.SearchFilter(None).form.fields
        return [_described(name, fields[name]) for name in SEARCH_NAMES]
    fields = dict(resource.form.base_fields)
    for name, one in resource.filterset.base_filters.items():
        fields[name] = one.field
    declared: Any = resource.filterset._meta.form
    fields |= {name: declared.base_fields[name] for name in resource.more}
    return [_described(name, fields[name]) for name in resource.names]


def _described(name: str, field: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(field, WordField):
        schema["enum"] = list(field.choices)
    elif isinstance(field, WholeField):
        schema = {"type": "integer", "minimum": field.low, "maximum": field.high}
    elif isinstance(field, RecordField):
        schema["pattern"] = f"^{RecordField.PATTERN}$"
    elif isinstance(field, programs.NamesField):
        one = "|".join(field.names)
        schema["pattern"] = f"^({one})(,({one}))*$"
    if field.most > 1:
        schema = {"type": "array", "items": schema, "maxItems": field.most}
    said = _SAID.get(name) or str(capfirst(str(field.label or name)))
    return {"in": "query", "name": name, "required": False, "schema": schema, "description": said}


def path_parameter(kind: Kind) -> dict[str, Any]:
    """The parameter `fields` of one record."""
    return _described("fields", programs.NamesField(kind.names))
