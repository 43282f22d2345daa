"""Find records by words. One function, so that a better way of finding can take its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window

from .models import Article, Claim, Comparison, Criterion, Framework

#: The kinds of record that are searched, in the order in which they are shown.
KINDS = ("frameworks", "comparisons", "criteria", "claims", "articles")


@dataclass(frozen=True)
class Found:
    """The records of one kind in which all words occur: one page of them, and how many there are."""

    kind: str
    total: int
    records: tuple[Any, ...]


def search(words: Sequence[str], kinds: Sequence[str] = KINDS, *, first: int = 0, size: int = 20) -> list[Found]:
    """Records of these kinds in which every word occurs somewhere, whatever its case; one query for each kind.

    No words find nothing. first: how many records of each kind to leave out.
    """
    if not words:
        return []
    found = []
    for kind in kinds:
        rows, fields = _searched(kind)
        for word in words:
            rows = rows.filter(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR))
        page = list(rows.annotate(found=Window(Count("pk")))[first : first + size])
        found.append(Found(kind, page[0].found if page else 0, tuple(page)))
    return found


def _searched(kind: str) -> tuple[QuerySet[Any], tuple[str, ...]]:
    """The records of a kind that a reader may see, in order, and the fields that are searched."""
    if kind == "frameworks":
        return Framework.objects.order_by("order", "name"), ("name", "tagline", "kind", "package_name")
    if kind == "comparisons":
        return Comparison.objects.order_by("order", "title"), ("title", "introduction")
    if kind == "criteria":
        criteria = Criterion.objects.select_related("group").order_by("group__order", "order", "name")
        return criteria, ("name", "question", "group__name")
    if kind == "articles":
        return Article.objects.order_by("title", "slug"), ("title", "author", "publisher")
    claims = Claim.objects.published().select_related("framework", "criterion")
    ordered = claims.order_by(F("framework__order").asc(nulls_last=True), "criterion__group__order", "key")
    return ordered, ("statement", "framework__name", "criterion__name")
