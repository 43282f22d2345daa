"""Imports and changes that wait for review: what a file changes is put on top of what waits, and waits too."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from comparisons.domain.claim_fields import CITATION, CLAIM_COLUMNS, SUBSTANCE
from comparisons.domain.vocabulary import Status
from comparisons.editing.proposals import Draft, proposed
from comparisons.editing.state_writing import with_new_keys
from comparisons.exchange.claim_columns import CITATION_COLUMNS
from comparisons.history.states import PartKey, State, values_of
from comparisons.models import Citation, Claim, Proposal
from comparisons.models.many import refer

from .import_plan import PlannedClaim


def waiting_for(claims: Iterable[Claim]) -> dict[int, Proposal]:
    """The proposals that wait for these claims, by the primary key of the claim; one query."""
    pks = [claim.pk for claim in claims if claim.status == Status.PUBLISHED]
    found = Proposal.objects.waiting().filter(kind="claim", record__in=pks)
    return {proposal.record: proposal for proposal in found}


def as_proposed(claim: Claim, proposal: Proposal) -> tuple[Claim, list[Citation]]:
    """A claim and its citations as a proposal would leave them; neither is stored like that."""
    state = proposed(proposal)
    found = copy.copy(claim)
    _set(found, state.fields)
    citations = []
    for (_model, pk), values in state.parts.items():
        citations.append(Citation(pk=pk, claim_id=claim.pk))
        _set(citations[-1], values)
    return found, citations


def put_on_top(item: PlannedClaim) -> None:
    """Let a claim differ from the change of it that waits, and not from the approved text, in what the file changes.

    A file that was exported before gives the approved text wherever nobody changed it in the file.
    """
    claim = copy.copy(item.compared)
    _carry(item.stored, item.claim, claim, CLAIM_COLUMNS)
    item.claim = claim
    there = {one.pk: one for one in item.citations}
    edited: dict[int, tuple[Citation, Citation, str]] = {}
    for old, new, label in item.edited:
        waits = there.get(old.pk)
        if waits is None:  # the change that waits leaves it out
            item.new.append((new, label))
            continue
        after = copy.copy(edited[old.pk][1] if old.pk in edited else waits)
        _carry(old, new, after, CITATION_COLUMNS)
        edited[old.pk] = (waits, after, label)
    item.edited = [*edited.values()]


def _carry(old: Any, new: Any, row: Any, names: Iterable[str]) -> None:
    """Give a row the fields in which `new` differs from `old`."""
    for name in names:
        column = row._meta.get_field(name)
        if getattr(old, column.attname) == getattr(new, column.attname):
            continue
        if column.is_relation:
            refer(row, name, getattr(new, name))
        else:
            setattr(row, name, getattr(new, name))


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, row._meta.get_field(name).attname, value)


def draft_of(item: PlannedClaim) -> Draft:
    """The proposal that an import makes of a published claim."""
    edited = {new.pk: new for _old, new, _label in item.edited}
    rows = [(one.pk, edited.get(one.pk, one)) for one in item.citations]
    rows += [(-place, row) for place, (row, _label) in enumerate(item.new, start=1)]
    base = State(values_of(item.stored, SUBSTANCE), _parts((one.pk, one) for one in item.approved))
    state = State(values_of(item.claim, SUBSTANCE), _parts(rows))
    seen = item.proposal.version if item.proposal is not None else 0
    return Draft(item.stored, base, with_new_keys(item.stored, state, base), seen)


def _parts(rows: Iterable[tuple[int, Citation]]) -> dict[PartKey, Mapping[str, Any]]:
    return {(Citation, pk): values_of(row, CITATION) for pk, row in rows}
