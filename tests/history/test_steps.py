"""What kind of step an entry of a history records: stored as a word, by every write and for entries from before."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from comparisons.domain.vocabulary import AddressKind, HistoryStep
from comparisons.history import changes, news, reasons
from comparisons.history.recording import record, set_reason
from comparisons.models import Claim, Criterion
from tests.factories import make_claim, make_criterion, make_ruling

#: A reason, the step it stands for, and the address that it names.
REASONS: list[tuple[reasons.ChangeReason, str, str]] = [
    (reasons.renamed("old"), "rename", "old"),
    (reasons.merged_from("other"), "merge", "other"),
    (reasons.merged_into("kept"), "merge", ""),
    (reasons.repeated("other"), "merge", "other"),
    (reasons.overruled(7), "merge", ""),
    (reasons.moved(AddressKind.ARTICLE, "other", "kept"), "move", "other"),
    (reasons.split_from("old"), "split", "old"),
    (reasons.joined_by("new", "old"), "split", "old"),
    (reasons.moved_by_split("old", "new"), "move", "old"),
    (reasons.split_off("new"), "split", ""),
    (reasons.replaced("new"), "split", ""),
    (reasons.verdict_given(), "verdict", ""),
    (reasons.published_by_author(), "own-publication", ""),
    (reasons.changed_in_place(), "change-in-place", ""),
    (reasons.put_back(timezone.now()), "put-back", ""),
    (reasons.imported("claims.csv"), "import", ""),
]


def steps_of(model: Any) -> list[tuple[str | None, str, str]]:
    entries = model.history.order_by("history_id")
    return list(entries.values_list("history_change_reason", "history_step", "history_origin"))


@pytest.mark.django_db
def test_an_ordinary_save_has_neither_step_nor_reason():
    make_criterion()
    assert steps_of(Criterion) == [(None, "", "")]


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "step", "origin"), REASONS)
def test_a_save_stores_its_step_beside_its_reason(reason, step, origin):
    criterion = make_criterion()
    set_reason(criterion, by=None, reason=reason)
    criterion.save()
    assert steps_of(Criterion)[1] == (reason.sentence, step, origin)


@pytest.mark.django_db
def test_rows_written_in_bulk_store_it_too():
    claim = make_claim()
    record(Claim, [claim], created=False, reason=reasons.imported("a.csv"), using="default")
    assert steps_of(Claim)[1] == ("Import of a.csv", "import", "")


@pytest.mark.django_db
def test_a_deletion_stores_it_too():
    criterion = make_criterion()
    set_reason(criterion, by=None, reason=reasons.merged_into("kept"))
    criterion.delete()
    assert steps_of(Criterion)[1] == ("Merged into kept", "merge", "")


def test_a_long_reason_is_shortened_and_its_origin_is_not():
    reason = reasons.renamed("x" * 120)
    assert (len(reason.sentence), reason.sentence[-1], len(reason.origin)) == (reasons.LENGTH, "…", 120)


@pytest.mark.django_db
@pytest.mark.parametrize("step", [HistoryStep.MOVE, HistoryStep.RENAME])
def test_a_move_is_no_news_whatever_its_reason_says(step):
    claim = make_claim()
    ruling = make_ruling(claim.framework, claim.criterion, text="So")
    told = {"rulings": [ruling.pk], "claims": [claim.pk]}
    changes.refresh(told)
    before = news.latest(9)
    for row in (claim, ruling):
        set_reason(row, by=None, reason=reasons.ChangeReason(step, "in any words"))
        row.save()
    changes.refresh(told)
    assert news.latest(9) == before and len(before) == 1
