"""Every kind of write, by an editor, an import or a script, that may change cells."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.core import serializers
from django.db import models

from comparisons.models import Article, Citation, Claim, Criterion, Level, Release, Ruling
from tests.factories import (
    NOON,
    make_article,
    make_benchmark,
    make_check,
    make_citation,
    make_claim,
    make_figure,
    make_publisher,
    make_release,
    make_ruling,
)
from tests.worlds import AUTUMN, SPRING, World, cited, late_release


def changed(row: models.Model, **fields: Any) -> None:
    """Save a row as the admin does."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def answer(world: World, slug: str) -> Level:
    return Level.objects.get(criterion=world.level, slug=slug)


def reloaded(row: models.Model, **fields: Any) -> None:
    """Save a row raw, as `loaddata` does."""
    for name, value in fields.items():
        setattr(row, name, value)
    (record,) = serializers.deserialize("json", serializers.serialize("json", [row]))
    record.save()


def created_in_bulk(world: World) -> None:
    (claim,) = Claim.objects.bulk_create(
        [
            Claim(
                key="bulk", framework=world.other, criterion=world.text, kind="capability", statement="S.",
                polarity="pro", text="So", status="published", published_at=NOON,
            )
        ]
    )  # fmt: skip
    Citation.objects.bulk_create([Citation(claim=claim, article=world.free, says="So.")])


def updated_in_bulk(world: World) -> None:
    for claim in (world.claim, world.rival):
        claim.verdict, claim.verdict_note, claim.verdict_on = "wrong", "Not so.", AUTUMN
    Claim.objects.bulk_update([world.claim, world.rival], ["verdict", "verdict_note", "verdict_on"])


def two_benchmarks(world: World) -> tuple[Any, Any]:
    """Two benchmarks with a figure of one framework each; the older one is shown, being the first by slug."""
    tests = [make_benchmark(slug, criterion=world.number, measured_on=AUTUMN) for slug in ("a-test", "b-test")]
    for place, test in enumerate(tests, start=3):
        make_figure(world.one, test, place)
    return tests[0], tests[1]


def wider(world: World) -> None:
    """A figure of another framework makes the second benchmark the wider one."""
    make_figure(world.other, two_benchmarks(world)[1], 9)


def without_method(world: World) -> None:
    changed(two_benchmarks(world)[0], states_method=False)


def retitled(world: World) -> None:
    changed(two_benchmarks(world)[0], title="A better title")


def counted(world: World) -> None:
    changed(two_benchmarks(world)[1], measured_on=AUTUMN + dt.timedelta(days=1))
    changed(world.number, is_count=True)


Write = Callable[[World], Any]
WRITES: dict[str, Write] = {
    "a claim gets another value": lambda w: changed(w.claim, level=answer(w, "none")),
    "a claim is published": lambda w: changed(w.draft, status="published", published_at=NOON),
    "a claim is withdrawn": lambda w: changed(
        w.figure, status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Misread."
    ),
    "a claim is refuted": lambda w: changed(
        w.claim, verdict="wrong", verdict_note="Not so.", verdict_on=AUTUMN
    ),
    "a claim moves to another framework": lambda w: changed(w.claim, framework=w.other),
    "a claim moves to another criterion": lambda w: changed(w.figure, criterion=w.text),
    "a claim is about no framework any more": lambda w: changed(w.claim, level=None, framework=None),
    "a claim is made": lambda w: make_claim(w.other, w.text, text="So", by=(w.free,)),
    "claims are updated": lambda w: Claim.objects.filter(framework=w.one).update(
        verdict="opinion", level=None, verdict_on=AUTUMN
    ),
    "claims are moved by an update": lambda w: Claim.objects.filter(key="figure").update(criterion=w.text),
    "claims are moved to another framework by an update": lambda w: Claim.objects.update(framework=w.other),
    "claims are updated through their manager": lambda w: w.other.claims.add(w.claim),
    "claims are cleared through their manager": lambda w: (
        Claim.objects.filter(framework=w.one).update(level=None, number=None), w.one.claims.clear()
    ),
    "claims are created in bulk": created_in_bulk,
    "claims are updated in bulk": updated_in_bulk,
    "a figure joins a benchmark": lambda w: changed(w.figure, benchmark=make_benchmark(criterion=w.number)),
    "a benchmark becomes wider": wider,
    "a benchmark loses its method": without_method,
    "a benchmark gets another title": retitled,
    "a criterion becomes a count": counted,
    "a claim is loaded": lambda w: reloaded(w.claim, level=answer(w, "none")),
    "a claim is loaded into another cell": lambda w: reloaded(w.claim, framework=w.other),
    "a citation is added": cited,
    "a citation changes its stance": lambda w: changed(w.claim.citations.first(), stance="disputes"),
    "a citation moves to another claim": lambda w: changed(w.figure.citations.get(article=w.rewrite), claim=w.claim),
    "a citation moves by an update": lambda w: Citation.objects.filter(claim=w.figure, article=w.rewrite).update(
        claim=w.claim, locator="Elsewhere"
    ),
    "a citation becomes a reading": lambda w: Citation.objects.update(reading=True),
    "a citation is deleted": lambda w: w.claim.citations.first().delete(),
    "citations are deleted": lambda w: Citation.objects.filter(article=w.free).delete(),
    "all citations of a claim are deleted": lambda w: w.figure.citations.all().delete(),
    "an article gets another publisher": lambda w: changed(w.free, publisher=w.origin.publisher),
    "an article gets another date": lambda w: changed(w.free, published_on=AUTUMN),
    "an article gets another kind": lambda w: changed(w.free, kind="measurement"),
    "the origin of a chain gets another publisher": lambda w: changed(w.origin, publisher=w.free.publisher),
    "an article follows another": lambda w: changed(w.free, follows=w.echo),
    "an article follows no other any more": lambda w: changed(w.rewrite, follows=None),
    "the origin of a chain follows another": lambda w: changed(w.origin, follows=w.free),
    "articles are updated": lambda w: Article.objects.update(publisher=make_publisher("One publisher")),
    "an article joins a chain through its manager": lambda w: w.origin.followed_by.add(w.free),
    "an article is loaded": lambda w: reloaded(w.origin, publisher=w.free.publisher),
    "a release comes out": late_release,
    "a release is announced": lambda w: late_release(w, "3.0", dt.date(2030, 1, 1)),
    "releases are created in bulk": lambda w: Release.objects.bulk_create(
        [Release(framework=w.one, version_number="2.0", released_on=AUTUMN)]
    ),
    "a claim is checked": lambda w: (late_release(w), make_check(w.figure, "2.0")),
    "a check finds that a claim fails": lambda w: (
        late_release(w), make_check(w.figure, "2.0"), make_check(w.figure, "2.0.1", holds=False)
    ),
    "a check is deleted": lambda w: (late_release(w), make_check(w.figure, "2.0").delete()),
    "releases cannot change a criterion any more": lambda w: (
        late_release(w), changed(w.level, changes_with_releases=False)
    ),
    "a ruling is added": lambda w: make_ruling(w.one, w.number, number=5),
    "a ruling changes its value": lambda w: changed(w.ruling, level=answer(w, "addon")),
    "a ruling is left open": lambda w: changed(w.ruling, level=None, is_open=True),
    "a ruling moves to another cell": lambda w: changed(w.ruling, criterion=w.number, level=None, number=5),
    "a ruling is deleted": lambda w: w.ruling.delete(),
    "rulings are deleted": lambda w: Ruling.objects.all().delete(),
    "articles turn out to be known to the year": lambda w: [
        changed(one, precision="year") for one in (w.origin, w.rewrite, w.echo, w.free)
    ],
    "a level gets another slug": lambda w: changed(answer(w, "none"), slug="missing"),
    "levels move to another criterion": lambda w: Level.objects.filter(slug="built-in").update(criterion=w.text),
}  # fmt: skip

#: Writes that change no cell.
IDLE: dict[str, Write] = {
    "a draft is made": lambda w: make_claim(w.other, w.text, text="So", status="draft", published_at=None),
    "a draft is deleted": lambda w: w.draft.delete(),
    "drafts are deleted": lambda w: Claim.objects.filter(status="draft").delete(),
    "an article is read again": lambda w: changed(
        w.free, kind="policy", published_on=None, precision="", read_on=SPRING
    ) or changed(w.free, read_on=AUTUMN),
    "a patch comes out": lambda w: make_release(w.one, "1.0.1", AUTUMN),
    "a release is deleted that changed nothing": lambda w: make_release(w.one, "0.1", dt.date(2001, 1, 1)).delete(),
    "a criterion is renamed": lambda w: changed(w.level, name="Another name"),
    "a criterion gets another value type": lambda w: changed(w.number, value_type="text", unit=""),
    "criteria get another value type": lambda w: Criterion.objects.filter(slug="number").update(
        value_type="text", unit=""
    ),
    "a level that nobody gives is deleted": lambda w: answer(w, "addon").delete(),
    "levels that nobody gives are deleted": lambda w: Level.objects.filter(slug="addon").delete(),
    "a framework without claims is deleted": lambda w: w.other.delete(),
    "nothing is updated": lambda w: Claim.objects.none().update(verdict="wrong"),
    "a verdict names an article": lambda w: w.claim.verdict_articles.add(w.free),
    "a statement is corrected": lambda w: changed(w.claim, statement="Better."),
}  # fmt: skip
ALL = WRITES | IDLE


def random_write(world: World, chance: random.Random) -> None:
    """Make one random write, as an editor, an import or a script may. Each is valid at any time."""
    framework = chance.choice([world.one, world.other])
    criterion = chance.choice([world.level, world.number, world.text])
    value = {
        world.level: {"level": chance.choice(["built-in", "addon", "none"])},
        world.number: {"number": chance.randint(1, 9)},
        world.text: {"text": chance.choice(["So", "Not so"])},
    }[criterion]
    claims, articles, citations = (list(m.objects.order_by("pk")) for m in (Claim, Article, Citation))
    claim, article = chance.choice(claims), chance.choice(articles)
    older = articles[: articles.index(article)]
    citation = chance.choice(citations) if citations else make_citation(claim, article)
    writes: list[Callable[[], Any]] = [
        lambda: make_claim(framework, criterion, by=(article,), **value),
        lambda: make_claim(framework, criterion, by=(article, make_article(follows=article)), **value),
        lambda: Claim.objects.filter(pk=claim.pk).update(framework=framework),
        lambda: changed(claim, verdict=chance.choice(["opinion", "wrong"]), verdict_note="N.", verdict_on=AUTUMN),
        lambda: changed(claim, criterion=criterion),
        lambda: changed(citation, stance=chance.choice(["supports", "disputes", "qualifies"])),
        lambda: changed(citation, claim=claim, locator=f"Section {chance.random()}"),
        lambda: citation.delete(),
        lambda: changed(article, publisher=make_publisher(chance.choice(["", "A", "B"]))),
        lambda: changed(article, follows=None),
        lambda: Article.objects.filter(pk=article.pk).update(follows=chance.choice([None, *older])),
        lambda: Ruling.objects.filter(framework=framework, criterion=criterion).delete(),
        lambda: Ruling.objects.filter(framework=framework, criterion=criterion).exists()
        or make_ruling(framework, criterion, is_open=True),
        lambda: Ruling.objects.update(is_open=False, level=None, number=None, text="So"),
        lambda: make_release(framework, f"{chance.random()}"[2:], dt.date(chance.randint(2020, 2030), 1, 1)),
        lambda: Release.objects.filter(framework=framework).delete(),
    ]  # fmt: skip
    chance.choice(writes)()
