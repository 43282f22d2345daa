"""A comparison of more criteria than a form can hold is edited without them."""

from __future__ import annotations

from django.test import Client

from comparisons.admin.comparisons import MOST_ROWS
from comparisons.models import Comparison, ComparisonCriterion, Criterion
from tests import factories as make

from .forms import change_url, opened, send, text_of


def comparison_of(rows: int) -> Comparison:
    """A comparison with so many criteria."""
    comparison = make.make_comparison("long", (make.make_framework(), make.make_framework()), (make.make_criterion(),))
    group = make.make_group()
    criteria = Criterion.objects.bulk_create(
        Criterion(slug=f"c-{n}", name=f"C {n}", group=group, question="Is it?", definition="So.", value_type="text")
        for n in range(rows - 1)
    )
    ComparisonCriterion.objects.bulk_create(
        ComparisonCriterion(comparison=comparison, criterion=one, order=n) for n, one in enumerate(criteria, start=2)
    )
    return comparison


def test_the_most_criteria_that_a_form_lists_can_be_sent(chief: Client) -> None:
    comparison = comparison_of(MOST_ROWS)
    form = opened(chief, comparison)
    assert int(form["rows-TOTAL_FORMS"][0]) == MOST_ROWS
    assert send(chief, comparison, form, title="Renamed").status_code == 302
    assert Comparison.objects.get().title == "Renamed"


def test_more_are_left_out_of_the_form_and_kept(chief: Client) -> None:
    comparison = comparison_of(MOST_ROWS + 350)
    page = text_of(chief.get(change_url(comparison)))
    assert f"Its {MOST_ROWS + 350} criteria are more than a form can hold" in page and len(page) < 200_000
    form = opened(chief, comparison)
    assert "rows-TOTAL_FORMS" not in form and int(form["columns-TOTAL_FORMS"][0]) == 2
    assert send(chief, comparison, form, title="Renamed").status_code == 302
    assert (Comparison.objects.get().title, ComparisonCriterion.objects.count()) == ("Renamed", MOST_ROWS + 350)
