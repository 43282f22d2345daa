"""A small knowledge base with one of everything that cells are made of, and a look at its cells."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db import transaction

from comparisons.maintenance import checks
from comparisons.models import (
    Article,
    Cell,
    Claim,
    Comparison,
    Criterion,
    Framework,
    Level,
    Paragraph,
    Ruling,
    VerdictLine,
)
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_figure,
    make_framework,
    make_release,
    make_ruling,
)

SPRING = dt.date(2026, 3, 1)
AUTUMN = dt.date(2026, 9, 1)


class World(NamedTuple):
    """Two frameworks; a level, a number and a text criterion; a disputed and ruled cell; a chain of rewrites."""

    one: Framework
    other: Framework
    level: Criterion
    number: Criterion
    text: Criterion
    claim: Claim
    rival: Claim
    figure: Claim
    draft: Claim
    origin: Article
    rewrite: Article
    echo: Article
    free: Article
    ruling: Ruling


@transaction.atomic  # so that what follows from its rows is worked out once
def make_world() -> World:
    """`claim` is supported by the end of a chain of rewrites and by a free article, `rival` by its origin."""
    one, other = make_framework("one"), make_framework("other")
    level = make_criterion("level", levels=("built-in", "addon", "none"))
    number, text = make_criterion("number", value_type="number"), make_criterion("text")
    origin = make_article("origin", published_on=SPRING)
    rewrite = make_article("rewrite", follows=origin, published_on=SPRING)
    echo = make_article("echo", follows=rewrite, published_on=SPRING)
    free = make_article("free", published_on=SPRING)
    return World(
        one, other, level, number, text,
        claim=make_claim(one, level, level="built-in", key="claim", by=(echo, free)),
        rival=make_claim(one, level, level="none", key="rival", by=(origin,)),
        figure=make_figure(one, None, 5, criterion=number, key="figure", by=(rewrite, free)),
        draft=make_claim(one, text, text="So", key="draft", by=(free,), status="draft", published_at=None),
        origin=origin, rewrite=rewrite, echo=echo, free=free,
        ruling=make_ruling(one, level, level=Level.objects.get(criterion=level, slug="none")),
    )  # fmt: skip


def make_page(world: World) -> Comparison:
    """The comparison "it" of a world: two frameworks by three criteria, with a paragraph and a line on a claim."""
    page = make_comparison("it", (world.one, world.other), (world.level, world.number, world.text))
    Paragraph.objects.create(comparison=page, order=1, text="Take the first.").claims.add(world.claim)
    line = VerdictLine.objects.create(comparison=page, order=1, kind="pick", framework=world.one, text="A shop")
    line.claims.add(world.claim)
    return page


def late_release(world: World, version: str = "2.0", day: dt.date = AUTUMN) -> Any:
    return make_release(world.one, version, day)


def cited(world: World) -> Any:
    return make_citation(world.rival, world.free)


def seen() -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every stored cell by framework and criterion, without the ids of rows."""
    return {
        (cell.framework.slug, cell.criterion.slug): (
            cell.agreement, cell.counts, cell.against, cell.argued, cell.ruling, cell.level and cell.level.slug,
            cell.number, cell.number_high, cell.approximate, cell.text, cell.benchmark and cell.benchmark.slug,
            cell.variant, cell.figure_on, cell.figure_version, cell.others, cell.unchecked, cell.points, cell.steps,
            cell.supported_on, cell.newest_on, cell.release_on, cell.release_version,
            cell.latest_on, cell.latest_version, cell.tally, cell.witnesses, cell.aside, cell.repeated,
            cell.claims, cell.value_key, cell.caveat, cell.figure_precision, cell.newest_precision,
        )
        for cell in Cell.objects.select_related("framework", "criterion", "level")
    }  # fmt: skip


def stale() -> list[str]:
    """The cells that are not what their claims add up to."""
    return [problem.record for problem in checks.cells_are_what_claims_add_up_to()]
