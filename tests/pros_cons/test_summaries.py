"""The stored summary of each pro and con."""

from __future__ import annotations

import pytest

from comparisons.maintenance import checks
from comparisons.models import ClaimSummary
from comparisons.pros_cons import summaries
from tests.factories import make_claim, settle

from .world import make_world, save


@pytest.mark.django_db
def test_a_summary_that_went_stale_is_reported_and_mended():
    claim = make_claim(key="k", polarity="pro")
    settle()
    ClaimSummary.objects.update(points=3)
    assert ("stale-summary", "claim k") in [(problem.rule, problem.record) for problem in checks.check_all()]
    settle()
    assert ClaimSummary.objects.get(claim=claim).points == 1


@pytest.mark.django_db
def test_places_are_dense_and_never_given_away():
    first = make_claim(polarity="pro")
    settle()
    save(first, status="draft")
    second = make_claim(polarity="pro")
    settle()
    assert list(ClaimSummary.objects.order_by("place").values_list("place", "claim", "is_shown")) == [
        (0, first.pk, False),
        (1, second.pk, True),
    ]


@pytest.mark.django_db
def test_a_rebuild_changes_nothing_that_was_right():
    make_world(3)
    settle()
    rows = list(ClaimSummary.objects.order_by("place").values(*summaries.DERIVED, "place", "claim"))
    settle()
    assert list(ClaimSummary.objects.order_by("place").values(*summaries.DERIVED, "place", "claim")) == rows
