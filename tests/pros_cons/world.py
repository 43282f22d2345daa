"""What the tests of pros and cons share: a world made at random, and the index as a reader would meet it."""

from __future__ import annotations

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from comparisons.models import Claim
from comparisons.pros_cons import current
from comparisons.pros_cons.choices import Choice, FoundClaims
from tests.factories import DAY, make_article, make_citation, make_claim, make_criterion, make_framework, make_group

WORDS = ("cache", "cached", "router", "async", "Ästhetik", "100%")
VERDICTS = ("unchecked", "holds", "outdated", "opinion")


def index():
    return current.index(timezone.localdate())


def count(**chosen):
    """How many claims meet a choice of single values."""
    words = chosen.pop("words", "")
    years = {name: chosen.pop(name, None) for name in ("year_from", "year_to")}
    return FoundClaims(index(), Choice({name: [value] for name, value in chosen.items()}, **years, words=words)).total


@transaction.atomic  # so that what follows from its rows is worked out once
def make_world(seed, claims=14):
    """A few of everything, at random: drafts, neutral claims and claims about no framework included."""
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    groups = [make_group(f"g{n}", order=n) for n in range(2)]
    criteria = [make_criterion(f"c{n}", group=groups[n % 2], order=n) for n in range(3)]
    frameworks = [make_framework(f"f{n}", order=n) for n in range(3)]
    dates = [dt.date(2020, 5, 1), dt.date(2024, 1, 1), dt.date(2026, 3, 1), None]
    articles = [make_article(f"a{n}", publisher=f"p{n % 3}", published_on=dates[n % 4]) for n in range(5)]
    for number in range(claims):
        status = chance.choice(["published"] * 5 + ["draft"])
        claim = make_claim(
            chance.choice(frameworks),
            chance.choice(criteria),
            key=f"k{number}",
            by=(),
            polarity=chance.choice(["pro", "con", "pro", "con", "neutral"]),
            kind=chance.choice(["capability", "judgement", "usage"]),
            statement=" ".join(chance.choices(WORDS, k=3)),
            status=status,
            published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) if status == "published" else None,
            verdict=(verdict := chance.choice(VERDICTS)),
            verdict_note="" if verdict == "unchecked" else "So.",
            verdict_on=None if verdict == "unchecked" else DAY,
        )
        if chance.random() < 0.2:
            Claim.objects.filter(pk=claim.pk).update(framework=None)
        for article in chance.sample(articles, chance.randrange(0, 4)):
            make_citation(claim, article, chance.choice(["supports", "supports", "qualifies", "disputes"]))


def save(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
