"""A large synthetic knowledge base: the same rows at every run. Some records bear the names that the pages ask for.

BENCH_CLAIMS sets its size. All but the frameworks grows with it: articles, citations, criteria, and so the cells.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models, transaction

from comparisons.maintenance import rebuild
from comparisons.models import (
    Article,
    Citation,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    Framework,
    Level,
    Publisher,
    Release,
)
from tests.browser import paths

CLAIMS = int(os.environ.get("BENCH_CLAIMS") or 30_000)
FRAMEWORKS = 300 if CLAIMS >= 30_000 else 60 if CLAIMS >= 2_400 else 8
CRITERIA, CITATIONS, ARTICLES = max(8, CLAIMS // FRAMEWORKS), 2 * CLAIMS, max(10, CLAIMS // 30)
NAMED_FRAMEWORKS = ["django", "flask", "fastapi", "tornado", "falcon", "bottle", "aiohttp", "sanic"]
NAMED_CRITERIA = [paths.USE_CASE, paths.CRITERION, paths.DISPUTED[1], "routing", "performance"]
GROUPS = ["use-cases", "async", "data", "security", "performance", "experience", "adoption", "lifecycle"]
WORDS = [
    "server",
    "request",
    "handler",
    "template",
    "session",
    "router",
    "worker",
    "schema",
    "client",
    "query",
    "cache",
    "header",
    "token",
    "event",
]
TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
Row = TypeVar("Row", bound=models.Model)
Say = Callable[[str], None]


def create(rows: Iterable[Row]) -> list[Row]:
    """Insert without announcing it: the cells are assessed once, at the end."""
    rows = list(rows)
    return models.QuerySet(type(rows[0])).bulk_create(rows, batch_size=1000)


def names(count: int, prefix: str, first: list[str]) -> list[str]:
    return [*first, *(f"{prefix}-{number:04}" for number in range(len(first) + 1, count + 1))][:count]


def sentence(chance: random.Random, about: str) -> str:
    return f"{about}: the {' '.join(chance.choices(WORDS, k=12))} is what decides."


def day_before(chance: random.Random, days: int) -> dt.date:
    return TODAY - dt.timedelta(chance.randrange(days))


@transaction.atomic
def fill(say: Say) -> None:
    """All rows but the cells; then the cells."""
    chance = random.Random(20261120)  # noqa: S311 (not a secret: the same rows at every run)
    say("frameworks and criteria")
    frameworks = create(
        Framework(slug=slug, name=slug.title(), tagline=f"What {slug} is", summary=sentence(chance, slug), order=place)
        for place, slug in enumerate(names(FRAMEWORKS, "framework", NAMED_FRAMEWORKS))
    )
    create(
        Release(
            framework=framework, version_number=f"{major}.0", released_on=TODAY - dt.timedelta(chance.randrange(900))
        )
        for framework in frameworks
        for major in (1, 2, 3)
    )
    groups = create(
        CriterionGroup(slug=slug, name=slug.title(), order=place, holds_use_cases=not place)
        for place, slug in enumerate(GROUPS)
    )
    criteria = create(
        Criterion(
            group=groups[place % len(groups)],
            slug=slug,
            name=slug.title(),
            question=f"What about {slug}?",
            definition=sentence(chance, slug),
            value_type=(kind := "number" if place % 10 == 9 else "text" if place % 10 == 8 else "level"),
            unit="ms" if kind == "number" else "",
            order=place,
        )
        for place, slug in enumerate(names(CRITERIA, "criterion", NAMED_CRITERIA))
    )
    meanings = {"full": "yes", "partial": "partial", "addon": "partial", "none": "no"}
    levels: dict[int, list[Level]] = {}
    for level in create(
        Level(criterion=criterion, slug=slug, label=slug.title(), meaning=meaning, order=place)
        for criterion in criteria
        if criterion.value_type == "level"
        for place, (slug, meaning) in enumerate(meanings.items())
    ):
        levels.setdefault(level.criterion_id, []).append(level)

    say(f"{ARTICLES} articles")
    kinds = ["article", "article", "benchmark", "thread", "talk", "official-documentation", "release-notes"]
    create(Publisher(name=f"Publisher {number}") for number in range(400))
    articles = create(
        Article(
            slug=slug,
            title=f"Title of {slug}",
            url=f"https://example.org/{slug}",
            url_key=f"example.org/{slug}",
            publisher_id=f"Publisher {chance.randrange(400)}",
            kind=(kind := chance.choice(kinds)),
            interest="own-project" if kind in kinds[-2:] else "independent",
            published_on=day_before(chance, 2500),
            precision="day",
        )
        for slug in names(ARTICLES, "article", [paths.ARTICLE, paths.OTHER_ARTICLE])
    )

    say(f"{CLAIMS} claims")

    def claim(number: int) -> Claim:
        framework, criterion = frameworks[number % FRAMEWORKS], criteria[chance.randrange(CRITERIA)]
        value: dict[str, Any] = {}
        if criterion.value_type == "level":
            value["level"] = chance.choices(levels[criterion.pk], weights=(6, 2, 1, 1))[0]
        elif criterion.value_type == "number":
            value["number"] = chance.randrange(1, 500)
        else:
            value["text"] = chance.choice(WORDS)
        kind = "figure" if "number" in value else chance.choice(["capability", "judgement", "recommendation"])
        if number % 25 == 24:
            kind = "pitfall"
            value |= {"impact": sentence(chance, "What happens"), "remedy": sentence(chance, "What helps")}
        elif number % 50 == 48:
            kind, value = "practice", {}
        return Claim(
            key=paths.CLAIM if number == 1 else f"claim-{number:05}",
            framework=None if kind == "practice" else framework,
            criterion=criterion,
            kind=kind,
            statement=sentence(chance, framework.name),
            polarity=chance.choice(["pro", "con", "neutral"]),
            status="published",
            published_at=NOON - dt.timedelta(minutes=number),
            **value,
        )

    claims = create(claim(number) for number in range(CLAIMS))
    say("their history")
    Claim.history.bulk_history_create(claims, batch_size=500)
    say(f"{CITATIONS} citations")
    stances = ["supports"] * 8 + ["qualifies", "disputes"]
    create(
        Citation(
            claim=claims[number % CLAIMS],
            article=articles[chance.randrange(ARTICLES)],
            stance="supports" if number < CLAIMS else chance.choice(stances),
            says=sentence(chance, "It says"),
            locator=f"Section {number}",
        )
        for number in range(CITATIONS)
    )
    comparison = Comparison.objects.create(
        slug=paths.COMPARISON, title="Three of many", introduction="For the bench.", featured=True
    )
    create(
        ComparisonFramework(comparison=comparison, framework=framework, order=place)
        for place, framework in enumerate(frameworks[:3])
    )
    create(
        ComparisonCriterion(comparison=comparison, criterion=criterion, order=place)
        for place, criterion in enumerate(criteria)
    )


def assess(say: Say) -> int:
    """Compute all that is derived; how many cells there are."""
    return rebuild.rebuild(progress=lambda what, done, total: say(f"derived from {done}/{total} {what}")).cells
