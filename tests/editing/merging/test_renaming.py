"""A record is given another address, and the old one leads to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused
from comparisons.models import (
    FormerAddress,
    Framework,
    StaleVersion,
)
from tests.factories import (
    make_article,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
)

from .builders import fresh, last_entry, leads

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


RECORDS = [make_framework, make_group, make_criterion, make_article, make_claim, make_comparison]


@pytest.mark.parametrize("make", RECORDS, ids=lambda make: make.__name__)
def test_a_rename_leaves_the_former_address_leading_here(make: Any, chief: User) -> None:
    record = make()
    old = record.address
    renamed = moving.rename(record, "renamed", by=chief)
    assert fresh(record).address == renamed.address == "renamed"
    assert leads(record.address_kind) == {old: "renamed"}
    if hasattr(record, "history"):
        assert last_entry(record) == ("~", f"Renamed from {old}", "chief")


def test_a_chain_of_renames_is_kept_flat(chief: User) -> None:
    framework = make_framework("a")
    framework = moving.rename(framework, "b", by=chief)
    moving.rename(framework, "c", by=chief)
    assert leads("framework") == {"a": "c", "b": "c"}


def test_a_record_can_take_back_its_former_slug(chief: User) -> None:
    framework = moving.rename(make_framework("a"), "b", by=chief)
    moving.rename(framework, "a", by=chief)
    assert leads("framework") == {"b": "a"}


def test_a_former_slug_of_another_record_is_not_taken(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief)
    with pytest.raises(Refused, match="former address of “b”"):
        moving.rename(make_framework("c"), "a", by=chief)


def test_a_new_record_does_not_take_a_former_slug_unless_it_was_freed(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief)
    new = Framework(slug="a", name="Another", tagline="New", summary="New.")
    with pytest.raises(ValidationError, match="former address of “b”"):
        new.full_clean()
    FormerAddress.objects.get(key="a").delete()
    new.full_clean()


@pytest.mark.parametrize("slug", ["taken", "Not A Slug", "", "a-vs-b", "x" * 201, "a\nb"])
def test_a_slug_that_cannot_be_used_is_refused(slug: str, chief: User) -> None:
    make_framework("taken")
    framework = make_framework("a")
    with pytest.raises(Refused):
        moving.rename(framework, slug, by=chief)
    assert fresh(framework).slug == "a" and not leads("framework")


def test_a_level_is_renamed_without_an_address(chief: User) -> None:
    level = make_criterion(levels=("yes", "no")).levels.get(slug="yes")
    moving.rename(level, "built-in", by=chief)
    assert fresh(level).slug == "built-in" and not FormerAddress.objects.exists()
    with pytest.raises(Refused):
        moving.rename(fresh(level), "no", by=chief)


def test_a_rename_of_what_somebody_saved_meanwhile_is_refused(chief: User) -> None:
    read = make_framework("a")
    fresh(read).save()
    with pytest.raises(StaleVersion):
        moving.rename(read, "b", by=chief)


def test_a_deleted_record_takes_its_former_addresses_along(chief: User) -> None:
    moving.rename(make_framework("a"), "b", by=chief).delete()
    assert not FormerAddress.objects.exists()
