"""Objections of readers: stored as they come, and answered in public or set aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ChallengeStatus
from comparisons.history.public import past
from comparisons.models import Challenge, StaleVersion
from comparisons.models.challenges import ANSWERED, TEXT_LENGTH, target_fields
from comparisons.models.permissions import PUBLISH

from .steps import demand

#: Objections that may wait about one thing and in all, and that may come within an hour. More are turned away, so that
#: nobody fills the desk or the disk, whatever the cache remembers of who sent them.
ABOUT_ONE, IN_ALL, IN_AN_HOUR = 20, 2_000, 200


class Sent(NamedTuple):
    """What a reader sent."""

    kind: str
    text: str
    source: str
    mail: str
    receipt: str


class SentBefore(Exception):
    """Something else was sent with the same form before."""


class TooMany(Exception):
    """So many objections wait, or came of late, that no other is taken for now."""


def receive(target: Any, sent: Sent) -> None:
    """Store an objection to a claim, an article, or a pair of framework and criterion; two queries.

    The same text sent with the same form before is not stored again. Raises TooMany and SentBefore.
    """
    waiting, since = Q(status=ChallengeStatus.OPEN), timezone.now() - timedelta(hours=1)
    counts = Challenge.objects.filter(waiting | Q(sent_at__gt=since)).aggregate(
        about=Count("pk", filter=waiting & Q(**target_fields(target))),
        all=Count("pk", filter=waiting),
        hour=Count("pk", filter=Q(sent_at__gt=since)),
    )
    if counts["about"] >= ABOUT_ONE or counts["all"] >= IN_ALL or counts["hour"] >= IN_AN_HOUR:
        raise TooMany
    try:
        with transaction.atomic():
            Challenge.objects.create(**target_fields(target), **sent._asdict())
    except IntegrityError:
        before = Challenge.objects.filter(receipt=sent.receipt).values_list("text", flat=True).first()
        if before is None:
            raise
        if before != sent.text:
            raise SentBefore from None


class Reply(NamedTuple):
    """How an objection is answered. answer: in Markdown; readers see it, but for one that is set aside."""

    status: str
    answer: str = ""
    is_quoted: bool = True


@transaction.atomic
def answer(challenge: Challenge, decided: Reply, *, by: Any) -> Challenge:
    """Answer an objection, or set it aside; its mail address is deleted.

    Raises Refused, ValidationError, and StaleVersion if it was answered or saved since it was read.
    """
    demand(by, PUBLISH)
    if decided.status not in (*ANSWERED, ChallengeStatus.SET_ASIDE):
        raise ValidationError(_("Choose what comes of it."))
    text = decided.answer.strip()
    if decided.status in ANSWERED and not text:
        raise ValidationError(_("Readers see the answer: say what you found."))
    if len(text) > TEXT_LENGTH:
        raise ValidationError(_("The answer is longer than %(most)d characters.") % {"most": TEXT_LENGTH})
    is_changed = decided.status == ChallengeStatus.CHANGED and challenge.claim is not None
    revision = _newest_revision(challenge.claim) if is_changed else None
    row = Challenge.objects.filter(pk=challenge.pk, version=challenge.version, status=ChallengeStatus.OPEN)
    done = row.update(
        status=decided.status,
        answer=text,
        answered_at=timezone.now(),
        answered_by=by,
        is_quoted=decided.is_quoted,
        mail="",
        revision=revision,
        version=F("version") + 1,
    )
    if not done:
        raise StaleVersion(challenge)
    challenge.refresh_from_db()
    return challenge


def _newest_revision(claim: Any) -> int | None:
    """The number of the newest revision of a claim, or the one that it will have; None if its history is cut."""
    revisions, complete = past(claim)
    if not revisions or not complete:
        return None
    if revisions[0].number:
        return revisions[0].number
    # It may still change for a while, and has no number until then.
    return revisions[1].number + 1 if len(revisions) > 1 and revisions[1].number else 1


def move(field: str, old: Any, new: Any) -> None:
    """Let objections be about the record that takes the place of another. field: the one that names it."""
    rows: QuerySet[Challenge] = Challenge.objects.filter(**{field: old})
    rows.update(**{field: new})
