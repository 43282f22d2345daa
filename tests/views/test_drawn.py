"""Parts of pages that are drawn once for what they show."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.safestring import mark_safe

from comparisons.models import Framework, Subject, drawn
from comparisons.models.sealed import Sealed
from tests import factories as make

from .reading import kept_by

pytestmark = pytest.mark.django_db
PARTS = {
    "part": "{{ value }}|{{ outside }}|{{ subject.name }}",
    "asks": "{% for one in value.claims.all %}{{ one.key }}{% endfor %}",
}


@pytest.fixture(autouse=True)
def counted() -> Iterator[list[str]]:
    """The texts that were kept."""
    with kept_by(drawn.memory) as texts:
        yield texts


def draw(value: Any, part: str = "part", **more: Any) -> str:
    loaders = [("django.template.loaders.locmem.Loader", PARTS)]
    engine = Engine(loaders=loaders, libraries={"drawn": "comparisons.templatetags.drawn"})
    page = engine.from_string(f'{{% load drawn %}}{{% drawn "{part}" with value=value %}}')
    return page.render(Context({"value": value, **more}))


def test_a_part_sees_its_values_and_the_subject_alone() -> None:
    assert draw("told", outside="hidden") == "told||Crosscheck"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>", mark_safe("<b>")),
        (Decimal("1.0"), Decimal("1.00")),
        (1, True),
    ],
)
def test_equal_values_that_read_differently_are_told_apart(one: Any, other: Any) -> None:
    shown = draw(one), draw(other)
    drawn.memory.forget()
    assert one == other
    assert (draw(one), draw(other)) == shown
    assert len(set(shown)) == 2


def test_the_same_values_are_drawn_once(counted: list[str]) -> None:
    assert draw(("a", 1)) == draw(("a", 1))
    assert len(counted) == 1


def test_a_record_is_told_apart_by_all_of_its_fields(counted: list[str]) -> None:
    framework = make.make_framework("one", name="One")
    draw(Framework.objects.get(pk=framework.pk))
    draw(Framework.objects.get(pk=framework.pk))
    assert len(counted) == 1
    Framework.objects.update(name="Renamed")
    assert draw(Framework.objects.get(pk=framework.pk)).startswith("Renamed|")


def test_a_part_that_asks_the_database_is_drawn_each_time(counted: list[str]) -> None:
    claim = make.make_claim(make.make_framework("one"), key="first")
    assert draw(claim.framework, "asks") == "first"
    make.make_claim(claim.framework, key="second")
    assert "second" in draw(claim.framework, "asks")
    assert counted == []


def test_a_value_that_cannot_be_written_down_is_drawn_each_time(counted: list[str]) -> None:
    assert draw(value for value in "ab").startswith("&lt;generator")
    assert counted == []


def test_a_subject_of_another_name_draws_every_part_anew() -> None:
    draw("told")
    Subject.objects.create(name="Renamed")
    assert draw("told") == "told||Renamed"


def test_memory_is_bounded() -> None:
    memory = drawn.Memory(most=10)
    for number in range(5):
        memory.keep(bytes([number]), mark_safe("four"))
    assert [number for number in range(5) if memory.get(bytes([number]))] == [3, 4]


def test_a_tag_without_a_name_is_refused() -> None:
    engine = Engine(libraries={"drawn": "comparisons.templatetags.drawn"})
    with pytest.raises(TemplateSyntaxError):
        engine.from_string("{% load drawn %}{% drawn name with value=value %}")


def test_a_sealed_value_is_opened_where_it_is_drawn_and_told_by_all_that_it_holds(counted: list[str]) -> None:
    assert draw(Sealed(["a"])) == draw(Sealed(["a"])) == draw(["a"])
    assert draw(Sealed(["b"])) == draw(["b"])
    assert len(counted) == 4  # each of the two values sealed and as it is
