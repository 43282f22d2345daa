"""The shipped content after a new feature release: which cells ask for a recheck, and what clears them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comparisons.editing.checks import cells_to_check, record_checks
from comparisons.evidence import cells
from comparisons.models import Cell, Framework, Release
from comparisons.models.judgement import recheck_due
from tests.admin.users import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def due(framework: Framework) -> dict[tuple[int, int], bool]:
    """The cells of a framework that are due for a recheck, each with whether releases can change its criterion."""
    cells.refresh(cells.cells_of({"frameworks": [framework.pk]}))
    rows = Cell.objects.filter(recheck_due(timezone.localdate()), framework=framework)
    found = rows.values_list("framework_id", "criterion_id", "criterion__changes_with_releases")
    return {(pk, criterion): changes for pk, criterion, changes in found}


def test_a_feature_release_asks_for_rechecks_where_it_can_change_something_and_checks_clear_them():
    flask, today = Framework.objects.get(slug="flask"), timezone.localdate()
    before = due(flask)
    patch = Release(framework=flask, version_number="99.0.1", released_on=today)
    patch.save()
    assert due(flask) == before
    Release.objects.create(framework=flask, version_number="99.0", released_on=today)
    after = due(flask)
    assert len(after) > len(before) and all(after.values())
    claims = {claim.pk: claim for one in cells_to_check(after).values() for claim in one.claims}
    record_checks(claims.values(), by=make_user("edgar", role="editor"))
    assert due(flask) == {}
