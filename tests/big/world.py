"""Fill a database with the big knowledge base.

`python -m tests.big ADDRESS` does it for the database at an address, such as sqlite:///var/big.sqlite3.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from comparisons.maintenance import rebuild
from comparisons.models import (
    Article,
    Check,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    Framework,
    Level,
    Paragraph,
    Publisher,
    Release,
)
from comparisons.models.derived import FOLLOWED, paused

from . import claims, names
from .rows import create, record

#: How big it is. BIG=0.1 makes one of a tenth of the criteria, claims, articles and benchmarks.
SHARE = float(os.environ.get("BIG", "1"))
CRITERIA, USE_CASES, ARTICLES, COMPARISONS = (max(20, int(n * SHARE)) for n in (20_000, 200, 500, 40))
#: Criteria of the largest group, of the criteria that are no use cases; the others share the rest.
LARGEST = CRITERIA // 5
TODAY = dt.date(2026, 11, 20)
#: Records that have most of something, which are the ones to look at.
USE_CASE = "an-internal-tool-for-a-solo-developer"
LARGEST_GROUP, LARGEST_ARTICLE, LARGEST_COMPARISON, SMALL_COMPARISON = "http-request", "article-001", "many", "few"


@dataclass
class World:
    """The records that claims are made of."""

    chance: random.Random
    frameworks: list[Framework] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    use_cases: list[Criterion] = field(default_factory=list)
    levels: dict[int, list[Level]] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)


def fill(say: Callable[[str], None] = lambda text: None, share_of_claims: float = 1) -> None:
    """All rows, and all that is derived from them. The database holds the tables and nothing else.

    share_of_claims: how many of 60,000 claims there are; a fourth of them takes a third of the time.
    """
    chance = random.Random(20261120)  # noqa: S311 (not a secret: the same rows at every run)
    # All that is derived is rebuilt below; it need not follow the few rows that are saved one by one.
    with paused(*FOLLOWED.values()), transaction.atomic():
        world = World(chance)
        say("the catalogue")
        _frameworks(world)
        _criteria(world)
        say("sources")
        _articles(world)
        say("claims")
        made = claims.fill(world, SHARE * share_of_claims)
        create(
            Check(claim=claim, version="3.0", checked_on=TODAY - dt.timedelta(number % 90), holds=bool(number % 9))
            for number, claim in enumerate(made[:: max(1, len(made) // 500)])
        )
        _comparisons(world)
    say("what is derived")
    rebuild.rebuild(progress=lambda what, done, total: say(f"{done} of {total} {what}") if done == total else None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _frameworks(world: World) -> None:
    world.frameworks = create(
        Framework(
            slug=names.slug_of(name),
            name=name,
            tagline=f"What {name} is",
            summary=names.sentence(world.chance, name),
            homepage=f"https://{names.slug_of(name)}.example/",
            license="BSD",
            order=place,
        )
        for place, name in enumerate(names.FRAMEWORKS)
    )
    create(
        Release(
            framework=framework,
            version_number=f"{number // 4 + 1}.{number % 4}",
            released_on=TODAY - dt.timedelta(90 * (30 - number) + place),
        )
        for place, framework in enumerate(world.frameworks)
        for number in range(30)
    )


def _criteria(world: World) -> None:
    titles = [f"{area} {part}" for part in names.PARTS for area in names.AREAS]
    groups = create(
        [
            CriterionGroup(slug="use-cases", name="Use cases", order=0, holds_use_cases=True),
            *(CriterionGroup(slug=names.slug_of(name), name=name, order=n) for n, name in enumerate(titles, start=1)),
        ]
    )
    pools = [names.criteria(group.name) for group in groups[1:]]
    places = itertools.chain(itertools.repeat(0, LARGEST), itertools.cycle(range(len(pools))))
    own = (
        _criterion(groups[at + 1], next(pools[at]), order)
        for order, at in zip(range(CRITERIA - USE_CASES), places, strict=False)
    )
    scenarios = (
        _criterion(groups[0], name, order, "level")
        for order, name in enumerate(itertools.islice(names.use_cases(), USE_CASES))
    )
    world.use_cases, world.criteria = create(scenarios), create(own)
    answers = {"full": "yes", "partial": "partial", "addon": "partial", "none": "no"}
    for level in create(
        Level(criterion=criterion, slug=slug, label=slug.title(), meaning=meaning, order=place)
        for criterion in (*world.use_cases, *world.criteria)
        if criterion.value_type == "level"
        for place, (slug, meaning) in enumerate(answers.items())
    ):
        world.levels.setdefault(level.criterion_id, []).append(level)


def _criterion(group: CriterionGroup, name: str, order: int, kind: str = "") -> Criterion:
    """A criterion. Of ten one is a number and one a text, unless the kind is given; the first is a number."""
    kind = kind or {0: "number", 9: "text"}.get(order % 10, "level")
    return Criterion(
        group=group,
        slug=names.slug_of(name)[:60],
        name=name[:80],
        question=f"Does it hold that {name}?"[:200],
        definition=f"Whether {name}, as far as the documentation and others say.",
        value_type=kind,
        unit="requests/s" if kind == "number" else "",
        direction="higher-better" if kind == "number" else "none",
        order=order,
    )


def _articles(world: World) -> None:
    kinds = ["article", "article", "benchmark", "thread", "talk", "official-documentation", "release-notes"]
    chosen = [world.chance.choice(kinds) for _ in range(ARTICLES)]
    chosen[0] = "official-documentation"
    publishers = [f"{names.PUBLISHERS[number % 10]} {number % 200}" for number in range(ARTICLES + 1)]
    create(Publisher(name=name) for name in dict.fromkeys(publishers))
    world.articles = create(
        Article(
            slug=f"article-{number:03}",
            title=f"{names.sentence(world.chance, f'Article {number}')[:100]}",
            url=f"https://example.org/{number}",
            publisher_id=publishers[number],
            author=f"Author {number % 150}",
            kind=kind,
            interest="own-project" if kind in kinds[-2:] else "independent",
            published_on=TODAY - dt.timedelta(world.chance.randrange(3000)),
            read_on=TODAY,
            precision="day",
        )
        for number, kind in enumerate(chosen, start=1)
    )
    record(Article, claims.NOON)


def _comparisons(world: World) -> None:
    def of(slug: str, title: str, frameworks: int, criteria: int) -> Comparison:
        page = Comparison.objects.create(slug=slug, title=title, introduction=f"{title}.", featured=slug == "few")
        create(
            ComparisonFramework(comparison=page, framework=framework, order=place)
            for place, framework in enumerate(world.frameworks[:frameworks])
        )
        create(
            ComparisonCriterion(comparison=page, criterion=criterion, order=place)
            for place, criterion in enumerate(world.criteria[:criteria])
        )
        create(Paragraph(comparison=page, order=place, text=names.sentence(world.chance, title)) for place in range(3))
        return page

    of(LARGEST_COMPARISON, "Seventeen and very much", 17, CRITERIA - USE_CASES)
    of(SMALL_COMPARISON, "Three and some", 3, 100)
    for number in range(3, COMPARISONS + 1):
        of(f"comparison-{number:03}", f"Comparison {number}", 2 + number % 6, 30)
