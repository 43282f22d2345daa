"""Keep the summary of every published claim equal to what its citations add up to, and raise the edition.

`SUMMARIES` declares which claims a write may change. Once its transaction has committed they are assessed again, while
the edition is locked, so that the later of two writers always sees both writes, and no number of an edition is skipped.
The index of pros and cons is read from these summaries.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, Max, OuterRef

from comparisons.domain.standing import standing
from comparisons.domain.vocabulary import Status
from comparisons.evidence.assessing import CITATION_COLUMNS, Witnesses, statements_of
from comparisons.evidence.cells import with_followers
from comparisons.models import (
    Article,
    Benchmark,
    Citation,
    Claim,
    ClaimSummary,
    Criterion,
    CriterionGroup,
    Edition,
    Framework,
    Release,
    Ruling,
)
from comparisons.models.batches import BATCH, batched
from comparisons.models.claims import in_catalogue
from comparisons.models.derived import Derived, Keys, Reach
from comparisons.models.many import insert

from . import current
from . import stored as stored_sets

DERIVED = ("is_shown", "articles", "points", "supported_on", "newest_on", "witnesses", "is_disputed")


class Summary(NamedTuple):
    """The derived fields of a ClaimSummary, in the order of DERIVED."""

    is_shown: bool = False
    articles: tuple[int, ...] = ()
    points: int | None = None
    supported_on: Any = None
    newest_on: Any = None
    witnesses: int = 0
    is_disputed: bool = False


def summarise(claims: Collection[int], witnesses: Witnesses, using: str = DEFAULT_DB_ALIAS) -> dict[int, Summary]:
    """The summaries of those of these claims that are published and cited. One query.

    Other claims are left out here, not in the query, where SQLite would start from all published claims.
    """
    ruled = Ruling.objects.filter(
        framework=OuterRef("claim__framework"), criterion=OuterRef("claim__criterion"), is_open=False
    )
    cited = (
        Citation.objects.using(using)
        .filter(in_catalogue("claim__"), claim__in=claims)
        .order_by("claim", "pk")
        .annotate(settled=Exists(ruled))
    )
    rows = [
        row[:-1]
        for row in cited.values_list(*CITATION_COLUMNS, "claim_id", "article_id", "settled", "claim__status")
        if row[-1] == Status.PUBLISHED
    ]
    about = {row[CITATION_COLUMNS.index("claim__key")]: (row[-3], row[-1]) for row in rows}
    articles: dict[int, set[int]] = {}
    for *_rest, claim, article, _settled in rows:
        articles.setdefault(claim, set()).add(article)
    found = {}
    for _pair, statement in statements_of((row[:-3] for row in rows), witnesses):
        claim, settled = about[statement.key]
        stands = standing(statement, settled=settled)
        found[claim] = Summary(
            is_shown=True,
            articles=tuple(sorted(articles[claim])),
            points=stands.points,
            supported_on=stands.supported_on,
            newest_on=stands.newest,
            witnesses=stands.witnesses,
            is_disputed=stands.is_disputed,
        )
    return found


def stored(claims: Collection[int], using: str = DEFAULT_DB_ALIAS) -> dict[int, Summary]:
    """The stored summaries of these claims. One query."""
    rows = ClaimSummary.objects.using(using).filter(claim__in=claims).values_list("claim_id", *DERIVED)
    return {claim: Summary(shown, tuple(articles), *rest) for claim, shown, articles, *rest in rows}


def stale(using: str = DEFAULT_DB_ALIAS) -> Iterator[int]:
    """The claims whose stored summary is not what their citations add up to. Two queries per batch."""
    witnesses = Witnesses(using)
    every = Claim.objects.using(using).order_by("pk").values_list("pk", flat=True)
    for batch in batched(every.iterator(), BATCH):
        fresh, kept = summarise(batch, witnesses, using), stored(batch, using)
        yield from (pk for pk in batch if fresh.get(pk, Summary()) != kept.get(pk, Summary()))


def raise_edition(using: str = DEFAULT_DB_ALIAS, *, anew: bool = False) -> int:
    """Lock and raise the edition; return its number. Needs a transaction.

    anew: whether everybody has to read everything again, instead of the changes since an earlier edition.
    """
    rows = Edition.objects.using(using)
    rows.get_or_create(pk=1)
    edition = rows.select_for_update().get(pk=1)
    edition.number += 1
    edition.stamp = secrets.token_hex(8)
    edition.trail = [*([] if anew else edition.trail[1 - Edition.LENGTH :]), edition.stamp]
    edition.save(using=using)
    return edition.number


def refresh(claims: Collection[int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Assess these claims again, store their summaries, and raise the edition, in one transaction."""
    with transaction.atomic(using=using):
        edition = raise_edition(using)
        witnesses = Witnesses(using)
        for batch in batched(sorted(claims), BATCH):
            _store(batch, edition, witnesses, using)
    current.catch_up()
    if stored_sets.is_due(edition):
        current.store(using)


def _store(batch: Collection[int], edition: int, witnesses: Witnesses, using: str) -> None:
    """Store the summaries of these claims. Each is marked as changed, since its words may have changed."""
    rows = ClaimSummary.objects.using(using)
    fresh = summarise(batch, witnesses, using)
    places = dict(rows.filter(pk__in=batch).values_list("pk", "place"))
    new = [pk for pk in batch if pk in fresh and pk not in places]
    last = rows.aggregate(last=Max("place"))["last"] if new else None
    first = 0 if last is None else last + 1

    def row(pk: int, place: int) -> ClaimSummary:
        return ClaimSummary(claim_id=pk, place=place, change=edition, **fresh.get(pk, Summary())._asdict())

    insert([row(pk, place) for place, pk in enumerate(new, first)], using)
    rows.bulk_create(
        [row(pk, place) for pk, place in places.items()],
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["change", *DERIVED],
    )


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Assess all claims again; return how many are shown. progress: called with claims done and in all."""
    every = list(Claim.objects.using(using).order_by("pk").values_list("pk", flat=True))
    witnesses = Witnesses(using)
    for number, batch in enumerate(batched(every, BATCH)):
        with transaction.atomic(using=using):
            _store(batch, raise_edition(using), witnesses, using)
        progress(min(len(every), (number + 1) * BATCH), len(every))
    with transaction.atomic(using=using):
        raise_edition(using, anew=True)
    current.store(using)
    return ClaimSummary.objects.using(using).filter(is_shown=True).count()


def claims_of(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> set[int]:
    """The given "claims", those that cite the given "articles", those of the given "cells" and "benchmarks".

    Also those that cite a documentation of the given "editions", each a framework and a version.
    """
    claims = set(keys.get("claims", ()))
    every = Claim.objects.using(using).order_by()
    for batch in batched(sorted(with_followers(keys, using)), BATCH):
        claims.update(every.filter(citations__article__in=batch).values_list("pk", flat=True))
    for batch in batched(sorted(keys.get("benchmarks", ())), BATCH):
        claims.update(every.filter(benchmark__in=batch).values_list("pk", flat=True))
    for framework, version in sorted(keys.get("editions", ())):
        cited = every.filter(framework=framework, citations__article__edition=version)
        claims.update(cited.values_list("pk", flat=True))
    for framework, criterion in sorted(keys.get("cells", ())):
        claims.update(every.filter(framework=framework, criterion=criterion).values_list("pk", flat=True))
    return claims


SUMMARIES = Derived(
    "summaries",
    {
        Claim: Reach("claims"),
        Citation: Reach("claims", "claim_id"),
        Article: (Reach("articles"), Reach("addresses", "url_key")),
        Ruling: Reach("cells", "framework_id", "criterion_id"),
        Benchmark: Reach("benchmarks"),
        Release: Reach("editions", "framework_id", "version_number"),
        # Their names and places are in no summary, but a change of them raises the edition.
        Framework: None,
        CriterionGroup: None,
        Criterion: None,
    },
    lambda keys, using: refresh(claims_of(keys, using), using),
)
