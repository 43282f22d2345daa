"""The answer above the results of a search: the page, the cells or the criterion that its words name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.statements import NOT_COUNTED
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import PlacedCell, placed, placed_rows
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
    """A cell that answers; None for a cell that has no claim. statement: what is shown below it, or ""."""

    column: Column
    line: Line
    cell: CellView | None
    statement: str = ""

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

    With a criterion it is the row of that criterion. One query, none if it is remembered.
    """
    chosen = remembered.of(_curated).get(frozenset(column.id for column in columns))
    row = f"?criterion={line.slug}" if line else ""
    if chosen and not line:
        title, slug = chosen
        address = reverse("comparisons:comparison", args=[slug])
        return AnswerPage(title, address, _("Chosen by our editors, with a short conclusion."))
    title = _(" vs ").join(column.name for column in columns)
    address = reverse("comparisons:compare_frameworks", args=[JOINT.join(column.slug for column in columns)])
    return AnswerPage(title, address + row, _("Side by side on every criterion, with the sources of each answer."))


def _curated() -> dict[frozenset[int], tuple[str, str]]:
    """Title and slug of the comparisons that editors chose, by their frameworks, the first of each; one query."""
    frameworks: dict[tuple[str, str], set[int]] = {}
    rows = Comparison.objects.order_by("order", "title").values_list("title", "slug", "columns__framework")
    for title, slug, framework in rows:
        frameworks.setdefault((title, slug), set()).add(framework)
    return {frozenset(chosen): about for about, chosen in reversed(frameworks.items())}


def _cells(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[AnsweredCell, ...]:
    """The cells of these frameworks under these criteria, criterion by criterion; two queries."""
    pairs = [column.id for column in columns], [line.id for line in lines]
    stored = {(one.column.id, one.line.id): one.cell for one in map(placed, _CELLS(*pairs))}
    said = {(framework, criterion): statement for framework, criterion, statement in _STATEMENTS(*pairs)}
    return tuple(
        AnsweredCell(column, line, stored.get((column.id, line.id)), said.get((column.id, line.id), ""))
        for line in lines
        for column in columns
    )


_CELLS = ByKeys(
    lambda frameworks, criteria: placed_rows(Cell.objects.filter(framework__in=frameworks, criterion__in=criteria))
)


def _statements(frameworks: Sequence[int], criteria: Sequence[int]) -> QuerySet[Any]:
    """The statement of each cell that most citations speak of, among those that count."""
    pair = [F("framework"), F("criterion")]
    claims = Claim.objects.published().filter(framework__in=frameworks, criterion__in=criteria)
    ranked = (
        claims.exclude(verdict__in=sorted(NOT_COUNTED))
        .annotate(cited=Count("citations"))
        .annotate(place=Window(RowNumber(), partition_by=pair, order_by=[by_verdict(), F("cited").desc(), F("key")]))
        .filter(place=1)
    )
    return ranked.values_list("framework", "criterion", "statement")


_STATEMENTS = ByKeys(_statements)


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
