"""What readers were told about a record stays to be read where the record is merged into another."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from comparisons.editing import merging as moving
from comparisons.history import news
from comparisons.models import Claim, MeaningChange
from tests.factories import make_claim, make_framework, make_ruling

from .builders import fresh, mapped, twins, two_criteria

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crossing]


def told() -> list[tuple[str, str, str, str]]:
    return [(item.kind, item.title, item.before, item.after) for item in news.latest(20)]


def test_what_was_told_about_cells_and_rulings_moves_with_their_criterion(rita: User) -> None:
    duplicate, kept = two_criteria()
    flask = make_framework("flask")
    claim, _other = make_claim(flask, duplicate, level="maybe"), make_claim(criterion=kept, level="full")
    claim.level = duplicate.levels.get(slug="no")
    claim.save()
    ruling = make_ruling(flask, duplicate, level=claim.level)
    ruling.level = duplicate.levels.get(slug="maybe")
    ruling.save()
    before = told()
    assert {kind for kind, *_rest in before} >= {"answer", "ruled"}
    moving.merge_criteria(fresh(duplicate), kept, by=rita, levels=mapped(duplicate, kept))
    after = told()
    for kind, title, *words in before:
        assert (kind, title.replace("Duplicate", "Kept"), *words) in after
    assert len(after) == len(set(after))


def test_the_fact_check_of_a_claim_moves_with_its_verdict(rita: User) -> None:
    duplicate, kept = twins()
    Claim.objects.filter(pk=duplicate.pk).update(verdict="outdated", verdict_note="Gone.", verdict_on="2026-11-20")
    before = list(MeaningChange.objects.filter(kind="fact-check").values_list("key", "on", "after"))
    assert len(before) == 1
    moving.merge_claims(fresh(duplicate), kept, by=rita, take=["verdict"])
    changes = MeaningChange.objects.filter(kind="fact-check", claim=kept)
    assert list(changes.values_list("key", "on", "after")) == before
