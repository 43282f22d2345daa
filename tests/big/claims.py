"""Claims of the big knowledge base, with their citations, benchmarks, rulings and history."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from comparisons.models import Benchmark, Citation, Claim, Ruling

from . import names
from .rows import create, record

if TYPE_CHECKING:
    from .world import World

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
#: Claims under the cell with most statements, citations of the claim with most sources, revisions of the oldest one.
IN_ONE_CELL, ON_ONE_CLAIM, REVISIONS = 120, 60, 200
CLAIM = "claim-00001"


def fill(world: World, share: float) -> list[Claim]:
    """All claims and what hangs on them; returns the claims, the one with most sources and revisions first."""
    benchmarks = create(_benchmarks(world, max(20, int(300 * min(1, 4 * share)))))
    figures = list(_figures(world, benchmarks))
    pairs = list(_cells(world, int(52_000 * share)))
    disputed = pairs[:: max(1, len(pairs) // 1_500)]
    statements = [
        *itertools.islice((_statement(world, *pairs[0]) for _ in itertools.count()), IN_ONE_CELL),
        *(_statement(world, *pair) for pair in pairs),
        *(_statement(world, *pair, otherwise=True) for pair in disputed),
        *_recommendations(world),
        *_pitfalls(world, 1_000),
        *_practices(world, 800),
    ]
    made = create(_keyed([*statements, *figures]))
    create(_citations(world, made))
    create(_rulings(world, disputed))
    record(Claim, "published_at")
    record(Ruling, NOON)
    _revise(world, made[0])
    return made


def _revise(world: World, claim: Claim) -> None:
    """Give a claim so many revisions, each with another statement."""
    entries = list(Claim.history.filter(id=claim.pk))
    for number in range(2, REVISIONS + 1):
        claim.statement = names.sentence(world.chance, f"Revision {number}")
        entry = copy.copy(entries[0])
        entry.pk, entry.history_type, entry.statement = None, "~", claim.statement
        entry.history_date = NOON + dt.timedelta(minutes=number)
        entries.append(entry)
    create(entries[1:])
    Claim._base_manager.filter(pk=claim.pk).update(statement=claim.statement)


def _keyed(rows: Iterable[Claim]) -> Iterator[Claim]:
    """These claims, published, each with a key of its own."""
    for number, claim in enumerate(rows, start=1):
        claim.key = f"claim-{number:05}"
        claim.status = "published"
        claim.published_at = NOON - dt.timedelta(minutes=number)
        if number % 12 == 0:
            claim.verdict = ("holds", "outdated", "wrong", "opinion")[number // 12 % 4]
            claim.verdict_note, claim.verdict_on = "Looked up.", NOON.date()
        yield claim


def _cells(world: World, count: int) -> Iterator[tuple[Any, Any]]:
    """Pairs of a framework and a criterion, all different; the first frameworks have most of them."""
    weights = [len(world.frameworks) - place for place in range(len(world.frameworks))]
    criteria = [criterion for criterion in world.criteria if criterion.value_type != "number"]
    shares = [min(len(criteria), count * weight // sum(weights)) for weight in weights]
    yield world.frameworks[0], criteria[0]
    for framework, share in zip(world.frameworks, shares, strict=True):
        # The first of the list are covered by all, so that their rows are full.
        covered = [*criteria[:50], *world.chance.sample(criteria[50:], max(0, share - 50))]
        yield from ((framework, one) for one in covered if (framework, one) != (world.frameworks[0], criteria[0]))


def _statement(world: World, framework: Any, criterion: Any, *, otherwise: bool = False) -> Claim:
    """A claim that answers a criterion. otherwise: with the last answer, which few others give."""
    chance, value = world.chance, {}
    if criterion.value_type == "level":
        levels = world.levels[criterion.pk]
        value["level"] = levels[-1] if otherwise else chance.choices(levels[:3], weights=(12, 2, 1))[0]
    elif criterion.value_type == "text":
        value["text"] = "otherwise" if otherwise else "as usual"
    return Claim(
        framework=framework,
        criterion=criterion,
        kind=chance.choice(["capability", "capability", "judgement", "usage"]),
        polarity=chance.choice(["pro", "con", "neutral"]),
        statement=names.sentence(chance, f"{framework.name}, {criterion.name}"),
        **value,
    )


def _recommendations(world: World) -> Iterator[Claim]:
    """For each use case, what several frameworks are recommended for or not."""
    for number, scenario in enumerate(world.use_cases):
        frameworks = world.frameworks if not number else world.chance.sample(world.frameworks, 8)
        for framework in itertools.chain(frameworks, frameworks[:3]):
            yield Claim(
                framework=framework,
                criterion=scenario,
                kind="recommendation",
                polarity="pro",
                level=world.chance.choice(world.levels[scenario.pk]),
                statement=names.sentence(world.chance, f"{framework.name} for {scenario.name}"),
            )


def _pitfalls(world: World, count: int) -> Iterator[Claim]:
    for number in range(count):
        yield Claim(
            framework=None if number % 8 == 0 else world.frameworks[number % len(world.frameworks)],
            criterion=world.criteria[number % 700],
            kind="pitfall",
            polarity="con",
            statement=names.sentence(world.chance, f"Pitfall {number}"),
            impact=names.sentence(world.chance, "Impact"),
            remedy=names.sentence(world.chance, "Remedy"),
        )


def _practices(world: World, count: int) -> Iterator[Claim]:
    for number in range(count):
        yield Claim(
            criterion=world.criteria[number % 300],
            kind="practice",
            polarity="neutral",
            statement=names.sentence(world.chance, f"Practice {number}"),
        )


def _benchmarks(world: World, count: int) -> Iterator[Benchmark]:
    """Tests of three quantities; half of them of the first."""
    quantities = [criterion for criterion in world.criteria if criterion.value_type == "number"][:3]
    sources = [article for article in world.articles if article.kind == "benchmark"]
    for number in range(count):
        yield Benchmark(
            slug=f"benchmark-{number:03}",
            title=f"Benchmark {number} of a small answer under load",
            article=sources[number % len(sources)],
            criterion=quantities[0 if number % 2 else 1 + number % 4 // 2],
            unit="requests/s",
            statistic="mean",
            work="GET of 4 kB as JSON",
            load=f"{2 ** (number % 10)} connections for 15 s",
            hardware="16 cores, 64 GB",
            server="uvicorn" if number % 3 else "",
            workers="16",
            measured_on=NOON.date() - dt.timedelta(number * 7),
            precision="day",
            states_method=bool(number % 5),
            repeatable=not number % 3,
            like_for_like=("full", "part", "none")[number % 3],
            note=names.sentence(world.chance, "Known weakness"),
        )


def _figures(world: World, benchmarks: list[Benchmark]) -> Iterator[Claim]:
    """The figures of the benchmarks: the first one and every tenth have all frameworks, some in several variants."""
    for number, benchmark in enumerate(benchmarks):
        frameworks = world.frameworks if number % 10 == 0 else world.frameworks[: 3 + number % 9]
        for framework in frameworks:
            for variant in ("", "tuned", "one worker")[: 3 if number % 20 == 0 else 1]:
                yield Claim(
                    framework=framework,
                    criterion=benchmark.criterion,
                    benchmark=benchmark,
                    kind="figure",
                    polarity="neutral",
                    number=world.chance.randrange(1_000, 90_000),
                    variant=variant,
                    server=variant and "gunicorn",
                    statement=names.sentence(world.chance, f"{framework.name} in {benchmark.title}"),
                )


def _citations(world: World, made: list[Claim]) -> Iterator[Citation]:
    """One source for each claim, two for every third; the first article stands behind every tenth claim."""
    articles, chance = world.articles, world.chance
    stances = ["supports"] * 6 + ["qualifies", "disputes"]
    for number, claim in enumerate(made):
        own = (
            claim.benchmark.article if claim.benchmark else articles[0 if number % 10 == 0 else number % len(articles)]
        )
        yield Citation(claim=claim, article=own, says=names.sentence(chance, "It says"), locator=f"Section {number}")
        if number % 3 == 0 and claim.benchmark is None:
            other = articles[(number * 7 + 1) % len(articles)]
            stance = chance.choice(stances)
            yield Citation(claim=claim, article=other, stance=stance, says=names.sentence(chance, "It adds"))
    for number in range(ON_ONE_CLAIM):
        article = articles[-1 - number % len(articles)]
        yield Citation(
            claim=made[0],
            article=article,
            stance=stances[number % len(stances)],
            says=names.sentence(chance, "Another source says"),
            locator=f"Page {number + 1}",
        )


def _rulings(world: World, disputed: list[tuple[Any, Any]]) -> Iterator[Ruling]:
    """Rulings on every third of these cells; every other one is open."""
    reasons = ["different-version", "different-definition", "opinion", "factual-error", "misprint"]
    for number, (framework, criterion) in enumerate(disputed[::3]):
        value: dict[str, Any] = {"is_open": True}
        if number % 2:
            of_level = criterion.value_type == "level"
            value = {"level": world.levels[criterion.pk][0]} if of_level else {"text": "as usual"}
        yield Ruling(
            framework=framework,
            criterion=criterion,
            reason=reasons[number % len(reasons)],
            why=names.sentence(world.chance, "They differ"),
            ruled_on=NOON.date(),
            **value,
        )
