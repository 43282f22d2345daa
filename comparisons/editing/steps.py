"""Writes that are more than saving a row: the steps in the life of a claim.

Each step takes any number of claims, locks them, moves those it may and says of the others why not: one transaction,
one entry in the history of each claim that moved, and nothing more when it is run twice. A claim is given as somebody
saw it: if its version is no longer the stored one it stays where it is, for nobody moves a text they have not read.
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

from comparisons.domain.vocabulary import PROVEN_VERDICTS, ReviewMark, Stance, Status
from comparisons.language.labels import label
from comparisons.models import Article, Citation, Claim, Paragraph, Ruling, StaleVersion
from comparisons.models.base import tidy
from comparisons.models.claims import SUBSTANCE, VERDICT
from comparisons.models.permissions import EDIT, JUDGE, PUBLISH
from comparisons.models.values import value_problems


class Step(StrEnum):
    """What may be done with a claim; each is a function of this module."""

    SEND = "send_to_review"
    PUBLISH = "publish"
    RETURN = "return_to_draft"
    WITHDRAW = "withdraw"


LACKING = {EDIT: gettext_lazy("you may only look at claims"), PUBLISH: gettext_lazy("it takes a reviewer")}
#: The statuses that a step leads on from, and the permission it asks for.
STEPS: dict[Step, tuple[set[Status], str]] = {
    Step.SEND: ({Status.DRAFT}, EDIT),
    Step.PUBLISH: ({Status.IN_REVIEW, Status.WITHDRAWN}, PUBLISH),
    Step.RETURN: ({Status.IN_REVIEW}, PUBLISH),
    Step.WITHDRAW: ({Status.PUBLISHED}, PUBLISH),
}


@dataclass
class Report:
    """What a step did: claims moved, claims that were there already, claims refused with the reason.

    stale: those of the refused that somebody has saved since they were seen.
    """

    done: list[Claim] = field(default_factory=list)
    unchanged: list[Claim] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)
    stale: list[Claim] = field(default_factory=list)


class Offer(NamedTuple):
    """A step that leads on from where a claim is. refusal: why this person may not take it; "" if they may."""

    step: Step
    refusal: str


def offers(claim: Claim, by: Any) -> list[Offer]:
    """The steps from where a claim is now; one query if publishing is among them."""
    found = []
    for step, (sources, permission) in STEPS.items():
        if claim.status in sources:
            refusal = "" if by.has_perm(permission) else str(LACKING[permission])
            if step == Step.PUBLISH and not refusal:
                refusal = _why_unpublished(claim, by, _supported([claim]))
            found.append(Offer(step, refusal))
    return found


@transaction.atomic
def send_to_review(claims: Iterable[Claim], *, by: Any) -> Report:
    """Draft → in review; what a reviewer noted on it is done with."""

    def change(claim: Claim) -> None:
        claim.mark = claim.mark_note = ""

    return _move(Step.SEND, claims, Status.IN_REVIEW, by=by, change=change)


@transaction.atomic
def return_to_draft(claims: Iterable[Claim], *, by: Any, mark: str, note: str) -> Report:
    """In review → draft. mark, note: what is wrong, for its author; ValidationError without either."""
    _demand(by, PUBLISH)
    note = tidy(note).strip()
    if mark not in set(ReviewMark) or not note:
        raise ValidationError(_("Say what is wrong with the claim: a mark and a note."))

    def change(claim: Claim) -> None:
        claim.mark, claim.mark_note = mark, note

    return _move(Step.RETURN, claims, Status.DRAFT, by=by, change=change)


@transaction.atomic
def publish(claims: Iterable[Claim], *, by: Any) -> Report:
    """In review → published, and withdrawn → published again; the day of the first time is kept.

    Refused: what one has written or changed oneself, a claim that no citation supports, a value that does not fit.
    A superuser may publish what they wrote; the history says so.
    """

    def problems(claims: list[Claim]) -> dict[int, str]:
        supported = _supported(claims)
        return {claim.pk: _why_unpublished(claim, by, supported) for claim in claims}

    def change(claim: Claim) -> None:
        claim.published_at = claim.published_at or timezone.now()
        claim.withdrawn_at, claim.withdrawal_reason = None, ""
        if _wrote(claim, by):
            claim._change_reason = _("published by its own author, a superuser")  # type: ignore[attr-defined]

    return _move(Step.PUBLISH, claims, Status.PUBLISHED, by=by, problems=problems, change=change)


@transaction.atomic
def withdraw(claims: Iterable[Claim], *, by: Any, reason: str) -> Report:
    """Published → withdrawn. reason: what readers are told; ValidationError if it is blank."""
    _demand(by, PUBLISH)
    reason = tidy(reason).strip()
    if not reason:
        raise ValidationError(_("Say why the claim is withdrawn."))

    def change(claim: Claim) -> None:
        claim.withdrawn_at, claim.withdrawal_reason = timezone.now(), reason

    return _move(Step.WITHDRAW, claims, Status.WITHDRAWN, by=by, change=change)


class Mention(NamedTuple):
    """A record that names a claim: its ruling, or the comparison whose verdict rests on it."""

    claim: int
    record: Any


def mentions(claims: Iterable[Claim]) -> list[Mention]:
    """Rulings and comparisons that name these claims, which would lose them by a withdrawal; three queries."""
    pks = [claim.pk for claim in claims]
    found = []
    for side in (Ruling.side_a, Ruling.side_b):
        rows: Any = side.through.objects.filter(claim__in=pks)
        rows = rows.select_related("ruling__framework", "ruling__criterion").order_by("pk")
        found += [Mention(row.claim_id, row.ruling) for row in rows]
    verdicts: Any = Paragraph.claims.through.objects.filter(claim__in=pks)
    for row in verdicts.select_related("paragraph__comparison").order_by("pk"):
        found.append(Mention(row.claim_id, row.paragraph.comparison))
    return list(dict.fromkeys(found))


@transaction.atomic
def give_verdict(claim: Claim, *, by: Any, articles: Iterable[Article]) -> None:
    """Store the verdict that was set on a claim, with the articles that show it. It makes nobody an author.

    claim: as it was seen, save for its verdict; StaleVersion if it has changed since.
    """
    _demand(by, JUDGE)
    articles = list(articles)
    if claim.verdict in PROVEN_VERDICTS and not (claim.verdict_note and articles):
        raise ValidationError(_("This verdict says what is so: it needs a note and the articles that show it."))
    claim._history_user = by  # type: ignore[attr-defined]
    claim._change_reason = _("verdict given")  # type: ignore[attr-defined]
    claim.save(update_fields=[name for name in VERDICT if name != "verdict_articles"])
    claim.verdict_articles.set(articles)


def stamp_of_cell(framework: int, criterion: int, *, lock: bool = False) -> str:
    """What somebody saw who read the published claims of a cell: equal as long as none of them changes; one query."""
    claims = Claim.objects.published().filter(framework=framework, criterion=criterion).order_by("pk")
    if lock:
        claims = claims.select_for_update()
    rows = claims.values_list("pk", "version")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


@transaction.atomic
def rule(ruling: Ruling, *, by: Any, seen: str, side_a: Iterable[Claim], side_b: Iterable[Claim]) -> None:
    """Store a new or a changed ruling with the claims on either side.

    ruling: as it was seen, save for what is changed. seen: the stamp of its cell as it was seen. StaleVersion if either
    has changed since, or if somebody else has ruled first.
    """
    _demand(by, JUDGE)
    if stamp_of_cell(ruling.framework_id, ruling.criterion_id, lock=True) != seen:
        raise StaleVersion(ruling)
    here = Ruling.objects.filter(framework=ruling.framework_id, criterion=ruling.criterion_id).exclude(pk=ruling.pk)
    ruling._history_user = by  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            ruling.save()
    except IntegrityError:
        if not here.exists():
            raise
        raise StaleVersion(ruling) from None
    ruling.side_a.set(side_a)
    ruling.side_b.set(side_b)


def returns_to_review(claim: Claim, by: Any) -> bool:
    """Whether a change of what this claim says takes it off the site until somebody else has published it."""
    return claim.status == Status.PUBLISHED and not by.is_superuser


def note_edit(claim: Claim, *, by: Any, citations: bool) -> bool:
    """Before a changed claim is saved: make its editor its author, and send it back to review where that is due.

    citations: its citations have changed too. Returns whether what it says has changed at all. Compared with what is
    stored, not with what a form says was read: a form can be forged. StaleVersion for a claim that is gone.
    """
    fields: list[Any] = [Claim._meta.get_field(name) for name in SUBSTANCE]
    names = [field.attname for field in fields]
    stored = Claim.objects.filter(pk=claim.pk).values(*names).first()
    if stored is None:
        raise StaleVersion(claim)
    if not citations and all(getattr(claim, name) == stored[name] for name in names):
        return False
    claim.author = by
    if returns_to_review(claim, by):
        claim.status = Status.IN_REVIEW
    elif claim.status == Status.PUBLISHED:
        claim._change_reason = _("changed in place by a superuser")  # type: ignore[attr-defined]
    return True


def _demand(by: Any, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


def _wrote(claim: Claim, by: Any) -> bool:
    return by.pk in (claim.author_id, claim.written_by_id)


def _supported(claims: Iterable[Claim]) -> set[int]:
    """Those of the claims that a citation supports; one query."""
    found = Citation.objects.filter(claim__in=[claim.pk for claim in claims], stance=Stance.SUPPORTS)
    return set(found.order_by().values_list("claim_id", flat=True))


def _why_unpublished(claim: Claim, by: Any, supported: set[int]) -> str:
    if _wrote(claim, by) and not by.is_superuser:
        return _("somebody else has to publish what you wrote")
    if claim.pk not in supported:
        return _("no citation supports it")
    return " ".join(str(text) for texts in value_problems(claim).values() for text in texts)


def _locked(pks: Iterable[int]) -> list[Claim]:
    """The claims as they are now, held until the end of the transaction; in one order, so that none deadlock."""
    rows = Claim.objects.filter(pk__in=list(pks)).order_by("pk")
    return list(rows.select_related("criterion", "level__criterion").select_for_update(of=("self",)))


def _move(
    step: Step,
    claims: Iterable[Claim],
    to: Status,
    *,
    by: Any,
    change: Callable[[Claim], None],
    problems: Callable[[list[Claim]], dict[int, str]] = lambda claims: {},
) -> Report:
    """problems: what speaks against moving some of the claims, asked once they are locked."""
    sources, permission = STEPS[step]
    _demand(by, permission)
    seen = {claim.pk: claim.version for claim in claims}
    report = Report()
    locked = _locked(seen)
    reasons = problems(locked)
    for claim in locked:
        if claim.status == to:
            report.unchanged.append(claim)
        elif claim.version != seen[claim.pk]:
            report.stale.append(claim)
            report.refused.append((claim, _("it has changed since you saw it")))
        elif claim.status not in sources:
            report.refused.append((claim, _("it is “%(status)s”") % {"status": label(Status(claim.status))}))
        elif reason := reasons.get(claim.pk):
            report.refused.append((claim, reason))
        else:
            claim.status = to
            change(claim)
            claim._history_user = by  # type: ignore[attr-defined]
            claim.save()
            report.done.append(claim)
    return report
