"""Cite an article on a claim that exists already, under the rules of an edit of that claim."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ProposalStatus, Stance, Status
from comparisons.history.recording import set_reason
from comparisons.history.states import whole
from comparisons.models import Citation, Claim, Proposal, StaleVersion

from . import proposals, state_writing, steps

#: The permission to change claims, as Django names it.
CHANGE = "comparisons.change_claim"


@transaction.atomic
def cite(claim: Claim, citation: Citation, *, by: Any) -> Proposal | None:
    """Add a citation to a claim; the proposal that now waits for review, or None if the citation is stored.

    claim: as it was seen. citation: not stored, with its article and all that the source says. Raises StaleVersion if
    the claim was saved since it was seen, ValidationError if the citation is not valid or the claim takes none.
    """
    if not by.has_perm(CHANGE):
        raise PermissionDenied
    row = Claim.objects.select_for_update().filter(pk=claim.pk, version=claim.version).first()
    if row is None:
        raise StaleVersion(claim)
    if row.status == Status.WITHDRAWN:
        raise ValidationError(_("This claim was withdrawn, so it takes no citation."))
    citation.claim = row
    _fill(citation)
    if not proposals.must_propose(row, by):
        _check(citation)
        steps.prepare_edit(row, by=by, citations=True)
        row.save()
        set_reason(citation, by=by)
        citation.save()
        return None
    return _propose(row, citation, by)


def _fill(citation: Citation) -> None:
    """Let a source that supports a claim say what the claim states; every other one has to be quoted in our words."""
    if not citation.says.strip():
        if citation.stance != Stance.SUPPORTS:
            raise ValidationError({"says": _("Say what the source says: it does not simply support this claim.")})
        citation.says = citation.claim.statement


def _check(citation: Citation) -> None:
    here = {"claim": citation.claim_id, "article": citation.article_id, "locator": citation.locator}
    if Citation.objects.filter(**here).exists():
        text = _("The article is cited on this claim already, at the same place. Say where else it says so.")
        raise ValidationError({"locator": text})
    citation.full_clean()


def _show(proposal: Proposal, row: Claim) -> None:
    try:
        proposals.show(proposal, row)
    except (ValidationError, IntegrityError):
        text = _("A change of this claim waits that breaks a rule of today. Open the claim and mend the change first.")
        raise ValidationError(text) from None


def _propose(claim: Claim, citation: Citation, by: Any) -> Proposal | None:
    """Store a proposal with the citation, on top of the change that waits already, if there is one."""
    waits = proposals.waiting(claim)
    if waits is not None and waits.status == ProposalStatus.RETURNED:
        raise ValidationError(
            _("A change of this claim came back with a note. Open the claim, see to the note, and cite it there.")
        )
    base = whole(claim)
    row = Claim.objects.get(pk=claim.pk)
    with transaction.atomic():
        if waits is not None:
            _show(waits, row)
        citation.claim = row
        _check(citation)
        citation.save()
        state = whole(Claim.objects.get(pk=claim.pk))
        transaction.set_rollback(True)
    seen = waits.version if waits is not None else 0
    return proposals.store(claim, base, state_writing.with_new_keys(claim, state, base), by=by, seen=seen)
