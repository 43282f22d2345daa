"""The states a record was in: read from its history, laid side by side, and put back as one new save.

A state is what one save left: the fields of the record and, of a claim, its citations as they were until the next
save. Nothing in the history is ever changed; to put a state back adds to it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.domain.vocabulary import Status
from comparisons.editing import steps
from comparisons.models import Article, Citation, Claim, Comparison, Criterion, Framework, Level, Ruling, StaleVersion
from comparisons.models.claims import SUBSTANCE

from .diff import Piece, side_by_side

CITATION = ("article", "stance", "says", "locator", "quote", "reading")
#: Fields of each kind of record that can be put back. Addresses stay: they are given once.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Claim: tuple(SUBSTANCE),
    Citation: ("claim", *CITATION),
    Level: ("criterion", "label", "slug", "meaning", "order"),
    Article: (
        "title", "author", "publisher", "kind", "interest", "follows", "published_on", "precision", "read_on",
        "edition", "url", "url_opened", "archive_url", "note",
    ),
    Framework: (
        "name", "tagline", "summary", "kind", "order", "homepage", "documentation", "repository", "package_name",
        "license", "first_release",
    ),
    Criterion: ("name", "group", "order", "question", "definition", "value_type", "unit", "direction"),
    Comparison: ("title", "introduction", "featured", "order"),
    Ruling: (
        "framework", "criterion", "is_open", "level", "number", "number_high", "text", "reason", "why", "ruled_on",
        "side_a", "side_b",
    ),
}  # fmt: skip
#: What belongs to a record and is not in its history; it stays as it is when an earlier state is put back.
NOT_KEPT: dict[type[models.Model], Any] = {
    Claim: gettext_lazy("The verdict is no part of it: it stays as it is, with its articles."),
    Framework: gettext_lazy("Its releases are not in the history; they stay as they are."),
    Criterion: gettext_lazy("Its levels are not in the history; they stay as they are."),
    Comparison: gettext_lazy(
        "Its frameworks, its criteria and the paragraphs of its verdict are not in the history; they stay as they are."
    ),
}


@dataclass(frozen=True)
class State:
    """A record as it was or is: raw values by field, foreign keys as keys; the same of each citation, by its key."""

    fields: Mapping[str, Any]
    citations: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


class Line(NamedTuple):
    """One field in two states, side by side."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    is_changed: bool


class Section(NamedTuple):
    """The record itself (`title` is "") or a citation. kind: "same", "changed", "added" or "removed"."""

    title: str
    kind: str
    lines: tuple[Line, ...]


def present(row: models.Model) -> State:
    """A record as it is stored now; one query for a claim, one for each set of records it names."""
    citations = Citation.objects.filter(claim=row).order_by("pk") if isinstance(row, Claim) else ()
    return State(_values(row, FIELDS[type(row)]), {one.pk: _values(one, CITATION) for one in citations})


def state_at(entry: Any) -> State:
    """A record as the save left it that an entry of its history tells of; three queries for a claim.

    One save may leave several entries, for its fields and for each set of records that it names; the last one counts.
    """
    model = entry.instance_type
    if not hasattr(entry, "version"):
        return State(_values(entry, FIELDS[model]))
    saves = model.history.filter(id=entry.id)
    last = saves.filter(version=entry.version).exclude(history_type="-").order_by("history_id").last() or entry
    after = saves.filter(history_id__gt=last.history_id).exclude(version=last.version).order_by("history_id")
    until = after.values_list("history_date", flat=True).first()
    citations = _citations_until(entry.id, until) if model is Claim else {}
    return State(_values(last, FIELDS[model]), citations)


def published_before(claim: Claim) -> tuple[Any, State] | None:
    """The last state of a claim that readers saw, with its entry; None if none is on record."""
    entries = Claim.history.filter(id=claim.pk, status=Status.PUBLISHED)
    entry = entries.select_related("history_user").order_by("-history_id").first()
    return (entry, state_at(entry)) if entry else None


def _citations_until(claim: int, until: dt.datetime | None) -> dict[int, dict[str, Any]]:
    ever = Citation.history.filter(claim_id=claim).order_by().values("id")
    entries = Citation.history.filter(id__in=ever).order_by("history_date", "history_id")
    if until is not None:
        entries = entries.filter(history_date__lt=until)
    found: dict[int, Any] = {}
    for entry in entries:
        found[entry.id] = entry
    return {
        pk: _values(entry, CITATION)
        for pk, entry in sorted(found.items())
        if entry.history_type != "-" and entry.claim_id == claim
    }


class Event(NamedTuple):
    """One save in the life of a claim. moved: the status before and after; None if that stayed."""

    at: dt.datetime
    by: str
    moved: tuple[Status, Status] | None
    mark: str
    note: str
    reason: str
    is_first: bool


#: Entries of a history that are read to tell the life of a claim.
MOST_ENTRIES = 200


def life(claim: Claim) -> list[Event]:
    """What happened to a claim, newest first: written, changed, sent on, returned with a note; one query."""
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
            Event(
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


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Raw values of a record or of an entry of its history."""
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


# ── As text ──────────────────────────────────────────────────────────


class Names:
    """What the records are called that states name; those that are gone by what they were called last."""

    def __init__(self, model: type[models.Model], *states: State | None):
        wanted: dict[Any, set[Any]] = defaultdict(set)
        for owner, values in _all_values(model, states):
            for name, value in values.items():
                target: Any = owner._meta.get_field(name).related_model
                if target is not None:
                    wanted[target].update(value if isinstance(value, tuple) else {value} - {None})
        self.gone: dict[tuple[Any, Any], str] = {}
        self._names: dict[tuple[Any, Any], str] = {}
        for target, pks in wanted.items():
            there = target._base_manager.in_bulk(pks)
            self._names |= {(target, pk): str(row) for pk, row in there.items()}
            lost = pks - there.keys()
            if lost:
                past = target.history.filter(id__in=lost).order_by("history_id") if hasattr(target, "history") else ()
                called = {entry.id: str(entry.instance) for entry in past}
                kind = capfirst(str(target._meta.verbose_name))
                self.gone |= {(target, pk): called.get(pk) or f"{kind} {pk}" for pk in lost}

    def text(self, column: Any, value: Any) -> str:
        """A value as an editor reads it; "" for nothing."""
        target = column.related_model
        if target is not None:
            keys = value if isinstance(value, tuple) else () if value is None else (value,)
            return "\n".join(self._called(target, key) for key in keys)
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return value if isinstance(value, str) else str(localize(value))

    def _called(self, target: Any, key: Any) -> str:
        if (target, key) in self.gone:
            return _("%(name)s (no longer there)") % {"name": self.gone[target, key]}
        return self._names[target, key]


def _all_values(model: Any, states: Iterable[State | None]) -> Iterable[tuple[Any, Mapping[str, Any]]]:
    for state in states:
        if state is not None:
            yield model, state.fields
            for values in state.citations.values():
                yield Citation, values


def compare(model: type[models.Model], before: State | None, after: State) -> list[Section]:
    """Two states of a record side by side, field by field: the record first, then its citations.

    before: None if there is nothing to compare with; all of `after` then counts as the same.
    """
    names = Names(model, before, after)
    base = before or after
    sections = [_section(names, model, "", base.fields, after.fields)]
    keys: list[Hashable] = [*base.citations, *(key for key in after.citations if key not in base.citations)]
    article = Citation._meta.get_field("article")
    for key in keys:
        old, new = base.citations.get(key), after.citations.get(key)  # type: ignore[call-overload]
        title = names.text(article, (new or old or {})["article"])
        sections.append(_section(names, Citation, title, old, new))
    return sections


def _section(
    names: Names, model: Any, title: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Section:
    lines = []
    for name in new or old or {}:
        column = model._meta.get_field(name)
        # Of a citation that is wholly new or gone, a mark that it does not bear is not worth a line.
        absent = (None, False) if old is None or new is None else (None,)
        found = ((values or {}).get(name) for values in (old, new))
        texts = ["" if value in absent else names.text(column, value) for value in found]
        if any(texts):
            label = capfirst(str(column.verbose_name))
            lines.append(Line(label, *side_by_side(*texts), is_changed=texts[0] != texts[1]))
    kind = "added" if old is None else "removed" if new is None else "same" if old == new else "changed"
    return Section(title, kind, tuple(lines))


# ── Back again ───────────────────────────────────────────────────────


def lost(model: type[models.Model], state: State) -> list[str]:
    """The records that a state names and that are there no more, by what they were called: it cannot be put back."""
    return sorted(set(Names(model, state).gone.values()))


@transaction.atomic
def put_back(row: Any, state: State, *, by: Any, reason: str) -> bool:
    """Save a record as it was, with its citations if it is a claim: one new save, under the rules of an edit.

    row: as its editor saw it; StaleVersion if it has changed since. reason: for the history, up to 100 characters.
    Returns whether there was anything to change. ValidationError if the state cannot stand today.
    """
    model = type(row)
    if not model._base_manager.filter(pk=row.pk, version=row.version).exists():
        raise StaleVersion(row)
    now = present(row)
    if now == state:
        return False
    if names := lost(model, state):
        raise ValidationError(_("It names what is no longer there: %(names)s.") % {"names": ", ".join(names)})
    many = {name: value for name, value in state.fields.items() if model._meta.get_field(name).many_to_many}
    for name, value in state.fields.items():
        if name not in many:
            setattr(row, model._meta.get_field(name).attname, value)
    row.full_clean()
    hidden = Claim.objects.filter(pk__in=[key for keys in many.values() for key in keys]).exclude(
        status=Status.PUBLISHED
    )
    if hidden:
        raise ValidationError(
            [_("Readers do not see this claim: %(claim)s") % {"claim": claim} for claim in hidden.order_by("pk")]
        )
    if isinstance(row, Claim):
        steps.note_edit(row, by=by, citations=now.citations != state.citations)
    row._history_user, row._change_reason = by, reason
    row.save()
    for name, keys in many.items():
        getattr(row, name).set(keys)
    if isinstance(row, Claim):
        _put_citations_back(row, now.citations, state.citations, by)
    return True


def _put_citations_back(
    claim: Claim, now: Mapping[int, Mapping[str, Any]], then: Mapping[int, Mapping[str, Any]], by: Any
) -> None:
    """Rows that change their place make room first: no two may cite one place of an article, not for a moment."""
    elsewhere = set(Citation.objects.filter(pk__in=then.keys()).exclude(claim=claim).values_list("pk", flat=True))
    stays = {pk for pk in now if pk in then and all(now[pk][key] == then[pk][key] for key in ("article", "locator"))}
    for citation in Citation.objects.filter(claim=claim).exclude(pk__in=stays):
        citation._history_user = by
        citation.delete()
    for pk, values in then.items():
        if now.get(pk) == values:
            continue
        row = Citation(pk=None if pk in elsewhere else pk, claim=claim)
        for name, value in values.items():
            column: Any = Citation._meta.get_field(name)
            setattr(row, column.attname, value)
        row._state.adding = pk not in stays
        row._history_user = by  # type: ignore[attr-defined]
        row.clean_fields()
        row.save(force_insert=pk not in stays)
