"""What no row may be, whoever writes it: each constraint refuses, in the database itself, the row it is there for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from comparisons.models import Publisher
from comparisons.models.base import Row
from tests.factories import (
    make_article,
    make_benchmark,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    make_publisher,
    make_publisher_alias,
)

from .broken_rows import BROKEN, DOUBLED

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def content_models() -> list[type[models.Model]]:
    """The tables of the app, without the history of each."""
    return [m for m in apps.get_app_config("comparisons").get_models() if not m.__name__.startswith("Historical")]


CONSTRAINTS = {c.name: (m, c) for m in content_models() for c in m._meta.constraints}
ONE_BY_ONE = [
    pytest.param(name, *case, id=f"{name}-{n}") for name, rows in BROKEN.items() for n, case in enumerate(rows)
]


def refused(row: models.Model, fields: dict[str, Any]) -> str:
    """What the database says to the row with these fields, past all code of ours."""
    fields = {
        name: value() if callable(value) and not isinstance(value, models.F) else value
        for name, value in fields.items()
    }
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        models.QuerySet(type(row)).filter(pk=row.pk).update(**fields)
    return str(error.value)


@pytest.mark.parametrize(("name", "make", "fields"), ONE_BY_ONE)
def test_the_database_refuses_what_a_row_may_not_be(name, make, fields):
    assert name in refused(make(), fields)


@pytest.mark.parametrize("name", DOUBLED)
def test_the_database_refuses_what_is_there_already(name):
    row, fields = DOUBLED[name]()
    model, constraint = CONSTRAINTS[name]
    columns = ", ".join(f"{model._meta.db_table}.{model._meta.get_field(field).column}" for field in constraint.fields)
    message = refused(row, fields)
    assert name in message or columns in message  # PostgreSQL names the constraint, SQLite its columns


def test_every_constraint_of_the_models_is_tested_here():
    assert set(CONSTRAINTS) == BROKEN.keys() | DOUBLED.keys()


UNIQUE = [
    (m, f)
    for m in content_models()
    if issubclass(m, Row)
    for f in m._meta.concrete_fields
    if f.unique and not f.primary_key
]
MAKERS: dict[str, Callable[[], models.Model]] = {
    "framework": make_framework,
    "criteriongroup": make_group,
    "criterion": make_criterion,
    "article": make_article,
    "publisher": lambda: make_publisher(f"Publisher {Publisher.objects.count()}"),
    "publisheralias": make_publisher_alias,
    "benchmark": make_benchmark,
    "claim": make_claim,
    "comparison": make_comparison,
}


@pytest.mark.parametrize(("model", "field"), UNIQUE, ids=lambda part: getattr(part, "__name__", None) or part.name)
def test_the_database_refuses_a_second_row_of_a_name(model, field):
    make = MAKERS[model._meta.model_name]
    first, second = make(), make()
    assert field.column in refused(first, {field.attname: getattr(second, field.attname)})


def test_a_web_address_may_be_left_empty():
    framework = make_framework(homepage="", documentation="http://example.org", repository="https://example.org/x")
    assert framework.pk


def test_a_claim_about_no_framework_may_hold_a_text():
    claim = make_claim(text="So")
    assert models.QuerySet(type(claim)).filter(pk=claim.pk).update(framework=None) == 1
