"""Changes of meaning: what is written down, dated by what, and which of them readers see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comparisons.domain.changes import change_of
from comparisons.domain.matrix import CellView
from comparisons.editing.publishing import publish_drafts
from comparisons.evidence import cells
from comparisons.history import changes, news
from comparisons.models import Cell, Claim, Framework, MeaningChange, Ruling
from comparisons.models.judgement import CELL_COLUMNS
from tests import factories as make
from tests.admin.users import make_user

pytestmark = pytest.mark.django_db

LATER = dt.date(2026, 11, 25)


def told() -> list[tuple[str, str, str]]:
    return [(item.kind, item.before, item.after) for item in news.latest(20)]


@make.unsettled()
def world() -> tuple[Claim, Claim]:
    """Two claims in two cells that are settled, so that a further one changes what they say."""
    criterion = make.make_criterion(levels=("yes", "no"))
    first, second = (make.make_claim(make.make_framework(), criterion, level="yes") for _ in range(2))
    return first, second


def assess(claim: Claim) -> None:
    cells.refresh([(claim.framework_id, claim.criterion_id)])


def test_the_first_assessment_of_everything_changes_nothing():
    world()
    make.settle()
    assert not MeaningChange.objects.exists()


def test_another_answer_is_told_with_the_old_and_the_new_one():
    claim, _ = world()
    Claim.objects.filter(pk=claim.pk).update(level=claim.criterion.levels.get(slug="no"))
    assess(claim)
    assert told() == [("answer", "Yes", "No")]
    assert news.latest(1)[0].on == timezone.localdate()


def test_more_evidence_for_the_same_answer_is_no_change():
    claim, _ = world()
    make.make_citation(claim)
    assess(claim)
    assert told() == []


def test_a_dispute_that_opens_and_one_that_is_settled_are_told():
    claim, _ = world()
    other = make.make_claim(claim.framework, claim.criterion, level="no")
    assess(claim)
    (opened,) = news.latest(2)
    assert (opened.kind, opened.before, opened.after) == ("disputed", "Yes", "No, disputed")
    assert opened.why == "1 of 2 sources, thin."
    Claim.objects.filter(pk=other.pk).update(status="draft", published_at=None)
    assess(claim)
    assert sorted(item.kind for item in news.latest(5)) == ["disputed", "settled"]


def test_an_answer_to_a_question_that_was_new_for_nobody_is_told():
    claim, other = world()
    criterion = make.make_criterion(levels=("yes", "no"))
    make.make_claim(claim.framework, criterion, level="yes")
    make.settle()
    assert told() == []
    assess(make.make_claim(other.framework, criterion, level="no"))
    assert told() == [("answer", "No answer", "No")]


def test_the_answers_of_a_new_framework_are_not_told_one_by_one():
    claim, _ = world()
    assess(make.make_claim(make.make_framework(), claim.criterion, level="no"))
    assert told() == []


def test_a_ruling_is_dated_by_its_own_day_and_told_once():
    claim, _ = world()
    make.make_claim(claim.framework, claim.criterion, level="no")
    assess(claim)
    MeaningChange.objects.all().delete()
    ruling = make.make_ruling(claim.framework, claim.criterion, level=claim.level, ruled_on=make.DAY, why="It is so.")
    assess(claim)
    for _ in range(2):
        changes.refresh({"rulings": [ruling.pk]})
    (item,) = news.latest(5)
    assert item[1:2] + item[3:4] + item[6:] == (make.DAY, "ruled", "Disputed", "Yes", "It is so.")
    no = claim.criterion.levels.get(slug="no")
    Ruling.objects.filter(pk=ruling.pk).update(level=no, ruled_on=LATER)
    changes.refresh({"rulings": [ruling.pk]})
    assert told() == [("ruled", "Yes", "No"), ("ruled", "Disputed", "Yes")]


def test_a_ruling_that_is_given_back_on_its_day_is_told():
    claim, _ = world()
    ruling = make.make_ruling(claim.framework, claim.criterion, level=claim.level, ruled_on=make.DAY)
    for word in ("yes", "no", "no", "yes", "no"):
        Ruling.objects.filter(pk=ruling.pk).update(level=claim.criterion.levels.get(slug=word))
        changes.refresh({"rulings": [ruling.pk]})
    assert [after for kind, _before, after in told() if kind == "ruled"] == ["No", "Yes", "No", "Yes"]


def test_a_fact_check_that_is_given_back_on_its_day_is_told():
    claim = make.make_claim(verdict_on=make.DAY, verdict_note="Look.")
    for verdict in ("outdated", "holds", "outdated", "outdated"):
        Claim.objects.filter(pk=claim.pk).update(verdict=verdict)
        changes.refresh({"claims": [claim.pk]})
    assert [after for _kind, _before, after in told()] == ["Outdated", "Holds", "Outdated"]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("holds", []),
        ("opinion", []),
        ("outdated", [("fact-check", "Unchecked", "Outdated")]),
        ("wrong", [("fact-check", "Unchecked", "Wrong")]),
    ],
)
def test_a_first_fact_check_is_told_if_the_claim_no_longer_counts(verdict, expected):
    claim = make.make_claim(verdict=verdict, verdict_on=make.DAY, verdict_note="Look.")
    changes.refresh({"claims": [claim.pk]})
    assert told() == expected
    assert [item.on for item in news.latest(5)] == [make.DAY] * len(expected)


def test_a_later_fact_check_is_told_beside_the_former_one():
    claim = make.make_claim(verdict="wrong", verdict_on=make.DAY, verdict_note="Look.")
    changes.refresh({"claims": [claim.pk]})
    Claim.objects.filter(pk=claim.pk).update(verdict="holds", verdict_on=LATER)
    changes.refresh({"claims": [claim.pk]})
    assert told() == [("fact-check", "Wrong", "Holds"), ("fact-check", "Unchecked", "Wrong")]


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_what_readers_do_not_see_is_not_told(status):
    claim = make.make_claim(verdict="wrong", verdict_on=make.DAY, verdict_note="Look.")
    changes.refresh({"claims": [claim.pk]})
    Claim.objects.filter(pk=claim.pk).update(status=status, published_at=None)
    assert told() == []


def test_nothing_of_a_draft_framework_is_told_until_it_is_published(django_capture_on_commit_callbacks):
    claim, _ = world()
    changes.rebuild()
    Framework.objects.filter(pk=claim.framework_id).update(is_draft=True)
    Claim.objects.filter(pk=claim.pk).update(level=claim.criterion.levels.get(slug="no"))
    assess(claim)
    assert told() == []
    MeaningChange.objects.filter(framework=claim.framework, criterion=None).delete()
    with django_capture_on_commit_callbacks(execute=True):
        publish_drafts([Framework.objects.get(pk=claim.framework_id)], by=make_user("rita", role="reviewer"))
    assert told() == [("added", "", "")]


@pytest.mark.parametrize("maker", [make.make_framework, make.make_criterion])
def test_what_is_compared_from_the_start_is_no_change_and_what_comes_later_is(
    maker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        maker("first"), maker("second")
    changes.rebuild()
    assert told() == []
    with django_capture_on_commit_callbacks(execute=True):
        maker("third")
    with django_capture_on_commit_callbacks(execute=True):
        maker("fourth", is_draft=True)
        type(maker("fifth")).objects.filter(slug="first").update(name="Renamed")
    changes.rebuild()
    assert [(item.kind, item.title, item.on) for item in news.latest(5)] == [
        ("added", title, timezone.localdate()) for title in ("Fifth", "Third")
    ]


def test_a_recheck_that_becomes_due_is_told_on_the_day_of_the_release_and_its_check_on_its_own():
    claim, _ = world()
    make.make_release(claim.framework, "1.0", dt.date(2025, 1, 1))
    assess(claim)
    assert told() == []
    out = dt.date(2026, 11, 24)
    make.make_release(claim.framework, "2.0", out)
    for _time in range(2):
        assess(claim)
    (due,) = news.latest(5)
    assert (due.on, due.kind, due.before, due.after) == (out, "recheck", "Yes", "Yes, may be outdated")
    assert due.why == f"{claim.framework} 2.0 came out."
    make.make_check(claim, "2.0", LATER, note="Read it *again*.")
    assess(claim)
    done, _due = news.latest(5)
    assert (done.on, done.kind, done.before, done.after, done.why) == (
        LATER, "rechecked", "Yes, may be outdated", "Yes", "Read it *again*.",
    )  # fmt: skip


def test_a_recheck_is_not_told_before_its_release_is_out():
    claim, _ = world()
    make.make_release(claim.framework, "2.0", timezone.localdate() + dt.timedelta(days=3))
    assess(claim)
    assert MeaningChange.objects.get(framework=claim.framework).kind == "recheck"
    assert told() == []


def test_ids_stay_and_differ():
    claim, _ = world()
    for slug in ("no", "yes", "no"):
        Claim.objects.filter(pk=claim.pk).update(level=claim.criterion.levels.get(slug=slug))
        assess(claim)
    ids = [item.id for item in news.latest(5)]
    assert len(set(ids)) == 3 and ids == [item.id for item in news.latest(5)]


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_takes_one_query_at_any_size(django_assert_num_queries, size):
    for _ in range(size):
        claim = make.make_claim(verdict="wrong", verdict_on=make.DAY, verdict_note="Look.")
        changes.refresh({"claims": [claim.pk]})
    with django_assert_num_queries(1):
        assert len(news.latest(6)) == min(size, 6)


def test_an_open_ruling_on_a_dispute_is_a_change_of_its_own():
    claim, _ = world()
    (view,) = [tuple(row) for row in Cell.objects.filter(framework=claim.framework).values_list(*CELL_COLUMNS)]
    before = CellView(*view)
    assert change_of(before, before._replace(ruling="open")) is None
    assert change_of(before._replace(ruling="open"), before) == "unruled"
