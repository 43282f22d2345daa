"""The latest changes of meaning, as the front page and feeds show them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse

from comparisons.domain.vocabulary import ChangeKind, Verdict
from comparisons.language.labels import label
from comparisons.models import MeaningChange
from comparisons.models.claims import visible

#: How many times more changes are read than shown, to let those of one day take turns.
READ_AHEAD = 8


class NewsItem(NamedTuple):
    """One change of meaning. id: names it for good. title: what changed. before, after: the answers in words.

    was_disputed, is_disputed: whether sources disagreed. why: the reason, in Markdown; "" if none is stored.
    """

    id: str
    on: date
    kind: str
    title: str
    href: str
    before: str
    after: str
    was_disputed: bool
    is_disputed: bool
    why: str


def latest(size: int) -> list[NewsItem]:
    """The newest changes of what readers may see, newest first, by the day on which they happened; one query.

    Those of one day take turns by kind, so that many fact checks of a day do not hide its rulings. Changes of a claim
    that is no longer published, and of drafts, are left out.
    """
    shown = (
        Q(kind=ChangeKind.FACT_CHECK) & visible("claim__")
        | Q(claim__isnull=True, framework__is_draft=False, criterion__is_draft=False)
        | Q(kind=ChangeKind.ADDED, framework__is_draft=False, criterion__isnull=True)
        | Q(kind=ChangeKind.ADDED, criterion__is_draft=False, framework__isnull=True)
    )
    rows = MeaningChange.objects.filter(shown).select_related("framework", "criterion", "claim").order_by("-on", "-pk")
    turns: Counter[tuple[date, str]] = Counter()
    placed = []
    for change in rows[: size * READ_AHEAD]:
        placed.append((-change.on.toordinal(), turns[change.on, change.kind], change))
        turns[change.on, change.kind] += 1
    return [_item(change) for _day, _turn, change in sorted(placed, key=lambda one: one[:2])[:size]]


def _item(change: MeaningChange) -> NewsItem:
    before, after = change.before, change.after
    if change.claim is not None:
        title, href = change.claim.statement, change.claim.get_absolute_url()
        before, after = (str(label(Verdict(word))) for word in (before, after))
    elif change.framework is not None and change.criterion is not None:
        title = f"{change.framework.name} · {change.criterion.name}"
        href = reverse("comparisons:cell", args=[change.framework.slug, change.criterion.slug])
    else:
        new: Any = change.framework or change.criterion
        title, href, after = new.name, new.get_absolute_url(), ""
    return NewsItem(
        change.key, change.on, change.kind, title, href, before, after, change.was_disputed, change.is_disputed,
        change.why,
    )  # fmt: skip
