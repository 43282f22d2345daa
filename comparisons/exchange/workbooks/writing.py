"""Carry out the plan of a workbook in one short transaction, with history, or write nothing."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from comparisons.editing import proposals
from comparisons.editing.proposals import Draft
from comparisons.editing.state_writing import with_new_keys
from comparisons.exchange import import_log
from comparisons.exchange.claims import writing as claim_writing
from comparisons.exchange.claims.import_plan import Progress
from comparisons.exchange.claims.writing import Outdated, UnsoundPlan
from comparisons.history import reasons
from comparisons.history.recording import record, set_reason
from comparisons.history.state_fields import FIELDS, PARTS
from comparisons.history.states import State, values_of, whole
from comparisons.models import Article, Claim, Criterion, Level, Publisher, StaleVersion
from comparisons.models.names import follow
from comparisons.models.permissions import ADD, EDIT

from .kinds import ARTICLES, CRITERIA, FRAMEWORKS, GROUPS, LEVELS
from .plan import PlannedRow, WorkbookPlan

logger = logging.getLogger(__name__)
#: Rows for each query.
BATCH = 500


def apply(
    plan: WorkbookPlan,
    *,
    by: Any = None,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = lambda what, done, total: None,
) -> None:
    """Carry out a plan, once. Nothing is published: new frameworks, criteria and claims are drafts.

    by: as the plan was made for. Raises UnsoundPlan, Outdated if somebody changed what the plan was made from, or
    PermissionDenied.
    """
    if by is not None and not by.has_perms([ADD, EDIT]):
        raise PermissionDenied
    if not plan.is_sound:
        raise UnsoundPlan
    try:
        with transaction.atomic(using=using):
            if plan.size:
                import_log.log(plan.book.name, plan.counts, by=by, using=using)
            _WorkbookWriter(plan, by, using, progress).run()
    except (IntegrityError, StaleVersion) as error:
        raise Outdated from error
    details = ", ".join(f"{count} {what}" for what, count in plan.counts.items())
    logger.info(
        "workbook imported: %s by %s, %s", plan.book.digest[:12], by.pk if by is not None else "nobody", details
    )


class _WorkbookWriter:
    def __init__(self, plan: WorkbookPlan, by: Any, using: str, progress: Progress):
        self.plan, self.by, self.using, self.progress = plan, by, using, progress
        self.reason = reasons.imported(plan.book.name)
        #: The new records by model and the key that they had in the plan.
        self.new: dict[type[Any], dict[int, Any]] = defaultdict(dict)

    def run(self) -> None:
        done, total = 0, len(self.plan.writes)
        self.make_publishers()
        for kind in (GROUPS, FRAMEWORKS, ARTICLES, CRITERIA, LEVELS):
            items = [item for item in self.plan.writes if item.kind is kind]
            direct = [item for item in items if not item.is_proposed]
            self.create([item.record for item in direct if item.what == "created"])
            for item in direct:
                if item.what == "changed":
                    self.change(item.record)
            done += len(items)
            if items:
                self.progress("records written", done, total)
        self.raise_versions()
        self.propose()
        if self.plan.claims is not None and self.plan.claims.writes:
            self.bind_claims()
            claim_writing.apply(self.plan.claims, by=self.by, using=self.using, progress=self.progress, is_part=True)

    def make_publishers(self) -> None:
        """Store the publishers that articles name and nobody has named before."""
        named = [item.record.publisher_id for item in self.plan.writes if item.kind is ARTICLES]
        there = Publisher._base_manager.using(self.using).filter(name__in=named).values_list("name", flat=True)
        new = dict.fromkeys(name for name in named if name is not None)
        for name in there:
            del new[name]
        Publisher._base_manager.using(self.using).bulk_create([Publisher(name=name) for name in new])

    def create(self, rows: list[Any]) -> None:
        """Store new records, each after those of its own kind that it names."""
        while rows:
            waiting = {row.pk for row in rows}
            follows = [isinstance(row, Article) and row.follows_id in waiting for row in rows]
            ready = [row for row, later in zip(rows, follows, strict=True) if not later]
            rows = [row for row, later in zip(rows, follows, strict=True) if later]
            model = type(ready[0])
            for row in ready:
                self.new[model][row.pk] = row
                row.pk = None
                self.bind(row)
                if hasattr(row, "is_draft"):
                    row.is_draft = True
                follow(row)
            model._base_manager.using(self.using).bulk_create(ready, batch_size=BATCH)
            record(model, ready, created=True, by=self.by, reason=self.reason, using=self.using)

    def change(self, row: Any) -> None:
        """Store a record that still has the version that was compared. Raises StaleVersion."""
        self.bind(row)
        set_reason(row, by=self.by, reason=self.reason)
        row.save(using=self.using)

    def bind(self, row: Any) -> None:
        """Give the references of a record the keys that new records have by now."""
        for field in row._meta.concrete_fields:
            if field.is_relation and field.related_model in self.new:
                target = self.new[field.related_model].get(getattr(row, field.attname))
                if target is not None:
                    setattr(row, field.name, target)

    def raise_versions(self) -> None:
        """Save criteria of which only levels change, so that nobody saves over levels that they have not seen."""
        changed = {item.stored.pk for item in self.plan.writes if item.kind is CRITERIA and item.stored is not None}
        owners = {
            item.owner.pk: item.owner
            for item in self.plan.writes
            if item.kind is LEVELS and not item.is_proposed and item.owner.pk not in changed
        }
        new = {row.pk for row in self.new[Criterion].values()}
        for pk, owner in owners.items():
            if pk not in new:
                self.change(owner)

    def propose(self) -> None:
        """Store the changes that wait for review: one for each record, that of a criterion with its levels."""
        own = {item.stored.pk: item for item in self.plan.writes if item.is_proposed and item.kind is CRITERIA}
        levels: dict[int, list[PlannedRow]] = defaultdict(list)
        for item in self.plan.writes:
            if item.is_proposed and item.kind is LEVELS:
                levels[item.owner.pk].append(item)
        drafts = [
            self.draft(item) for item in self.plan.writes if item.is_proposed and item.kind in (FRAMEWORKS, ARTICLES)
        ]
        for pk in sorted({*own, *levels}):
            criterion = own[pk].record if pk in own else levels[pk][0].owner
            drafts.append(self.criterion_draft(criterion, levels[pk]))
        by_model: dict[type[Any], list[Draft]] = defaultdict(list)
        for draft in drafts:
            by_model[type(draft.row)].append(draft)
        for found in by_model.values():
            proposals.store_all(found, by=self.by)

    def draft(self, item: PlannedRow) -> Draft:
        self.bind(item.record)
        base = whole(item.stored)
        return Draft(item.stored, base, State(values_of(item.record, FIELDS[item.kind.model]), base.parts))

    def criterion_draft(self, criterion: Criterion, levels: Iterable[PlannedRow]) -> Draft:
        self.bind(criterion)
        base = whole(criterion)
        base = State(values_of(type(criterion)._base_manager.get(pk=criterion.pk), FIELDS[Criterion]), base.parts)
        (part,) = PARTS[Criterion]
        parts = dict(base.parts)
        for number, item in enumerate(levels, start=1):
            pk = item.stored.pk if item.stored is not None else -number
            parts[Level, pk] = values_of(item.record, part.fields)
        state = State(values_of(criterion, FIELDS[Criterion]), parts)
        return Draft(criterion, base, with_new_keys(criterion, state, base))

    def bind_claims(self) -> None:
        """Give claims and citations the keys that new records have by now."""
        articles = {old: row.pk for old, row in self.new[Article].items()}
        fields: tuple[Any, ...] = tuple(Claim._meta.concrete_fields)
        references = [field for field in fields if field.related_model in self.new]
        for item in self.plan.claims.writes if self.plan.claims is not None else ():
            for field in references:
                target = self.new[field.related_model].get(getattr(item.claim, field.attname))
                if target is not None:
                    setattr(item.claim, field.name, target)
            for citation, _label in item.new:
                citation.article_id = articles.get(citation.article_id, citation.article_id)
