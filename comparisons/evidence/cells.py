"""Keep the stored cells equal to what their claims add up to.

`CELLS` declares which cells a write may change. Once its transaction has committed they are assessed again, while the
row of their framework is locked, so that the later of two writers always sees both writes. `rebuild` does the same for
all cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q
from django.utils import timezone

from comparisons.domain.matrix import CellView
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Check,
    Citation,
    Claim,
    Criterion,
    Framework,
    Level,
    Release,
    Ruling,
    bulk_write,
)
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach
from comparisons.models.many import insert

from . import assessing, changes
from .rechecks import recheck_basis

Pair = tuple[int, int]
_OF_LEVEL = ("level_label", "meaning", "level_place")
_OF_BENCHMARK = ("benchmark_slug", "benchmark_title")
_ELSEWHERE = {"framework_id", "criterion_id", *_OF_LEVEL, *_OF_BENCHMARK}
_DERIVED = [name for name in CellView._fields if name not in _ELSEWHERE]
_STORED = [{"level_slug": "level", "benchmark_id": "benchmark"}.get(name, name) for name in _DERIVED]


def with_followers(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> set[int]:
    """The given "articles" and those with the given "addresses", and all that rewrite them or have their address.

    Directly or through others, together they are one witness.
    """
    articles = Article.objects.using(using).order_by()
    addresses = {key for key in keys.get("addresses", ()) if key}
    found = {*keys.get("articles", ()), *articles.filter(url_key__in=addresses).values_list("pk", flat=True)}
    frontier = found
    while frontier:
        shared = articles.filter(pk__in=frontier).exclude(url_key="").values("url_key")
        rows = articles.filter(Q(follows__in=frontier) | Q(url_key__in=shared))
        frontier = set(rows.values_list("pk", flat=True)) - found
        found = found | frontier
    return found


def refresh(pairs: Collection[Pair], using: str = DEFAULT_DB_ALIAS, had: changes.Known | None = None) -> None:
    """Assess these cells again and store them; a cell without claims is deleted.

    What changes its meaning by that is written down. had: what had a cell before; looked up if not given.
    One transaction and at most fifteen queries per framework.
    """
    had = changes.known(pairs, using) if had is None else had
    by_framework: dict[int, list[int]] = {}
    for framework, criterion in sorted(pairs):
        by_framework.setdefault(framework, []).append(criterion)
    for framework, criteria in by_framework.items():
        _refresh_framework(framework, criteria, had, using)


def _refresh_framework(framework: int, criteria: Sequence[int], had: changes.Known, using: str) -> None:
    with transaction.atomic(using=using):
        if not Framework.objects.using(using).select_for_update(no_key=True).filter(pk=framework).exists():
            return
        witnesses = assessing.Witnesses(using)
        for batch in batched(criteria, BATCH):
            _store(framework, batch, had, witnesses, using)


def _store(
    framework: int, criteria: Sequence[int], had: changes.Known, witnesses: assessing.Witnesses, using: str
) -> None:
    here = Q(framework=framework, criterion__in=criteria)
    citations = Citation.objects.using(using).filter(claim__framework=framework, claim__criterion__in=criteria)
    checks = Check.objects.using(using).filter(claim__framework=framework, claim__criterion__in=criteria)
    views = assessing.assessed(
        citations,
        witnesses,
        Ruling.objects.using(using).filter(here),
        recheck_basis([framework], checks, using=using),
    )
    level_ids = {
        (criterion, slug): pk
        for pk, criterion, slug in Level.objects.using(using)
        .filter(criterion__in=criteria)
        .order_by()
        .values_list("pk", "criterion_id", "slug")
    }
    before = changes.views_now(framework, criteria, using) if framework in had.frameworks else {}
    rows = {view.criterion_id: _row(view, level_ids) for view in views}
    there = dict(Cell.objects.using(using).filter(here).values_list("criterion_id", "pk"))
    if gone := [pk for criterion, pk in there.items() if criterion not in rows]:
        Cell.objects.using(using).filter(pk__in=gone).delete()
    insert([row for criterion, row in rows.items() if criterion not in there], using)
    if assessed := [row for criterion, row in rows.items() if criterion in there]:
        Cell.objects.using(using).bulk_create(
            assessed, update_conflicts=True, unique_fields=["framework", "criterion"], update_fields=_STORED
        )
        bulk_write.send(Cell, pks=[there[row.criterion_id] for row in assessed], using=using)
    after = {view.criterion_id: view for view in views}
    changes.record(framework, before, after, had, timezone.localdate(), using)


def _row(view: CellView, level_ids: dict[tuple[int, str], int]) -> Cell:
    fields = {name: getattr(view, name) for name in _DERIVED}
    slug = fields.pop("level_slug")
    level = level_ids.get((view.criterion_id, slug)) if slug else None
    return Cell(framework_id=view.framework_id, criterion_id=view.criterion_id, level_id=level, **fields)


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Assess all cells again; return how many there are. progress: called with frameworks done and in all."""
    frameworks = list(Framework.objects.using(using).order_by("pk").values_list("pk", flat=True))
    had = changes.all_known(using)
    for done, framework in enumerate(frameworks, start=1):
        refresh(cells_of({"frameworks": [framework]}, using), using, had)
        progress(done, len(frameworks))
    return Cell.objects.using(using).count()


def cells_of(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> set[Pair]:
    """The given "cells", and all cells of the given "articles", "benchmarks", "frameworks" and "criteria"."""
    pairs = set(keys.get("cells", ()))
    claims = Claim.objects.using(using).filter(framework__isnull=False).order_by()
    stored = Cell.objects.using(using).order_by()
    for rows, lookup, found in (
        (claims, "citations__article__in", with_followers(keys, using)),
        (claims, "benchmark__article__in", keys.get("articles", ())),
        (claims, "benchmark__in", keys.get("benchmarks", ())),
        (claims, "framework__in", keys.get("frameworks", ())),
        (claims, "criterion__in", keys.get("criteria", ())),
        (stored, "framework__in", keys.get("frameworks", ())),
        (stored, "criterion__in", keys.get("criteria", ())),
    ):
        for batch in batched(sorted(found), BATCH):
            pairs.update(rows.filter(**{lookup: batch}).values_list("framework_id", "criterion_id"))
    return pairs


CELLS = Derived(
    "cells",
    {
        # A figure makes its benchmark wider, which may then be the headline of other cells.
        Claim: (Reach("cells", "framework_id", "criterion_id"), Reach("benchmarks", "benchmark_id")),
        Benchmark: Reach("benchmarks"),
        Citation: Reach("cells", "claim__framework_id", "claim__criterion_id"),
        Check: Reach("cells", "claim__framework_id", "claim__criterion_id"),
        Ruling: Reach("cells", "framework_id", "criterion_id"),
        Article: (Reach("articles"), Reach("addresses", "url_key")),
        Release: Reach("frameworks", "framework_id"),
        Criterion: Reach("criteria"),
        Level: Reach("criteria", "criterion_id"),
    },
    lambda keys, using: refresh(cells_of(keys, using), using),
)
