"""Carry out a plan in one short transaction, with history, or write nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models, transaction

from comparisons.domain.claim_fields import CLAIM_COLUMNS
from comparisons.domain.vocabulary import Status
from comparisons.editing import proposals
from comparisons.exchange import import_log
from comparisons.exchange.claim_columns import CITATION_COLUMNS
from comparisons.history import reasons
from comparisons.history.recording import record
from comparisons.models import Citation, Claim, StaleVersion, bulk_write
from comparisons.models.batches import batched
from comparisons.models.derived import FOLLOWED, paused
from comparisons.models.many import insert
from comparisons.models.permissions import ADD, EDIT

from .import_plan import ImportPlan, PlannedClaim, Progress
from .waiting import draft_of

logger = logging.getLogger(__name__)
#: Rows for each query, and between two calls of progress.
BATCH = 500
#: The columns of a citation that an import changes; the others say where it is.
WRITTEN_OF_CITATION = [name for name in CITATION_COLUMNS if name not in ("article", "locator")]


class UnsoundPlan(Exception):
    """The plan has problems; nothing was written."""


class Outdated(Exception):
    """Somebody changed the knowledge base after the import was planned; nothing was written. Plan it again."""


def apply(
    plan: ImportPlan,
    *,
    by: Any = None,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = lambda what, done, total: None,
    is_part: bool = False,
) -> None:
    """Carry out a plan. A new claim is a draft; changes of a published claim wait for review, whoever imports them.

    by: the author of what is written; None for an import from a shell that names nobody. progress: called with
    "written" after some claims, and with "committing" at the end of the transaction. is_part: whether it is part of a
    larger import, which has its own entry in the log. Raises UnsoundPlan, Outdated or PermissionDenied.
    """
    if by is not None and not by.has_perms([ADD, EDIT]):
        raise PermissionDenied
    if not plan.is_sound:
        raise UnsoundPlan
    if not plan.writes:
        return
    try:
        with transaction.atomic(using=using):
            if not is_part:
                import_log.log(plan.file.name, plan.counts, by=by, using=using)
            _Writer(plan, by, using, progress).run()
    except (IntegrityError, StaleVersion) as error:
        raise Outdated from error
    counts = plan.counts
    logger.info(
        "claims imported: file %s by %s, %d created, %d changed, %d unchanged",
        plan.file.digest[:12], by.pk if by is not None else "nobody",
        counts["created"], counts["changed"], counts["unchanged"],
    )  # fmt: skip


class _Writer:
    def __init__(self, plan: ImportPlan, by: Any, using: str, progress: Progress):
        self.plan, self.by, self.using, self.progress = plan, by, using, progress
        self.reason = reasons.imported(plan.file.name)

    def run(self) -> None:
        created = [item for item in self.plan.items if item.kind == "created"]
        changed = [item for item in self.plan.items if item.kind == "changed"]
        done, total = 0, len(created) + len(changed)
        for batch in batched(created, BATCH):
            self.create(batch)
            done += len(batch)
            self.progress("written", done, total)
        for batch in batched(sorted(changed, key=lambda item: item.claim.pk), BATCH):
            self.change(batch)
            done += len(batch)
            self.progress("written", done, total)
        self.progress("committing", total, total)

    def create(self, items: list[PlannedClaim]) -> None:
        """Store new claims. They are drafts, from which nothing is derived, so nobody has to look at each of them."""
        for item in items:
            item.claim.status, item.claim.author, item.claim.written_by = Status.DRAFT, self.by, self.by
        rows = [item.claim for item in items]
        with paused(*FOLLOWED.values()):
            insert(rows, self.using)
            self.record(Claim, rows, created=True)
            self.cite(items)

    def change(self, items: list[PlannedClaim]) -> None:
        """Change claims that still have the version that was compared; changes of published ones are proposed."""
        proposed = [item for item in items if item.is_proposed]
        self.lock_citations(old for item in proposed if item.proposal is None for old, _new, _label in item.edited)
        proposals.store_all([draft_of(item) for item in proposed], by=self.by)
        items = [item for item in items if not item.is_proposed]
        if not items:
            return
        self.lock(Claim, [item.stored for item in items], ["version"])
        for item in items:
            item.claim.author, item.claim.version = self.by, item.stored.version + 1
        if self.by is not None:
            link = Claim.contributors.through
            links = [link(claim_id=item.claim.pk, user_id=self.by.pk) for item in items]
            link.objects.using(self.using).bulk_create(links, ignore_conflicts=True)
        names = [name for name in CLAIM_COLUMNS if name != "key"]
        self.overwrite(Claim, [item.claim for item in items], [*names, "author", "version"])
        self.edit([(old, new) for item in items for old, new, _label in item.edited])
        self.cite(items)

    def cite(self, items: list[PlannedClaim]) -> None:
        rows = [citation for item in items for citation, _label in item.new]
        for citation in rows:
            citation.claim_id = citation.claim.pk
        insert(rows, self.using)
        self.record(Citation, rows, created=True)

    def edit(self, pairs: list[tuple[Citation, Citation]]) -> None:
        """Change citations that still have the values that were compared; they have no version of their own."""
        if pairs:
            self.lock_citations(old for old, _new in pairs)
            self.overwrite(Citation, [new for _old, new in pairs], WRITTEN_OF_CITATION)

    def lock_citations(self, rows: Iterable[Citation]) -> None:
        self.lock(Citation, list(rows), ["claim_id", "article_id", "locator", *WRITTEN_OF_CITATION])

    def lock(self, model: Any, rows: list[Any], names: list[str]) -> None:
        """Lock these rows until the end of the transaction. Raises Outdated if one is not as it was read."""
        held = model._base_manager.using(self.using).filter(pk__in=[row.pk for row in rows]).order_by("pk")
        found = {pk: values for pk, *values in held.select_for_update().values_list("pk", *names)}
        if any(found.get(row.pk) != [getattr(row, name) for name in names] for row in rows):
            raise Outdated

    def overwrite(self, model: Any, rows: list[Any], names: list[str]) -> None:
        """Store these fields of locked rows in one statement for many, announce it and record it in the history."""
        pks = [row.pk for row in rows]
        bulk_write.send(model, pks=pks, using=self.using)
        there = model._base_manager.using(self.using).all()
        models.QuerySet.bulk_create(there, rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
        bulk_write.send(model, pks=pks, using=self.using)
        self.record(model, rows, created=False)

    def record(self, model: Any, rows: list[Any], *, created: bool) -> None:
        record(model, rows, created=created, by=self.by, reason=self.reason, using=self.using)
