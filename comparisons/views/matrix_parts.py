"""Shared by the pages with a matrix: which rows and columns they show, and the context of the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.matrix import Column, Matrix
from comparisons.domain.matrix import with_figures as rows_with_figures
from comparisons.domain.matrix_rows import RowCounts, RowWish, narrowed, part_of
from comparisons.domain.scoring import profile
from comparisons.domain.vocabulary import ValueType
from comparisons.evidence import benchmarks, rows
from comparisons.evidence.matrix import Perspective, laid_out
from comparisons.models import Article, Benchmark, Criterion
from comparisons.pros_cons import lists
from comparisons.pros_cons.index import Index

from .paging import Paging

#: Pros, and cons, of each framework beside a matrix; the rest is a link away.
EACH = 4
#: Most columns, rows and cells of one page of a matrix; the rest is a link away.
ACROSS, DOWN, CELLS = 24, 200, 1_800
#: Rows from which on the reader's own comparison begins with those that differ.
MANY = 100
#: Most cells of a page of a matrix that is too large for one.
PART = 1_400
#: Columns to choose from are all listed if they are no more than these.
LISTED = 60


class Bounds(NamedTuple):
    """Most columns and cells of one page of the site, in either orientation, where they are not those of the screen.

    all_rows: every row is on each page, beside as many columns as the cells allow.
    """

    columns: int
    cells: int
    all_rows: bool = False


@dataclass(frozen=True)
class Rows:
    """The rows of a page. counts: of all that were chosen. in_part: only those of this page were looked through."""

    matrix: Matrix
    paging: Paging
    counts: RowCounts
    in_part: bool = False


def perspective_of(query: filters.MatrixForm) -> Perspective:
    """The articles and the day through which a reader looks; at most one query. Raises BadQuery."""
    slugs = query.params["article"]
    found = {article.slug: article for article in Article.objects.published().filter(slug__in=slugs)} if slugs else {}
    query.require("article", found)
    return Perspective(tuple(found[slug] for slug in slugs), query.params["as_of"])


def matrix_context(
    query: filters.MatrixForm,
    criteria: QuerySet[Criterion],
    columns: Sequence[Column],
    *,
    every: bool = False,
    differences_first: bool = False,
    bounds: Bounds | None = None,
    with_profile: bool = True,
) -> dict[str, Any]:
    """The context of the templates of a matrix; three to nine queries at any size. Raises BadQuery and Http404.

    criteria: all that can be chosen, in order. columns: the frameworks to show, in order; `every` says that they are
    all there are. differences_first: begin with the rows that differ if there are MANY.
    bounds: None for those of the screen; with others nothing is counted beyond the page.
    with_profile: whether the page shows a profile of the frameworks.
    """
    today = timezone.localdate()
    params = query.params
    groups = rows.groups_of(criteria)
    query.require("group", {group.slug: group.name for group in groups})
    named = rows.named(criteria, params["criterion"])
    query.require("criterion", named)
    query.require_column({column.slug: column.name for column in columns})
    order_name = ""
    if params["columns_by"]:
        by = rows.named(criteria, [params["columns_by"]])
        query.require("columns_by", by)
        order_name = by[params["columns_by"]]
        columns = rows.columns_by(columns, params["columns_by"])
    perspective = perspective_of(query)
    turned = bool(params["transpose"])
    total = sum(group.criteria for group in groups)
    most = bounds.columns if bounds else DOWN if turned else ACROSS
    if bounds and bounds.all_rows:
        most = min(most, max(1, bounds.cells // max(1, total)))
    if bounds or not turned:
        most = max(1, most // perspective.sides)
    across = Paging.of(len(columns), most, params["across"])
    shown = across.cut(columns)

    is_chosen = bool(params["group"] or params["criterion"] or params["q"])
    begins = differences_first and total >= MANY and not is_chosen and not perspective.is_narrowed
    only = params["only"] or (("differences",) if begins and not params["answer"] else ())
    wish = RowWish(frozenset(only) - {"all"}, params["answer"], params["of"])
    picked = rows.chosen(criteria, params["group"], params["criterion"], filters.words_of(params["q"]))
    # The same number of rows beside the last few columns, so that each page of rows has all pages of columns.
    size = _rows_per_page(min(len(columns), most) * perspective.sides, bounds, total, turned=turned)
    if not wish:
        found = _all_rows(picked, None if is_chosen else total, shown, perspective, size, params["page"])
    elif perspective.is_narrowed:
        found = _assessed_rows(picked, columns, shown, perspective, wish, size, params["page"])
    else:
        found = _stored_rows(picked, columns, shown, perspective, wish, size, params["page"], every=every)
    matrix = with_figures(found.matrix, query, perspective)
    silence = ""
    if perspective.articles:
        silence = _("This source is silent")
    elif perspective.as_of:
        silence = _("Nothing published by then")
    is_whole = not wish and not perspective.is_narrowed and not found.paging.is_part
    answers = None
    if not across.is_part and not found.paging.is_part:
        answers = _answers_on(matrix)
    elif not perspective.is_narrowed and not wish and bounds is None:
        answers = rows.answer_counts(picked if is_chosen else None, columns, found.counts.total, every=every)
    return {
        "query": query,
        "matrix": matrix,
        "across": across,
        "down": found.paging,
        "row_counts": found.counts,
        "in_part": found.in_part,
        "answer_counts": answers,
        "only": [(word, label, word in only) for word, label in filters.ONLY.items() if word != "all"],
        "shows_all": not wish.only,
        "all_rows": query.setting("only", "all" if begins else None),
        "tells_why": wish.only == {"differences"} and not wish.answer and found.counts.alike + found.counts.one_sided,
        "answer_options": filters.ANSWER_LABELS.items(),
        "perspective": perspective,
        "profile": profile(matrix, today) if with_profile and is_whole else [],
        "groups": groups,
        "picked_criteria": list(named.items()),
        "columns_by": _orders(matrix, params["columns_by"], order_name),
        "columns_by_name": order_name,
        "column_names": {column.slug: column.name for column in columns},
        "silence": silence,
        "today": today,
    }


def _rows_per_page(columns: int, bounds: Bounds | None, total: int, *, turned: bool) -> int:
    """How many criteria a page shows beside so many columns. total: how many there are."""
    if bounds and bounds.all_rows:
        return max(1, total)
    if bounds:
        return min(DOWN, max(1, bounds.cells // max(1, columns)))
    if turned:
        return min(ACROSS, max(1, CELLS // max(1, columns)))
    most = (CELLS if total * columns <= CELLS else PART) // max(1, columns)
    return min(DOWN, max(10, most // 10 * 10))


def _all_rows(
    picked: QuerySet[Criterion],
    total: int | None,
    shown: Sequence[Column],
    perspective: Perspective,
    size: int,
    page: int,
) -> Rows:
    """A page of all rows that were chosen. total: how many they are, if that is known."""
    count = picked.count() if total is None else total
    down = Paging.of(count, size, page)
    lines = rows.lines_at(picked, down.first, down.last)
    return Rows(laid_out(shown, lines, perspective), down, RowCounts(count, count))


def _stored_rows(
    picked: QuerySet[Criterion],
    columns: Sequence[Column],
    shown: Sequence[Column],
    perspective: Perspective,
    wish: RowWish,
    size: int,
    page: int,
    *,
    every: bool,
) -> Rows:
    """A page of the rows that meet a wish, by the stored cells of all columns."""
    pks, counts = rows.pks_that(picked, columns, wish, timezone.localdate(), every=every)
    down = Paging.of(len(pks), size, page)
    return Rows(laid_out(shown, rows.lines_of(down.cut(pks)), perspective), down, counts)


def _assessed_rows(
    picked: QuerySet[Criterion],
    columns: Sequence[Column],
    shown: Sequence[Column],
    perspective: Perspective,
    wish: RowWish,
    size: int,
    page: int,
) -> Rows:
    """A page of the rows that meet a wish, where cells are assessed anew.

    If they are too many to be assessed at once, the wish narrows each page by itself.
    """
    today: date = timezone.localdate()
    if perspective.articles and wish.answer != "unknown":
        picked = rows.cited_by(picked, perspective.articles)
    count = picked.count()
    if count * len(columns) * perspective.sides > CELLS:
        down = Paging.of(count, size, page)
        whole = laid_out(shown, rows.lines_at(picked, down.first, down.last), perspective)
        matrix, counts = narrowed(whole, wish, today, perspective.sides)
        return Rows(matrix, down, counts, in_part=down.pages > 1)
    whole = laid_out(columns, rows.lines_at(picked, 1, count), perspective)
    matrix, counts = narrowed(whole, wish, today, perspective.sides)
    down = Paging.of(len(matrix.rows), size, page)
    return Rows(part_of(matrix, {column.id for column in shown}, down.cut(matrix.rows)), down, counts)


def _answers_on(matrix: Matrix) -> rows.AnswerCounts:
    """The counts of the cells that a page shows."""
    cells = [cell for row in matrix.rows for cell in row.cells]
    found = [cell for cell in cells if cell is not None]
    answers, disputed = sum(cell.has_value for cell in found), sum(cell.is_disputed for cell in found)
    return rows.AnswerCounts(len(cells), len(found), answers, disputed)


def _orders(matrix: Matrix, chosen: str, name: str) -> list[tuple[str, str, bool]]:
    """The rows that columns can be ordered by: (slug, name, whether chosen); those on the page and the chosen one.

    Texts have no order.
    """
    lines = [row.criterion for row in matrix.rows if row.criterion.value_type != ValueType.TEXT]
    found = [(line.slug, line.name, line.slug == chosen) for line in lines]
    return found if not chosen or any(is_on for *_row, is_on in found) else [(chosen, name, True), *found]


def with_figures(matrix: Matrix, query: filters.MatrixForm, perspective: Perspective) -> Matrix:
    """A matrix whose rows of figures show one benchmark each: those that are picked, else the best for its columns.

    Two queries if there is such a row, and one if a benchmark is picked. A matrix of some sources, or of an earlier
    day, stays as it is. Raises BadQuery.
    """
    picked = query.params["benchmark"]
    if picked:
        known = Benchmark.objects.published().filter(slug__in=picked).order_by().values_list("slug", "title")
        query.require("benchmark", dict(known))
    if perspective.is_narrowed:
        return matrix
    lines = [row.criterion for row in matrix.rows]
    return rows_with_figures(matrix, benchmarks.figure_rows(matrix.columns, lines, picked))


def framework_query(columns: Sequence[Column]) -> str:
    """The query string that chooses these frameworks, for pages that take `framework=`."""
    return "?" + urlencode([("framework", column.slug) for column in columns])


def strongest(matrix: Matrix, index: Index, *, is_part: bool) -> list[lists.FrameworkArguments]:
    """The strongest pros and cons of the frameworks of a matrix; one query.

    is_part: only on the criteria of its rows, since they were chosen; else on all criteria.
    """
    lines = [row.criterion for row in matrix.rows]
    is_part = is_part and {line.id for line in lines} != {one.id for one in index.catalogue.criteria}
    slugs = [line.slug for line in lines] if is_part else []

    def href(slug: str, polarity: str) -> str:
        return lists.all_of(slug, polarity, slugs)

    return lists.strongest(
        [(column.id, column.slug, column.name) for column in matrix.columns],
        EACH,
        index,
        [line.id for line in lines] if is_part else None,
        href if len(slugs) <= filters.MAX_VALUES else None,
    )
