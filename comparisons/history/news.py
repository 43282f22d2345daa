"""The latest changes of meaning, as the front page and feeds show them."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ChangeKind, Verdict
from comparisons.language.labels import label
from comparisons.models import MeaningChange

#: How many times more changes are read than shown, to let those of one day take turns.
READ_AHEAD = 8


class NewsItem(NamedTuple):
    """One change of meaning. id: names it for good. title: what changed. written: when it was written down.

    before, after: what readers were told and are told now, in words; "" for what is new. why: the reason, in Markdown;
    "" if none is stored.
    """

    id: str
    on: date
    written: datetime
    kind: ChangeKind
    title: str
    href: str
    before: str
    after: str
    why: str


def changes(size: int, about: Q | None = None, today: date | None = None) -> list[NewsItem]:
    """The newest changes of what readers may see, newest first, by the day on which they happened; one query.

    about: what they are about; everything if not given. Changes of a claim that is no longer published, and of drafts,
    are left out.
    """
    rows = MeaningChange.objects.published(today or timezone.localdate())
    if about is not None:
        rows = rows.filter(about)
    return [_item(row) for row in rows.select_related("framework", "criterion", "claim").order_by("-on", "-pk")[:size]]


def latest(size: int, today: date | None = None) -> list[NewsItem]:
    """As `changes`, where those of one day take turns by kind, so that many fact checks do not hide its rulings."""
    turns: Counter[tuple[date, str]] = Counter()
    placed = []
    for item in changes(size * READ_AHEAD, today=today):
        placed.append((-item.on.toordinal(), turns[item.on, item.kind], item))
        turns[item.on, item.kind] += 1
    return [item for _day, _turn, item in sorted(placed, key=lambda one: one[:2])[:size]]


def _item(change: MeaningChange) -> NewsItem:
    kind, why, day = ChangeKind(change.kind), change.why, change.on or change.written_at.date()
    before, after = _answer(change.before, change.was_disputed), _answer(change.after, change.is_disputed)
    if change.claim is not None:
        title, href = change.claim.statement, change.claim.get_absolute_url()
        before, after = (str(label(Verdict(word))) for word in (change.before, change.after))
    elif change.framework is not None and change.criterion is not None:
        title = f"{change.framework.name} · {change.criterion.name}"
        href = reverse("comparisons:cell", args=[change.framework.slug, change.criterion.slug])
        if kind == ChangeKind.RECHECK:
            after = _("%(answer)s, may be outdated") % {"answer": after}
            why = _("%(framework)s %(version)s came out.") % {"framework": change.framework.name, "version": why}
        elif kind == ChangeKind.RECHECKED:
            before = _("%(answer)s, may be outdated") % {"answer": before}
        elif kind == ChangeKind.RULED and not change.after:
            after = _("Left open")
    else:
        new: Any = change.framework or change.criterion
        title, href, before, after = new.name, new.get_absolute_url(), "", ""
    return NewsItem(change.key, day, change.written_at, kind, title, href, before, after, why)


def _answer(words: str, is_disputed: bool) -> str:
    """An answer as readers were told it."""
    if not words:
        return _("Disputed") if is_disputed else _("No answer")
    return _("%(answer)s, disputed") % {"answer": words} if is_disputed else words
