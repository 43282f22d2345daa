"""Criteria by group, a page at a time. Only the groups that stand on the page are read, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, FilteredRelation, Q, QuerySet

from comparisons.models import Criterion, CriterionGroup

#: The order in which all pages list criteria.
BY_PLACE = ("group__order", "group__name", "order", "name")


class GroupSize(NamedTuple):
    """A group of criteria that readers see. covered: how many of them have an answer, about one framework."""

    id: int
    slug: str
    name: str
    criteria: int
    covered: int = 0

    @property
    def share(self) -> int:
        """The share of covered criteria, in percent."""
        return round(100 * self.covered / self.criteria)


def group_sizes(framework: int | None = None) -> list[GroupSize]:
    """The groups with a published criterion, in order; one query.

    framework: also counts the criteria that are answered for it. Groups without a criterion are left out.
    """
    groups: Any = CriterionGroup.objects.filter(criteria__is_draft=False).order_by("order", "name")
    columns = ["pk", "slug", "name", "size"]
    if framework is not None:
        here = Q(criteria__cells__framework=framework) & ~Q(criteria__cells__value_key="")
        groups = groups.annotate(
            here=FilteredRelation("criteria__cells", condition=here), covered=Count("here__pk", distinct=True)
        )
        columns.append("covered")
    return [GroupSize(*row) for row in groups.annotate(size=Count("criteria", distinct=True)).values_list(*columns)]


def on_page(groups: Sequence[GroupSize], first: int, last: int) -> QuerySet[Criterion]:
    """The criteria of these groups from the first to the last, counted from 1 over all of them, in order.

    Groups before and after them are not read. first, last: 0 and 0 give none.
    """
    before, skipped, shown = 0, 0, []
    for group in groups:
        if before + group.criteria >= first and before < last:
            shown.append(group.id)
        elif not shown:
            skipped = before + group.criteria
        before += group.criteria
    rows = Criterion.objects.published().filter(group__in=shown).order_by(*BY_PLACE)
    return rows[max(0, first - 1) - skipped : last - skipped] if shown else rows.none()
