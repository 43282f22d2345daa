"""Reads: rows in, domain objects out. What a reader must not see is left out here, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from .domain.assessment import (
    FeatureRelease,
    Number,
    Ruling,
    Source,
    Statement,
    Value,
    assess,
    bears_out,
    evidence_date,
    is_feature_release,
    states_method,
    witness_of,
)
from .domain.matrix import CellView, LevelView, cell_fields
from .domain.vocabulary import CONDITIONS, ClaimKind, Stance, Status, Verdict
from .models import Article, Citation, Framework, Level, Release
from .models import Ruling as RulingRow

Pair = tuple[int, int]

_CITATION_COLUMNS = (
    "claim__framework_id",
    "claim__criterion_id",
    "claim__key",
    "claim__kind",
    "claim__verdict",
    "claim__level__slug",
    "claim__level__criterion_id",
    "claim__number",
    "claim__number_high",
    "claim__approximate",
    "claim__text",
    *(f"claim__{name}" for name in CONDITIONS),
    "stance",
    "reading",
    "article_id",
    "article__slug",
    "article__publisher",
    "article__kind",
    "article__interest",
    "article__published_on",
    "article__read_on",
)


class Witnesses:
    """Names the witness behind an article: the publisher at the origin of a chain of rewrites.

    Only articles that follow another one are looked up, in one query. Those in a circle, and all that follow them,
    are one witness, named after the first slug of the circle.
    """

    def __init__(self, using: str = "default"):
        chained = Article.objects.using(using).filter(follows__isnull=False)
        self._follows = {
            pk: (origin, publisher, slug)
            for pk, origin, publisher, slug in chained.order_by().values_list(
                "pk", "follows_id", "follows__publisher", "follows__slug"
            )
        }

    def of(self, pk: int, publisher: str, slug: str) -> str:
        seen: dict[int, str] = {}
        while pk in self._follows:
            if pk in seen:
                steps = list(seen)
                return "circle of " + min(seen[step] for step in steps[steps.index(pk) :])
            seen[pk] = slug
            pk, publisher, slug = self._follows[pk]
        return witness_of(publisher, slug)


def value_of(level: str | None, number: Decimal | None, high: Decimal | None, about: bool, text: str) -> Value | None:
    """The value of a claim or ruling; None where it gives none."""
    if level is not None:
        return level
    if number is not None:
        return Number(number, high if high is not None else number, about)
    return text or None


def statements(citations: QuerySet[Citation], witnesses: Witnesses) -> dict[Pair, list[Statement]]:
    """The claims behind some citations as the assessment takes them, by (framework, criterion); one query.

    Claims about no single framework have no cell and are left out, as are claims that are not published.
    A level of another criterion answers nothing here; `check_kb` reports it.
    """
    rows = citations.filter(claim__status=Status.PUBLISHED, claim__framework__isnull=False)
    claims: dict[str, dict[str, Any]] = {}
    sources: dict[str, list[Source]] = defaultdict(list)
    for (
        framework, criterion, key, kind, verdict, level, level_of, number, high, about, text,
        *conditions,
        stance, reading, article, slug, publisher, article_kind, interest, published, read,
    ) in rows.order_by().values_list(*_CITATION_COLUMNS):  # fmt: skip
        sources[key].append(
            Source(
                article=slug,
                witness=witnesses.of(article, publisher, slug),
                stance=Stance(stance),
                dated=evidence_date(article_kind, published, read),
                reading=reading,
                bears_out=bears_out(article_kind, interest),
            )
        )
        if key not in claims:
            claims[key] = {
                "pair": (framework, criterion),
                "kind": ClaimKind(kind),
                "verdict": Verdict(verdict),
                "value": value_of(level if level_of == criterion else None, number, high, about, text),
                "states_method": states_method(dict(zip(CONDITIONS, conditions, strict=True))),
            }
    found: dict[Pair, list[Statement]] = defaultdict(list)
    for key, fields in claims.items():
        found[fields.pop("pair")].append(Statement(key=key, sources=tuple(sources[key]), **fields))
    return found


def rulings_for(rows: QuerySet[RulingRow]) -> dict[Pair, Ruling]:
    """Rulings by (framework, criterion); one query. One whose level is of another criterion decides nothing."""
    found = {}
    for framework, criterion, is_open, level, level_of, number, high, text in rows.order_by().values_list(
        "framework_id", "criterion_id", "is_open",
        "level__slug", "level__criterion_id", "number", "number_high", "text",
    ):  # fmt: skip
        value = value_of(level if level_of == criterion else None, number, high, False, text)
        if is_open or value is not None:
            found[framework, criterion] = Ruling(value)
    return found


def feature_releases(frameworks: Collection[int], using: str = "default") -> dict[int, list[FeatureRelease]]:
    """Releases that may change an answer, by framework; one query."""
    found: dict[int, list[FeatureRelease]] = defaultdict(list)
    rows = Release.objects.using(using).filter(framework__in=frameworks).order_by()
    for framework, version, released in rows.values_list("framework_id", "version_number", "released_on"):
        if is_feature_release(version):
            found[framework].append(FeatureRelease(released, version))
    return found


def levels_of(criteria: Collection[int] | None, using: str = "default") -> dict[int, dict[str, LevelView]]:
    """Levels by criterion and slug; one query. None: of all criteria."""
    rows = Level.objects.using(using).order_by()
    if criteria is not None:
        rows = rows.filter(criterion__in=criteria)
    found: dict[int, dict[str, LevelView]] = defaultdict(dict)
    for criterion, slug, label, meaning in rows.values_list("criterion_id", "slug", "label", "meaning"):
        found[criterion][slug] = LevelView(slug, label, meaning)
    return found


def assessed(
    found: Mapping[Pair, Sequence[Statement]],
    rulings: Mapping[Pair, Ruling],
    releases: Mapping[int, Sequence[FeatureRelease]],
    levels: Mapping[int, Mapping[str, LevelView]],
) -> list[CellView]:
    """Assess cells from what was read for them."""
    return [
        CellView(
            framework_id=framework,
            criterion_id=criterion,
            **cell_fields(  # type: ignore[arg-type]
                assess(group, rulings.get((framework, criterion)), releases.get(framework, ())),
                levels.get(criterion, {}),
            ),
        )
        for (framework, criterion), group in found.items()
    ]


def assess_everything(using: str = "default") -> list[CellView]:
    """All cells assessed from their claims, nothing stored; five queries."""
    frameworks = Framework.objects.using(using).order_by().values_list("pk", flat=True)
    return assessed(
        statements(Citation.objects.using(using).all(), Witnesses(using)),
        rulings_for(RulingRow.objects.using(using).all()),
        feature_releases(frameworks, using),
        levels_of(None, using),
    )
