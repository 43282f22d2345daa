"""What became of somebody's work since they last looked at the desk: published, returned, withdrawn, challenged."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ProposalStatus, Status
from comparisons.models import Article, Challenge, Claim, DeskVisit, Proposal

from .worklists import own, own_proposal

#: A visit ends when the desk is not looked at for this long; a look within it is stored at most once in a while.
APART: Final = dt.timedelta(minutes=30)
A_WHILE: Final = dt.timedelta(minutes=1)
#: Most events of each kind.
MOST: Final = 10

MOVES: dict[str, Promise] = {
    Status.PUBLISHED: _("published"),
    Status.DRAFT: _("returned"),
    Status.WITHDRAWN: _("withdrawn"),
}
DECISIONS: dict[str, Promise] = {
    ProposalStatus.APPROVED: _("change published"),
    ProposalStatus.RETURNED: _("returned"),
    ProposalStatus.TAKEN_BACK: _("change closed"),
}


class WorkEvent(NamedTuple):
    """Something that another person did with one's work. record: a claim, a proposal or a challenge."""

    at: dt.datetime
    what: Any
    record: Any
    title: str
    by: str


def begin_visit(user: Any, now: dt.datetime) -> dt.datetime:
    """When somebody looked at the desk before this visit, and remember this look; at their first visit, now.

    One query, and a second if the look is stored.
    """
    visit = DeskVisit.objects.filter(pk=user.pk).first()
    if visit is None:
        DeskVisit.objects.get_or_create(user=user, defaults={"since": now, "seen_at": now})
        return now
    is_new = now - visit.seen_at >= APART
    since: dt.datetime = visit.seen_at if is_new else visit.since
    if now - visit.seen_at >= A_WHILE:
        # Of two looks at once, only one begins the visit.
        DeskVisit.objects.filter(pk=user.pk, seen_at=visit.seen_at).update(since=since, seen_at=now)
    return since


def events_since(user: Any, since: dt.datetime) -> list[WorkEvent]:
    """What others did with somebody's claims, changes and articles, the newest first; three queries."""
    return sorted([*_moved(user, since), *_decided(user, since), *_challenged(user, since)], reverse=True, key=_when)


def _when(event: WorkEvent) -> dt.datetime:
    return event.at


def _moved(user: Any, since: dt.datetime) -> list[WorkEvent]:
    """Claims of theirs whose status somebody else changed, read from the history."""
    history: Any = Claim.history.model.objects
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    entries = (
        history.filter(history_date__gt=since, status__in=list(MOVES))
        .exclude(history_user=user)
        .annotate(before=Subquery(earlier.values("status")[:1]))
        .exclude(before=F("status"))
        .filter(Exists(Claim.objects.filter(own(user), pk=OuterRef("id")).order_by()), before__isnull=False)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    return [
        WorkEvent(one.history_date, MOVES[one.status], one.instance, str(one.instance), str(one.history_user or ""))
        for one in entries[:MOST]
    ]


def _decided(user: Any, since: dt.datetime) -> list[WorkEvent]:
    """Changes of theirs that somebody else approved, returned or closed, as by a merge."""
    found = Proposal.objects.filter(own_proposal(user), decided_at__gt=since, status__in=list(DECISIONS))
    found = found.exclude(decided_by=user).select_related("decided_by").defer("base", "state")
    return [
        WorkEvent(one.decided_at or since, DECISIONS[one.status], one, one.title, str(one.decided_by or ""))
        for one in found.order_by("-decided_at", "-pk")[:MOST]
    ]


def _challenged(user: Any, since: dt.datetime) -> list[WorkEvent]:
    """Objections to claims of theirs, to articles they wrote in, and to answers that their published claims give."""
    claims = Claim.objects.filter(own(user)).order_by()
    in_cell = claims.published().filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    articles = Article.history.filter(id=OuterRef("article"), history_user=user).order_by()
    theirs = Q(Exists(claims.filter(pk=OuterRef("claim")))) | Q(Exists(in_cell)) | Q(Exists(articles))
    found = Challenge.objects.filter(theirs, sent_at__gt=since)
    found = found.select_related("claim", "article", "framework", "criterion").order_by("-sent_at", "-pk")
    return [WorkEvent(one.sent_at, _("challenged by a reader"), one, str(one), "") for one in found[:MOST]]
