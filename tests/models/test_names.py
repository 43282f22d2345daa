"""No two records have names that a reader cannot tell apart, no day is absurd, and a slug may be long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from comparisons.language.cleaning import as_seen
from comparisons.models import (
    Article,
    Benchmark,
    Check,
    Claim,
    Criterion,
    CriterionGroup,
    Framework,
    Level,
    Release,
    Ruling,
)
from comparisons.models.base import SLUG_LENGTH
from tests.factories import make_article, make_claim, make_criterion, make_framework, make_group

pytestmark = pytest.mark.django_db

ALIKE = ["quart", "QUART", "Qu\u00adart", "\u202eQuart", "Quart\u2060", "Qu\u200dart", "\uff31uart", "Quart\ufe0f"]
MAKERS: dict[Any, Any] = {Framework: make_framework, Criterion: make_criterion, CriterionGroup: make_group}


@pytest.mark.parametrize("other", ALIKE)
def test_names_that_look_alike_have_the_same_look(other: str) -> None:
    assert as_seen(other) == as_seen("Quart")


@pytest.mark.parametrize(("one", "other"), [("Quart", "Quartz"), ("Été", "Ete"), ("a b", "ab"), ("a", "\u0430")])
def test_names_that_differ_have_different_looks(one: str, other: str) -> None:
    assert as_seen(one) != as_seen(other)


@pytest.mark.parametrize("text", ["", " ", "\u200f", "\u2800", "\u3164", "\U000e0041"])
def test_nothing_is_seen_of_some_texts(text: str) -> None:
    assert as_seen(text) == ""


@pytest.mark.parametrize("model", MAKERS)
def test_a_name_that_readers_cannot_tell_from_another_is_refused(model: Any) -> None:
    MAKERS[model]("first", name="Quart")
    with pytest.raises(ValidationError, match="cannot tell “QUART” from “Quart”"):
        model(slug="second", name="QUART").validate_unique()
    with pytest.raises(ValidationError, match="Nothing of this name is seen"):
        model(slug="second", name="\u200f").validate_unique()


@pytest.mark.crossing
@pytest.mark.parametrize("model", MAKERS)
def test_the_database_refuses_such_a_name_from_any_writer(model: Any) -> None:
    MAKERS[model]("first", name="Quart")
    second = MAKERS[model]("second", name="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=second.pk).update(name="QUART")
    second.name = "quart\u2060"
    (record,) = serializers.deserialize("json", serializers.serialize("json", [second]))
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


def test_a_record_keeps_its_name_in_another_spelling_and_frees_the_old_one() -> None:
    framework = make_framework("first", name="Quart")
    framework.name = "QUART"
    framework.full_clean(exclude=["summary"])
    framework.save()
    Framework.objects.filter(pk=framework.pk).update(name="Other")
    assert make_framework("second", name="Quart").pk


DAYS = [
    *((Article, "published_on"), (Article, "read_on"), (Benchmark, "measured_on"), (Release, "released_on")),
    *((Claim, "verdict_on"), (Ruling, "ruled_on"), (Check, "checked_on")),
]


@pytest.mark.parametrize(("model", "field"), DAYS, ids=lambda part: getattr(part, "__name__", part))
def test_a_day_before_1900_or_after_tomorrow_is_refused(model: Any, field: str) -> None:
    validate = model._meta.get_field(field).run_validators
    today = timezone.localdate()
    for day in (dt.date(1900, 1, 1), today, today + dt.timedelta(days=1)):
        validate(day)
    for day, message in ((dt.date(1899, 12, 31), "before 1900"), (today + dt.timedelta(days=2), "has not come yet")):
        with pytest.raises(ValidationError, match=message):
            validate(day)


def test_the_day_of_a_figure_is_refused_like_any_other_and_words_are_not() -> None:
    validate = Claim._meta.get_field("date").run_validators
    for text in ("2026-02-10", "spring 2026", "0226", ""):
        validate(text)
    for text, message in (("0226-02-10", "before 1900"), ("2990-01-01", "has not come"), ("2026-02-30", "no day")):
        with pytest.raises(ValidationError, match=message):
            validate(text)


@pytest.mark.crossing
def test_a_slug_of_200_characters_is_stored_and_has_a_page(client: Any) -> None:
    slug = "s" * SLUG_LENGTH
    framework, criterion = (
        make_framework(slug, name="F", tagline="F"),
        make_criterion(slug, name="C", question="C?", value_type="level"),
    )
    level = Level.objects.create(criterion=criterion, slug=slug, label="Yes", meaning="yes")
    claim = make_claim(
        key=slug,
        framework=framework,
        criterion=criterion,
        level=level,
        by=(make_article(slug, title="A", publisher="P"),),
    )
    for page in (framework, criterion, claim, Article.objects.get()):
        assert client.get(page.get_absolute_url()).status_code == 200
    with pytest.raises(ValidationError, match="200"):
        Framework._meta.get_field("slug").run_validators(f"{slug}s")


@pytest.mark.crossing
def test_a_broken_key_is_refused_in_plain_sql() -> None:
    claim = make_claim(key="quart")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE comparisons_claim SET key = 'Quart_ORM' WHERE id = %s", [claim.pk])
