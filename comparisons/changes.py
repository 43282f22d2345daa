"""What changed lately, as far as readers may see it: published claims and rulings, never a name of who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from .domain.vocabulary import Status
from .models import Cell, Claim, Ruling


@dataclass(frozen=True)
class Change:
    """One entry of the log. what: "published", "changed" or "ruled"."""

    when: datetime
    what: str
    framework: str
    criterion: str
    text: str
    href: str


def latest(size: int) -> list[Change]:
    """The newest changes, the newest first; two queries.

    Claims count from their publication on, and only while they are published; a claim is named once, by its
    last change, with its statement as it stands.
    """
    found = [(change.when, -place, change) for kind in (_rulings, _claims) for place, change in enumerate(kind(size))]
    return [change for _when, _place, change in sorted(found, key=lambda entry: entry[:2], reverse=True)[:size]]


def _claims(size: int) -> list[Change]:
    entries = Claim.history.model.objects.filter(status=Status.PUBLISHED).exclude(history_type="-")
    of_same = entries.filter(id=OuterRef("id"))
    now = Claim.objects.published().filter(pk=OuterRef("id"))
    rows = (
        entries.annotate(
            stands=Subquery(now.values("statement")[:1]),
            name=Subquery(now.values("framework__name")[:1]),
            criterion_name=Subquery(now.values("criterion__name")[:1]),
            again=Exists(of_same.filter(history_id__lt=OuterRef("history_id"))),
            later=Exists(of_same.filter(history_id__gt=OuterRef("history_id"))),
        )
        .filter(stands__isnull=False, later=False)
        .order_by("-history_date", "-history_id")
        .values_list("history_date", "again", "name", "criterion_name", "stands", "key")[:size]
    )
    return [
        Change(
            when,
            "changed" if again else "published",
            name or "",
            criterion,
            text,
            reverse("comparisons:claim", args=[key]),
        )
        for when, again, name, criterion, text, key in rows
    ]


def _rulings(size: int) -> list[Change]:
    entries = Ruling.history.model.objects.exclude(history_type="-")
    of_same = entries.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    cell = Cell.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    now = Ruling.objects.filter(pk=OuterRef("id"))
    rows = (
        entries.annotate(later=Exists(of_same), why_now=Subquery(now.values("why")[:1]))
        .filter(Exists(cell), later=False, why_now__isnull=False)
        .order_by("-history_date", "-history_id")
        .values_list(
            *("history_date", "framework__name", "criterion__name", "why_now", "framework__slug", "criterion__slug")
        )[:size]
    )
    return [
        Change(when, "ruled", name, criterion, why, reverse("comparisons:cell", args=[framework, slug]))
        for when, name, criterion, why, framework, slug in rows
    ]
