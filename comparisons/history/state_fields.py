"""What the states of each kind of record hold: its own fields, and the rows beneath it that are saved with it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy

from comparisons.domain.claim_fields import CITATION, SUBSTANCE
from comparisons.language.called import CONDITIONS, FACTS
from comparisons.models import (
    Article,
    Benchmark,
    Citation,
    Claim,
    Comparison,
    ComparisonCriterion,
    ComparisonFramework,
    Criterion,
    Framework,
    Level,
    Note,
    Paragraph,
    Release,
    Ruling,
    Subject,
    VerdictLine,
)

#: The fields of each kind of record that can be put back or proposed. Addresses stay as they are: they change by
#: renames only.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Claim: SUBSTANCE,
    Citation: ("claim", *CITATION),
    Level: ("criterion", "label", "slug", "aliases", "meaning", "order"),
    Article: (
        "title", "author", "publisher", "kind", "interest", "follows", "published_on", "precision", "read_on",
        "edition", "url", "url_opened", "archive_url", "note",
    ),
    Benchmark: (
        "title", "article", "criterion", "unit", "statistic", "work", "load", "hardware", "server", "workers",
        "versions", "measured_on", "precision", "states_method", "repeatable", "like_for_like", "note", "replaced_by",
    ),
    Framework: (
        "name", "aliases", "tagline", "summary", "kind", "order", "homepage", "documentation", "repository",
        "package_name", "license", "first_release",
    ),
    Criterion: (
        "name", "aliases", "group", "order", "question", "definition", "value_type", "unit", "direction",
        "changes_with_releases", "is_count", "beside_name",
    ),
    Comparison: ("title", "introduction", "featured", "order"),
    Ruling: (
        "framework", "criterion", "is_open", "level", "number", "number_high", "text", "reason", "why", "ruled_on",
        "accepted", "rejected",
    ),
    Note: ("claim", "article", "text"),
    Subject: (
        "name", "title", "lead", "introduction", "noun", "noun_plural", "schema_type", "has_releases",
        *(f"fact_{name}" for name in FACTS), *(f"condition_{name}" for name in CONDITIONS), "editors", "text_licence",
        "text_licence_url", "code_licence", "code_licence_url", "contact",
    ),
}  # fmt: skip


class ChildRows(NamedTuple):
    """Rows beneath a record, which its form saves with it. owner: their field for the record; title: what names one."""

    model: Any
    owner: str
    title: str
    fields: tuple[str, ...]


#: The rows beneath each kind of record.
PARTS: dict[type[models.Model], tuple[ChildRows, ...]] = {
    Claim: (ChildRows(Citation, "claim", "article", CITATION),),
    Framework: (
        ChildRows(Release, "framework", "version_number", ("version_number", "released_on", "precision", "note")),
    ),
    Criterion: (ChildRows(Level, "criterion", "label", ("label", "slug", "aliases", "meaning", "order")),),
    Comparison: (
        ChildRows(ComparisonFramework, "comparison", "framework", ("framework", "order", "headline")),
        ChildRows(ComparisonCriterion, "comparison", "criterion", ("criterion", "order", "is_key")),
        ChildRows(Paragraph, "comparison", "order", ("framework", "text", "claims", "order")),
        ChildRows(VerdictLine, "comparison", "text", ("kind", "framework", "text", "claims", "order")),
    ),
}
PART_OF: dict[type[models.Model], ChildRows] = {part.model: part for parts in PARTS.values() for part in parts}
#: What editors are told about parts of a record that the states in its history leave out: they stay as they are.
NOT_KEPT: dict[type[models.Model], Any] = {
    Claim: gettext_lazy("The verdict is no part of it: it stays as it is, with its articles."),
    Framework: gettext_lazy("Its releases are not in the history; they stay as they are."),
    Criterion: gettext_lazy("Its levels are not in the history; they stay as they are."),
    Comparison: gettext_lazy(
        "Its frameworks, its criteria and what its verdict says are not in the history; they stay as they are."
    ),
}
