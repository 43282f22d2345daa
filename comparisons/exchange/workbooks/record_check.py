"""Check the rows of one table: values, references, rules of the model, and what has to be unique."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ValueType
from comparisons.exchange import values
from comparisons.exchange.claims.import_plan import ColumnChange, UnknownName
from comparisons.exchange.claims.known_records import KnownRecords, choices_of, former_note
from comparisons.exchange.claims.records import RowProblem
from comparisons.exchange.rules import broken, sentence, unique_fields
from comparisons.language.cleaning import as_seen
from comparisons.models import Publisher
from comparisons.models.names import follow, holds_name, source_of
from comparisons.models.publishers import KnownPublishers, meant

from .kinds import CRITERIA, LEVELS, OF_MODEL, SheetKind
from .plan import PlannedRow, WorkbookPlan
from .rows import SheetRow
from .workbook import SourceSheet


class Surroundings(Protocol):
    """What the check of one table has to know of the others."""

    plan: WorkbookPlan
    known: KnownRecords
    there: dict[SheetKind, dict[tuple[str, ...], Any]]
    stored: dict[SheetKind, dict[tuple[str, ...], Any]]
    publishers: KnownPublishers

    def next_key(self) -> int: ...


class RecordCheck:
    """The records of one table as they would be. missing: rows by kind, name and criterion of what they name in vain.

    held_rows: rows that name something of which it is said elsewhere what is wrong.
    """

    def __init__(self, sheet: SourceSheet, around: Surroundings):
        self.sheet, self.kind, self.file, self.around = sheet, sheet.kind, sheet.file, around
        self.missing: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.held_rows: set[int] = set()
        self.places: dict[str, int] = defaultdict(int)
        self.slugs: dict[SheetKind, dict[Any, str]] = {}

    def resolved(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """A key with former slugs replaced by the present ones, with a note for each."""
        kinds = [CRITERIA] if self.kind is LEVELS else [self.kind]
        return tuple(self.present(kind, slug) for kind, slug in zip(kinds, key, strict=False)) + key[len(kinds) :]

    def present(self, kind: SheetKind, slug: str) -> str:
        """The slug that a record has now, if nothing has the given one."""
        now = self.around.known.former.get((kind.singular, slug))
        if now is None or (slug,) in self.around.stored[kind] or (now,) not in self.around.stored[kind]:
            return slug
        self.around.plan.notes.append(former_note(kind.singular, slug, now))
        return now

    def start(self, row: SheetRow, key: tuple[str, ...], stored: Any) -> Any:
        """The record of a row, with nothing but its address yet."""
        if stored is not None:
            return copy.copy(stored)
        record = self.kind.model(slug=key[-1])
        record.pk = self.around.next_key()
        return record

    def fill(self, row: SheetRow, item: PlannedRow) -> None:
        """Give a record the values of its row, and check it."""
        record, before = item.record, len(self.file.problems)
        wrong = {name for name in ("slug",) if self.refuse_slug(row, record)}
        for name in self.kind.columns:
            if name == "slug":
                continue
            text = row.texts.get(name, "")
            if not text and self.kind.is_required(name) and (item.stored is None or name in row.texts):
                self.lacks(row, name)
                wrong.add(name)
            elif name in row.texts and not self.set_value(row, record, name, text):
                wrong.add(name)
        if self.kind is LEVELS and item.stored is None:
            self.place(record, item, has_order=bool(row.texts.get("order")))
        relations = {f.name for f in self.kind.model._meta.concrete_fields if f.is_relation}
        self.validate(row, record, wrong | relations, is_whole=not wrong and len(self.file.problems) == before)

    def refuse_slug(self, row: SheetRow, record: Any) -> bool:
        """Whether a row lacks its slug, which becomes a problem."""
        if record.slug:
            return False
        like = slugify(row.texts.get("name") or row.texts.get("title") or row.texts.get("label") or "")[:60]
        if row.is_whole:
            hint = " " + _("Perhaps “%(slug)s”?") % {"slug": like} if like else ""
            self.lacks(row, "slug", _("A record needs a slug, which names it in addresses and files.") + hint)
        return True

    def lacks(self, row: SheetRow, name: str, message: str = "") -> None:
        """Refuse a row that lacks what it has to have; a column that the whole table lacks is told once."""
        if self.file.columns is None or name in self.file.columns:
            if row.is_whole or not any((p.row, p.column) == (row.number, name) for p in self.file.problems):
                words = choices_of(self.kind.model, name)
                self.file.refuse(row.number, name, message or _("Fill this in.") + (f" {words}" if words else ""))
            return
        self.held_rows.add(row.number)
        problem = RowProblem(self.file.head, name, _("This column is missing, and a new record needs it."))
        if name not in self.file.misspelt and problem not in self.file.problems:
            self.file.problems.append(problem)

    def set_value(self, row: SheetRow, record: Any, name: str, text: str) -> bool:
        """Set a field from a text; returns whether it could be set."""
        field = self.kind.model._meta.get_field(name)
        if holds_name(field):
            return self.set_publisher(row, record, text)
        if field.is_relation:
            return self.set_reference(row, record, field, text)
        if name == "published_on" and (period := values.first_day(text)):
            text = period[0]
            if not row.texts.get("precision"):
                record.precision = period[1]
        if name == "precision" and not text and row.texts.get("published_on"):
            return True  # it follows from how the day is written
        try:
            setattr(record, name, values.read_value(record, name, text))
        except values.BadText as error:
            self.file.refuse(row.number, name, str(error))
            return False
        return True

    def set_reference(self, row: SheetRow, record: Any, field: Any, slug: str) -> bool:
        """Set a reference to another record; returns whether there is one."""
        if not slug:
            setattr(record, field.name, None)
            return True
        kind = OF_MODEL[field.related_model]
        found = self.around.there[kind].get((self.present(kind, slug),))
        if self.around.known.is_told(kind.singular, slug):
            self.held_rows.add(row.number)
        if found is not None:
            setattr(record, field.name, found)
            return True
        if row.number not in self.held_rows:
            self.missing[field.name, slug].append(row.number)
        return False

    def set_publisher(self, row: SheetRow, record: Any, text: str) -> bool:
        """Set the publisher of an article by its name; one that is not known is made by the import."""
        around, name = self.around, self.around.publishers.find(text) if text else None
        if name is None and as_seen(text):
            try:
                Publisher(name=text).clean_fields()
            except ValidationError as error:
                self.file.refuse(row.number, "publisher", " ".join(error.messages))
                return False
            around.plan.notes.append(_("New publisher: “%(name)s”.") % {"name": text})
            around.publishers.add(text, text)
            name = text
        elif name not in (None, text):
            around.plan.notes.append(meant(text, name))
        record.publisher_id = name
        return True

    def place(self, record: Any, item: PlannedRow, *, has_order: bool) -> None:
        """Levels stand in the order of their rows, from most to least, unless they say otherwise."""
        criterion = getattr(record, "criterion", None) if record.criterion_id is not None else None
        if criterion is None:
            return
        self.places[criterion.slug] += 1
        if not has_order:
            others = [row.order for key, row in self.around.stored[LEVELS].items() if key[0] == criterion.slug]
            record.order = self.places[criterion.slug] + max(others, default=0)

    def validate(self, row: SheetRow, record: Any, skipped: set[str], *, is_whole: bool) -> None:
        """The rules of the fields, then those of the model. skipped: fields that were refused, and references."""
        try:
            record.clean_fields(exclude=skipped)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.file.refuse(row.number, name, " ".join(messages))
            return
        if not is_whole or row.number in self.held_rows:
            return
        # The rule that a record may not take a former address is kept by `present`, without a query for each.
        adding, record._state.adding = record._state.adding, False
        found: dict[str, list[str]] = {}
        try:
            record.clean()
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, messages in found.items():
                self.file.refuse(row.number, "" if name == "__all__" else name, " ".join(messages))
        finally:
            record._state.adding = adding
        if self.kind is LEVELS and record.criterion.value_type != ValueType.LEVEL:
            return
        for rule, fields in broken(record):
            column = next((name for name in self.kind.columns if name in fields), "")
            if column in found:  # said already, in other words
                continue
            self.file.refuse(row.number, column, sentence(rule, self.kind.model))

    def uniqueness(self, items: list[PlannedRow]) -> None:
        """Refuse values that two records would share and only one may have."""
        for names in unique_fields(self.kind.model, self.kind.model.natural_key_fields):
            column = source_of(self.kind.model._meta.get_field(names[-1]))
            mine = {item.stored.pk for item in items if item.stored is not None}
            taken: dict[Any, tuple[str, int]] = {
                _value(row, names): (row.slug, 0)
                for row in self.around.stored[self.kind].values()
                if row.pk not in mine
            }
            for item in items:
                follow(item.record)
                value = _value(item.record, names)
                if not all(value):
                    continue
                slug, number = taken.setdefault(value, (item.record.slug, item.row))
                if number == item.row:
                    continue
                place = _("row %(row)d") % {"row": number} if number else f"“{slug}”"
                message = _("“%(value)s” is taken by %(place)s; no two may have the same.")
                self.file.refuse(item.row, column, message % {"value": getattr(item.record, column), "place": place})

    def compare(self, item: PlannedRow) -> None:
        """Whether a record is new or changed, and what would change."""
        if self.kind is LEVELS:
            item.owner = item.record.criterion
        for name in self.kind.columns:
            if name == "slug":
                continue
            after = self.text_of(item.record, name)
            before = self.text_of(item.stored, name) if item.stored is not None else ""
            if before != after and not (item.stored is None and after in ("", values.written(False))):
                item.changes.append(ColumnChange("", name, before, after))
        item.what = "created" if item.stored is None else "changed" if item.changes else "unchanged"

    def text_of(self, record: Any, name: str) -> str:
        """A field as it is written in a table."""
        field = self.kind.model._meta.get_field(name)
        if not field.is_relation or holds_name(field):
            return values.written(getattr(record, field.attname))
        kind = OF_MODEL[field.related_model]
        if kind not in self.slugs:
            self.slugs[kind] = {row.pk: key[-1] for key, row in self.around.there[kind].items()}
        return self.slugs[kind].get(getattr(record, field.attname), "")

    def unknown(self) -> Iterator[UnknownName]:
        """The names that no record has, each with its rows and the most similar one."""
        for (field_name, slug), rows in sorted(self.missing.items()):
            kind = OF_MODEL[self.kind.model._meta.get_field(field_name).related_model]
            near = get_close_matches(slug.lower()[:120], [key[0] for key in self.around.there[kind]], 1)
            yield UnknownName(kind.singular, slug, next(iter(near), ""), tuple(dict.fromkeys(rows)))


def slug_like(record: Any) -> str:
    """The slug by which other rows may name a record that lacks one."""
    return slugify(next(filter(None, (getattr(record, name, "") for name in ("name", "title", "label"))), ""))


def _value(record: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    meta = record._meta
    return tuple(getattr(record, meta.get_field(name).attname) for name in names)
