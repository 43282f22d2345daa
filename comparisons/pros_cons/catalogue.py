"""The records by which readers choose pros and cons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet

from comparisons.evidence.assessing import Witnesses
from comparisons.models import Article, Criterion, CriterionGroup, Framework


class ListedRecord(NamedTuple):
    """A framework, group, criterion or article. within: the group of a criterion. year: that of an article."""

    id: int
    slug: str
    name: str
    within: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Catalogue:
    """All records in order, and the independent witnesses behind the articles. mark: no other has it."""

    frameworks: tuple[ListedRecord, ...]
    groups: tuple[ListedRecord, ...]
    criteria: tuple[ListedRecord, ...]
    articles: tuple[ListedRecord, ...]
    witnesses: Witnesses
    mark: object = field(default_factory=object)

    @classmethod
    def read(cls) -> Catalogue:
        """Read the records; five queries."""
        return cls(
            _named(Framework.objects.published().order_by("order", "name"), "pk", "slug", "name"),
            _named(CriterionGroup.objects.order_by("order", "name"), "pk", "slug", "name"),
            _named(
                Criterion.objects.published().order_by("group__order", "order", "name"),
                "pk",
                "slug",
                "name",
                "group_id",
            ),
            tuple(
                ListedRecord(pk, slug, title, year=day and day.year)
                for pk, slug, title, day in Article.objects.published()
                .order_by("title", "slug")
                .values_list("pk", "slug", "title", "published_on")
            ),
            Witnesses(),
        )


def _named(rows: QuerySet[Any], *columns: str) -> tuple[ListedRecord, ...]:
    return tuple(ListedRecord(*row) for row in rows.values_list(*columns))
