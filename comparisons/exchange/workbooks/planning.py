"""Compare the tables of a workbook with what is stored, and name everything that is wrong with all of them at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ValueType
from comparisons.editing.proposals import must_propose, proposed
from comparisons.exchange.claims import planning as claim_planning
from comparisons.exchange.claims.csv_rows import add_claims
from comparisons.exchange.claims.import_plan import Progress
from comparisons.exchange.claims.known_records import KnownRecords, stored_records
from comparisons.exchange.claims.records import RowProblem, Unreadable
from comparisons.history.state_fields import FIELDS
from comparisons.history.states import values_of
from comparisons.models import Article, CriterionGroup, Level, Proposal
from comparisons.models.permissions import ADD, EDIT
from comparisons.models.publishers import KnownPublishers

from .kinds import ARTICLES, CLAIMS, CRITERIA, FRAMEWORKS, GROUPS, LEVELS, OF_MODEL, SheetKind
from .plan import PlannedRow, SheetProblem, SheetUnknown, WorkbookPlan
from .record_check import RecordCheck, slug_like
from .rows import SheetRow, key_of, rows_as_texts
from .workbook import Workbook

#: The kinds other than claims in the order in which they are planned: what others name comes first.
ORDER = (GROUPS, FRAMEWORKS, ARTICLES, CRITERIA, LEVELS)


def plan(
    book: Workbook,
    *,
    by: Any = None,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = lambda what, done, total: None,
) -> WorkbookPlan:
    """Compare a workbook with what is stored, and write nothing.

    by: who imports it, which decides what has to wait for review; None for somebody at a shell, who may do everything.
    """
    return _WorkbookPlanner(book, by, using).run(progress)


class _WorkbookPlanner:
    def __init__(self, book: Workbook, by: Any, using: str):
        self.book, self.by, self.using = book, by, using
        self.plan = WorkbookPlan(book, notes=list(book.notes))
        self.sheets = {sheet.kind: sheet for sheet in book.sheets}
        self.known: KnownRecords = stored_records(using)
        self.stored: dict[SheetKind, dict[tuple[str, ...], Any]] = {
            FRAMEWORKS: {(slug,): row for slug, row in self.known.known["framework"].items()},
            CRITERIA: {(slug,): row for slug, row in self.known.known["criterion"].items()},
            LEVELS: {
                (criterion.slug, slug): level
                for criterion in self.known.known["criterion"].values()
                for slug, level in self.known.levels.get(criterion.pk, {}).items()
            },
            GROUPS: self.read(CriterionGroup) if {GROUPS, CRITERIA} & self.sheets.keys() else {},
            ARTICLES: self.read(Article) if ARTICLES in self.sheets else {},
        }
        #: What records may name: what is stored, and what the workbook brings.
        self.there = {kind: dict(rows) for kind, rows in self.stored.items()}
        self.publishers = KnownPublishers(using)
        self.rows: dict[SheetKind, list[SheetRow]] = {}
        self.provisional = 0

    def read(self, model: Any) -> dict[tuple[str, ...], Any]:
        return {(row.slug,): row for row in model._base_manager.using(self.using).order_by("pk")}

    def run(self, progress: Progress) -> WorkbookPlan:
        for label, message in self.book.strays:
            self.plan.problems.append(SheetProblem(label, None, RowProblem(0, "", message)))
        for kind in ORDER:
            if kind in self.sheets:
                self.rows[kind] = rows_as_texts(self.sheets[kind], self.plan.notes)
        self.tell_unreadable()
        for kind in ORDER:
            if kind in self.rows:
                self.check_rows(kind)
        self.check_answers()
        self.mark_proposals()
        self.plan_claims(progress)
        for sheet in self.book.sheets:
            if sheet.kind is not CLAIMS:
                self.plan.problems += [
                    SheetProblem(sheet.label, sheet.kind, one) for one in _sorted(sheet.file.problems)
                ]
        self.check_permissions()
        self.plan.notes[:] = dict.fromkeys(self.plan.notes)
        return self.plan

    def tell_unreadable(self) -> None:
        """Nobody knows what stands in rows and tables that could not be read; what names it is not told as well."""
        if self.book.strays:
            named = {"framework", "group", "criterion", "level", "article"} - {
                s.kind.singular for s in self.book.sheets
            }
            self.known.told.update((singular, "") for singular in named)
        for sheet in self.book.sheets:
            if sheet.is_cut:
                self.known.told.add((sheet.kind.singular, ""))
            between = ("",) if sheet.kind is LEVELS else ()
            self.known.told.update((sheet.kind.singular, *between, text) for text in sheet.file.skipped)

    def check_rows(self, kind: SheetKind) -> None:
        """Plan each row of one table. Rows that name what is faulty itself are refused without a word."""
        sheet = self.sheets[kind]
        check = RecordCheck(sheet, self)
        first: dict[tuple[str, ...], SheetRow] = {}
        planned: list[tuple[SheetRow, PlannedRow]] = []
        for row in self.rows[kind]:
            key = check.resolved(key_of(sheet, row))
            stored = self.stored[kind].get(key)
            if key[-1] and key in first:
                message = _("“%(name)s” occurs twice, see row %(row)d.")
                sheet.file.refuse(row.number, "slug", message % {"name": " / ".join(key), "row": first[key].number})
                continue
            first[key] = row
            record = check.start(row, key, stored)
            planned.append((row, PlannedRow(kind, sheet.label, row.number, key, record, stored)))
            if key[-1]:
                self.there[kind][key] = record
        for row, item in planned:
            check.fill(row, item)
        check.uniqueness([item for _row, item in planned])
        refused = (
            {problem.row for problem in sheet.file.problems}
            | check.held_rows
            | {row for rows in check.missing.values() for row in rows}
        )
        for row, item in planned:
            if item.row in refused or not row.is_whole:
                item.what = "refused"
                self.tell(kind, item)
            else:
                check.compare(item)
                self.make_known(item)
        self.plan.rows += [item for _row, item in planned]
        self.plan.unknown += [SheetUnknown(sheet.label, kind, one) for one in check.unknown()]

    def tell(self, kind: SheetKind, item: PlannedRow) -> None:
        """Note that what is wrong with a record is said already."""
        for slug in filter(None, [item.key[-1], slug_like(item.record)]):
            self.known.told.add((kind.singular, *item.key[:-1], slug))

    def make_known(self, item: PlannedRow) -> None:
        """Let claims name a record as it would be."""
        slug, record = item.key[-1], item.record
        if item.kind in (FRAMEWORKS, CRITERIA):
            self.known.known[item.kind.singular][slug] = record
        elif item.kind is ARTICLES:
            self.known.known["article"][slug] = record.pk
        elif item.kind is LEVELS:
            self.known.levels.setdefault(record.criterion.pk, {})[slug] = record

    def next_key(self) -> int:
        """A primary key that no stored record has."""
        self.provisional -= 1
        return self.provisional

    def check_answers(self) -> None:
        """A criterion that is answered by a level needs two of them."""
        sheet = self.sheets.get(CRITERIA)
        if sheet is None or self.known.is_told("level", "\0"):
            return
        named: dict[str, int] = defaultdict(int)
        for row in self.rows.get(LEVELS, ()):
            named[row.texts.get("criterion", "")] += 1
        for item in self.plan.rows:
            is_new = item.kind is CRITERIA and item.what == "created"
            if is_new and item.record.value_type == ValueType.LEVEL and named[item.record.slug] < 2:
                message = _("It is answered by a level, and needs at least two: add them to the table “levels”.")
                sheet.file.refuse(item.row, "value_type", message)
                item.what = "refused"

    def mark_proposals(self) -> None:
        """Which changes would wait for review, and which cannot be made because another change waits already."""
        changed = [item for item in self.plan.rows if item.what == "changed"]
        owners = {item.owner.pk: item.owner for item in self.plan.rows if item.is_written and item.owner is not None}
        kinds = {str(item.kind.model._meta.model_name) for item in changed} | {"criterion"}
        pks = [item.stored.pk for item in changed] + [pk for pk in owners if pk > 0]
        found = Proposal.objects.using(self.using).waiting().filter(kind__in=kinds, record__in=pks)
        waiting = {(proposal.kind, proposal.record): proposal for proposal in found}
        for item in self.plan.rows:
            target = self.stored[CRITERIA].get((item.owner.slug,)) if item.owner is not None else item.stored
            if not item.is_written or target is None:
                continue
            proposal = waiting.get((str(target._meta.model_name), target.pk))
            item.is_proposed = self.by is not None and must_propose(target, self.by)
            if proposal is not None:
                self.compare_with(item, proposal)
            if item.is_proposed and item.is_written:
                self.keep_stored(item, target)

    def keep_stored(self, item: PlannedRow, target: Any) -> None:
        """Let claims name a record as it is stored, if its change would wait for review."""
        slug = item.key[-1]
        if item.kind in (FRAMEWORKS, CRITERIA):
            self.known.known[item.kind.singular][slug] = item.stored
        elif item.kind is LEVELS and item.stored is not None:
            self.known.levels[target.pk][slug] = item.stored
        elif item.kind is LEVELS:
            del self.known.levels[target.pk][slug]
            self.known.told.add(("level", target.slug, slug))
            message = _(
                "The level “%(name)s” of a published criterion waits for review; claims can give it afterwards."
            )
            self.plan.notes.append(message % {"name": item.name})

    def compare_with(self, item: PlannedRow, proposal: Proposal) -> None:
        """Take a change that waits already for no change; refuse any other."""
        state = proposed(proposal)
        if item.kind is LEVELS:
            ours = values_of(item.record, [name for name in FIELDS[Level] if name != "criterion"])
            is_same = any({**values} == ours for values in state.parts.values())
        else:
            is_same = values_of(item.record, FIELDS[item.kind.model]) == state.fields
        if is_same:
            item.what = "unchanged"
            item.changes.clear()
            return
        item.what = "refused"
        message = _("A change of “%(name)s” waits for review; it has to be approved, returned or taken back first.")
        name = item.owner.slug if item.owner is not None else item.name
        self.sheets[item.kind].file.refuse(item.row, "slug", message % {"name": name})

    def plan_claims(self, progress: Progress) -> None:
        sheet = self.sheets.get(CLAIMS)
        if sheet is None:
            return
        if sheet.table is not None:
            try:
                add_claims(sheet.table, sheet.file)
            except Unreadable as error:
                sheet.file.problems.append(error.problem)
        found = claim_planning.plan(sheet.file, using=self.using, progress=progress, known=self.known)
        self.plan.claims = found
        self.plan.notes += found.notes
        self.plan.problems += [SheetProblem(sheet.label, CLAIMS, problem) for problem in found.problems]
        self.plan.unknown += [SheetUnknown(sheet.label, CLAIMS, unknown) for unknown in found.unknown]

    def check_permissions(self) -> None:
        """Say which kinds of record whoever imports them may not write."""
        if self.by is None:
            return
        wanted: dict[tuple[str, str], tuple[str, SheetKind]] = {}
        for item in self.plan.writes:
            model = OF_MODEL[type(item.owner)].model if item.owner is not None else item.kind.model
            action = "add" if item.what == "created" and item.owner is None else "change"
            wanted[f"comparisons.{action}_{model._meta.model_name}", item.sheet] = (item.sheet, item.kind)
        claims = self.sheets.get(CLAIMS)
        if claims is not None and self.plan.claims is not None and self.plan.claims.writes:
            wanted |= {(name, claims.label): (claims.label, CLAIMS) for name in (ADD, EDIT)}
        for (name, _label), (label, kind) in wanted.items():
            if not self.by.has_perm(name):
                message = _("You may not write these records; the permission “%(name)s” is missing.") % {"name": name}
                self.plan.problems.append(SheetProblem(label, kind, RowProblem(0, "", message)))


def _sorted(problems: list[RowProblem]) -> list[RowProblem]:
    return sorted(set(problems), key=lambda problem: (problem.row, problem.column))
