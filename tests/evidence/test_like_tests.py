"""The figures of a comparison test by test: no figure leaves its benchmark, and ratios are said within it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.domain.matrix import Column
from comparisons.evidence import assessing
from comparisons.evidence.like_tests import TESTS, like_tests
from comparisons.language.figures import lead
from comparisons.models import Benchmark, Claim, Criterion, Framework
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.fixture
def speed() -> Criterion:
    """A quantity of which more is better, and three frameworks that are compared on it."""
    criterion = make.make_criterion("speed", value_type="number", unit="requests/s", direction="higher-better")
    frameworks = [make.make_framework(slug, order=place) for place, slug in enumerate(("one", "two", "three"))]
    make.make_comparison("fast", tuple(frameworks), (criterion,))
    return criterion


def measure(criterion: Criterion, slug: str, figures: dict[str, int], **fields: Any) -> Benchmark:
    test = make.make_benchmark(slug, criterion=criterion, **fields)
    for name, number in figures.items():
        make.make_figure(Framework.objects.get(slug=name), test, number)
    return test


def shown(*slugs: str) -> list[tuple[str, list[str | None], str]]:
    """Each benchmark with the figure of each framework and what is said in ratios."""
    frameworks = Framework.objects.filter(slug__in=slugs or ("one", "two", "three")).order_by("order")
    columns: list[Column] = assessing.columns(frameworks)
    names = {column.id: column.name for column in columns}
    return [
        (
            row.test.slug,
            [figure and str(figure.value.low.normalize()) for figure in row.figures],
            lead(row.lead, names) if row.lead else "",
        )
        for quantity in like_tests(columns, assessing.lines(Criterion.objects.filter(slug="speed")))
        for row in quantity.rows
    ]


SAID = [
    ("higher-better", {"one": 100, "two": 110, "three": 95}, "All level"),
    ("higher-better", {"one": 100, "two": 120}, "Both level"),
    ("higher-better", {"one": 100, "two": 300}, "Two 3.00 times One"),
    ("higher-better", {"one": 100, "two": 300, "three": 150}, "Two 2.00 to 3.00 times the others"),
    ("lower-better", {"one": 100, "two": 50, "three": 200}, "Two 0.25 to 0.50 times the others"),
    ("none", {"one": 100, "two": 50}, "One 2.00 times Two"),
]


@pytest.mark.parametrize(("direction", "figures", "expected"), SAID)
def test_the_best_of_a_test_is_set_beside_the_others(
    speed: Criterion, direction: str, figures: dict[str, int], expected: str
) -> None:
    Criterion.objects.update(direction=direction)
    measure(speed, "test", figures)
    ((_slug, _figures, said),) = shown()
    assert said == expected


def test_a_row_holds_the_figures_of_one_benchmark_and_of_these_frameworks(speed: Criterion) -> None:
    measure(speed, "wide", {"one": 10, "two": 20, "three": 40})
    measure(speed, "narrow", {"two": 700, "three": 300})
    measure(speed, "single", {"one": 5})
    assert shown() == [
        ("wide", ["1E+1", "2E+1", "4E+1"], "Three 2.00 to 4.00 times the others"),
        ("narrow", [None, "7E+2", "3E+2"], "Two 2.33 times Three"),
    ]
    assert [slug for slug, _figures, _said in shown("one", "two")] == ["wide"]


@pytest.mark.parametrize(
    ("fields", "is_there"),
    [({"states_method": False}, True), ({"like_for_like": "none"}, True), ({"replaced": True}, False)],
)
def test_no_ratio_is_said_where_figures_may_not_be_compared(
    speed: Criterion, fields: dict[str, Any], is_there: bool
) -> None:
    replaced = fields.pop("replaced", False)
    test = measure(speed, "odd", {"one": 10, "two": 90, "three": 20}, **fields)
    newer = measure(speed, "plain", {"one": 1, "two": 2})
    if replaced:
        Benchmark.objects.filter(pk=test.pk).update(replaced_by=newer)
    expected = [("plain", ["1", "2", None], "Two 2.00 times One")]
    assert shown() == expected + ([("odd", ["1E+1", "9E+1", "2E+1"], "")] if is_there else [])


def test_a_figure_that_does_not_count_is_in_no_ratio_and_a_draft_in_no_row(speed: Criterion) -> None:
    test = measure(speed, "test", {"one": 10, "two": 20, "three": 90})
    figures = Claim.objects.filter(benchmark=test)
    figures.filter(framework__slug="three").update(verdict="wrong", verdict_note="No.", verdict_on=make.DAY)
    assert shown() == [("test", ["1E+1", "2E+1", "9E+1"], "Two 2.00 times One")]
    figures.filter(framework__slug="three").update(status="draft", published_at=None)
    assert shown() == [("test", ["1E+1", "2E+1", None], "Two 2.00 times One")]


def test_the_page_of_a_comparison_shows_some_of_many_tests_at_a_constant_cost(
    speed: Criterion, client: Client, django_assert_max_num_queries: Any
) -> None:
    measure(speed, "first", {"one": 10, "two": 20, "three": 90})
    make.settle()
    address = reverse("comparisons:comparison", args=["fast"])
    html = client.get(address).content.decode()
    assert "speed in requests/s. A figure never leaves its test" in html.replace("Speed", "speed")
    assert 'href="/benchmarks/first/"' in html and "Three 4.50 to 9.00 times the others" in html
    for number in range(TESTS + 3):
        measure(speed, f"test-{number}", {"one": 10, "two": 20})
    make.settle()
    with django_assert_max_num_queries(19):
        html = client.get(address).content.decode()
    assert f"Of {TESTS + 4} benchmarks with several of these frameworks, these {TESTS} have most of them." in html
    assert '<a href="/benchmarks/?quantity=speed">All benchmarks: ' in html
    assert 'id="measured"' not in client.get(address, {"as_of": "2020-01-01"}).content.decode()
