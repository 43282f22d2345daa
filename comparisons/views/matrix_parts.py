"""Shared by the pages with a matrix: the chosen sources and rows, and the context of the templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.matrix import Column, Line, Matrix
from comparisons.domain.matrix import with_figures as rows_with_figures
from comparisons.domain.scoring import profile
from comparisons.evidence import benchmarks
from comparisons.evidence.matrix import Perspective
from comparisons.models import Article, Benchmark
from comparisons.pros_cons import lists
from comparisons.pros_cons.index import Index

#: Pros, and cons, of each framework beside a matrix; the rest is a link away.
EACH = 4


def perspective_of(query: filters.MatrixForm) -> Perspective:
    """The articles and the day through which a reader looks; at most one query. Raises BadQuery."""
    slugs = query.params["article"]
    found = {article.slug: article for article in Article.objects.filter(slug__in=slugs)} if slugs else {}
    query.require("article", found)
    return Perspective(tuple(found[slug] for slug in slugs), query.params["as_of"])


def chosen_lines(lines: Sequence[Line], query: filters.MatrixForm) -> list[Line]:
    """The criteria that are chosen, by group or one by one; all if none is. Raises BadQuery."""
    query.require("group", {line.group_slug for line in lines})
    query.require("criterion", {line.slug for line in lines})
    groups, criteria = query.params["group"], query.params["criterion"]
    if not groups and not criteria:
        return list(lines)
    return [line for line in lines if line.group_slug in groups or line.slug in criteria]


def with_figures(matrix: Matrix, query: filters.MatrixForm, perspective: Perspective) -> Matrix:
    """A matrix whose rows of figures show one benchmark each: those that are picked, else the best for its columns.

    Two queries if there is such a row, and one if a benchmark is picked. A matrix of some sources, or of an earlier
    day, stays as it is. Raises BadQuery.
    """
    picked = query.params["benchmark"]
    if picked:
        known = Benchmark.objects.filter(slug__in=picked).order_by().values_list("slug", flat=True)
        query.require("benchmark", set(known))
    if perspective.is_narrowed:
        return matrix
    lines = [row.criterion for row in matrix.rows]
    return rows_with_figures(matrix, benchmarks.figure_rows(matrix.columns, lines, picked))


def _groups(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Groups in order with their criteria, for the control that chooses among them."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        group = found.setdefault(line.group_slug, {"slug": line.group_slug, "name": line.group_name, "criteria": []})
        group["criteria"].append(line)
    return list(found.values())


def silence_of(perspective: Perspective) -> str:
    """What an empty cell means where sources or a day were chosen; "" where all sources count."""
    if perspective.articles:
        return _("This source is silent")
    return _("Nothing published by then") if perspective.as_of else ""


def context_of(
    query: filters.MatrixForm, matrix: Matrix, perspective: Perspective, lines: Sequence[Line]
) -> dict[str, Any]:
    """The context of the templates of a matrix; no query. lines: all criteria that can be chosen."""
    today = timezone.localdate()
    whole = not perspective.is_narrowed and not query.params["only"]
    return {
        "query": query,
        "matrix": matrix,
        "profile": profile(matrix, today) if whole else [],
        "perspective": perspective,
        "groups": _groups(lines),
        "counts": matrix.tallies(today),
        "silence": silence_of(perspective),
        "today": today,
        "only": filters.ONLY.items(),
    }


def framework_query(columns: Sequence[Column]) -> str:
    """The query string that chooses these frameworks, for pages that take `framework=`."""
    return "?" + urlencode([("framework", column.slug) for column in columns])


def strongest(matrix: Matrix, index: Index) -> list[lists.FrameworkArguments]:
    """The strongest pros and cons of the frameworks of a matrix, on the criteria of its rows; one query."""
    rows = [row.criterion for row in matrix.rows]
    slugs = [line.slug for line in rows]
    is_part = {line.id for line in rows} != {one.id for one in index.catalogue.criteria}

    def href(slug: str, polarity: str) -> str:
        return lists.all_of(slug, polarity, slugs if is_part else ())

    return lists.strongest(
        [(column.id, column.slug, column.name) for column in matrix.columns],
        EACH,
        index,
        [line.id for line in rows] if is_part else None,
        href if len(slugs) <= filters.MAX_VALUES or not is_part else None,
    )
