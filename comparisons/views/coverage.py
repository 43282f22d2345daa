"""What is covered and what is missing: criteria by frameworks, and criteria by sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Line
from comparisons.evidence import assessing, charts, criterion_pages
from comparisons.models import Cell, Citation
from comparisons.models.claims import visible
from comparisons.pros_cons import current

from .addresses import addresses
from .kept import kept
from .paging import Paging
from .remembered_context import remembered_context

#: Most columns of frameworks, columns of sources, and rows of criteria on a page.
ACROSS, SOURCES, DOWN = 24, 12, 120


@kept(filters.CoverageForm)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Number of claims for each criterion by framework, or by source, a page of each axis at a time; five queries."""
    query = filters.CoverageForm.read(request.GET)

    def build() -> dict[str, Any]:
        sizes = criterion_pages.group_sizes()
        chosen = query.params["group"]
        query.require("group", {group.slug: group.name for group in sizes})
        wanted = [group for group in sizes if not chosen or group.slug == chosen]
        down = Paging.of(sum(group.criteria for group in wanted), DOWN, query.params["page"])
        lines = assessing.lines(criterion_pages.on_page(wanted, down.first, down.last))
        seen, link = (_by_source, _row_as_seen_by()) if query.params["by"] else (_by_framework, addresses("cell", 2))
        heads, counts, across = seen(lines, query.params["across"])
        groups: dict[str, dict[str, Any]] = {}
        for line in lines:
            found = [counts.get((line.id, head.id), 0) for head in heads]
            cells = [(n, charts.heat(n), link(head.slug, line.slug)) for n, head in zip(found, heads, strict=True)]
            group = groups.setdefault(line.group_slug, {"slug": line.group_slug, "name": line.group_name, "rows": []})
            group["rows"].append((line, cells, sum(not cell[0] for cell in cells)))
        rows = [row for group in groups.values() for row in group["rows"]]
        return {
            "section": "coverage",
            "heads": heads,
            "groups": list(groups.values()),
            "sizes": sizes,
            "empty": sum(row[2] for row in rows),
            "total": len(rows) * len(heads),
            "across": across,
            "down": down,
        }

    context = remembered_context(coverage, query, build)
    return render(request, "comparisons/coverage.html", context)


class Head(NamedTuple):
    """A framework or a source at the head of a column; `page` is the name of its address."""

    id: int
    slug: str
    name: str
    page: str

    @property
    def href(self) -> str:
        return reverse(f"comparisons:{self.page}", args=[self.slug])


def _row_as_seen_by() -> Callable[[str, str], str]:
    """The row of the matrix as one source sees it, which also shows where the source is silent."""
    matrix = reverse("comparisons:matrix")
    return lambda article, criterion: f"{matrix}?criterion={criterion}&article={article}"


Counts = dict[tuple[int, int], int]


def _by_framework(lines: list[Line], page: int) -> tuple[list[Head], Counts, Paging]:
    """A page of frameworks with the claims that count; two queries."""
    columns = assessing.every_column()
    across = Paging.of(len(columns), ACROSS, page)
    shown = list(across.cut(columns))
    cells = Cell.objects.filter(framework__in=[one.id for one in shown], criterion__in=[line.id for line in lines])
    heads = [Head(column.id, column.slug, column.name, "framework") for column in shown]
    counts = cells.order_by().values_list("criterion", "framework", "claims")
    return heads, {(criterion, framework): claims for criterion, framework, claims in counts}, across


def _by_source(lines: list[Line], page: int) -> tuple[list[Head], Counts, Paging]:
    """A page of sources, those behind most claims first, with the claims drawn from each; two queries."""
    index = current.index(timezone.localdate())
    articles = index.catalogue.articles
    across = Paging.of(len(articles), SOURCES, page)
    drawn_from = {one.id: len(index.claim_sets.of("article", one.id)) for one in articles}
    shown = across.cut(sorted(articles, key=lambda one: (-drawn_from[one.id], one.name, one.id)))
    found = (
        Citation.objects.filter(visible("claim__"), article__in=[one.id for one in shown])
        .filter(claim__criterion__in=[line.id for line in lines])
        .order_by()
        .values_list("claim__criterion", "article")
        .annotate(Count("claim", distinct=True))
    )
    heads = [Head(one.id, one.slug, one.name, "article") for one in shown]
    return heads, {(criterion, article): number for criterion, article, number in found}, across
