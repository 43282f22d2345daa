"""The latest changes that readers may see: of published claims and of rulings, without the names of editors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from comparisons.domain.vocabulary import HistoryStep, Status
from comparisons.models import Cell, Claim, Ruling


@dataclass(frozen=True)
class NewsItem:
    """One change. what: "published", "changed" or "ruled"."""

    when: datetime
    what: str
    framework: str
    criterion: str
    text: str
    href: str


def latest(size: int) -> list[NewsItem]:
    """The newest changes, newest first; two queries.

    Claims appear while they are published, from their publication on; each appears once, with its last change and its
    present statement.
    """
    found = [(change.when, -place, change) for kind in (_rulings, _claims) for place, change in enumerate(kind(size))]
    return [change for _when, _place, change in sorted(found, key=lambda entry: entry[:2], reverse=True)[:size]]


def _newsworthy(model: Any) -> Any:
    """The entries of a history that say something new; after a rename or a move a row says the same as before."""
    entries = model.history.model.objects.exclude(history_type="-")
    return entries.exclude(history_step__in=[HistoryStep.MOVE, HistoryStep.RENAME])


def _claims(size: int) -> list[NewsItem]:
    entries = _newsworthy(Claim).filter(status=Status.PUBLISHED)
    of_same = entries.filter(id=OuterRef("id"))
    now = Claim.objects.published().filter(pk=OuterRef("id"))
    rows = (
        entries.annotate(
            statement_now=Subquery(now.values("statement")[:1]),
            name=Subquery(now.values("framework__name")[:1]),
            criterion_name=Subquery(now.values("criterion__name")[:1]),
            address=Subquery(now.values("key")[:1]),
            again=Exists(of_same.filter(history_id__lt=OuterRef("history_id"))),
            later=Exists(of_same.filter(history_id__gt=OuterRef("history_id"))),
        )
        .filter(statement_now__isnull=False, later=False)
        .order_by("-history_date", "-history_id")
        .values_list("history_date", "again", "name", "criterion_name", "statement_now", "address")[:size]
    )
    return [
        NewsItem(
            when,
            "changed" if again else "published",
            name or "",
            criterion,
            text,
            reverse("comparisons:claim", args=[key]),
        )
        for when, again, name, criterion, text, key in rows
    ]


def _rulings(size: int) -> list[NewsItem]:
    entries = _newsworthy(Ruling)
    of_same = entries.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    cell = Cell.objects.filter(framework=OuterRef("framework_now"), criterion=OuterRef("criterion_now"))
    now = Ruling.objects.filter(pk=OuterRef("id"))
    names = {
        "framework_name": "framework__name",
        "criterion_name": "criterion__name",
        "framework_slug": "framework__slug",
        "criterion_slug": "criterion__slug",
    }
    rows = (
        entries.annotate(
            later=Exists(of_same),
            why_now=Subquery(now.values("why")[:1]),
            framework_now=Subquery(now.values("framework")[:1]),
            criterion_now=Subquery(now.values("criterion")[:1]),
            **{name: Subquery(now.values(source)[:1]) for name, source in names.items()},
        )
        .filter(Exists(cell), later=False, why_now__isnull=False)
        .order_by("-history_date", "-history_id")
        .values_list("history_date", "why_now", *names)[:size]
    )
    return [
        NewsItem(when, "ruled", name, criterion, why, reverse("comparisons:cell", args=[framework, slug]))
        for when, why, name, criterion, framework, slug in rows
    ]
