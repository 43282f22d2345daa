"""What readers see of comparisons now, as an edition holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, Value

from comparisons.domain.benchmarks import FigureRow, figure_row
from comparisons.domain.editions import HEADLINE, PastParagraph, past_comparison
from comparisons.domain.matrix import Column, Line, build_matrix, with_figures
from comparisons.domain.vocabulary import LINES_OF_FRAMEWORK, Status
from comparisons.evidence import assessing, benchmarks
from comparisons.evidence.matrix import stored
from comparisons.models import (
    Benchmark,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    Paragraph,
    Ruling,
    VerdictLine,
)


class Seen(NamedTuple):
    """A comparison as readers see it now.

    state: that of its edition, whose rows are the keys of criteria. rows: those that were asked for, by criterion.
    """

    state: dict[str, Any]
    rows: dict[int, dict[str, Any]]


#: Which rows of a comparison are asked for: given its primary key, its columns, and its criteria in order.
Wanted = Callable[[int, Sequence[Column], Sequence[int]], Collection[int]]


def every_row(_comparison: int, _columns: Sequence[Column], criteria: Sequence[int]) -> Collection[int]:
    """All rows."""
    return criteria


def seen(comparisons: Collection[int], wanted: Wanted = every_row) -> dict[int, Seen]:
    """What readers see of these comparisons now, by primary key; eleven queries for any number of them.

    Those that do not exist, or show no framework, are left out.
    """
    pages = Comparison.objects.in_bulk(comparisons)
    columns: dict[int, list[Column]] = defaultdict(list)
    members = ComparisonFramework.objects.filter(comparison__in=pages, framework__is_draft=False)
    headlines: dict[tuple[int, int], str] = {}
    for member in members.select_related("framework").order_by("comparison", "order", "pk"):
        headlines[member.comparison_id, member.framework_id] = member.headline
        shown = columns[member.comparison_id]
        shown.append(assessing.column(member.framework, len(shown) + 1))
    criteria: dict[int, list[int]] = defaultdict(list)
    places = ComparisonCriterion.objects.filter(comparison__in=pages, criterion__is_draft=False)
    for comparison, criterion in places.order_by("comparison", "order", "pk").values_list(
        "comparison_id", "criterion_id"
    ):
        criteria[comparison].append(criterion)
    asked = {pk: wanted(pk, columns[pk], criteria[pk]) for pk in pages}
    together = {pk for found in asked.values() for pk in found}
    lines = {line.id: line for line in assessing.lines(Criterion.objects.filter(pk__in=together).order_by("pk"))}
    every = list({column.id: column for found in columns.values() for column in found}.values())
    cells = stored(every, list(lines.values()))
    rows_of_figures = _figures(every, list(lines.values()))
    here = {"framework__in": [column.id for column in every], "criterion__in": list(lines)}
    rulings = {
        (framework, criterion): (reason, why)
        for framework, criterion, reason, why in Ruling.objects.filter(**here)
        .order_by()
        .values_list("framework_id", "criterion_id", "reason", "why")
    }
    verdicts = _verdicts(columns, headlines)
    found = {}
    for pk, page in pages.items():
        if columns[pk]:
            own = [lines[criterion] for criterion in asked[pk]]
            matrix = with_figures(build_matrix(columns[pk], own, cells), rows_of_figures(columns[pk], own))
            past = past_comparison(page.title, page.introduction, verdicts.get(pk, ()), matrix, rulings)
            state = past.as_json()
            rows = {row["id"]: row for row in state["rows"]}
            found[pk] = Seen({**state, "rows": criteria[pk]}, rows)
    return found


def _figures(
    columns: Sequence[Column], lines: Sequence[Line]
) -> Callable[[Sequence[Column], Sequence[Line]], dict[int, FigureRow]]:
    """What lays out the rows of figures of some of these columns and lines, as benchmarks.figure_rows does."""
    measured = [line.id for line in lines if benchmarks.is_measured(line)]
    if not measured or not columns:
        return lambda _columns, _lines: {}
    tests = benchmarks.views_of(Benchmark.objects.filter(criterion__in=measured).order_by("slug"))
    figures = benchmarks.figures_on(measured, [column.id for column in columns])

    def rows(shown: Sequence[Column], own: Sequence[Line]) -> dict[int, FigureRow]:
        frameworks = [column.id for column in shown]
        return {
            line.id: figure_row(line.id, frameworks, tests, figures, line.direction)
            for line in own
            if benchmarks.is_measured(line)
        }

    return rows


def _verdicts(
    columns: Mapping[int, Sequence[Column]], headlines: Mapping[tuple[int, int], str]
) -> dict[int, list[PastParagraph]]:
    """The verdicts of comparisons with the published claims that they rest on, framework by framework; two queries.

    headlines: by comparison and framework. Lines about other frameworks, and lines without a claim, are left out, as
    on the page of the comparison.
    """
    rows = [*_parts(Paragraph, columns, Value("")), *_parts(VerdictLine, columns, F("kind"))]
    found: dict[int, list[PastParagraph]] = {}
    for comparison, shown in columns.items():
        own = [row for row in rows if row[0] == comparison]
        parts = []
        for column in shown:
            if headlines.get((comparison, column.id)):
                parts.append(PastParagraph(headlines[comparison, column.id], HEADLINE, column.name))
            for kind in ("", *LINES_OF_FRAMEWORK):
                parts += [
                    PastParagraph(text, kind, column.name, claims)
                    for _of, framework, word, text, claims in own
                    if framework == column.id and word == kind and (claims or not kind)
                ]
        general = [row for row in own if row[1] is None]
        parts += [
            PastParagraph(text, word, "", claims) for _page, _of, word, text, claims in general if claims or not word
        ]
        if parts:
            found[comparison] = parts
    return found


#: A part of a verdict: its comparison, framework, kind and text, and the (key, statement) of its published claims.
Part = tuple[int, int | None, str, str, tuple[tuple[str, str], ...]]


def _parts(model: Any, comparisons: Collection[int], kind: Any) -> list[Part]:
    """The paragraphs or lines of verdicts in order; one query."""
    rows = (
        model.objects.filter(comparison__in=comparisons)
        .annotate(behind=FilteredRelation("claims", condition=Q(claims__status=Status.PUBLISHED)), word=kind)
        .order_by("comparison", "order", "pk", "behind__key")
        .values_list(
            *("pk", "comparison_id", "framework_id", "word", "text", "behind__key", "behind__statement"),
            *("behind__framework__is_draft", "behind__criterion__is_draft"),
        )
    )
    parts: dict[int, tuple[int, int | None, str, str]] = {}
    claims: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, comparison, framework, word, text, key, statement, *is_draft in rows:
        parts[pk] = (comparison, framework, word, text)
        if key and not any(is_draft):
            claims[pk].append((key, statement))
    return [(*part, tuple(claims[pk])) for pk, part in parts.items()]
