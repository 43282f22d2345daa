"""Published claims as pages read them, each with how it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
    Window,
    prefetch_related_objects,
)
from django.db.models.functions import RowNumber

from comparisons.domain import vocabulary as v
from comparisons.domain.freshness import last_check
from comparisons.domain.standing import Standing, standing
from comparisons.domain.statements import NOT_COUNTED, Scale, Source, Statement, states_method
from comparisons.models import Article, Check, Citation, Claim, Criterion, Framework, Release, Ruling, subject
from comparisons.models.ranking import by_verdict

from . import benchmarks
from .assessing import Witnesses, interval_of, source_of, value_of

#: Orders claims: for, against, neutral.
BY_POLARITY = Case(
    When(polarity=v.Polarity.PRO, then=0),
    When(polarity=v.Polarity.CON, then=1),
    default=2,
    output_field=IntegerField(),
)


class Card(NamedTuple):
    """A claim as pages show it, with how it stands."""

    claim: Claim
    standing: Standing

    @property
    def counts(self) -> bool:
        return self.claim.verdict not in NOT_COUNTED


def as_statement(claim: Claim, witnesses: Witnesses, citations: Iterable[Citation] | None = None) -> Statement:
    """A claim as the assessment takes it. citations: used instead of its own, which should be prefetched."""
    citations = claim.citations.all() if citations is None else citations
    return Statement(
        key=claim.key,
        kind=v.ClaimKind(claim.kind),
        sources=tuple(_source(citation, witnesses, claim) for citation in citations),
        value=value_of(
            claim.level.slug if claim.level else None, claim.number, claim.number_high, claim.approximate, claim.text
        ),
        verdict=v.Verdict(claim.verdict),
        states_method=states_method(claim.conditions, subject.method_needs()),
        benchmark=benchmarks.view_of(claim.benchmark) if claim.benchmark else None,
        variant=claim.variant,
        conditions=tuple(claim.conditions.values()),
        interval=interval_of(claim.interval_low, claim.interval_high),
        left_out=claim.left_out,
        version=claim.until_version or claim.since_version,
        scale=Scale(claim.criterion.direction, claim.criterion.is_count),
    )


def _source(citation: Citation, witnesses: Witnesses, claim: Claim) -> Source:
    article = citation.article
    witness = witnesses.of(article.pk, article.publisher_id, article.slug)
    dates = article.published_on, article.precision, article.read_on, edition_released_on(citation, claim.framework_id)
    return source_of(
        article.slug, witness, claim.kind, citation.stance, citation.reading, article.kind, article.interest, *dates
    )


def edition_released_on(citation: Any, framework: int | None) -> date | None:
    """The day on which the edition of a cited documentation came out, or its own day; None if it is not known.

    One query, unless it was read with the citation.
    """
    if citation.dated_on is not None:
        return citation.dated_on
    if "edition_released" in vars(citation):
        released: date | None = citation.edition_released
        return released
    if not citation.article.edition or framework is None:
        return None
    here = Release.objects.filter(framework=framework, version_number=citation.article.edition)
    return here.values_list("released_on", flat=True).first()


def cards_of(claims: Iterable[Claim], witnesses: Witnesses, settled: Collection[tuple[Any, int]] = ()) -> list[Card]:
    """Claims with how they stand. settled: the cells that a ruling decided, as (framework, criterion)."""
    return [
        Card(
            claim,
            standing(as_statement(claim, witnesses), settled=(claim.framework_id, claim.criterion_id) in settled),
        )
        for claim in claims
    ]


def with_evidence(claim: Claim, witnesses: Witnesses, settled: Collection[tuple[Any, int]] = ()) -> Card:
    """A claim with its citations and the articles of its verdict; two queries."""
    citations = Citation.objects.for_evidence()
    articles = Article.objects.order_by("title")
    prefetch_related_objects(
        [claim], Prefetch("citations", queryset=citations), Prefetch("verdict_articles", queryset=articles)
    )
    return cards_of([claim], witnesses, settled)[0]


def claims_of(framework: Framework, criterion: Criterion) -> QuerySet[Any]:
    """The published claims of a cell, by verdict, then for, against, neutral; three queries.

    `total` of each is how many there are.
    """
    verdict_articles = Prefetch("verdict_articles", queryset=Article.objects.order_by("title"))
    claims: QuerySet[Any] = (
        Claim.objects.published()
        .filter(framework=framework, criterion=criterion)
        .for_display()
        .prefetch_related(verdict_articles)
        .annotate(total=Window(Count("pk")))
        .order_by(by_verdict(), BY_POLARITY, "key")
    )
    return claims


def general_claims(criterion: int, most: int) -> list[Claim]:
    """Published claims about no framework in particular, with the number of their sources; one query."""
    found = Claim.objects.published().filter(framework__isnull=True, criterion=criterion)
    found = found.annotate(sources=Count("citations__article", distinct=True))
    return list(found.order_by(by_verdict(), BY_POLARITY, "key")[:most])


def neighbours(claim: Claim, most: int) -> list[Any]:
    """Other published claims of the same cell, then those of other frameworks on the same criterion; one query.

    `elsewhere` tells them apart; at most `most` of either.
    """
    near = Claim.objects.published().filter(criterion=claim.criterion_id).exclude(pk=claim.pk)
    same = Q(framework=claim.framework_id) if claim.framework_id else Q(framework__isnull=True)
    order = Case(When(same, then=0), default=1, output_field=IntegerField())
    ranked = near.annotate(
        elsewhere=order,
        place=Window(RowNumber(), partition_by=[order], order_by=[by_verdict(), F("key")]),
    )
    return list(ranked.filter(place__lte=most).select_related("framework").order_by("elsewhere", "place"))


def rulings_naming(claim: Claim) -> list[Ruling]:
    """The rulings that name a claim; `is_accepted` and `is_rejected` say on which side. One query."""
    here = Ruling.objects.filter(pk=OuterRef("pk")).order_by()
    accepting, rejecting = here.filter(accepted=claim), here.filter(rejected=claim)
    return list(
        Ruling.objects.annotate(is_accepted=Exists(accepting), is_rejected=Exists(rejecting))
        .filter(Q(is_rejected=True) | Q(is_accepted=True), framework__is_draft=False, criterion__is_draft=False)
        .select_related("framework", "criterion__group", "level")
        .order_by("framework__order", "criterion__order")[:12]
    )


def with_last_checks(claims: Collection[Claim]) -> None:
    """Give each of these claims the last check of what it says now as `last_check`, None without any; one query."""
    last: dict[int, Check] = {}
    checks = Check.objects.filter(claim__in=[claim.pk for claim in claims]).of_present_texts()
    for check in checks.order_by("pk"):
        other = last.get(check.claim_id)
        last[check.claim_id] = check if other is None or last_check([other.view, check.view]) == check.view else other
    for claim in claims:
        claim.last_check = last.get(claim.pk)  # type: ignore[attr-defined]
