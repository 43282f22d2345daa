"""The rows of a matrix: which criteria it shows, found in the database, so that there may be any number of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from comparisons.domain.matrix import Column, Line
from comparisons.domain.matrix_rows import ANSWERS, EVERY, RowCounts, RowWish, ranked
from comparisons.domain.vocabulary import Agreement
from comparisons.models import Article, Cell, Citation, Comparison, Criterion, Level, remembered
from comparisons.models.judgement import recheck_due

from . import assessing

#: A cell with a headline: `value_key` is "" without one.
HAS_VALUE = ~Q(value_key="")


class GroupCount(NamedTuple):
    """A group with the number of criteria that a matrix can show of it."""

    slug: str
    name: str
    criteria: int


class AnswerCounts(NamedTuple):
    """How many cells have a claim, a value and a dispute, of all that a matrix can show."""

    cells: int
    covered: int
    answers: int
    disputed: int

    @property
    def empty(self) -> int:
        """How many have no source: an answer may be missing from a cell that has some."""
        return self.cells - self.covered


def every_criterion() -> QuerySet[Criterion]:
    """All criteria that readers see, in the order of the groups."""
    return Criterion.objects.published().order_by("group__order", "order", "name", "pk")


def of_comparison(comparison: Comparison) -> QuerySet[Criterion]:
    """The criteria of a curated comparison that readers see, in its order."""
    here = Criterion.objects.published().filter(in_comparison__comparison=comparison)
    return here.order_by("in_comparison__order", "in_comparison__pk")


def remembered_lines(criteria: QuerySet[Criterion]) -> list[Line]:
    """Criteria as heads of rows, in the order of the query; no query if this process remembers them."""
    return [Line(*row) for row in remembered.rows(criteria.values_list(*assessing.LINE_COLUMNS, assessing.is_need()))]


def groups_of(criteria: QuerySet[Criterion]) -> list[GroupCount]:
    """The groups of some criteria in order; one query."""
    rows = criteria.order_by("group__order", "group__name").values_list("group__slug", "group__name")
    return [GroupCount(*row) for row in remembered.rows(rows.annotate(Count("pk")))]


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
    """The heads of rows from one place to another, both counted from 1; one query, unless they are remembered.

    What a row shows is read of these alone: a database that sorts whole rows would read it of all.
    """
    here = criteria.values("pk")[max(0, first - 1) : last]
    return remembered_lines(criteria.filter(pk__in=here))


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
    """The criteria whose rows meet a wish, in order, and how many there are in all; two to five queries.

    The same rule as `domain.matrix_rows.narrowed`, for matrices too large to be read whole. every: whether these
    columns are all there are, which spares the database to look them up. Why rows do not differ is counted only if the
    wish asks for those that do.
    """
    cells = _cells(columns, every=every)
    pks = list(remembered.keys(criteria))
    kept, alike, one_sided = pks, 0, 0
    if "differences" in wish.only:
        differs = _differing(cells)
        found = [differs.get(pk) for pk in pks]
        alike, one_sided = found.count(False), found.count(None)
        kept = [pk for pk, is_different in zip(pks, found, strict=True) if is_different]
    if "disputed" in wish.only:
        disputed = _criteria(cells.filter(agreement=Agreement.DISPUTED))
        kept = [pk for pk in kept if pk in disputed]
    if "recheck" in wish.only:
        due = _criteria(cells.filter(recheck_due(today)))
        kept = [pk for pk in kept if pk in due]
    if wish.answer:
        matches = _matches(cells, columns, wish)
        asked = len(columns) if wish.of in ("", EVERY) else 1
        least = len(columns) if wish.of == EVERY else 1
        if wish.answer == "unknown":
            kept = [pk for pk in kept if asked - matches.get(pk, 0) >= least]
        else:
            kept = [pk for pk in kept if matches.get(pk, 0) >= least]
    return kept, RowCounts(len(pks), len(kept), alike, one_sided)


def _cells(columns: Sequence[Column], *, every: bool) -> QuerySet[Cell]:
    cells = Cell.objects.order_by()
    return cells if every else cells.filter(framework__in=[column.id for column in columns])


def _differing(cells: QuerySet[Cell]) -> dict[int, bool]:
    """Whether the values of each criterion differ, by its primary key; only those with two values or more."""
    valued = cells.filter(HAS_VALUE).values_list("criterion")
    rows = valued.annotate(least=Min("value_key"), most=Max("value_key"), found=Count("pk")).filter(found__gt=1)
    return {criterion: least != most for criterion, least, most, _found in remembered.rows(rows)}


def _criteria(cells: QuerySet[Cell]) -> frozenset[int]:
    return frozenset(remembered.rows(cells.values_list("criterion", flat=True).distinct()))


def _matches(cells: QuerySet[Cell], columns: Sequence[Column], wish: RowWish) -> dict[int, int]:
    """In how many of the columns that it speaks of each criterion has the answer asked for; for "unknown", any answer.

    No query if none is asked for.
    """
    if not wish.answer:
        return {}
    if wish.of not in ("", EVERY):
        cells = cells.filter(framework__in=[column.id for column in columns if column.slug == wish.of])
    if wish.answer != "unknown":
        # Comparing the levels as a subquery reads each of them once.
        cells = cells.filter(level__in=Level.objects.filter(meaning__in=ANSWERS[wish.answer]).order_by().values("pk"))
    return dict(remembered.rows(cells.filter(HAS_VALUE).values_list("criterion").annotate(Count("pk"))))


def answer_counts(
    criteria: QuerySet[Criterion] | None, columns: Sequence[Column], total: int, *, every: bool = False
) -> AnswerCounts:
    """The counts of the cells of these columns, on some criteria or on all (None); one query. total: of criteria."""
    cells = _cells(columns, every=every)
    if criteria is not None:
        cells = cells.filter(criterion__in=criteria.order_by().values("pk"))
    counted = cells.values_list("agreement").annotate(found=Count("pk"), answers=Count("pk", filter=HAS_VALUE))
    rows = remembered.rows(counted)
    disputed = sum(found for agreement, found, _answers in rows if agreement == Agreement.DISPUTED)
    covered, answers = sum(found for _, found, _ in rows), sum(answers for *_, answers in rows)
    return AnswerCounts(total * len(columns), covered, answers, disputed)


def columns_by(columns: Sequence[Column], criterion: str) -> list[Column]:
    """Columns in the order of their answers on a criterion, given by its slug; two queries."""
    cells = Cell.objects.filter(criterion__slug=criterion, framework__in=[column.id for column in columns])
    by_framework = {cell.framework_id: cell for cell in cells.views()}
    direction = Criterion.objects.filter(slug=criterion).values_list("direction", flat=True).first() or ""
    order = ranked([c.slug for c in columns], [by_framework.get(c.id) for c in columns], direction)
    by_slug = {column.slug: column for column in columns}
    return [by_slug[slug] for slug in order]


def named(criteria: QuerySet[Criterion], slugs: Collection[str]) -> dict[str, str]:
    """The names of those of some criteria that have these slugs, by slug; one query, none for none."""
    return dict(criteria.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
