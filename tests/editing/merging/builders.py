"""What the tests of renames, merges and splits share."""

from __future__ import annotations

from typing import Any

from comparisons.editing import merging as moving
from comparisons.maintenance import checks
from comparisons.models import (
    Claim,
    Criterion,
    FormerAddress,
)
from tests.factories import (
    make_article,
    make_claim,
    make_criterion,
    make_framework,
)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def leads(kind: str) -> dict[str, str]:
    return dict(FormerAddress.objects.filter(kind=kind).values_list("key", "now"))


def last_entry(row: Any) -> tuple[str, str | None, str | None]:
    entry = row.history.first()
    return entry.history_type, entry.history_change_reason, entry.history_user and entry.history_user.username


def pair(make: Any) -> tuple[Any, Any, Any]:
    """Two records that can be merged, and the function that does."""
    if make is make_claim:
        framework, criterion = make_framework(), make_criterion()
        return make_claim(framework, criterion), make_claim(framework, criterion), moving.merge_claims
    return make(), make(), moving.merge_articles if make is make_article else moving.merge_criteria


def twins(**fields: Any) -> tuple[Claim, Claim]:
    """Two published claims that say the same. fields: those of the first."""
    framework, criterion = make_framework(), make_criterion(levels=("yes", "no"))
    duplicate = make_claim(framework, criterion, **{"key": "duplicate", "level": "yes", **fields})
    return duplicate, make_claim(framework, criterion, key="kept", level="yes")


def two_criteria() -> tuple[Criterion, Criterion]:
    return make_criterion("duplicate", levels=("yes", "maybe", "no")), make_criterion("kept", levels=("full", "none"))


def mapped(duplicate: Criterion, kept: Criterion) -> dict[int, int]:
    full, none = kept.levels.order_by("order")
    return {level.pk: (none if level.slug == "no" else full).pk for level in duplicate.levels.all()}


def new_criterion(slug: str = "new", **fields: Any) -> Criterion:
    group = Criterion.objects.first().group
    fields = {"name": slug.title(), "question": "What of it?", "definition": "This.", "group": group, **fields}
    return Criterion(slug=slug, **fields)


def problems() -> list[str]:
    return [str(problem) for problem in checks.check_all()]
