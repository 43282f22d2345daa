"""The objections of readers, as the pages for readers show them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from comparisons.domain.vocabulary import ChallengeStatus, Status
from comparisons.models import Article, Challenge
from comparisons.models.challenges import ANSWERED
from comparisons.models.claims import in_catalogue

#: Answered objections that the page of a thing shows, and rows that are read: no more than twenty wait about one thing.
SHOWN, READ = 5, 40

#: What nobody reads here, and a page for readers never holds.
UNREAD: Final = ("text", "source", "mail", "receipt")


class Objections(NamedTuple):
    """The objections to one thing: how many wait, and the last that were answered."""

    waiting: int
    answered: list[Challenge]


def _readable(rows: QuerySet[Challenge]) -> QuerySet[Challenge]:
    """Objections with what readers may read of them: `words` and `given`, "" where editors do not show them."""
    quoted = Q(status__in=ANSWERED, is_quoted=True)
    rows = rows.annotate(
        words=Case(When(quoted, then=F("text")), default=Value(""), output_field=TextField()),
        given=Case(When(quoted, then=F("source")), default=Value(""), output_field=TextField()),
    )
    return rows.defer(*UNREAD)


def objections_to(target: Any) -> Objections:
    """The objections to a claim, an article, or a pair of framework and criterion; one query."""
    seen = Challenge.objects.about(target).filter(status__in=(ChallengeStatus.OPEN, *ANSWERED))
    rows = list(_readable(seen).order_by(F("answered_at").desc(nulls_first=True), "-pk")[:READ])
    answered = [row for row in rows if row.status != ChallengeStatus.OPEN]
    return Objections(len(rows) - len(answered), answered[:SHOWN])


def answered() -> QuerySet[Challenge]:
    """All answered objections to what readers can see, the last answered first."""
    claims = Q(claim__isnull=False, claim__status=Status.PUBLISHED) & in_catalogue("claim__")
    cells = Q(framework__is_draft=False, criterion__is_draft=False)
    articles = Q(article__in=Article.objects.published().values("pk"))
    rows = Challenge.objects.answered().filter(claims | cells | articles)
    return _readable(rows).select_related("claim", "framework", "criterion", "article").order_by("-answered_at", "-pk")
