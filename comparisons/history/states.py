"""The states a record was in, read from its history, and two of them compared field by field.

A state is what one save left: the fields of the record and, for a claim, its citations as they were until the next
save. Of a record as it is now, the state can also hold all rows that are saved with it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CITATION
from comparisons.domain.vocabulary import Status
from comparisons.language.dates import period_text
from comparisons.models import Citation, Claim
from comparisons.models.names import holds_name

from .diff import Piece, side_by_side
from .state_fields import FIELDS, PART_OF, PARTS, ChildRows

#: A row beneath a record: its model and its primary key.
PartKey = tuple[type[models.Model], int]
#: Rows that were proposed and do not exist yet have keys from here on, which no stored row has.
NEW_KEYS = 10**17
#: The days that may be known to the month or the year only; the field `precision` beside them says so.
DATED = frozenset({"published_on", "measured_on", "released_on"})


@dataclass(frozen=True)
class State:
    """A record as it was or is.

    fields: raw values by field; of a foreign key, the primary key, or the name of a publisher. parts: the same of each
    row beneath it.
    """

    fields: Mapping[str, Any]
    parts: Mapping[PartKey, Mapping[str, Any]] = field(default_factory=dict)


class FieldComparison(NamedTuple):
    """One field in two states, side by side."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    is_changed: bool


class PartComparison(NamedTuple):
    """The fields of the record itself (`title` is "") or of one of the rows beneath it.

    kind: "same", "changed", "added" or "removed".
    """

    title: str
    kind: str
    lines: tuple[FieldComparison, ...]


def present(row: models.Model) -> State:
    """A record as it is stored now, as far as its history keeps it: of the rows beneath it, citations alone.

    One query for a claim, and one for each many-to-many field.
    """
    return State(values_of(row, FIELDS[type(row)]), _parts(row, PARTS[Claim]) if isinstance(row, Claim) else {})


def whole(row: models.Model) -> State:
    """A record as it is stored now with all rows beneath it; one query for each kind of them, and as `present`."""
    return State(values_of(row, FIELDS[type(row)]), _parts(row, PARTS.get(type(row), ())))


def _parts(row: models.Model, parts: Iterable[ChildRows]) -> dict[PartKey, Mapping[str, Any]]:
    return {
        (part.model, one.pk): values_of(one, part.fields)
        for part in parts
        for one in part.model._base_manager.filter(**{part.owner: row.pk}).order_by("pk")
    }


def state_at(entry: Any) -> State:
    """The record as it was after the save that an entry of its history records; three queries for a claim.

    A save may leave several entries, for its fields and for each many-to-many field; the last one counts.
    """
    model = entry.instance_type
    if not hasattr(entry, "version"):
        return State(values_of(entry, FIELDS[model]))
    saves = model.history.filter(id=entry.id)
    last = saves.filter(version=entry.version).exclude(history_type="-").order_by("history_id").last() or entry
    after = saves.filter(history_id__gt=last.history_id).exclude(version=last.version).order_by("history_id")
    until = after.values_list("history_date", flat=True).first()
    citations = _citations_until(entry.id, until) if model is Claim else {}
    return State(values_of(last, FIELDS[model]), citations)


def published_before(claim: Claim) -> tuple[Any, State] | None:
    """The last published state of a claim, with its entry in the history; None if there is none."""
    entries = Claim.history.filter(id=claim.pk, status=Status.PUBLISHED)
    entry = entries.select_related("history_user").order_by("-history_id").first()
    return (entry, state_at(entry)) if entry else None


def _citations_until(claim: int, until: dt.datetime | None) -> dict[PartKey, Mapping[str, Any]]:
    ever = Citation.history.filter(claim_id=claim).order_by().values("id")
    entries = Citation.history.filter(id__in=ever).order_by("history_date", "history_id")
    if until is not None:
        entries = entries.filter(history_date__lt=until)
    found: dict[int, Any] = {}
    for entry in entries:
        found[entry.id] = entry
    return {
        (Citation, pk): values_of(entry, CITATION)
        for pk, entry in sorted(found.items())
        if entry.history_type != "-" and entry.claim_id == claim
    }


class ClaimSave(NamedTuple):
    """One save in the life of a claim. moved: the status before and after; None if it stayed the same."""

    at: dt.datetime
    by: str
    moved: tuple[Status, Status] | None
    mark: str
    note: str
    reason: str
    is_first: bool


#: Most entries of a history that are read for the life of a claim.
MOST_ENTRIES = 200


def life(claim: Claim) -> list[ClaimSave]:
    """The saves of a claim, newest first, each with its change of status, review mark and reason; one query."""
    entries = Claim.history.filter(id=claim.pk).select_related("history_user").order_by("-history_id")[:MOST_ENTRIES]
    saves: list[Any] = []
    for entry in entries:
        if not saves or saves[-1].version != entry.version:
            saves.append(entry)
    events = []
    for place, entry in enumerate(saves):
        before = saves[place + 1] if place + 1 < len(saves) else None
        is_moved = before is not None and before.status != entry.status
        is_marked = before is None or (entry.mark, entry.mark_note) != (before.mark, before.mark_note)
        events.append(
            ClaimSave(
                at=entry.history_date,
                by=str(entry.history_user or ""),
                moved=(Status(before.status), Status(entry.status)) if before is not None and is_moved else None,
                mark=entry.mark if is_marked else "",
                note=entry.mark_note if is_marked and entry.mark else entry.withdrawal_reason if is_moved else "",
                reason=entry.history_change_reason or "",
                is_first=before is None and len(saves) < MOST_ENTRIES,
            )
        )
    return events


def values_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """The raw values of a record, or of an entry of its history."""
    model = getattr(row, "instance_type", type(row))
    values: dict[str, Any] = {}
    for name in names:
        column = model._meta.get_field(name)
        if not column.many_to_many:
            values[name] = column.to_python(getattr(row, column.attname))
        elif hasattr(row, "instance_type"):
            values[name] = tuple(sorted(getattr(row, name).values_list(column.m2m_reverse_field_name(), flat=True)))
        else:
            values[name] = tuple(sorted(getattr(row, name).values_list("pk", flat=True)))
    return values


def record_model(column: Any) -> Any:
    """The model of the record that a field names by its key; None for one that holds a value, or a name."""
    return None if holds_name(column) else column.related_model


class Names:
    """The names of the records that states refer to; of deleted records, the last name they had."""

    def __init__(self, model: type[models.Model], *states: State | None):
        wanted: dict[Any, set[Any]] = defaultdict(set)
        for owner, values in all_values(model, states):
            for name, value in values.items():
                target = record_model(owner._meta.get_field(name))
                if target is not None:
                    wanted[target].update(value if isinstance(value, tuple) else {value} - {None})
        self.deleted: dict[tuple[Any, Any], str] = {}
        self._names: dict[tuple[Any, Any], str] = {}
        for target, pks in wanted.items():
            there = target._base_manager.in_bulk(pks)
            self._names |= {(target, pk): str(row) for pk, row in there.items()}
            missing = pks - there.keys()
            if missing:
                past = (
                    target.history.filter(id__in=missing).order_by("history_id") if hasattr(target, "history") else ()
                )
                last_names = {entry.id: str(entry.instance) for entry in past}
                kind = capfirst(str(target._meta.verbose_name))
                self.deleted |= {(target, pk): last_names.get(pk) or f"{kind} {pk}" for pk in missing}

    def text(self, column: Any, value: Any, precision: str = "") -> str:
        """A value as an editor reads it; "" if it is empty. precision: how exactly it is known, of a day."""
        target = record_model(column)
        if target is not None:
            keys = value if isinstance(value, tuple) else () if value is None else (value,)
            return "\n".join(self._name(target, key) for key in keys)
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if precision and isinstance(value, dt.date):
            return period_text(value, precision)
        return value if isinstance(value, str) else str(localize(value))

    def _name(self, target: Any, key: Any) -> str:
        if (target, key) in self.deleted:
            return _("%(name)s (deleted)") % {"name": self.deleted[target, key]}
        return self._names[target, key]


def all_values(model: Any, states: Iterable[State | None]) -> Iterable[tuple[Any, Mapping[str, Any]]]:
    """The fields of states and of the rows beneath them, each with its model."""
    for state in states:
        if state is not None:
            yield model, state.fields
            for (part, _pk), values in state.parts.items():
                yield part, values


def compare(model: type[models.Model], before: State | None, after: State) -> list[PartComparison]:
    """Two states of a record side by side, field by field: first the record, then the rows beneath it.

    before: None if there is nothing to compare with; then all of `after` counts as unchanged.
    """
    names = Names(model, before, after)
    base = before or after
    parts = [_compared(names, model, "", base.fields, after.fields)]
    for key in [*base.parts, *(key for key in after.parts if key not in base.parts)]:
        old, new = base.parts.get(key), after.parts.get(key)
        part = key[0]
        naming = PART_OF[part].title
        title = names.text(part._meta.get_field(naming), (new or old or {})[naming])
        if part is not Citation:
            title = f"{capfirst(str(part._meta.verbose_name))}: {title}"
        parts.append(_compared(names, part, title, old, new))
    return parts


def _compared(
    names: Names, model: Any, title: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> PartComparison:
    lines = []
    for name in new or old or {}:
        column = model._meta.get_field(name)
        # In a citation that was added or removed as a whole, an unset mark is not worth a line.
        absent = (None, False) if old is None or new is None else (None,)
        found = (((values or {}).get(name), (values or {}).get("precision", "")) for values in (old, new))
        texts = [
            "" if value in absent else names.text(column, value, precision if name in DATED else "")
            for value, precision in found
        ]
        if any(texts):
            label = capfirst(str(column.verbose_name))
            lines.append(FieldComparison(label, *side_by_side(*texts), is_changed=texts[0] != texts[1]))
    kind = "added" if old is None else "removed" if new is None else "same" if old == new else "changed"
    return PartComparison(title, kind, tuple(lines))


def deleted_names(model: type[models.Model], state: State) -> list[str]:
    """The names of records that a state refers to and that were deleted since; such a state cannot be put back."""
    return sorted(set(Names(model, state).deleted.values()))
