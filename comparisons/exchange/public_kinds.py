"""The kinds of record that readers may see, each with its fields one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import CONDITIONS
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Citation,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    Framework,
    Level,
    MeaningChange,
    Release,
    Ruling,
    StartingNeed,
    subject,
)
from comparisons.models.benchmarks import SHOWN_REPLACEMENT

from .public import Kind, PublicField, PublicList, Record

_TYPES: list[tuple[type[models.Field[Any, Any]], str, str]] = [
    (models.BooleanField, "boolean", ""),
    (models.DateTimeField, "string", "date-time"),
    (models.DateField, "string", "date"),
    (models.IntegerField, "integer", ""),
    (models.JSONField, "array", ""),
]
#: What is read in place of a path that may lead to a draft.
_SHOWN = {"replaced_by__slug": SHOWN_REPLACEMENT}


def _field_at(model: type[models.Model], path: str) -> Any:
    """The field that a path leads to, through foreign keys."""
    first, _mark, rest = path.partition("__")
    field: Any = model._meta.get_field(first)
    return _field_at(field.related_model, rest) if rest else field


def _fields(model: type[models.Model], /, *names: str, **paths: str) -> tuple[PublicField, ...]:
    """Fields of a model by their names, then others by their paths."""
    found = []
    for name, path in [*((name, name) for name in names), *paths.items()]:
        field = _field_at(model, path)
        kind, format = next(
            ((kind, format) for base, kind, format in _TYPES if isinstance(field, base)), ("string", "")
        )
        found.append(PublicField(name, path, kind, format, _SHOWN.get(path)))
    return tuple(found)


def _in_catalogue(model: Any) -> QuerySet[Any]:
    """Rows about a framework and a criterion that are no drafts."""
    rows: QuerySet[Any] = model.objects.filter(framework__is_draft=False, criterion__is_draft=False)
    return rows


def _claims_of(through: Any) -> Callable[[Sequence[int]], Iterable[tuple[int, str]]]:
    def read(pks: Sequence[int]) -> Iterable[tuple[int, str]]:
        shown = through.objects.filter(ruling__in=pks, claim__in=Claim.objects.published().values("pk"))
        return shown.order_by("pk").values_list("ruling", "claim__key")

    return read


def _columns_of(pks: Sequence[int]) -> Iterable[tuple[int, str]]:
    shown = ComparisonFramework.objects.filter(comparison__in=pks, framework__is_draft=False)
    return shown.order_by("order", "pk").values_list("comparison", "framework__slug")


def _verdict_articles(pks: Sequence[int]) -> Iterable[tuple[int, str]]:
    through: Any = Claim.verdict_articles.through
    return through.objects.filter(claim__in=pks).order_by("pk").values_list("claim", "article__slug")


def _strength(record: Record, day: dt.date) -> None:
    """The strength of a cell, and whether it may be outdated, on a day."""
    points, supported = record.pop("points"), record.pop("supported_on")
    release = record.pop("release_on")
    on = dt.date.fromisoformat(supported) if supported else None
    record["strength"] = None if points is None else str(strength_of(points, on, day))
    record["may_be_outdated"] = release is not None and dt.date.fromisoformat(release) <= day


def _publisher(record: Record, day: dt.date) -> None:
    """A publisher that is not known is an empty text."""
    record["publisher"] = record["publisher"] or ""


def _hidden(fields: Iterable[PublicField]) -> tuple[PublicField, ...]:
    return tuple(field._replace(format="hidden") for field in fields)


_VALUE = ("number", "number_high")
_PLACE = {"framework": "framework__slug", "criterion": "criterion__slug", "level": "level__slug"}

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "frameworks",
            "What is compared",
            Framework,
            ("slug",),
            lambda: Framework.objects.published(),
            _fields(
                *(Framework, "slug", "name", "tagline", "summary", "kind", "homepage", "documentation"),
                *("repository", "package_name", "license", "first_release"),
            ),
            ("framework", ("slug",)),
        ),
        Kind(
            "releases",
            "Releases and the day they came out",
            Release,
            ("framework", "version"),
            lambda: Release.objects.filter(framework__is_draft=False),
            _fields(
                *(Release,),
                framework="framework__slug",
                version="version_number",
                released_on="released_on",
                precision="precision",
                note="note",
            ),
        ),
        Kind(
            "criteria",
            "Questions, use cases among them",
            Criterion,
            ("slug",),
            lambda: Criterion.objects.published(),
            _fields(
                *(Criterion, "slug", "name", "question", "definition", "value_type", "unit", "direction", "is_count"),
                **{"group": "group__slug", "group_name": "group__name", "is_use_case": "group__holds_use_cases"},
            ),
            ("criterion", ("slug",)),
        ),
        Kind(
            "levels",
            "The answers that a question allows, in order",
            Level,
            ("criterion", "slug"),
            lambda: Level.objects.filter(criterion__is_draft=False),
            _fields(Level, "slug", "label", "meaning", "order", criterion="criterion__slug"),
        ),
        Kind(
            "starting_needs",
            "What kinds of project ask: must-haves and weights to start choosing from",
            StartingNeed,
            ("use_case", "criterion"),
            lambda: StartingNeed.objects.filter(use_case__is_draft=False, criterion__is_draft=False),
            _fields(
                *(StartingNeed, "bound", "weight", "order"),
                use_case="use_case__slug",
                criterion="criterion__slug",
                level="level__slug",
            ),
        ),
        Kind(
            "articles",
            "Sources",
            Article,
            ("slug",),
            lambda: Article.objects.published(),
            _fields(
                *(Article, "slug", "title", "url", "author", "publisher", "published_on", "precision", "read_on"),
                *("edition", "kind", "interest", "archive_url"),
                follows="follows__slug",
            ),
            ("article", ("slug",)),
            finish=_publisher,
        ),
        Kind(
            "claims",
            "Statements with their values, conditions and fact checks",
            Claim,
            ("key",),
            lambda: Claim.objects.published(),
            _fields(
                *(Claim, "key", "kind", "statement", "polarity", *_VALUE, "approximate", "text", "since_version"),
                *("until_version", "variant", "left_out", "interval_low", "interval_high", *CONDITIONS),
                *("impact", "remedy", "verdict", "verdict_note", "verdict_on", "published_at"),
                **_PLACE,
                benchmark="benchmark__slug",
            ),
            ("claim", ("key",)),
            (PublicList("verdict_articles", _verdict_articles),),
        ),
        Kind(
            "citations",
            "What each source says of a claim, in our words, and where",
            Citation,
            ("claim", "article", "locator"),
            lambda: Citation.objects.filter(claim__in=Claim.objects.published().values("pk")),
            _fields(
                *(Citation, "stance", "says", "locator", "quote", "reading"),
                claim="claim__key",
                article="article__slug",
            ),
        ),
        Kind(
            "cells",
            "Answers with their strength and the tally of their sources",
            Cell,
            ("framework", "criterion"),
            lambda: _in_catalogue(Cell),
            _fields(
                *(Cell, *_VALUE, "approximate", "text", "caveat", "agreement", "ruling", "counts", "tally"),
                *("witnesses", "claims", "variant", "newest_on"),
                **_PLACE,
                benchmark="benchmark__slug",
            )
            + _hidden(_fields(Cell, "points", "supported_on", "release_on")),
            ("cell", ("framework", "criterion")),
            computed=(PublicField("strength", "", "string"), PublicField("may_be_outdated", "", "boolean")),
            finish=_strength,
        ),
        Kind(
            "rulings",
            "Decisions of the editors where sources conflict, with their reasons",
            Ruling,
            ("framework", "criterion"),
            lambda: _in_catalogue(Ruling),
            _fields(Ruling, "is_open", *_VALUE, "text", "reason", "why", "ruled_on", **_PLACE),
            ("cell", ("framework", "criterion")),
            (
                PublicList("accepted", _claims_of(Ruling.accepted.through)),
                PublicList("rejected", _claims_of(Ruling.rejected.through)),
            ),
        ),
        Kind(
            "benchmarks",
            "Test set-ups with their conditions",
            Benchmark,
            ("slug",),
            lambda: Benchmark.objects.published(),
            _fields(
                *(Benchmark, "slug", "title", "unit", "statistic", "work", "load", "hardware", "server", "workers"),
                *("versions", "measured_on", "precision", "states_method", "repeatable", "like_for_like", "note"),
                criterion="criterion__slug",
                article="article__slug",
                replaced_by="replaced_by__slug",
            ),
            ("benchmark", ("slug",)),
        ),
        Kind(
            "comparisons",
            "Curated comparisons",
            Comparison,
            ("slug",),
            lambda: Comparison.objects.published(),
            _fields(Comparison, "slug", "title", "introduction"),
            ("comparison", ("slug",)),
            (PublicList("frameworks", _columns_of),),
        ),
        # Records of their own, since a comparison may have as many as there are.
        Kind(
            "comparison_criteria",
            "The rows of curated comparisons, with their order",
            ComparisonCriterion,
            ("comparison", "criterion"),
            lambda: ComparisonCriterion.objects.filter(
                criterion__is_draft=False, comparison__in=Comparison.objects.published().values("pk")
            ),
            _fields(
                *(ComparisonCriterion, "order", "is_key"),
                comparison="comparison__slug",
                criterion="criterion__slug",
            ),
        ),
        Kind(
            "changes",
            "Changes of meaning: what was answered before, what is now, and why",
            MeaningChange,
            ("key",),
            lambda: MeaningChange.objects.published(today()),
            _fields(
                *(MeaningChange, "key", "kind", "on", "before", "after", "was_disputed", "is_disputed", "why"),
                framework="framework__slug",
                criterion="criterion__slug",
                claim="claim__key",
            ),
        ),
    )
}


def rows_of(kind: Kind) -> QuerySet[Any]:
    """All rows of a kind that readers may see, in the order in which they were added."""
    return kind.rows().order_by(F("pk"))


def today() -> dt.date:
    """The day for which strength and freshness are told."""
    return timezone.localdate()


def kinds() -> list[Kind]:
    """The kinds of records that the subject has: without releases there are none of these."""
    has_releases = subject.current().has_releases
    return [kind for kind in KINDS.values() if has_releases or kind.model is not Release]
