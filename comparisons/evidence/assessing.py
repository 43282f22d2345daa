"""Turn rows into plain values and assess them. Claims that readers must not see are left out here, in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from comparisons.domain.assessment import assess
from comparisons.domain.freshness import evidence_date
from comparisons.domain.matrix import CellView, Column, LevelView, Line, cell_fields
from comparisons.domain.statements import (
    Decision,
    Number,
    Scale,
    Source,
    Statement,
    Value,
    bears_out,
    stance_of,
    states_method,
)
from comparisons.domain.vocabulary import CONDITIONS, ClaimKind, Meaning, Verdict
from comparisons.models import Check, Citation, Criterion, Framework, Level, Ruling, remembered, subject
from comparisons.models.claims import edition_released, visible

from . import benchmarks, caveats
from .rechecks import RecheckBasis, recheck_basis
from .witnesses import Witnesses

Pair = tuple[int, int]

#: What `statements_of` needs to know of each citation.
CITATION_COLUMNS: tuple[Any, ...] = (
    "claim__framework_id",
    "claim__criterion_id",
    "claim__key",
    "claim__criterion__direction",
    "claim__criterion__is_count",
    "claim__kind",
    "claim__verdict",
    "claim__verdict_on",
    "claim__level__slug",
    "claim__level__label",
    "claim__level__meaning",
    "claim__level__order",
    "claim__level__criterion_id",
    "claim__number",
    "claim__number_high",
    "claim__approximate",
    "claim__text",
    *(f"claim__{name}" for name in CONDITIONS),
    *("claim__benchmark_id", "claim__variant", "claim__left_out", "claim__interval_low", "claim__interval_high"),
    *("claim__since_version", "claim__until_version"),
    "stance",
    "reading",
    "article_id",
    "article__slug",
    "article__publisher",
    *("article__kind", "article__interest"),
    *("article__published_on", "article__precision", "article__read_on"),
    edition_released(),
)


def value_of(
    level: str | None, number: Decimal | None, high: Decimal | None, approximate: bool, text: str
) -> Value | None:
    """The value of a claim or ruling; None if it gives none. level: the slug of one."""
    if level is not None:
        return level
    if number is not None:
        return Number(number, high if high is not None else number, approximate)
    return text or None


def interval_of(low: Decimal | None, high: Decimal | None) -> Number | None:
    """The interval that a source states for a figure; None if it states none."""
    return None if low is None or high is None else Number(low, high)


Levels = dict[tuple[int, str], LevelView]


def statements(
    citations: QuerySet[Citation], witnesses: Witnesses, levels: Levels | None = None
) -> dict[Pair, list[Statement]]:
    """The claims behind some citations as the assessment takes them, by (framework, criterion); one query.

    Claims about no framework in particular have no cell and are left out, as are claims that are not published.
    levels: is filled with the levels that the claims give, by criterion and slug.
    A level of another criterion answers nothing here; `check_kb` reports it.
    """
    rows = citations.filter(visible("claim__"), claim__framework__isnull=False)
    found: dict[Pair, list[Statement]] = defaultdict(list)
    for pair, statement in statements_of(rows.order_by().values_list(*CITATION_COLUMNS), witnesses, levels):
        found[pair].append(statement)
    return found


def source_of(
    slug: str,
    witness: str,
    claim_kind: str,
    stance: str,
    reading: bool,
    kind: str,
    interest: str,
    published: date | None,
    precision: str,
    read: date | None,
    edition_released: date | None,
) -> Source:
    """A citation with its article, as the assessment takes it."""
    return Source(
        article=slug,
        witness=witness,
        stance=stance_of(stance, kind, claim_kind),
        dated=evidence_date(kind, published, read, edition_released),
        reading=reading,
        bears_out=bears_out(kind, interest),
        precision=precision if published else "",
    )


def statements_of(
    rows: Iterable[Sequence[Any]], witnesses: Witnesses, levels: Levels | None = None
) -> list[tuple[Pair, Statement]]:
    """The claims behind rows of CITATION_COLUMNS, each with its framework and criterion.

    No query, or one if one of the claims is a figure of a benchmark.
    """
    rows = list(rows)
    at = CITATION_COLUMNS.index("claim__benchmark_id")
    tests = benchmarks.views({row[at] for row in rows if row[at] is not None}, witnesses.using)
    levels = {} if levels is None else levels
    needs = subject.method_needs()
    claims: dict[str, dict[str, Any]] = {}
    sources: dict[str, list[Source]] = defaultdict(list)
    for (
        framework, criterion, key, direction, is_count, kind, verdict, verdict_on,
        level, label, meaning, place, level_of, number, high, about, text,
        *conditions, benchmark, variant, left_out, interval_low, interval_high, since, until,
        stance, reading, article, slug, publisher, kind_of, interest, published, precision, read, edition_day,
    ) in rows:  # fmt: skip
        witness = witnesses.of(article, publisher, slug)
        sources[key].append(
            source_of(slug, witness, kind, stance, reading, kind_of, interest, published, precision, read, edition_day)
        )
        if level_of != criterion:
            level = None
        if level is not None:
            levels[criterion, level] = LevelView(level, label, meaning, place)
        if key not in claims:
            claims[key] = {
                "pair": (framework, criterion),
                "scale": Scale(direction, is_count),
                "kind": ClaimKind(kind),
                "verdict": Verdict(verdict),
                "verdict_on": verdict_on,
                "value": value_of(level, number, high, about, text),
                "states_method": states_method(dict(zip(CONDITIONS, conditions, strict=True)), needs),
                "conditions": tuple(conditions),
                "benchmark": tests.get(benchmark),
                "variant": variant,
                "left_out": left_out,
                "interval": interval_of(interval_low, interval_high),
                "version": until or since,
            }
    return [
        (fields.pop("pair"), Statement(key=key, sources=tuple(sources[key]), **fields))
        for key, fields in claims.items()
    ]


def rulings_by_cell(rulings: QuerySet[Ruling], levels: Levels) -> dict[Pair, Decision]:
    """Rulings by (framework, criterion); one query. A ruling whose level belongs to another criterion decides nothing.

    levels: is filled with the levels that they give.
    """
    found = {}
    rows = rulings.order_by().values_list(
        *("framework_id", "criterion_id", "is_open", "level__slug", "level__label", "level__meaning", "level__order"),
        *("level__criterion_id", "number", "number_high", "text"),
    )
    for framework, criterion, is_open, level, label, meaning, place, level_of, number, high, text in rows:
        if level_of != criterion:
            level = None
        if level is not None:
            levels[criterion, level] = LevelView(level, label, meaning, place)
        value = value_of(level, number, high, False, text)
        if is_open or value is not None:
            found[framework, criterion] = Decision(value)
    return found


def assessed(
    citations: QuerySet[Citation],
    witnesses: Witnesses,
    rulings: QuerySet[Ruling],
    basis: RecheckBasis,
    as_of: date | None = None,
) -> list[CellView]:
    """Assess the cells that some citations and rulings speak of; two or three queries. Those without citations are out.

    as_of: leave out verdicts of later days; the other arguments have to leave out theirs.
    """
    levels: Levels = {}
    found = statements(citations, witnesses, levels)
    if as_of:
        found = {pair: [statement.seen_on(as_of) for statement in group] for pair, group in found.items()}
    return caveats.added(_assessed(found, rulings_by_cell(rulings, levels), basis, levels), citations, as_of)


def assessed_by_article(
    citations: QuerySet[Citation], witnesses: Witnesses, basis: RecheckBasis, as_of: date | None = None
) -> dict[str, list[CellView]]:
    """The cells as each article alone gives them, by its slug; one to three queries. Rulings weigh all: none here.

    as_of: leave out verdicts of later days.
    """
    levels: Levels = {}
    found = statements(citations, witnesses, levels)
    alone: dict[str, dict[Pair, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for pair, group in found.items():
        for statement in (one.seen_on(as_of) if as_of else one for one in group):
            for slug in sorted({source.article for source in statement.sources}):
                own = tuple(source for source in statement.sources if source.article == slug)
                alone[slug][pair].append(replace(statement, sources=own))
    return {
        slug: caveats.added(_assessed(cells, {}, basis, levels), citations, as_of, slug)
        for slug, cells in alone.items()
    }


def _assessed(
    found: Mapping[Pair, Sequence[Statement]],
    ruled: Mapping[Pair, Decision],
    basis: RecheckBasis,
    levels: Levels,
) -> list[CellView]:
    by_criterion: dict[int, dict[str, LevelView]] = defaultdict(dict)
    for (criterion, slug), level in levels.items():
        by_criterion[criterion][slug] = level
    cells = []
    for pair, group in found.items():
        cell = assess(group, ruled.get(pair), basis.releases_for(*pair), basis.checks)
        cells.append(CellView(*pair, **cell_fields(cell, by_criterion[pair[1]])))  # type: ignore[arg-type]
    return cells


def assess_framework(framework: int, witnesses: Witnesses) -> list[CellView]:
    """Assess all cells of a framework from their claims without storing anything; at most seven queries."""
    using, here = witnesses.using, Q(claim__framework=framework)
    return assessed(
        Citation.objects.using(using).filter(here),
        witnesses,
        Ruling.objects.using(using).filter(framework=framework),
        recheck_basis([framework], Check.objects.using(using).filter(here), using=using),
    )


def columns(frameworks: QuerySet[Framework]) -> list[Column]:
    """Frameworks as columns, in the order of the query; one query."""
    rows = frameworks.values_list("pk", "slug", "name", "tagline")
    return [Column(*row, place=place) for place, row in enumerate(rows, start=1)]


def every_column() -> Sequence[Column]:
    """The published frameworks as columns, in order; one query, none if they are remembered. Not to be changed."""
    return remembered.of(_every_column)


def _every_column() -> Sequence[Column]:
    return columns(Framework.objects.published().order_by("order", "name"))


def column(framework: Framework, place: int) -> Column:
    """A framework as the column at a place."""
    return Column(framework.pk, framework.slug, framework.name, framework.tagline, place)


#: Where each field of a Line is found from a Criterion.
LINE_COLUMNS = (
    *("pk", "slug", "name", "question", "definition", "value_type", "unit", "direction"),
    *("group__slug", "group__name", "group__holds_use_cases", "is_count"),
)


def lines(rows: QuerySet[Any], path: str = "") -> list[Line]:
    """Criteria as heads of rows, in the order of the query; one query.

    path: the look-up that leads from the rows to the criteria, such as "criterion__".
    """
    return [Line(*row) for row in rows.values_list(*(path + name for name in LINE_COLUMNS), is_need(path))]


def is_need(path: str = "") -> Exists:
    """Whether some levels of a criterion say that a need is met, or not. path: as in `lines`."""
    said = (Meaning.YES, Meaning.PARTIAL, Meaning.NO)
    return Exists(Level.objects.filter(criterion=OuterRef(path + "pk"), meaning__in=said))


def line_of(criterion: Criterion) -> Line:
    """A criterion (with its group) as the head of a row."""
    group = criterion.group
    return Line(
        id=criterion.pk,
        slug=criterion.slug,
        name=criterion.name,
        question=criterion.question,
        definition=criterion.definition,
        value_type=criterion.value_type,
        unit=criterion.unit,
        direction=criterion.direction,
        group_slug=group.slug,
        group_name=group.name,
        is_use_case=group.holds_use_cases,
        is_count=criterion.is_count,
    )
