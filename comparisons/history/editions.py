"""Keep what readers see of each comparison as the edition of the day.

`EDITIONS` declares which comparisons a write may change, and which of their rows. Once its transaction has committed,
what readers see of these is compared with their newest edition, and what differs is stored as of today. Editions of
earlier days are never written again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comparisons.domain.matrix import Column
from comparisons.evidence.cells import CELLS, cells_of
from comparisons.models import (
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonEdition,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    Framework,
    Paragraph,
    VerdictLine,
)
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach

from . import edition_rows
from .edition_now import Seen, seen
from .edition_rows import Rows

#: Comparisons that are read and recorded at once.
TOGETHER = 20


def record(comparisons: Collection[int], using: str = DEFAULT_DB_ALIAS, criteria: Collection[int] | None = None) -> int:
    """Store what readers see of these comparisons as their editions of today; return how many have changed.

    criteria: the rows that may have changed; None if any may. Rows that are new to a comparison are looked at anyway.

    Their rows are locked meanwhile, so that the later of two writers always sees both writes. A deleted comparison, or
    one that shows no framework, gets an edition that says so, if it was ever seen. Fifteen queries, and some four more
    for each edition that is written.
    """
    with transaction.atomic(using=using):
        pages = Comparison.objects.using(using).select_for_update(no_key=True).filter(pk__in=comparisons).order_by("pk")
        slugs = dict(pages.values_list("pk", "slug"))
        last = _newest(comparisons, using)
        found = seen(comparisons, partial(_wanted, last, criteria))
        today = timezone.localdate()
        # Where the clock was set back, the newest edition is of a day to come.
        days = {pk: max(today, last[pk].day) if pk in last else today for pk in comparisons}
        before, own = _kept_rows(found, days, using)
        changed = 0
        for pk in sorted(comparisons):
            newest = last.get(pk)
            slug = slugs.get(pk) or (newest.slug if newest is not None else "")
            now = found.get(pk, Seen({}, {}))
            if _is_changed(newest, slug, now, before[pk] | own[pk]):
                edition_rows.store(pk, days[pk], now.rows, before[pk], own[pk], using)
                _store(ComparisonEdition(record=pk, slug=slug, day=days[pk], state=now.state), newest, using)
                changed += 1
    return changed


def _wanted(
    last: Mapping[int, ComparisonEdition],
    touched: Collection[int] | None,
    comparison: int,
    columns: Sequence[Column],
    criteria: Sequence[int],
) -> Collection[int]:
    """The rows of a comparison that may differ from its newest edition: all if its columns are other ones."""
    newest = last.get(comparison)
    if touched is None or newest is None or not edition_rows.are_apart(newest.state):
        return criteria
    if [one["id"] for one in newest.state["columns"]] != [one.id for one in columns]:
        return criteria
    known = set(newest.state["rows"])
    return [criterion for criterion in criteria if criterion in touched or criterion not in known]


def _kept_rows(
    found: Mapping[int, Seen], days: Mapping[int, dt.date], using: str
) -> tuple[dict[int, Rows], dict[int, Rows]]:
    """The stored rows of each comparison: the newest from before its day, and those of its day.

    Of those that were looked at, and maybe more; two queries.
    """
    before: dict[int, Rows] = {pk: {} for pk in days}
    own: dict[int, Rows] = {pk: {} for pk in days}
    for day in sorted(set(days.values())):
        here = {pk: now for pk, now in found.items() if days[pk] == day and now.rows}
        if here:
            criteria = {criterion for now in here.values() for criterion in now.rows}
            before |= edition_rows.newest(here, criteria, using, day__lt=day)
            own |= edition_rows.newest(here, criteria, using, day=day)
    return before, own


def _is_changed(newest: ComparisonEdition | None, slug: str, now: Seen, rows: Rows) -> bool:
    """Whether readers see something else than the newest edition says. rows: those stored last."""
    if newest is None:
        return bool(now.state)
    if newest.slug != slug:
        return True
    if not edition_rows.are_apart(newest.state):
        return bool(newest.state != edition_rows.together(now.state, now.rows))
    return newest.state != now.state or any(rows.get(pk) != row for pk, row in now.rows.items())


def _newest(comparisons: Collection[int], using: str) -> dict[int, ComparisonEdition]:
    """The newest edition of each of these comparisons that has one; one query."""
    editions = ComparisonEdition.objects.using(using).order_by()
    later = editions.filter(record=OuterRef("record"), day__gt=OuterRef("day"))
    return {one.record: one for one in editions.filter(~Exists(later), record__in=comparisons)}


def _store(edition: ComparisonEdition, newest: ComparisonEdition | None, using: str) -> None:
    """Store an edition, whose rows are stored, in the place of the newest one if that is of the same day.

    What was changed and changed back on one day leaves no edition.
    """
    if newest is None or newest.day < edition.day:
        edition.save(using=using)
        return
    earlier = ComparisonEdition.objects.using(using).filter(record=edition.record, day__lt=newest.day).order_by("-day")
    if any(one.slug == edition.slug and edition_rows.are_equal(one, edition, using) for one in earlier[:1]):
        edition_rows.drop(edition, using)
        newest.delete(using=using)
    elif (newest.slug, newest.state) != (edition.slug, edition.state):
        newest.slug, newest.state = edition.slug, edition.state
        newest.save(using=using)


def outdated() -> list[str]:
    """The slugs of the comparisons of which readers see something else than their newest edition says.

    Twelve queries for any number of them.
    """
    slugs = dict(Comparison.objects.order_by("slug").values_list("pk", "slug"))
    last, found = _newest(slugs, DEFAULT_DB_ALIAS), seen(slugs)
    rows = edition_rows.newest(slugs, {pk for now in found.values() for pk in now.rows})
    kept = {pk: edition_rows.together(one.state, rows.get(pk, {})) for pk, one in last.items() if one.state}
    return [
        slug
        for pk, slug in slugs.items()
        if kept.get(pk) != (edition_rows.together(*found[pk]) if pk in found else None)
    ]


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
    return found | _showing(_pairs(keys, using), columns, rows)


def criteria_of(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> set[int]:
    """The criteria of the rows that may be other ones by a write of what these keys name; a few queries."""
    found = {*keys.get("criteria", ()), *(criterion for _framework, criterion in _pairs(keys, using))}
    for batch in batched(sorted(keys.get("groups", ())), BATCH):
        found.update(Criterion.objects.using(using).filter(group__in=batch).values_list("pk", flat=True))
    if frameworks := keys.get("frameworks", ()):
        found.update(criterion for _framework, criterion in cells_of({"frameworks": frameworks}, using))
    return found


def _pairs(keys: Keys, using: str) -> set[tuple[int, int]]:
    """The given "cells" and those of the given "articles", "addresses" and "benchmarks"."""
    wide = {kind: keys.get(kind, ()) for kind in ("articles", "addresses", "benchmarks")}
    return {*keys.get("cells", ()), *(cells_of(wide, using) if any(wide.values()) else ())}


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
    if using == DEFAULT_DB_ALIAS and (comparisons := comparisons_of(keys, using)):
        criteria = criteria_of(keys, using)
        for batch in batched(sorted(comparisons), TOGETHER):
            record(batch, using, criteria)


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
