"""Checking claims again: what a recheck has to look at, what is recorded, and what clears a cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from comparisons.editing import proposals
from comparisons.editing.checks import cells_to_check, newest_versions, record_checks
from comparisons.evidence import cells
from comparisons.models import Article, Cell, Check, Citation, Claim, Criterion, Framework, Proposal
from tests import factories as make
from tests.admin.users import make_user

pytestmark = pytest.mark.django_db
SPRING, SUMMER, AUTUMN = dt.date(2025, 3, 1), dt.date(2025, 7, 1), dt.date(2025, 9, 1)


@pytest.fixture
def editor() -> User:
    return make_user("edgar", role="editor")


@pytest.fixture
def framework() -> Framework:
    framework = make.make_framework("flask")
    make.make_release(framework, "3.1", AUTUMN)
    return framework


@pytest.fixture
def criterion() -> Criterion:
    return make.make_criterion("speed", levels=("yes", "no"))


def old() -> Article:
    return make.make_article(published_on=SPRING)


def living(**fields: Any) -> Article:
    return make.make_article(kind="official-documentation", published_on=None, read_on=SPRING, **fields)


def due() -> str:
    """The release that makes the only cell due for a recheck, after assessing it anew; "" if none does."""
    cells.rebuild()
    release = Cell.objects.get().recheck(timezone.localdate())
    return release.version if release else ""


def test_a_check_clears_its_cell(editor, framework, criterion):
    claim = make.make_claim(framework, criterion, level="yes", by=(old(),))
    assert due() == "3.1"
    record_checks([claim], by=editor)
    assert due() == ""


def test_a_check_is_dated_signed_and_made_with_the_newest_release(editor, framework, criterion):
    make.make_release(framework, "3.2.dev1", AUTUMN)
    make.make_release(framework, "3.0.9", dt.date(2025, 10, 1))
    make.make_release(framework, "9.0", timezone.localdate() + dt.timedelta(1))
    claim = make.make_claim(framework, criterion)
    record_checks([claim], by=editor, note=" Read the source. ")
    check = Check.objects.get()
    assert (check.claim, check.version, check.checked_on) == (claim, "3.1", timezone.localdate())
    assert (check.holds, check.note, check.by) == (True, "Read the source.", editor)


CLEARS_NOTHING = {
    "a verdict": lambda claim: {"verdict": "holds", "verdict_on": timezone.localdate(), "verdict_note": "Tried."},
    "another statement": lambda claim: {"statement": "It says so in other words."},
}


@pytest.mark.parametrize("change", CLEARS_NOTHING.values(), ids=CLEARS_NOTHING)
def test_nothing_but_a_check_clears_a_cell(framework, criterion, change):
    claim = make.make_claim(framework, criterion, level="yes", by=(old(),))
    for name, value in change(claim).items():
        setattr(claim, name, value)
    claim.save()
    assert due() == "3.1"


@pytest.mark.parametrize("fields", [{"read_on": dt.date(2026, 1, 1)}, {"edition": "3.1"}], ids=str)
def test_reading_an_article_again_clears_nothing_by_itself(framework, criterion, fields):
    make.make_release(framework, "3.0", SPRING)
    article = living(edition="3.0")
    make.make_claim(framework, criterion, level="yes", by=(article,))
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    assert due() == "3.1"


def test_a_claim_taken_from_an_article_that_was_read_again_is_as_new_as_that(framework, criterion):
    article = living()
    make.make_claim(framework, criterion, level="yes", by=(article,))
    article.read_on = dt.date(2026, 1, 1)
    article.save()
    make.make_claim(framework, criterion, level="yes", by=(article,))
    assert due() == ""


def test_a_claim_looked_at_again_in_its_article_is_as_new_as_that(editor, framework, criterion):
    article = living()
    looked_at, other = (make.make_claim(framework, criterion, level="yes", by=(article,)) for _ in range(2))
    article.read_on = dt.date(2026, 1, 1)
    article.save()
    record_checks([looked_at], by=editor, read=article)
    assert [claim.citations.get().dated_on for claim in (looked_at, other)] == [None, SPRING]


def test_what_was_looked_at_while_the_new_day_waits_counts_once_it_is_approved(editor, framework, criterion):
    article = living()
    looked_at, other = (make.make_claim(framework, criterion, level="yes", by=(article,)) for _ in range(2))
    proposal = make.make_proposal(article, editor, read_on=dt.date(2026, 1, 1))
    record_checks([looked_at], by=editor, read=article)
    assert not Citation.objects.exclude(dated_on=None).exists()
    proposals.approve(Proposal.objects.get(pk=proposal.pk), by=make_user("rita", role="reviewer"))
    assert Article.objects.get(pk=article.pk).read_on == dt.date(2026, 1, 1)
    assert [claim.citations.get().dated_on for claim in (looked_at, other)] == [None, SPRING]


OTHER_TEXTS = {
    "another statement": lambda claim: {"statement": "It does not."},
    "another value": lambda claim: {"level": claim.criterion.levels.get(slug="no")},
    "another framework": lambda claim: {"framework": make.make_framework("other")},
}
SAME_TEXTS = {
    "a comma": lambda claim: {"statement": claim.statement.replace("of", "of,").upper()},
    "a verdict": lambda claim: {"verdict": "opinion", "verdict_on": SPRING},
    "a condition": lambda claim: {"impact": "Much."},
}


@pytest.mark.parametrize(("name", "counts"), [*((n, False) for n in OTHER_TEXTS), *((n, True) for n in SAME_TEXTS)])
def test_a_check_counts_as_long_as_the_claim_says_what_was_checked(editor, framework, criterion, name, counts):
    claim = make.make_claim(framework, criterion, level="yes", by=(old(),))
    record_checks([claim], by=editor)
    for field, value in (OTHER_TEXTS | SAME_TEXTS)[name](claim).items():
        setattr(claim, field, value)
    claim.save()
    assert Check.objects.of_present_texts().exists() == counts and Check.objects.exists()


def test_a_changed_claim_is_due_again_until_it_is_checked_again(editor, framework, criterion):
    claim = make.make_claim(framework, criterion, level="yes", by=(old(),))
    record_checks([claim], by=editor)
    claim.level = criterion.levels.get(slug="no")
    claim.save()
    assert due() == "3.1"
    record_checks([claim], by=editor)
    assert due() == ""


def test_on_an_earlier_day_a_check_of_the_earlier_text_counted(framework, criterion):
    check = make.make_check(make.make_claim(framework, criterion), "3.1", AUTUMN)
    Check.objects.update(superseded_on=AUTUMN + dt.timedelta(9))
    for days, counts in ((-1, False), (0, True), (8, True), (9, False)):
        assert Check.objects.of_present_texts(AUTUMN + dt.timedelta(days)).filter(pk=check.pk).exists() == counts


def test_an_earlier_day_of_reading_is_a_correction(framework, criterion):
    article = living()
    claim = make.make_claim(framework, criterion, level="yes", by=(article,))
    article.read_on = SPRING - dt.timedelta(1)
    article.save()
    assert claim.citations.get().dated_on is None


def test_a_criterion_that_no_release_changes_is_never_due(framework):
    fixed = make.make_criterion(levels=("yes", "no"), changes_with_releases=False)
    make.make_claim(framework, fixed, level="yes", by=(old(),))
    assert due() == ""


def test_only_claims_that_were_not_checked_are_to_be_checked(editor, framework, criterion):
    one, two = (make.make_claim(framework, criterion, level="yes", by=(old(),)) for _ in range(2))
    make.make_claim(
        framework, criterion, level="no", by=(old(),), verdict="wrong", verdict_on=SPRING, verdict_note="N."
    )
    pair = (framework.pk, criterion.pk)
    assert cells_to_check([pair])[pair].claims == [one, two]
    record_checks([one], by=editor)
    assert cells_to_check([pair])[pair].claims == [two] and due() == "3.1"
    record_checks([two], by=editor)
    assert cells_to_check([pair])[pair] == ([one, two], None) and due() == ""


@pytest.mark.parametrize("size", [1, 5])
def test_what_is_to_be_checked_is_found_in_eight_queries(django_assert_max_num_queries, framework, size):
    pairs = []
    for _ in range(size):
        claim = make.make_claim(framework, make.make_criterion(levels=("yes", "no")), level="yes", by=(old(), old()))
        make.make_check(claim, "2.0")
        pairs.append((claim.framework_id, claim.criterion_id))
    with django_assert_max_num_queries(8):
        found = cells_to_check(pairs)
    assert [len(found[pair].claims) for pair in pairs] == [1] * size


def test_a_second_check_on_a_day_replaces_the_first(editor, framework, criterion):
    claim = make.make_claim(framework, criterion)
    record_checks([claim], by=editor)
    assert record_checks([claim], by=editor).unchanged == [claim]
    record_checks([claim], by=editor, holds=False, note="It was removed.")
    assert list(Check.objects.values_list("holds", "note")) == [(False, "It was removed.")]


REFUSED = {
    "a draft": ({"status": "draft", "published_at": None}, "readers do not see it"),
    "a claim that was saved since": ({"version": 7}, "it has changed since you saw it"),
    "a claim about no framework": ({"framework": None}, "it is about no framework in particular"),
}


@pytest.mark.parametrize(("fields", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_checked_is_refused_with_a_reason(editor, framework, criterion, fields, reason):
    claim = make.make_claim(framework, criterion)
    Claim.objects.filter(pk=claim.pk).update(**fields)
    result = record_checks([claim], by=editor)
    assert [why for _claim, why in result.refused] == [reason] and not Check.objects.exists()


def test_a_framework_without_releases_needs_a_version(editor, criterion):
    claim = make.make_claim(make.make_framework(), criterion)
    assert [why for _claim, why in record_checks([claim], by=editor).refused] == [
        "no release of its framework is known"
    ]
    assert record_checks([claim], by=editor, version="main").done == [claim]


def test_only_who_changes_claims_checks_them(criterion):
    with pytest.raises(PermissionDenied):
        record_checks([make.make_claim()], by=make_user("vera", role="viewer"))


def test_the_newest_version_is_the_newest_feature_release_and_else_the_newest_release():
    one, other, without = (make.make_framework() for _ in range(3))
    for framework, version, day in ((one, "2.0", SPRING), (one, "1.9.9", AUTUMN), (other, "1.0b1", SPRING)):
        make.make_release(framework, version, day)
    assert newest_versions([one.pk, other.pk, without.pk, None]) == {one.pk: "2.0", other.pk: "1.0b1"}
