"""The front page: what this is, three ways to start, and an example of each kind of answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.domain.matrix import Matrix
from comparisons.domain.matrix import with_figures as rows_with_figures
from comparisons.domain.vocabulary import Meaning, RulingState
from comparisons.evidence import assessing
from comparisons.evidence.benchmarks import figure_rows
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.disputes import unruled
from comparisons.evidence.matrix import Perspective
from comparisons.evidence.matrix import matrix as seen_matrix
from comparisons.evidence.rows import lines_of
from comparisons.filters import UseCaseFilter
from comparisons.history import news
from comparisons.models import (
    Article,
    Cell,
    Claim,
    Comparison,
    ComparisonFramework,
    Criterion,
    Framework,
    remembered,
)

from .kept import kept

#: Bars of the specimen, rows of the featured matrix, open disagreements and changes.
BARS, ROWS, OPEN, CHANGES = 8, 6, 4, 6
#: Use cases, frameworks recommended for each, frameworks that are listed, and those that can be chosen to compare.
USES, PICKS, FRAMEWORKS, CHOICES = 6, 3, 24, 60


@kept()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; at most twenty queries at any size, none if all is remembered."""
    today = timezone.localdate()
    featured = remembered.of(_featured, today)
    frameworks = remembered.of(_frameworks)
    context = {
        "section": "home",
        "today": today,
        "totals": remembered.of(_totals) | remembered.of(_disputed),
        "specimen": remembered.of(_specimen),
        "open": remembered.of(_open),
        "featured": featured,
        "uses": remembered.of(_uses),
        "frameworks": frameworks[:FRAMEWORKS],
        "choices": frameworks,
        "pair": _pair(featured, frameworks),
        "changes": remembered.of(news.latest, CHANGES, today),
    }
    return render(request, "comparisons/home.html", context)


def _totals() -> dict[str, int]:
    """How many records there are that a reader may see; one query."""
    counted = {
        "claims": Claim.objects.published(),
        "articles": Article.objects.published(),
        "frameworks": Framework.objects.published(),
        "criteria": Criterion.objects.published(),
        "uses": UseCaseFilter.all_rows(),
    }
    parts = [
        rows.order_by()
        .annotate(what=Value(name))
        .values("what")
        .annotate(found=Count("pk"))
        .values_list("what", "found")
        for name, rows in counted.items()
    ]
    return dict.fromkeys(counted, 0) | dict(parts[0].union(*parts[1:], all=True).order_by())


def _disputed() -> dict[str, int]:
    """How many cells are disputed, and how many of them are open and ruled; one query."""
    disputed = Cell.objects.disputed().order_by()
    found = dict(disputed.values_list("ruling").annotate(Count("pk")))
    ruled = found.get(RulingState.RULED, 0)
    return {"disputed": sum(found.values()), "open": sum(found.values()) - ruled, "ruled": ruled}


def _first(cells: QuerySet[Cell], most: int) -> list[PlacedCell]:
    """The first of these cells in their order; two queries."""
    return placed_cells(cells.filter(pk__in=list(cells[:most].values_list("pk", flat=True))))


def _open() -> list[PlacedCell]:
    """The open disagreements with most witnesses; two queries."""
    return _first(Cell.objects.filter(unruled()).order_by("-witnesses", "pk"), OPEN)


def _specimen() -> dict[str, Any] | None:
    """The disputed cell with most witnesses that can still be drawn in full, with its newest ticks; two queries."""
    fits = Case(When(witnesses__lte=BARS, then=Value(0)), default=Value(1))
    cells = Cell.objects.disputed().filter(points__isnull=False).order_by(fits, "-witnesses", "pk")
    found = _first(cells, 1)
    if not found:
        return None
    bars = [
        {"stance": stance, "dated": dt.date.fromisoformat(dated) if dated else None, "iso": dated}
        for stance, dated in found[0].cell.tally[-BARS:]
    ]
    return {"placed": found[0], "bars": bars}


def _featured(today: dt.date) -> dict[str, Any] | None:
    """The featured comparison with the rows that its editors marked as telling, else the first on which it differs.

    Three queries, and two more if one of these rows has figures, of which it shows one benchmark.
    """
    first = Comparison.objects.published().order_by("-featured", "order", "title").values("pk")[:1]
    places = ComparisonFramework.objects.filter(comparison=Subquery(first), framework__is_draft=False).order_by(
        "order", "pk"
    )
    members = list(places.select_related("comparison", "framework"))
    if not members:
        return None
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    rows = page.rows.filter(criterion__is_draft=False).order_by("-is_key", "order", "pk")
    lines = assessing.lines(rows, "criterion__")
    key = page.rows.filter(criterion__is_draft=False, is_key=True).count()
    whole = seen_matrix(columns, lines[:key] if key else lines, Perspective(), today)
    telling = [row for row in whole.rows if key or row.differs() or row.is_disputed][:ROWS]
    shown = Matrix(whole.columns, tuple(telling))
    shown = rows_with_figures(shown, figure_rows(columns, [row.criterion for row in telling]))
    return {"comparison": page, "matrix": shown, "criteria": len(lines)}


def _uses() -> list[dict[str, Any]]:
    """The use cases with most sources for what they recommend, in order, each with its first picks; four queries.

    cells: the frameworks that are recommended, those with most sources first. more: how many others are.
    """
    recommended = Q(cells__level__meaning=Meaning.YES, cells__framework__is_draft=False)
    scenarios = UseCaseFilter.all_rows().annotate(weight=Sum("cells__witnesses", filter=recommended))
    chosen = scenarios.filter(weight__gt=0).order_by("-weight", "order", "pk")[:USES]
    lines = lines_of(list(chosen.values_list("pk", flat=True)))
    picks = Cell.objects.filter(
        criterion__in=[line.id for line in lines], level__meaning=Meaning.YES, framework__is_draft=False
    ).annotate(
        place=Window(
            RowNumber(),
            partition_by=F("criterion"),
            order_by=[F("witnesses").desc(), F("framework__order").asc(), F("pk").asc()],
        )
    )
    found: dict[int, list[PlacedCell]] = {}
    first = list(picks.filter(place__lte=PICKS + 1).values_list("pk", flat=True)) if lines else []
    cells = Cell.objects.filter(pk__in=first).order_by("-witnesses", "framework__order", "pk")
    for placed in placed_cells(cells) if first else ():
        found.setdefault(placed.line.id, []).append(placed)
    return [
        {"line": line, "cells": found.get(line.id, [])[:PICKS], "more": len(found.get(line.id, [])) > PICKS}
        for line in lines
    ]


def _pair(featured: dict[str, Any] | None, frameworks: list[Any]) -> list[str]:
    """The slugs of two frameworks to begin a comparison with: those of the featured one, if they can be chosen."""
    slugs = [framework.slug for framework in frameworks]
    first = [column.slug for column in featured["matrix"].columns if column.slug in slugs] if featured else []
    return list(dict.fromkeys([*first, *slugs]))[:2]


def _frameworks() -> list[Any]:
    """The first frameworks in order, each with the number of questions that it has an answer to; two queries."""
    cells = Cell.objects.filter(points__isnull=False, criterion__is_draft=False).order_by()
    answers = dict(cells.values_list("framework").annotate(Count("pk")))
    frameworks: list[Any] = list(Framework.objects.published().order_by("order", "name")[:CHOICES])
    for framework in frameworks:
        framework.answers = answers.get(framework.pk, 0)
    return frameworks
