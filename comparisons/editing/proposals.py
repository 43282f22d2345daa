"""Changes of approved records that wait for review: how they are made, shown, approved, returned and taken back.

Readers go on seeing what was approved. A proposal holds the whole state that the record would have; approving it writes
that state as one save. Whoever wrote in a proposal cannot approve it, superusers aside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ProposalStatus, Stance, Status
from comparisons.history import reasons
from comparisons.history.state_json import as_json, from_json, natural_keys
from comparisons.history.states import PartKey, State, whole
from comparisons.language.cleaning import tidy
from comparisons.models import Article, Citation, Claim, Proposal, StaleVersion
from comparisons.models.permissions import PUBLISH
from comparisons.models.proposals import PROPOSABLE

from . import state_writing

#: Added to the version of a proposal, it is the version that the record shows while a form is open on the proposal. No
#: record has been saved that often, so no form can take one for the other.
SHOWN = 500_000_000


class ProposalRefused(Exception):
    """The step is not possible; the message says why."""


def is_approved(row: Any) -> bool:
    """Whether readers see a record, so that its changes may have to wait: claims that are published, and no drafts."""
    if isinstance(row, Claim):
        return row.status == Status.PUBLISHED
    return type(row) in PROPOSABLE.values() and not getattr(row, "is_draft", False)


def must_propose(row: Any, by: Any) -> bool:
    """Whether a change of this record by this person waits for review.

    Nobody but superusers publishes their own words, so every other change of a published claim waits. Changes of other
    records wait if whoever makes them lacks the permission to publish.
    """
    if by.is_superuser or not is_approved(row):
        return False
    return isinstance(row, Claim) or not by.has_perm(PUBLISH)


def waiting(row: Any) -> Proposal | None:
    """The proposal for a record that is open or was returned; None if there is none."""
    return Proposal.objects.of(row).waiting().select_related("changed_by").first()


def proposed(proposal: Proposal) -> State:
    """The state that a record would have."""
    return from_json(proposal.model, proposal.state)


def is_outdated(proposal: Proposal, row: Any) -> bool:
    """Whether the approved text is no longer the one that a proposal starts from; a new verdict changes no text."""
    return row.version != proposal.base_version and whole(row) != from_json(proposal.model, proposal.base)


def merged(base: State, ours: State, now: State) -> State:
    """The state with the changes of both sides since `base`: of this proposal, and of others who saved meanwhile.

    Where both changed the same field, the proposal stands. A row that one side removed and the other changed stays.
    """
    parts: dict[PartKey, Mapping[str, Any]] = {}
    for key in [*now.parts, *(key for key in ours.parts if key not in now.parts)]:
        before, mine, theirs = base.parts.get(key), ours.parts.get(key), now.parts.get(key)
        if mine is None or theirs is None:
            kept = mine if theirs is None else theirs
            if kept is not None and (before is None or kept != before):
                parts[key] = kept
        else:
            parts[key] = _merged_values(before or {}, mine, theirs)
    return State(_merged_values(base.fields, ours.fields, now.fields), parts)


def _merged_values(base: Mapping[str, Any], ours: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    return {name: now[name] if value == base.get(name) else value for name, value in ours.items()}


def show(proposal: Proposal, row: Any) -> bool:
    """Write the proposed state into a record, inside a transaction that is rolled back after the record was looked at.

    Meanwhile the record has a version of its own, see SHOWN. If it was saved since the proposal was written, the
    changes of both sides are shown. Returns whether that is so. Raises ValidationError or IntegrityError if the state
    is not valid today.
    """
    now, state, outdated = whole(row), proposed(proposal), is_outdated(proposal, row)
    if outdated:
        state = merged(from_json(proposal.model, proposal.base), state, now)
    with transaction.atomic():
        _apply(row, state, now, by=proposal.changed_by, reason=None, keeps_keys=True)
    type(row)._base_manager.filter(pk=row.pk).update(version=SHOWN + proposal.version)
    row.version = SHOWN + proposal.version
    return outdated


def propose_edit(row: Any, edit: Callable[[], Any], *, by: Any) -> Proposal | None:
    """Make an edit in a transaction that is rolled back, and store the state it leaves as a proposal.

    row: the record as its editor saw it. Returns None if the edit changes nothing. Raises what the edit raises, and
    StaleVersion if the record was saved since it was seen; ProposalRefused if another change of it waits already.
    """
    if waiting(row) is not None:
        raise ProposalRefused(
            _("A change of this record waits for review already. Edit that one, or take it back first.")
        )
    version = row.version
    with transaction.atomic():
        base = whole(type(row)._base_manager.get(pk=row.pk))
        edit()
        state = whole(type(row)._base_manager.get(pk=row.pk))
        transaction.set_rollback(True)
    row.version = version
    return store(row, base, state_writing.with_new_keys(row, state, base), by=by)


class Draft(NamedTuple):
    """What a proposal is to hold.

    row: the record at the version that `base` is the state of. seen: the version of the waiting proposal that was
    edited; 0 if there was none.
    """

    row: Any
    base: State
    state: State
    seen: int = 0


def store(row: Any, base: State, state: State, *, by: Any, seen: int = 0) -> Proposal | None:
    """Store one proposal, see store_all; None if it would change nothing."""
    return next(iter(store_all([Draft(row, base, state, seen)], by=by)), None)


@transaction.atomic
def store_all(drafts: Sequence[Draft], *, by: Any) -> list[Proposal]:
    """Store proposals for records of one kind, each as the next version of the one that waits, if one does.

    by: who wrote them; None if nobody is known. Returns those that say something; one that waits is taken back if it
    would say nothing any more. Raises StaleVersion if a record or its proposal is not as it was seen. A few queries for
    any number of new proposals.
    """
    if not drafts:
        return []
    model = type(drafts[0].row)
    kind, pks = model._meta.model_name, [draft.row.pk for draft in drafts]
    held = model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")
    versions = dict(held.values_list("pk", "version"))
    every = Proposal.objects.filter(kind=kind, record__in=pks)
    found = {proposal.record: proposal for proposal in every.waiting().select_for_update()}
    last = dict(every.order_by().values_list("record").annotate(Max("version")))
    keys = natural_keys(model, [state for draft in drafts for state in (draft.base, draft.state)])
    new, kept = [], []
    for row, base, state, seen in drafts:
        waits = found.get(row.pk)
        if versions.get(row.pk) != row.version or (waits.version if waits is not None else 0) != seen:
            raise StaleVersion(row)
        try:
            texts = {"base": as_json(model, base, keys), "state": as_json(model, state, keys)}
        except KeyError:  # a record that it names was deleted meanwhile
            raise StaleVersion(row) from None
        values = {"base_version": row.version, **texts}
        if base == state:
            if waits is not None:  # it gave way to the approved text
                _decide(waits, ProposalStatus.TAKEN_BACK, by)
            continue
        if waits is not None and all(getattr(waits, name) == value for name, value in values.items()):
            kept.append(waits)
            continue
        proposal = waits or Proposal(kind=kind, record=row.pk, version=last.get(row.pk) or 0)
        for name, value in values.items():
            setattr(proposal, name, value)
        proposal.title, proposal.status, proposal.note = str(row)[:200], ProposalStatus.OPEN, ""
        proposal.version += 1
        proposal.changed_by, proposal.changed_at = by, timezone.now()
        proposal.decided_by = proposal.decided_at = None
        if waits is None:
            new.append(proposal)
        else:
            proposal.save()
            kept.append(proposal)
    try:
        with transaction.atomic():
            Proposal.objects.bulk_create(new)
    except IntegrityError:  # somebody else has just proposed a change
        raise StaleVersion(drafts[0].row) from None
    if by is not None:
        link = Proposal.authors.through
        links = [link(proposal_id=proposal.pk, user_id=by.pk) for proposal in [*new, *kept]]
        link.objects.bulk_create(links, ignore_conflicts=True)
    return [*new, *kept]


def speak_for_new_day(article: Article, claims: Collection[int]) -> None:
    """Let the citations of an article that was read again speak for that day, where the claim was looked at too."""
    Citation.objects.filter(article=article, claim__in=claims, dated_on__isnull=False).update(dated_on=None)


def why_not_approved(proposal: Proposal, by: Any) -> str:
    """Why somebody may not approve or return a proposal; "" if they may."""
    if not by.has_perm(PUBLISH):
        return _("only a reviewer may do this")
    if proposal.status != ProposalStatus.OPEN:
        return _("it does not wait for review")
    if not by.is_superuser and proposal.authors.filter(pk=by.pk).exists():
        return _("somebody else has to approve what you wrote")
    return ""


@transaction.atomic
def approve(proposal: Proposal, *, by: Any) -> Any:
    """Write the proposed state into the record, and return the record.

    proposal: as its reviewer saw it. Raises StaleVersion if the proposal, or the record that it starts from, was saved
    since; ProposalRefused if this person may not, ValidationError if the state is not valid today.
    """
    if not by.has_perm(PUBLISH):
        raise PermissionDenied
    row, proposal = _held(proposal)
    if refusal := why_not_approved(proposal, by):
        raise ProposalRefused(refusal)
    if is_outdated(proposal, row):
        raise StaleVersion(row)
    authors = list(proposal.authors.order_by("pk"))
    reason = reasons.approved(map(str, authors), by_author=by in authors)
    if isinstance(row, Claim) and proposal.changed_by is not None:
        row.author = proposal.changed_by
    read_before = getattr(row, "read_on", None)
    _apply(row, proposed(proposal), whole(row), by=by, reason=reason)
    if isinstance(row, Article) and row.read_on and read_before and row.read_on > read_before:
        speak_for_new_day(row, proposal.looked_at)
    if isinstance(row, Claim):
        if not Citation.objects.filter(claim=row, stance=Stance.SUPPORTS).exists():
            raise ValidationError(_("No citation supports the claim."))
        row.contributors.clear()
    _decide(proposal, ProposalStatus.APPROVED, by)
    return row


@transaction.atomic
def send_back(proposal: Proposal, *, by: Any, note: str) -> None:
    """Return a proposal to its authors. note: what is wrong. Raises as `approve` does, and without a note."""
    if not by.has_perm(PUBLISH):
        raise PermissionDenied
    note = tidy(note).strip()
    if not note:
        raise ValidationError(_("Say what is wrong with the change."))
    _row, proposal = _held(proposal)
    if refusal := why_not_approved(proposal, by):
        raise ProposalRefused(refusal)
    proposal.note = note
    _decide(proposal, ProposalStatus.RETURNED, by)


def may_take_back(proposal: Proposal, by: Any) -> bool:
    """Whether somebody may give a proposal up: its authors and superusers may."""
    is_author = by.is_superuser or proposal.authors.filter(pk=by.pk).exists()
    return proposal.status in (ProposalStatus.OPEN, ProposalStatus.RETURNED) and is_author


@transaction.atomic
def take_back(proposal: Proposal, *, by: Any) -> None:
    """Give a proposal up.

    Raises StaleVersion if it was saved since it was seen, ProposalRefused if this person may not.
    """
    _row, proposal = _held(proposal)
    if not may_take_back(proposal, by):
        raise ProposalRefused(_("only its authors may take it back"))
    _decide(proposal, ProposalStatus.TAKEN_BACK, by)


def _apply(row: Any, state: State, now: State, *, by: Any, reason: Any, keeps_keys: bool = False) -> None:
    state_writing.set_fields(row, state)
    state_writing.save(row, state, now, by=by, reason=reason, keeps_keys=keeps_keys)


def _lock(row: Any, version: int | None) -> Any:
    """The stored record, locked until the end of the transaction. Raises StaleVersion if it has another version."""
    found = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if found is None or (version is not None and found.version != version):
        raise StaleVersion(row)
    return found


def _held(proposal: Proposal) -> tuple[Any, Proposal]:
    """The record of a proposal, then the proposal, both locked. Raises StaleVersion if the proposal was saved since."""
    row = _lock(proposal.model(pk=proposal.record), None)
    held = Proposal.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=proposal.pk)
    if held.version != proposal.version:
        raise StaleVersion(row)
    return row, held


def _decide(proposal: Proposal, status: ProposalStatus, by: Any) -> None:
    proposal.status, proposal.decided_by, proposal.decided_at = status, by, timezone.now()
    proposal.save()
