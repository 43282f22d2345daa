"""The steps in the life of a claim, and other writes that are more than saving a row.

Each step takes any number of claims and locks them. It changes the status of those for which that is allowed, and says
why it refused the others: one transaction, and one entry in the history of each claim that it changed. Run again, it
changes nothing more. A claim is given as somebody saw it: if its version is no longer the stored one, it is refused,
because nobody may pass on a text that they have not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.domain.claim_fields import SUBSTANCE, VERDICT_COLUMNS
from comparisons.domain.vocabulary import PROVEN_VERDICTS, ReviewMark, Stance, Status
from comparisons.history import reasons
from comparisons.history.recording import set_reason
from comparisons.language.cleaning import tidy
from comparisons.language.labels import label
from comparisons.models import Article, Citation, Claim, Paragraph, Ruling, StaleVersion, VerdictLine
from comparisons.models.permissions import EDIT, JUDGE, PUBLISH
from comparisons.models.values import value_problems


class ReviewStep(StrEnum):
    """A step in the life of a claim; each is a function of this module."""

    SEND = "send_to_review"
    PUBLISH = "publish"
    RETURN = "return_to_draft"
    WITHDRAW = "withdraw"


#: Why somebody without a permission may not take a step.
NOT_PERMITTED = {
    EDIT: gettext_lazy("you may only look at claims"),
    PUBLISH: gettext_lazy("only a reviewer may do this"),
}
#: The statuses from which a step can be taken, and the permission it requires.
STEPS: dict[ReviewStep, tuple[set[Status], str]] = {
    ReviewStep.SEND: ({Status.DRAFT}, EDIT),
    ReviewStep.PUBLISH: ({Status.IN_REVIEW, Status.WITHDRAWN}, PUBLISH),
    ReviewStep.RETURN: ({Status.IN_REVIEW}, PUBLISH),
    ReviewStep.WITHDRAW: ({Status.PUBLISHED}, PUBLISH),
}


@dataclass
class StepResult:
    """What a step did: the claims it changed, those that had the status already, and those refused with the reason.

    stale: the refused claims that somebody has saved since they were seen.
    """

    done: list[Claim] = field(default_factory=list)
    unchanged: list[Claim] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)
    stale: list[Claim] = field(default_factory=list)


class AvailableStep(NamedTuple):
    """A step that the status of a claim allows. refusal: why this person may not take it; "" if they may."""

    step: ReviewStep
    refusal: str


def available_steps(claim: Claim, by: Any) -> list[AvailableStep]:
    """The steps that the present status of a claim allows; two queries if publishing is among them."""
    found = []
    for step, (sources, permission) in STEPS.items():
        if claim.status in sources:
            refusal = "" if by.has_perm(permission) else str(NOT_PERMITTED[permission])
            if step == ReviewStep.PUBLISH and not refusal:
                refusal = _why_unpublished(claim, by, _supported([claim]), _contributed([claim], by))
            found.append(AvailableStep(step, refusal))
    return found


@transaction.atomic
def send_to_review(claims: Iterable[Claim], *, by: Any) -> StepResult:
    """Draft → in review; the mark and the note of the last review are removed."""

    def change(claim: Claim) -> None:
        claim.mark = claim.mark_note = ""

    return _move(ReviewStep.SEND, claims, Status.IN_REVIEW, by=by, change=change)


@transaction.atomic
def return_to_draft(claims: Iterable[Claim], *, by: Any, mark: str, note: str) -> StepResult:
    """In review → draft. mark, note: what is wrong, for its author. Raises ValidationError if either is missing."""
    demand(by, PUBLISH)
    note = tidy(note).strip()
    if mark not in set(ReviewMark) or not note:
        raise ValidationError(_("Say what is wrong with the claim: a mark and a note."))

    def change(claim: Claim) -> None:
        claim.mark, claim.mark_note = mark, note

    return _move(ReviewStep.RETURN, claims, Status.DRAFT, by=by, change=change)


@transaction.atomic
def publish(claims: Iterable[Claim], *, by: Any) -> StepResult:
    """In review → published, and withdrawn → published again; the day of the first publication is kept.

    Refused are claims that whoever publishes had a part in writing since they were last published, claims that no
    citation supports, and claims whose value does not fit. Superusers may publish what they wrote; the history says so.
    """

    def problems(claims: list[Claim]) -> dict[int, str]:
        supported, contributed = _supported(claims), _contributed(claims, by)
        return {claim.pk: _why_unpublished(claim, by, supported, contributed) for claim in claims}

    def change(claim: Claim) -> None:
        claim.published_at = claim.published_at or timezone.now()
        claim.withdrawn_at, claim.withdrawal_reason = None, ""
        if _wrote(claim, by, _contributed([claim], by)):
            set_reason(claim, by=by, reason=reasons.published_by_author())
        claim.contributors.clear()

    return _move(ReviewStep.PUBLISH, claims, Status.PUBLISHED, by=by, problems=problems, change=change)


def publication_refusals(claims: Iterable[Claim], *, by: Any) -> dict[int, str]:
    """Why each of these claims, as it was seen, would not be published, by key; "" if it would; three queries.

    Claims that were deleted meanwhile are left out.
    """
    demand(by, PUBLISH)
    seen = {claim.pk: claim.version for claim in claims}
    now = list(Claim.objects.filter(pk__in=seen).select_related("criterion", "level__criterion"))
    supported, contributed = _supported(now), _contributed(now, by)
    return {
        claim.pk: _why_not(ReviewStep.PUBLISH, claim, seen[claim.pk])
        or _why_unpublished(claim, by, supported, contributed)
        for claim in now
    }


@transaction.atomic
def withdraw(claims: Iterable[Claim], *, by: Any, reason: str) -> StepResult:
    """Published → withdrawn. reason: shown to readers. Raises ValidationError if it is blank."""
    demand(by, PUBLISH)
    reason = tidy(reason).strip()
    if not reason:
        raise ValidationError(_("Say why the claim is withdrawn."))

    def change(claim: Claim) -> None:
        claim.withdrawn_at, claim.withdrawal_reason = timezone.now(), reason

    return _move(ReviewStep.WITHDRAW, claims, Status.WITHDRAWN, by=by, change=change)


class ClaimReference(NamedTuple):
    """A record that names a claim: its ruling, or the comparison whose verdict rests on it."""

    claim: int
    record: Any


def references_to(claims: Iterable[Claim]) -> list[ClaimReference]:
    """The rulings and comparisons that name these claims and would lose them if they were withdrawn; four queries."""
    pks = [claim.pk for claim in claims]
    found = []
    for side in (Ruling.rejected, Ruling.accepted):
        rows: Any = side.through.objects.filter(claim__in=pks)
        rows = rows.select_related("ruling__framework", "ruling__criterion").order_by("pk")
        found += [ClaimReference(row.claim_id, row.ruling) for row in rows]
    for part, name in ((Paragraph, "paragraph"), (VerdictLine, "verdictline")):
        rows = part.claims.through.objects.filter(claim__in=pks)
        for row in rows.select_related(f"{name}__comparison").order_by("pk"):
            found.append(ClaimReference(row.claim_id, getattr(row, name).comparison))
    return list(dict.fromkeys(found))


@transaction.atomic
def give_verdict(claim: Claim, *, by: Any, articles: Iterable[Article]) -> None:
    """Store the verdict that was set on a claim, with the articles that show it. The author of the claim stays.

    claim: the claim as it was seen, with the new verdict. Raises StaleVersion if it was saved since.
    """
    demand(by, JUDGE)
    articles = list(articles)
    if claim.verdict in PROVEN_VERDICTS and not (claim.verdict_note and articles):
        raise ValidationError(_("This verdict says what is so: it needs a note and the articles that show it."))
    set_reason(claim, by=by, reason=reasons.verdict_given())
    claim.save(update_fields=VERDICT_COLUMNS)
    claim.verdict_articles.set(articles)


def stamp_of_cell(framework: int, criterion: int, *, lock: bool = False) -> str:
    """A hash of the published claims of a cell that stays the same until one of them changes; one query."""
    claims = Claim.objects.published().filter(framework=framework, criterion=criterion).order_by("pk")
    if lock:
        claims = claims.select_for_update()
    rows = claims.values_list("pk", "version")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


@transaction.atomic
def rule(ruling: Ruling, *, by: Any, seen: str, accepted: Iterable[Claim], rejected: Iterable[Claim]) -> None:
    """Store a new or a changed ruling with the claims on either side.

    ruling: the ruling as it was seen, with its changes. seen: the stamp of its cell as it was seen. Raises StaleVersion
    if either has changed since, or if somebody else has given a ruling on the cell first.
    """
    demand(by, JUDGE)
    if stamp_of_cell(ruling.framework_id, ruling.criterion_id, lock=True) != seen:
        raise StaleVersion(ruling)
    here = Ruling.objects.filter(framework=ruling.framework_id, criterion=ruling.criterion_id).exclude(pk=ruling.pk)
    set_reason(ruling, by=by)
    try:
        with transaction.atomic():
            ruling.save()
    except IntegrityError:
        if not here.exists():
            raise
        raise StaleVersion(ruling) from None
    ruling.accepted.set(accepted)
    ruling.rejected.set(rejected)


def prepare_edit(claim: Claim, *, by: Any, citations: bool) -> bool:
    """Record who edits a claim: its author, and until it is published one of its contributors; does not save it.

    citations: whether its citations have changed too. Returns whether what it says has changed at all, compared with
    the stored row and not with what a form says was read: a form can be forged. Raises StaleVersion if the claim was
    deleted.
    """
    fields: list[Any] = [Claim._meta.get_field(name) for name in SUBSTANCE]
    names = [field.attname for field in fields]
    stored = Claim.objects.filter(pk=claim.pk).values(*names).first()
    if stored is None:
        raise StaleVersion(claim)
    if not citations and all(getattr(claim, name) == stored[name] for name in names):
        return False
    claim.author = by
    if claim.status != Status.PUBLISHED:
        claim.contributors.add(by)
    elif by.is_superuser:
        set_reason(claim, by=by, reason=reasons.changed_in_place())
    return True


def demand(by: Any, permission: str) -> None:
    """Raise PermissionDenied if somebody lacks a permission."""
    if not by.has_perm(permission):
        raise PermissionDenied


def _wrote(claim: Claim, by: Any, contributed: set[int]) -> bool:
    return by.pk in (claim.author_id, claim.written_by_id) or claim.pk in contributed


def _contributed(claims: Iterable[Claim], by: Any) -> set[int]:
    """The keys of the claims that somebody had a part in writing since they were last published; one query."""
    links = Claim.contributors.through.objects.filter(claim__in=[claim.pk for claim in claims], user=by.pk)
    return set(links.values_list("claim_id", flat=True))


def _supported(claims: Iterable[Claim]) -> set[int]:
    """The keys of the claims that a citation supports; one query."""
    found = Citation.objects.filter(claim__in=[claim.pk for claim in claims], stance=Stance.SUPPORTS)
    return set(found.order_by().values_list("claim_id", flat=True))


def _why_unpublished(claim: Claim, by: Any, supported: set[int], contributed: set[int]) -> str:
    if _wrote(claim, by, contributed) and not by.is_superuser:
        return _("somebody else has to publish what you wrote")
    if claim.pk not in supported:
        return _("no citation supports it")
    return " ".join(str(text) for texts in value_problems(claim).values() for text in texts)


def _why_not(step: ReviewStep, claim: Claim, seen: int) -> str:
    """Why no step can be taken with a claim that was seen at this version, whoever takes it; "" if one can."""
    if claim.version != seen:
        return _("it has changed since you saw it")
    if claim.status not in STEPS[step][0]:
        return _("it is “%(status)s”") % {"status": label(Status(claim.status))}
    return ""


def _locked(pks: Iterable[int]) -> list[Claim]:
    """The claims as they are now, locked until the end of the transaction; in one order, to avoid deadlocks."""
    rows = Claim.objects.filter(pk__in=list(pks)).order_by("pk")
    return list(rows.select_related("criterion", "level__criterion").select_for_update(of=("self",)))


def _move(
    step: ReviewStep,
    claims: Iterable[Claim],
    to: Status,
    *,
    by: Any,
    change: Callable[[Claim], None],
    problems: Callable[[list[Claim]], dict[int, str]] = lambda claims: {},
) -> StepResult:
    """Take a step with claims, as the module describes. problems: called with the locked claims; why to refuse some."""
    demand(by, STEPS[step][1])
    seen = {claim.pk: claim.version for claim in claims}
    result = StepResult()
    locked = _locked(seen)
    reasons = problems(locked)
    for claim in locked:
        if claim.status == to:
            result.unchanged.append(claim)
        elif reason := _why_not(step, claim, seen[claim.pk]):
            if claim.version != seen[claim.pk]:
                result.stale.append(claim)
            result.refused.append((claim, reason))
        elif reason := reasons.get(claim.pk, ""):
            result.refused.append((claim, reason))
        else:
            claim.status = to
            set_reason(claim, by=by)
            change(claim)
            claim.save()
            result.done.append(claim)
    return result
