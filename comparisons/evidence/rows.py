"""The rows of a matrix: which criteria it shows, found in the database, so that there may be any number of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from comparisons.domain.matrix import Column, Line
from comparisons.domain.matrix_rows import ANSWERS, EVERY, RowCounts, RowWish, RowStanding, counted, ranked
from comparisons.domain.vocabulary import Agreement
from comparisons.models import Article, Cell, Citation, Comparison, ComparisonCriterion, Criterion

from . import assessing

#: A cell with a headline: `value_key` is "" without one.
HAS_VALUE = ~Q(value_key="")


class GroupCount(NamedTuple):
    """A group with the number of criteria that a matrix can show of it."""

    slug: str
    name: str
    criteria: int


class AnswerCounts(NamedTuple):
    """How many cells have a value and how many are disputed, of all that a matrix can show."""

    cells: int
    answers: int
    disputed: int

    @property
    def empty(self) -> int:
        return self.cells - self.answers


def every_criterion() -> QuerySet[Criterion]:
    """All criteria that readers see, in the order of the groups."""
    return Criterion.objects.published().order_by("group__order", "order", "name", "pk")


def of_comparison(comparison: Comparison) -> QuerySet[Criterion]:
    """The criteria of a curated comparison that readers see, in its order."""
    own = ComparisonCriterion.objects.filter(comparison=comparison, criterion=OuterRef("pk"))
    here = Criterion.objects.published().filter(Exists(own))
    return here.annotate(own_order=Subquery(own.values("order")[:1]), own_pk=Subquery(own.values("pk")[:1])).order_by(
        "own_order", "own_pk"
    )


def groups_of(criteria: QuerySet[Criterion]) -> list[GroupCount]:
    """The groups of some criteria in order; one query."""
    rows = criteria.order_by("group__order", "group__name").values_list("group__slug", "group__name")
    return [GroupCount(*row) for row in rows.annotate(Count("pk"))]


def chosen(
    criteria: QuerySet[Criterion], groups: Collection[str] = (), slugs: Collection[str] = (), words: Iterable[str] = ()
) -> QuerySet[Criterion]:
    """The criteria of these groups, and those of these slugs, whose name, question or group contains all the words."""
    if groups or slugs:
        criteria = criteria.filter(Q(group__slug__in=groups) | Q(slug__in=slugs))
    contains = [
        Q(name__icontains=word) | Q(question__icontains=word) | Q(group__name__icontains=word) for word in words
    ]
    return criteria.filter(reduce(and_, contains)) if contains else criteria


def cited_by(criteria: QuerySet[Criterion], articles: Collection[Article]) -> QuerySet[Criterion]:
    """The criteria on which one of these articles says anything."""
    return criteria.filter(pk__in=Citation.objects.filter(article__in=articles).order_by().values("claim__criterion"))


def lines_at(criteria: QuerySet[Criterion], first: int, last: int) -> list[Line]:
    """The heads of rows from one place to another, both counted from 1; one query."""
    rows = criteria.values_list(*assessing.LINE_COLUMNS, assessing.is_need())
    return [Line(*row) for row in rows[max(0, first - 1) : last]]


def lines_of(pks: Sequence[int]) -> list[Line]:
    """The heads of the rows of these criteria, in this order; one query, none for none."""
    if not pks:
        return []
    rows = Criterion.objects.filter(pk__in=pks).order_by().values_list(*assessing.LINE_COLUMNS, assessing.is_need())
    found = {line.id: line for line in (Line(*row) for row in rows)}
    return [found[pk] for pk in pks if pk in found]


def pks_that(
    criteria: QuerySet[Criterion], columns: Sequence[Column], wish: RowWish, today: date, *, every: bool = False
) -> tuple[list[int], RowCounts]:
    """The criteria whose rows meet a wish, in order, and how many there are in all; two queries.

    every: whether these columns are all there are, which spares the database to look them up.
    """
    found = standings(columns, wish, today, every=every)
    none = RowStanding(len(columns), 0, False, False, False, _unanswered(wish, columns, ()))
    rows = [(pk, found.get(pk, none)) for pk in criteria.values_list("pk", flat=True)]
    kept = [pk for pk, standing in rows if wish.is_met(standing)]
    return kept, counted((standing for _pk, standing in rows), len(kept))


def standings(columns: Sequence[Column], wish: RowWish, today: date, *, every: bool = False) -> dict[int, RowStanding]:
    """What the cells of each criterion come to, by its primary key; one query. Criteria without a cell are left out."""
    cells = Cell.objects.order_by()
    if not every:
        cells = cells.filter(framework__in=[column.id for column in columns])
    asked = Q()
    if wish.of not in ("", EVERY):
        asked = Q(framework__in=[column.id for column in columns if column.slug == wish.of])
    counts: dict[str, Any] = {
        "least": Min("value_key", filter=HAS_VALUE),
        "most": Max("value_key", filter=HAS_VALUE),
        "answers": Count("pk", filter=HAS_VALUE),
        "disputed": Count("pk", filter=Q(agreement=Agreement.DISPUTED)),
        "rechecks": Count("pk", filter=Q(release_on__lte=today)),
    }
    if wish.answer == "unknown":
        counts["matched"] = Count("pk", filter=HAS_VALUE & asked)
    elif wish.answer:
        counts["matched"] = Count("pk", filter=HAS_VALUE & asked & Q(level__meaning__in=ANSWERS[wish.answer]))
    return {
        criterion: RowStanding(
            len(columns),
            answers,
            least != most,
            disputed > 0,
            rechecks > 0,
            _unanswered(wish, columns, matched) if wish.answer == "unknown" else sum(matched),
        )
        for criterion, least, most, answers, disputed, rechecks, *matched in cells.values_list("criterion").annotate(
            **counts
        )
    }


def _unanswered(wish: RowWish, columns: Sequence[Column], answered: Collection[int]) -> int:
    """In how many of the columns that a wish speaks of there is no value; 0 unless it asks for that."""
    if wish.answer != "unknown":
        return 0
    return (len(columns) if wish.of in ("", EVERY) else 1) - sum(answered)


def answer_counts(
    criteria: QuerySet[Criterion] | None, columns: Sequence[Column], total: int, *, every: bool = False
) -> AnswerCounts:
    """The counts of the cells of these columns, on some criteria or on all (None); one query. total: of criteria."""
    cells = Cell.objects.order_by()
    if not every:
        cells = cells.filter(framework__in=[column.id for column in columns])
    if criteria is not None:
        cells = cells.filter(criterion__in=criteria.order_by().values("pk"))
    found = cells.aggregate(
        answers=Count("pk", filter=HAS_VALUE), disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED))
    )
    return AnswerCounts(total * len(columns), found["answers"], found["disputed"])


def columns_by(columns: Sequence[Column], criterion: str) -> list[Column]:
    """Columns in the order of their answers on a criterion, given by its slug; one query."""
    cells = Cell.objects.filter(criterion__slug=criterion, framework__in=[column.id for column in columns])
    by_framework = {cell.framework_id: cell for cell in cells.views()}
    direction = Criterion.objects.filter(slug=criterion).values_list("direction", flat=True).first() or ""
    order = ranked([c.slug for c in columns], [by_framework.get(c.id) for c in columns], direction)
    by_slug = {column.slug: column for column in columns}
    return [by_slug[slug] for slug in order]


def named(slugs: Collection[str]) -> dict[str, str]:
    """The names of criteria by slug; one query, none for none."""
    if not slugs:
        return {}
    rows = Criterion.objects.published().filter(slug__in=slugs).order_by("group__order", "order", "name")
    return dict(rows.values_list("slug", F("name")))
