"""Keep what readers see of each comparison as the edition of the day.

`EDITIONS` declares which comparisons a write may change. Once its transaction has committed, what readers see of them
is compared with their newest edition, and stored as the edition of today if it differs. Editions of earlier days are
never written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value
from django.utils import timezone

from comparisons.domain.benchmarks import FigureRow, figure_row
from comparisons.domain.editions import HEADLINE, PastComparison, PastParagraph, past_comparison
from comparisons.domain.matrix import Column, Line, build_matrix, with_figures
from comparisons.domain.vocabulary import LINES_OF_FRAMEWORK, Status
from comparisons.evidence import assessing, benchmarks
from comparisons.evidence.cells import CELLS, cells_of
from comparisons.evidence.matrix import stored
from comparisons.models import (
    Benchmark,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonEdition,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    Framework,
    Paragraph,
    Ruling,
    VerdictLine,
)
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach

#: Comparisons that are read and recorded at once.
TOGETHER = 20


def seen(comparisons: Collection[int]) -> dict[int, PastComparison]:
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
    wanted = {pk for found in criteria.values() for pk in found}
    lines = {line.id: line for line in assessing.lines(Criterion.objects.filter(pk__in=wanted).order_by("pk"))}
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
            own = [lines[criterion] for criterion in criteria[pk]]
            matrix = with_figures(build_matrix(columns[pk], own, cells), rows_of_figures(columns[pk], own))
            found[pk] = past_comparison(page.title, page.introduction, verdicts.get(pk, ()), matrix, rulings)
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


def record(comparisons: Collection[int], using: str = DEFAULT_DB_ALIAS) -> int:
    """Store what readers see of these comparisons as their editions of today; return how many have changed.

    Their rows are locked meanwhile, so that the later of two writers always sees both writes. A deleted comparison, or
    one that shows no framework, gets an edition that says so, if it was ever seen. Thirteen queries, and one or
    two more for each edition that is written.
    """
    with transaction.atomic(using=using):
        pages = Comparison.objects.using(using).select_for_update(no_key=True).filter(pk__in=comparisons).order_by("pk")
        slugs = dict(pages.values_list("pk", "slug"))
        found = seen(comparisons)
        last = _newest(comparisons, using)
        changed = 0
        for pk in sorted(comparisons):
            newest = last.get(pk)
            slug = slugs.get(pk) or (newest.slug if newest is not None else "")
            state = found[pk].as_json() if pk in found else {}
            is_changed = bool(state) if newest is None else (newest.slug, newest.state) != (slug, state)
            if is_changed:
                _store(ComparisonEdition(record=pk, slug=slug, day=timezone.localdate(), state=state), newest, using)
                changed += 1
    return changed


def _newest(comparisons: Collection[int], using: str) -> dict[int, ComparisonEdition]:
    """The newest edition of each of these comparisons that has one; one query."""
    editions = ComparisonEdition.objects.using(using).order_by()
    later = editions.filter(record=OuterRef("record"), day__gt=OuterRef("day"))
    return {one.record: one for one in editions.filter(~Exists(later), record__in=comparisons)}


def _store(edition: ComparisonEdition, newest: ComparisonEdition | None, using: str) -> None:
    """Store an edition in the place of the newest one, if that is of the same day.

    What was changed and changed back on one day leaves no edition.
    """
    if newest is None or newest.day < edition.day:
        edition.save(using=using)
        return
    before = ComparisonEdition.objects.using(using).filter(record=edition.record, day__lt=newest.day).order_by("-day")
    if any((one.slug, one.state) == (edition.slug, edition.state) for one in before[:1]):
        newest.delete(using=using)
        return
    newest.slug, newest.state = edition.slug, edition.state
    newest.save(using=using)


def outdated() -> list[str]:
    """The slugs of the comparisons of which readers see something else than their newest edition says.

    Eleven queries for any number of them.
    """
    slugs = dict(Comparison.objects.order_by("slug").values_list("pk", "slug"))
    last, found = _newest(slugs, DEFAULT_DB_ALIAS), seen(slugs)
    kept = {pk: one.state for pk, one in last.items() if one.state}
    return [slug for pk, slug in slugs.items() if kept.get(pk) != (found[pk].as_json() if pk in found else None)]


def catch_up(using: str = DEFAULT_DB_ALIAS, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Bring the edition of today of every comparison up to date; return how many changed. Past ones stay as they are.

    progress: called with comparisons done and in all.
    """
    every = list(Comparison.objects.using(using).order_by("pk").values_list("pk", flat=True))
    changed = 0
    for number, batch in enumerate(batched(every, TOGETHER)):
        changed += record(batch, using)
        progress(min(len(every), (number + 1) * TOGETHER), len(every))
    return changed


def comparisons_of(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> set[int]:
    """The given "comparisons", and those that show one of the given "cells", "frameworks", "criteria" or "groups".

    Also those that show a cell of the given "articles", "addresses" or "benchmarks", and those whose verdict names one
    of the given "claims". A few queries for any number of keys.
    """
    found = set(keys.get("comparisons", ()))
    columns = ComparisonFramework.objects.using(using).order_by()
    rows = ComparisonCriterion.objects.using(using).order_by()
    for places, lookup, kind in (
        (columns, "framework__in", "frameworks"),
        (rows, "criterion__in", "criteria"),
        (rows, "criterion__group__in", "groups"),
        (Paragraph.objects.using(using).order_by(), "claims__in", "claims"),
        (VerdictLine.objects.using(using).order_by(), "claims__in", "claims"),
    ):
        for batch in batched(sorted(keys.get(kind, ())), BATCH):
            found.update(places.filter(**{lookup: batch}).values_list("comparison_id", flat=True))
    pairs = set(keys.get("cells", ()))
    wide = {kind: keys.get(kind, ()) for kind in ("articles", "addresses", "benchmarks")}
    if any(wide.values()):
        pairs |= cells_of(wide, using)
    return found | _showing(pairs, columns, rows)


def _showing(pairs: Collection[tuple[int, int]], columns: Any, rows: Any) -> set[int]:
    """The comparisons that show one of these cells; two queries per batch."""
    found = set()
    for batch in batched(sorted(pairs), BATCH):
        of_framework: dict[int, set[int]] = {}
        for framework, comparison in columns.filter(framework__in={pair[0] for pair in batch}).values_list(
            "framework_id", "comparison_id"
        ):
            of_framework.setdefault(framework, set()).add(comparison)
        if not of_framework:
            continue
        of_criterion: dict[int, set[int]] = {}
        for criterion, comparison in rows.filter(criterion__in={pair[1] for pair in batch}).values_list(
            "criterion_id", "comparison_id"
        ):
            of_criterion.setdefault(criterion, set()).add(comparison)
        for framework, criterion in batch:
            found |= of_framework.get(framework, set()) & of_criterion.get(criterion, set())
    return found


def refresh(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Record the comparisons that these keys touch. Copies of the site in another database have no readers."""
    if using == DEFAULT_DB_ALIAS:
        for batch in batched(sorted(comparisons_of(keys, using)), TOGETHER):
            record(batch, using)


EDITIONS = Derived(
    "editions",
    {
        **CELLS.reaches,
        Claim: (*CELLS.reaches_from(Claim), Reach("claims")),
        Framework: Reach("frameworks"),
        CriterionGroup: Reach("groups"),
        Comparison: Reach("comparisons"),
        ComparisonFramework: Reach("comparisons", "comparison_id"),
        ComparisonCriterion: Reach("comparisons", "comparison_id"),
        Paragraph: Reach("comparisons", "comparison_id"),
        Paragraph.claims.through: Reach("comparisons", "paragraph__comparison_id"),
        VerdictLine: Reach("comparisons", "comparison_id"),
        VerdictLine.claims.through: Reach("comparisons", "verdictline__comparison_id"),
    },
    refresh,
)
