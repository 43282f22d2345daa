"""Writes that are more than saving a row: the steps in the life of a claim.

Each step takes any number of claims, locks them, moves those it may and says of the others why not: one transaction,
one entry in the history of each claim that moved, and nothing more when it is run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .domain.vocabulary import Stance, Status
from .labels import label
from .models import Citation, Claim
from .models.base import tidy
from .models.evidence import value_problems

#: Permissions that the steps ask for.
EDIT, PUBLISH = "comparisons.change_claim", "comparisons.publish_claim"


@dataclass
class Report:
    """What a step did: claims moved, claims that were there already, claims refused with the reason."""

    done: list[Claim] = field(default_factory=list)
    unchanged: list[Claim] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)


@transaction.atomic
def send_to_review(claims: Iterable[Claim], *, by: Any) -> Report:
    """Draft → in review."""
    _demand(by, EDIT)
    return _move(claims, Status.IN_REVIEW, {Status.DRAFT}, by=by)


@transaction.atomic
def return_to_draft(claims: Iterable[Claim], *, by: Any) -> Report:
    """In review → draft."""
    _demand(by, PUBLISH)
    return _move(claims, Status.DRAFT, {Status.IN_REVIEW}, by=by)


@transaction.atomic
def publish(claims: Iterable[Claim], *, by: Any) -> Report:
    """In review → published, and withdrawn → published again; the day of the first time is kept.

    Refused: the author's own claim (superusers aside), a claim that no citation supports, a value that does not fit.
    """
    _demand(by, PUBLISH)
    claims = _locked(claims)
    supporting = Citation.objects.filter(claim__in=[claim.pk for claim in claims], stance=Stance.SUPPORTS)
    supported = set(supporting.order_by().values_list("claim_id", flat=True))

    def problem(claim: Claim) -> str:
        if claim.author_id == by.pk and not by.is_superuser:
            return _("somebody else has to publish what you wrote")
        if claim.pk not in supported:
            return _("no citation supports it")
        return " ".join(str(text) for texts in value_problems(claim).values() for text in texts)

    def change(claim: Claim) -> None:
        claim.published_at = claim.published_at or timezone.now()
        claim.withdrawn_at, claim.withdrawal_reason = None, ""

    return _move(claims, Status.PUBLISHED, {Status.IN_REVIEW, Status.WITHDRAWN}, by=by, problem=problem, change=change)


@transaction.atomic
def withdraw(claims: Iterable[Claim], *, by: Any, reason: str) -> Report:
    """Published → withdrawn. reason: what readers are told; ValidationError if it is blank."""
    _demand(by, PUBLISH)
    reason = tidy(reason).strip()
    if not reason:
        raise ValidationError(_("Say why the claim is withdrawn."))

    def change(claim: Claim) -> None:
        claim.withdrawn_at, claim.withdrawal_reason = timezone.now(), reason

    return _move(claims, Status.WITHDRAWN, {Status.PUBLISHED}, by=by, change=change)


def _demand(by: Any, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


def _locked(claims: Iterable[Claim]) -> list[Claim]:
    """The claims as they are now, held until the end of the transaction; in one order, so that none deadlock."""
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).order_by("pk")
    return list(rows.select_related("criterion", "level__criterion").select_for_update(of=("self",)))


def _move(
    claims: Iterable[Claim],
    to: Status,
    sources: set[Status],
    *,
    by: Any,
    problem: Callable[[Claim], str] = lambda claim: "",
    change: Callable[[Claim], None] = lambda claim: None,
) -> Report:
    report = Report()
    for claim in _locked(claims):
        if claim.status == to:
            report.unchanged.append(claim)
        elif claim.status not in sources:
            report.refused.append((claim, _("it is “%(status)s”") % {"status": label(Status(claim.status))}))
        elif reason := problem(claim):
            report.refused.append((claim, reason))
        else:
            claim.status = to
            change(claim)
            claim._history_user = by  # type: ignore[attr-defined]
            claim.save()
            report.done.append(claim)
    return report
