"""The answer above the results of a search: the page, the cells or the criterion that its words name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.statements import NOT_COUNTED
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import PlacedCell, placed, placed_cells, placed_rows
from comparisons.models import Cell, Claim, Comparison, Criterion, Framework, remembered
from comparisons.models.base import JOINT
from comparisons.models.prepared import ByKeys
from comparisons.models.ranking import by_verdict
from comparisons.proof.shown_samples import has_samples
from comparisons.search.intents import Intent
from comparisons.search.names import Named

from .use_cases import BY_ANSWER

#: Cells that are shown of several frameworks, values of a criterion across frameworks, and frameworks of one value.
MOST_CELLS, MOST_ACROSS, MOST_AT_LEVEL = 4, 8, 20
#: Frameworks, criteria and cells that are remembered as answers, of each.
MOST_REMEMBERED = 2_000


class AnswerPage(NamedTuple):
    """A page that answers: its title, its address, and what it holds in a sentence."""

    title: str
    href: str
    text: str = ""


class AnsweredCell(NamedTuple):
    """A cell that answers; None for a cell that has no claim. claim: the statement to show below it, or None."""

    column: Column
    line: Line
    cell: CellView | None
    claim: Any = None

    @property
    def href(self) -> str:
        return reverse("comparisons:cell", args=[self.column.slug, self.line.slug])


class AnsweredCriterion(NamedTuple):
    """A criterion or use case that answers, with the first of its values. more: whether there are others.

    level: the label of the answer that was asked for, which all these values are; "" if any will do.
    """

    line: Line
    cells: tuple[PlacedCell, ...] = ()
    more: bool = False
    level: str = ""

    @property
    def href(self) -> str:
        return reverse(
            "comparisons:use_case" if self.line.is_use_case else "comparisons:criterion", args=[self.line.slug]
        )


@dataclass(frozen=True)
class AnswerBox:
    """What stands above the results, in this order; each part may be empty.

    lists_first: whether lists are what was asked for, rather than records.
    """

    lists: tuple[AnswerPage, ...] = ()
    lists_first: bool = False
    comparison: AnswerPage | None = None
    cells: tuple[AnsweredCell, ...] = ()
    criteria: tuple[AnsweredCriterion, ...] = ()
    frameworks: tuple[Column, ...] = ()
    of: tuple[Column, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.lists or self.comparison or self.cells or self.criteria or self.frameworks)

    @property
    def one_line(self) -> Line | None:
        """The criterion of the cells, if it is one and they are several."""
        lines = {answer.line for answer in self.cells}
        return lines.pop() if len(lines) == 1 and len(self.cells) > 1 else None

    @property
    def hrefs(self) -> list[str]:
        """The addresses of all that answers, in the order of the page."""
        lists = [page.href for page in self.lists]
        line = self.one_line
        return [
            *(lists if self.lists_first else ()),
            *([self.comparison.href] if self.comparison and line else ()),
            *([AnsweredCriterion(line).href] if line else ()),
            *(answer.href for answer in self.cells),
            *([self.comparison.href] if self.comparison and not line else ()),
            *(answer.href for answer in self.criteria),
            *(reverse("comparisons:framework", args=[column.slug]) for column in self.frameworks),
            *(() if self.lists_first else lists),
        ]


def answers_to(intent: Intent) -> AnswerBox:
    """What answers a search; at most six queries, none if it names nothing."""
    chosen = intent.frameworks
    columns = _columns(chosen)
    lines = _lines(intent.criteria)
    slugs = [one.slug for one in chosen]
    lists = tuple(
        AnswerPage(_list_title(page, columns), page.address(slugs), str(page.text))
        for page in intent.lists
        if page.view != "sample_list" or has_samples()
    )
    box: dict[str, Any] = {"lists": lists, "lists_first": intent.asks_list, "of": tuple(columns)}
    if len(columns) > 1:
        box["comparison"] = _comparison(columns, lines[0] if lines else None)
        box["lists_first"] = False
    if columns and lines:
        asked = lines[:1] if len(columns) > 1 else lines
        box["cells"] = _cells(columns[:MOST_CELLS], asked)
    elif lines:
        box["criteria"] = _criteria(lines, intent)
    if columns and (len(columns) == 1 if lines else intent.is_whole or len(columns) > 1):
        box["frameworks"] = tuple(columns[:MOST_CELLS])
    return AnswerBox(**box)


def _list_title(page: Any, columns: Sequence[Column]) -> str:
    names = [column.name for column in columns]
    if page.shows(names):
        return _("%(list)s: %(framework)s") % {"list": page.title, "framework": ", ".join(names)}
    return str(page.title)


def _columns(named: Sequence[Named]) -> list[Column]:
    """The frameworks that are named, in this order; one query, none if they are remembered."""
    found = remembered.each("columns", [one.record for one in named], _read_columns, MOST_REMEMBERED)
    return [column._replace(place=place) for place, column in enumerate(found.values(), start=1)]


def _read_columns(pks: Sequence[int]) -> dict[int, Column]:
    return {pk: Column(pk, slug, name, tagline, place=0) for pk, slug, name, tagline in _COLUMNS(pks)}


_COLUMNS = ByKeys(
    lambda pks: Framework.objects.published().filter(pk__in=pks).order_by().values_list("pk", "slug", "name", "tagline")
)


def _lines(named: Sequence[Named]) -> list[Line]:
    """The criteria that are named, in this order; one query, none if they are remembered."""
    found = remembered.each("lines", [one.record for one in named], _read_lines, MOST_REMEMBERED)
    return list(found.values())


def _read_lines(pks: Sequence[int]) -> dict[int, Line]:
    return {line.id: line for line in (Line(*row) for row in _LINES(pks))}


_LINES = ByKeys(
    lambda pks: (
        Criterion.objects.published()
        .filter(pk__in=pks)
        .order_by()
        .values_list(*assessing.LINE_COLUMNS, assessing.is_need())
    )
)


def _comparison(columns: Sequence[Column], line: Line | None) -> AnswerPage:
    """The comparison of these frameworks: the one that editors chose if it has the same, else the one readers pick.

    With a criterion it is the row of that criterion. One query.
    """
    pks = [column.id for column in columns]
    same = Count("columns", filter=Q(columns__framework__in=pks))
    curated = Comparison.objects.filter(columns__framework=pks[0]).order_by().values("pk")
    found = (
        Comparison.objects.filter(pk__in=curated)
        .annotate(width=Count("columns"), same=same)
        .filter(width=len(pks), same=len(pks))
        .order_by("order", "title")
        .first()
    )
    row = f"?criterion={line.slug}" if line else ""
    if found and not line:
        return AnswerPage(found.title, found.get_absolute_url(), _("Chosen by our editors, with a short conclusion."))
    title = _(" vs ").join(column.name for column in columns)
    address = reverse("comparisons:compare_frameworks", args=[JOINT.join(column.slug for column in columns)])
    return AnswerPage(title, address + row, _("Side by side on every criterion, with the sources of each answer."))


def _cells(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[AnsweredCell, ...]:
    """The cells of these frameworks under these criteria, criterion by criterion; two queries."""
    pairs = {"framework__in": [column.id for column in columns], "criterion__in": [line.id for line in lines]}
    stored = {(one.column.id, one.line.id): one.cell for one in placed_cells(Cell.objects.filter(**pairs))}
    said = _statements(Claim.objects.published().filter(**pairs))
    return tuple(
        AnsweredCell(column, line, stored.get((column.id, line.id)), said.get((column.id, line.id)))
        for line in lines
        for column in columns
    )


def _statements(claims: QuerySet[Any]) -> Mapping[tuple[int, int], Claim]:
    """The claim of each cell that most citations speak of, among those that count; one query."""
    pair = [F("framework"), F("criterion")]
    ranked = (
        claims.exclude(verdict__in=sorted(NOT_COUNTED))
        .annotate(cited=Count("citations"))
        .annotate(place=Window(RowNumber(), partition_by=pair, order_by=[by_verdict(), F("cited").desc(), F("key")]))
        .filter(place=1)
    )
    return {(claim.framework_id, claim.criterion_id): claim for claim in ranked}


def _criteria(lines: Sequence[Line], intent: Intent) -> tuple[AnsweredCriterion, ...]:
    """Criteria as answers, the first with its values across frameworks: those that were asked for.

    One query, none if they are remembered.
    """
    first, level = lines[0], intent.level
    if level is not None and intent.criteria[0].record == first.id:
        place, column, most = level.pk, "level", MOST_AT_LEVEL
    else:
        level = None
        place, column, most = first.id, "criterion", MOST_ACROSS
    read = _across(column, first.is_use_case, most + 1)
    across = ("across", column, first.is_use_case)
    found = remembered.each(across, [place], read, MOST_REMEMBERED // most)[place]
    head = AnsweredCriterion(first, tuple(found[:most]), len(found) > most, level.label if level else "")
    return (head, *map(AnsweredCriterion, lines[1:]))


@cache
def _across(column: str, is_use_case: bool, most: int) -> Callable[[Collection[int]], dict[int, list[PlacedCell]]]:
    """Reads the first cells with a value of some criteria, or of some levels; one query for each."""
    order = BY_ANSWER if is_use_case else ("framework__order", "framework__name")
    rows = ByKeys(
        lambda pks: placed_rows(
            Cell.objects.filter(**{f"{column}__in": pks}, points__isnull=False).order_by(*order)[:most]
        )
    )
    return lambda pks: {pk: [placed(row) for row in rows([pk])] for pk in pks}
