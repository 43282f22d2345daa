"""Valid rows with as little to say as possible: a test states only the fields it is about."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from comparisons.editing import proposals
from comparisons.evidence import cells
from comparisons.history import editions
from comparisons.models import (
    Article,
    Benchmark,
    Challenge,
    Check,
    Citation,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    DecisionRecord,
    FormerAddress,
    Framework,
    Level,
    Note,
    Proposal,
    Publisher,
    PublisherAlias,
    Release,
    Ruling,
    Run,
    StartingNeed,
    Subject,
    subject,
)
from comparisons.models.challenges import target_fields
from comparisons.models.derived import FOLLOWED, paused
from comparisons.models.publishers import publisher_named
from comparisons.models.team import about_fields
from comparisons.pros_cons import current, summaries

_numbers = itertools.count(1)
DAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def make_framework(slug: str = "", **fields: Any) -> Framework:
    slug = slug or f"framework-{next(_numbers)}"
    fields = {"name": slug.title(), "tagline": f"What {slug} is", "summary": f"About {slug}.", **fields}
    return Framework.objects.create(slug=slug, **fields)


def make_release(framework: Framework, version_number: str, released_on: dt.date = DAY, **fields: Any) -> Release:
    return Release.objects.create(framework=framework, version_number=version_number, released_on=released_on, **fields)


def make_need(use_case: Criterion, criterion: Criterion, weight: str = "some", **fields: Any) -> StartingNeed:
    return StartingNeed.objects.create(use_case=use_case, criterion=criterion, weight=weight, **fields)


def make_decision(key: str = "") -> DecisionRecord:
    state = {"title": "Which one", "context": "", "verdict": "One before two", "certainty": ""}
    return DecisionRecord.objects.create(key=key or f"decision-{next(_numbers)}", day=DAY, state=state)


def make_group(slug: str = "", **fields: Any) -> CriterionGroup:
    slug = slug or f"group-{next(_numbers)}"
    return CriterionGroup.objects.create(slug=slug, **{"name": slug.title(), **fields})


def make_criterion(slug: str = "", value_type: str = "text", levels: tuple[str, ...] = (), **fields: Any) -> Criterion:
    """levels: slugs, whose meaning is "yes" for the first, "no" for the last, "partial" between."""
    slug = slug or f"criterion-{next(_numbers)}"
    if levels:
        value_type = "level"
    fields = {
        "name": slug.title(),
        "question": f"What about {slug}?",
        "definition": f"What {slug} means.",
        "unit": "ms" if value_type == "number" else "",
        **fields,
    }
    fields.setdefault("group", CriterionGroup.objects.order_by("pk").first() or make_group())
    criterion = Criterion.objects.create(slug=slug, value_type=value_type, **fields)
    for place, level in enumerate(levels, start=1):
        meaning = "yes" if place == 1 else "no" if place == len(levels) else "partial"
        Level.objects.create(criterion=criterion, slug=level, label=level.title(), meaning=meaning, order=place)
    return criterion


def make_article(slug: str = "", **fields: Any) -> Article:
    slug = slug or f"article-{next(_numbers)}"
    fields = {
        "title": f"Title of {slug}",
        "publisher": f"Publisher of {slug}",
        "kind": "article",
        "interest": "independent",
        "published_on": DAY,
        **fields,
    }
    fields.setdefault("precision", "day" if fields["published_on"] else "")
    return Article.objects.create(slug=slug, **{**fields, "publisher": make_publisher(fields["publisher"])})


def make_publisher(name: str = "Acme", **fields: Any) -> Any:
    """The publisher of this name, made if there is none; None for ""."""
    found = Publisher.objects.filter(name=name).first() or publisher_named(name)
    for field, value in fields.items():
        setattr(found, field, value)
    if fields:
        found.save()
    return found


def make_publisher_alias(name: str = "", publisher: str = "Acme") -> PublisherAlias:
    return make_publisher(publisher).aliases.create(name=name or f"Alias {next(_numbers)}")


def make_benchmark(slug: str = "", **fields: Any) -> Benchmark:
    """A benchmark that states its method and is like for like."""
    slug = slug or f"benchmark-{next(_numbers)}"
    fields = {
        "title": f"Test {slug}",
        "unit": "ms",
        "measured_on": DAY,
        "states_method": True,
        "like_for_like": "full",
        **fields,
    }
    fields.setdefault("precision", "day" if fields["measured_on"] else "")
    fields.setdefault("article", Article.objects.filter(slug=f"of-{slug}").first() or make_article(f"of-{slug}"))
    fields["criterion"] = fields.get("criterion") or make_criterion(value_type="number")
    return Benchmark.objects.create(slug=slug, **fields)


def make_figure(framework: Framework, benchmark: Benchmark | None, number: int, **fields: Any) -> Claim:
    """A published figure of a framework in a benchmark, or alone with its method if `criterion` is given instead."""
    if benchmark is None:
        fields = {"hardware": "A laptop", "payload": "JSON", **fields}
    else:
        fields = {"criterion": benchmark.criterion, "by": (benchmark.article,), **fields}
    return make_claim(framework, kind="figure", benchmark=benchmark, number=number, **fields)


def make_citation(claim: Claim, article: Article | None = None, stance: str = "supports", **fields: Any) -> Citation:
    article = article or make_article()
    return Citation.objects.create(
        claim=claim, article=article, stance=stance, **{"says": f"{article} says so.", **fields}
    )


def make_claim(
    framework: Framework | None = None,
    criterion: Criterion | None = None,
    *,
    by: tuple[Article, ...] | None = None,
    level: str | Level | None = None,
    **fields: Any,
) -> Claim:
    """A published claim, supported by one article unless `by` names others. level: a slug of its criterion."""
    key = fields.pop("key", "") or f"claim-{next(_numbers)}"
    framework = framework or make_framework()
    criterion = criterion or make_criterion()
    if isinstance(level, str):
        level = Level.objects.get(criterion=criterion, slug=level)
    fields = {
        "kind": "capability",
        "statement": f"Statement of {key}.",
        "polarity": "neutral",
        "status": "published",
        "published_at": NOON,
        **fields,
    }
    claim = Claim.objects.create(key=key, framework=framework, criterion=criterion, level=level, **fields)
    for article in (make_article(),) if by is None else by:
        make_citation(claim, article)
    return claim


def make_check(claim: Claim, version: str = "1.0", checked_on: dt.date = DAY, **fields: Any) -> Check:
    """The claim was looked at again with this version, and still holds."""
    return Check.objects.create(claim=claim, version=version, checked_on=checked_on, **fields)


def make_run(claim: Claim, version: str = "1.0", outcome: str = "holds", **fields: Any) -> Run:
    values = {"probe": claim.key, "python": "3.13.0", "ran_on": DAY, "digest": "0" * 16, **fields}
    return Run.objects.create(claim=claim, version=version, outcome=outcome, **values)


def make_ruling(framework: Framework, criterion: Criterion, **fields: Any) -> Ruling:
    fields = {"reason": "opinion", "why": "Because.", "ruled_on": DAY, **fields}
    return Ruling.objects.create(framework=framework, criterion=criterion, **fields)


def make_comparison(
    slug: str = "", frameworks: tuple[Framework, ...] = (), criteria: tuple[Criterion, ...] = (), **fields: Any
) -> Comparison:
    slug = slug or f"comparison-{next(_numbers)}"
    comparison = Comparison.objects.create(slug=slug, **{"title": slug.title(), "introduction": "Why.", **fields})
    for place, framework in enumerate(frameworks, start=1):
        ComparisonFramework.objects.create(comparison=comparison, framework=framework, order=place)
    for place, criterion in enumerate(criteria, start=1):
        ComparisonCriterion.objects.create(comparison=comparison, criterion=criterion, order=place)
    return comparison


def make_subject(**fields: Any) -> Subject:
    """The one record about the site, which the next page reads anew."""
    subject.forget()
    return Subject.objects.get_or_create(defaults={"title": "Things, compared", **fields})[0]


def make_former(record: Any, key: str = "") -> FormerAddress:
    """A slug by which a record was called before."""
    key = key or f"former-{next(_numbers)}"
    return FormerAddress.objects.create(kind=record.address_kind, key=key, now=record.address)


def make_proposal(row: Any, by: Any, **values: Any) -> Proposal:
    """A change of these fields of a record that waits for review."""
    if isinstance(values.get("publisher"), str):
        values["publisher"] = make_publisher(values["publisher"])

    def edit() -> None:
        stored = type(row)._base_manager.get(pk=row.pk)
        for name, value in values.items():
            setattr(stored, name, value)
        stored.save()

    found = proposals.propose_edit(row, edit, by=by)
    assert found is not None
    return found


@contextmanager
def unfollowed() -> Iterator[None]:
    """Make many rows, and follow none of them, since what is derived is not asked for, or worked out afterwards."""
    with paused(*FOLLOWED.values()), transaction.atomic():
        yield


@contextmanager
def unsettled() -> Iterator[None]:
    """The same, and work out at the end what is derived: as `settle` does."""
    with unfollowed():
        yield
    settle()


def settle() -> None:
    """Assess cells, pros and cons, count them, record comparisons: what a commit does, inside a test's transaction."""
    cells.rebuild()
    summaries.rebuild()
    current.index(timezone.localdate())
    editions.catch_up()


def make_note(record: Any, text: str = "Look at its second page.", **fields: Any) -> Note:
    """A note for those who work here, about a claim or an article."""
    return Note.objects.create(**about_fields(record), text=text, **fields)


def make_challenge(target: Any, **fields: Any) -> Challenge:
    """An objection to a claim, an article, or a pair of framework and criterion; open unless `status` is given."""
    fields = {"kind": "wrong", "text": "It is not so.", "receipt": f"receipt-{next(_numbers)}", **fields}
    if fields.get("status", "open") != "open":
        fields.setdefault("answered_at", NOON)
    return Challenge.objects.create(**target_fields(target), **fields)
