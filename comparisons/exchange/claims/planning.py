"""Compare the claims of a file with the stored ones."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CLAIM_COLUMNS, CLAIM_FIELDS
from comparisons.domain.vocabulary import AddressKind, Status
from comparisons.editing import proposals
from comparisons.exchange import values
from comparisons.exchange.claim_columns import CITATION_COLUMNS
from comparisons.exchange.rules import broken, sentence
from comparisons.models import Citation, Claim, Level, Proposal
from comparisons.models.base import KEY, KEY_FORM, SLUG_LENGTH
from comparisons.models.batches import batched
from comparisons.models.figures import benchmark_problems
from comparisons.models.many import new_row, refer
from comparisons.models.values import value_problems

from .import_plan import ColumnChange, ImportPlan, PlannedClaim, Progress, UnknownName
from .known_records import KnownRecords, choices_of, former_note, levels_of, stored_records
from .records import ClaimFile, FileRecord, RowProblem
from .waiting import as_proposed, put_on_top, waiting_for

#: Records for each query, and between two calls of progress.
BATCH = 500
#: Columns that a new claim has to fill in, and columns that name other records by their slug.
REQUIRED = tuple(field.name for field in CLAIM_FIELDS if field.is_required)
REFERENCES = {field.name for field in CLAIM_FIELDS if field.is_reference}
#: Columns that are written as the slug of a record, and how a file says “no”.
_NAMED = frozenset({*REFERENCES, "article"})
_FALSE = values.written(False)


def plan(
    file: ClaimFile,
    *,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = lambda what, done, total: None,
    known: KnownRecords | None = None,
) -> ImportPlan:
    """Compare a file with the stored claims, and write nothing; a few queries for every 500 claims.

    known: what the claims may name, if it is more than what is stored.
    """
    return _Planner(file, using, known or stored_records(using)).run(progress)


class _Planner:
    def __init__(self, file: ClaimFile, using: str, catalogue: KnownRecords):
        self.file, self.using, self.catalogue = file, using, catalogue
        self.problems = list(file.problems)
        self.notes: list[str] = []
        #: Cells that were refused while the file was read; what is missing there is not a second problem.
        self.unread = {(problem.row, problem.column) for problem in file.problems} | file.unread
        self.unread_rows = {row for row, _column in self.unread}
        #: The rows of records with a problem, wherever it stands in them.
        self.refused_rows = {*self.unread_rows}
        #: Rows that name something that is faulty itself, or lack a column that the whole file lacks.
        self.held_rows: set[int] = set()
        self.missing: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.known = catalogue.known
        self.levels, self.articles = catalogue.levels, catalogue.known["article"]
        self.criterion_of = {row.pk: row for row in self.known["criterion"].values()}
        self.level_of: dict[int, Level] = {
            level.pk: level for levels in self.levels.values() for level in levels.values()
        }
        self.slugs = {
            name: {row.pk: row.slug for row in self.known[name].values()}
            for name in ("framework", "criterion", "benchmark")
        }
        self.seen: dict[str, FileRecord] = {}
        self.unknown_count = 0

    def run(self, progress: Progress) -> ImportPlan:
        items: list[PlannedClaim] = []
        total = len(self.file.records)
        for batch in batched(self.file.records, BATCH):
            former = {record.key: now for record in batch if (now := self.former_key(record)) is not None}
            keys = [*(record.key for record in batch), *former.values()]
            stored = {c.key: c for c in Claim.objects.using(self.using).filter(key__in=keys)}
            citations: dict[int, dict[tuple[int, str], Citation]] = defaultdict(dict)
            rows = Citation.objects.using(self.using).filter(claim__in=[c.pk for c in stored.values()]).order_by("pk")
            for citation in rows:
                citations[citation.claim_id][citation.article_id, citation.locator] = citation
            waiting = waiting_for(stored.values())
            for record in batch:
                key = record.key
                if key not in stored and key in former:
                    key = former[key]
                    self.note(AddressKind.CLAIM, record.key, key)
                old = stored.get(key)
                items.append(self.item(record, key, old, citations[old.pk] if old else {}, old and waiting.get(old.pk)))
            progress("checked", len(items), total)
        refused = self.refused_rows | self.held_rows
        for item in items:
            if refused & {item.row, *(citation.row for citation in item.record.citations)}:
                item.kind = "refused"
        unknown = [
            UnknownName(
                kind, name, self.nearest(kind, name, beneath), tuple(dict.fromkeys(rows_)), self.choices(kind, beneath)
            )
            for (kind, name, beneath), rows_ in self.missing.items()
        ]
        problems = sorted(set(self.problems), key=lambda p: (p.row, p.column))
        unknown.sort(key=lambda u: (u.kind, u.name))
        return ImportPlan(self.file, items, unknown, problems, [*dict.fromkeys(self.notes)])

    def former_key(self, record: FileRecord) -> str | None:
        """The present key of a claim that had the key of this record before it was renamed or merged."""
        return self.catalogue.former.get((AddressKind.CLAIM, record.key))

    def note(self, kind: str, key: str, now: str) -> None:
        self.notes.append(former_note(kind, key, now))

    def nearest(self, kind: str, name: str, beneath: str) -> str:
        """The known name that is most similar to an unknown one; "" if none is similar."""
        known: Any = self.known.get(kind, ())
        if kind == "level":
            criterion = self.known["criterion"].get(beneath)
            known = self.levels[criterion.pk] if criterion is not None else ()
        return next(iter(get_close_matches(name[:120].lower(), known, 1)), "")

    def choices(self, kind: str, beneath: str) -> str:
        """Of a level: which ones its criterion has, or how that is answered instead; "" of other kinds."""
        criterion = self.known["criterion"].get(beneath) if kind == "level" else None
        return levels_of(criterion, self.levels[criterion.pk]) if criterion is not None else ""

    def refuse(self, record: FileRecord, column: str, message: str) -> None:
        self.problems.append(RowProblem(record.row_of(column), record.column(column), message))
        self.refused_rows.add(record.row)

    @property
    def wrong(self) -> int:
        """The number of problems found so far."""
        return len(self.problems) + self.unknown_count

    def add_unknown(self, record: FileRecord, kind: str, name: str, beneath: str = "") -> None:
        """Add a name that no record has, unless that is told already. beneath: the criterion of a level."""
        self.unknown_count += 1
        if self.catalogue.is_told(kind, name, beneath):
            self.held_rows.add(record.row)
            return
        self.missing[kind, name, beneath].append(record.row_of(kind))
        self.refused_rows.add(record.row)

    def item(
        self,
        record: FileRecord,
        key: str,
        stored: Claim | None,
        citations: dict[tuple[int, str], Citation],
        proposal: Proposal | None,
    ) -> PlannedClaim:
        """The plan for one claim. citations: its stored ones by article and locator; proposal: its waiting change."""
        item = PlannedClaim(record, key, stored=stored, compared=stored, proposal=proposal)
        item.approved = item.citations = list(citations.values())
        if item.key in self.seen:
            message = _("The claim “%(key)s” occurs twice, see %(unit)s %(row)d.")
            details = {"key": item.key, "unit": self.file.unit, "row": self.seen[item.key].row}
            self.refuse(record, "key", message % details)
            return item
        self.seen[item.key] = record
        is_outdated = proposal is not None and proposals.is_outdated(proposal, stored)
        if stored is not None and proposal is not None and not is_outdated:
            item.compared, item.citations = as_proposed(stored, proposal)
            citations = {(one.article_id, one.locator): one for one in item.citations} | citations
        if stored is not None:
            item.claim = copy.copy(stored)
        else:
            item.claim = new_row(Claim)
            item.claim.key = item.key
        before, held = self.wrong, record.row in self.held_rows
        self.set_claim(record, item.claim, is_new=stored is None)
        self.set_citations(item, citations)
        held = held or record.row in self.held_rows
        self.compare(item, stored)
        if item.kind == "changed" and proposal is not None:
            if is_outdated:
                self.refuse(record, "key", _("A change of this claim waits for review, and has to be looked at first."))
                return item
            put_on_top(item)
            self.compare(item, item.compared)
        if self.wrong == before and not held and record.row not in self.unread_rows:
            self.check(record, item.claim, is_new=stored is None)
        if item.kind == "changed" and stored is not None and stored.status == Status.WITHDRAWN:
            self.refuse(record, "key", _("This claim is withdrawn; publish it again first, or leave it out."))
        return item

    def set_claim(self, record: FileRecord, claim: Claim, *, is_new: bool) -> None:
        if is_new:
            for name in REQUIRED:
                if not record.values.get(name) and (record.row, name) not in self.unread:
                    self.lacks(record, name)
            if len(claim.key) > SLUG_LENGTH or not KEY_FORM.search(claim.key):
                self.refuse(record, "key", f"{KEY.message} " + _("At most %d characters.") % SLUG_LENGTH)
        texts = dict(record.values)
        for name in ("criterion", "framework", "benchmark"):
            if name in texts:
                self.set_reference(record, claim, name, texts[name])
        if "level" in texts:
            self.set_level(record, claim, texts["level"])
        for name in CLAIM_COLUMNS:
            if name in texts and name != "key" and name not in REFERENCES:
                self.set_value(record, claim, name, texts[name])

    def lacks(self, record: FileRecord, name: str) -> None:
        """Refuse a new claim that lacks what it has to have; a column that the whole file lacks is told once."""
        if self.file.columns is None or name in self.file.columns:
            words = choices_of(Claim, name)
            self.refuse(record, name, _("A new claim needs this.") + (f" {words}" if words else ""))
            return
        self.held_rows.add(record.row)
        if name not in self.file.misspelt:
            message = _("This column is missing, and a new claim needs it.")
            self.problems.append(RowProblem(self.file.head, name, message))

    def set_reference(self, record: FileRecord, claim: Claim, name: str, slug: str) -> None:
        if not slug and name in ("framework", "benchmark"):
            refer(claim, name, None)
        elif slug:
            found = self.named(name, slug)
            if found is not None:
                refer(claim, name, found)
            else:
                self.add_unknown(record, name, slug)
        elif claim.pk is not None:
            self.refuse(record, name, _("A claim has to have one."))

    def named(self, kind: str, slug: str) -> Any:
        """What a slug names, or named before it was renamed; None if it names nothing."""
        found = self.known[kind].get(slug)
        if found is None and (now := self.catalogue.former.get((kind, slug))) is not None:
            found = self.known[kind].get(now)
            if found is not None:
                self.note(kind, slug, now)
        return found

    def set_level(self, record: FileRecord, claim: Claim, slug: str) -> None:
        if not slug:
            refer(claim, "level", None)
        elif claim.criterion_id is not None:
            level = self.levels[claim.criterion_id].get(slug)
            if level is None and claim.criterion_id in self.slugs["criterion"]:
                self.add_unknown(record, "level", slug, self.slugs["criterion"][claim.criterion_id])
            else:
                refer(claim, "level", level)

    def set_citations(self, item: PlannedClaim, stored: dict[tuple[int, str], Citation]) -> None:
        named: dict[tuple[int, str], FileRecord] = {}
        for record in item.record.citations:
            slug = record.values.get("article", "")
            if not slug:
                self.refuse(record, "article", _("A citation has to name its article."))
                continue
            article = self.articles.get(slug) or self.named("article", slug)
            if article is None:
                self.add_unknown(record, "article", slug)
                continue
            place = article, record.values.get("locator", "")
            if place in named:
                message = _("The claim cites this article with this locator in %(unit)s %(row)d already.")
                self.refuse(record, "article", message % {"unit": self.file.unit, "row": named[place].row})
                continue
            named[place] = record
            old = stored.get(place)
            if old is not None:
                new = copy.copy(old)
            else:
                new = new_row(Citation)
                refer(new, "claim", item.claim)
                new.article_id, new.locator = place
            for name in CITATION_COLUMNS:
                if name in record.values and name != "article":
                    self.set_value(record, new, name, record.values[name])
            if not new.says and (record.row, record.column("says")) not in self.unread:
                self.refuse(record, "says", _("Say what the source says, in our own words."))
            label = f"{slug} {place[1]}".strip()
            if old is None:
                item.new.append((new, label))
            else:
                item.edited.append((old, new, label))
        item.kept = len(stored.keys() - named.keys())

    def set_value(self, record: FileRecord, row: Any, name: str, text: str) -> None:
        """Set a field from a text of the file; a text that is not a value of the field is a problem."""
        try:
            setattr(row, name, values.read_value(row, name, text))
        except values.BadText as error:
            self.refuse(record, name, str(error))

    def check(self, record: FileRecord, claim: Claim, *, is_new: bool) -> None:
        """Check that the value fits the criterion, and that the row keeps the constraints of its table."""
        # Read already; the value is compared with them.
        refer(claim, "criterion", self.criterion_of[claim.criterion_id])
        if claim.level_id is not None:
            refer(claim, "level", self.level_of[claim.level_id])
        if problems := value_problems(claim) | benchmark_problems(claim):
            for name, messages in problems.items():
                self.refuse(record, name, " ".join(map(str, messages)))
            return
        for rule, fields in broken(claim, ("key", *record.values) if is_new else None):
            column = next((name for name in CLAIM_COLUMNS if name in fields), "")
            self.refuse(record, column, sentence(rule, Claim))

    def compare(self, item: PlannedClaim, old: Claim | None) -> None:
        """Find what the file changes of a claim; without one, all that it says is new."""
        if old is None:
            item.kind, item.describe = "created", lambda new: self.changes(new, None)
            return
        item.edited = [one for one in item.edited if any(self.differences(*one[:2], CITATION_COLUMNS, ""))]
        item.found = self.changes(item, old)
        item.kind = "changed" if item.found else "unchanged"

    def changes(self, item: PlannedClaim, old: Claim | None) -> list[ColumnChange]:
        found = list(self.differences(old, item.claim, CLAIM_COLUMNS, ""))
        for before, after, label in [*item.edited, *((None, *one) for one in item.new)]:
            found.extend(self.differences(before, after, CITATION_COLUMNS, label))
        return found

    def differences(self, old: Any, new: Any, columns: tuple[str, ...], label: str) -> Iterator[ColumnChange]:
        for name in columns:
            after = self.text_of(new, name)
            before = self.text_of(old, name) if old is not None else ""
            if before != after and not (old is None and (name == "key" or after == _FALSE)):
                yield ColumnChange(label, name, before, after)

    def text_of(self, row: Any, name: str) -> str:
        """A field as it is written in a file."""
        if name not in _NAMED:
            return values.written(getattr(row, name))
        if name == "level":
            return self.level_of[row.level_id].slug if row.level_id in self.level_of else ""
        if name == "article":
            return ""  # it names the citation, and never changes
        return self.slugs[name].get(getattr(row, f"{name}_id"), "")
