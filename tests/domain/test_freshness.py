"""How old evidence is, and when a release makes a recheck due, as tables of cases."""

from __future__ import annotations

import datetime as dt

import pytest

from comparisons.domain.freshness import (
    YEARS_UNTIL_OLD,
    CheckView,
    FeatureRelease,
    evidence_date,
    is_feature_release,
    is_old,
    is_quiet,
    last_check,
    version_numbers,
)
from comparisons.domain.statements import Decision
from comparisons.domain.vocabulary import Verdict

from .builders import FRESH, TODAY, judged, says, source


@pytest.mark.parametrize(
    ("newest", "today", "old"),
    [
        (dt.date(2024, 11, 20), dt.date(2026, 11, 20), False),
        (dt.date(2024, 11, 19), dt.date(2026, 11, 20), True),
        (dt.date(2022, 2, 28), dt.date(2024, 2, 29), False),
        (dt.date(2022, 2, 27), dt.date(2024, 2, 29), True),
        (dt.date(2024, 2, 29), dt.date(2026, 2, 28), False),
        (dt.date(2024, 2, 29), dt.date(2026, 3, 1), True),
        (dt.date(2030, 1, 1), dt.date(2026, 1, 1), False),
        (dt.date(1, 1, 1), dt.date(1, 1, 1), False),
        (None, dt.date(2026, 1, 1), True),
    ],
)
def test_evidence_is_old_when_nothing_is_newer_than_two_years(newest, today, old):
    assert is_old(newest, today) is old


@pytest.mark.parametrize(
    ("released", "today", "quiet"),
    [
        (dt.date(2025, 11, 20), dt.date(2026, 11, 20), False),
        (dt.date(2025, 11, 19), dt.date(2026, 11, 20), True),
        (dt.date(2023, 2, 28), dt.date(2024, 2, 29), False),
        (dt.date(2027, 1, 1), dt.date(2026, 11, 20), False),
    ],
)
def test_a_framework_is_quiet_after_twelve_months_without_a_release(released, today, quiet):
    assert is_quiet(released, today) is quiet


def test_a_stored_strength_grows_old_without_being_written():
    headline = judged(says("yes", *"abc")).headline
    assert [headline.strength(day) for day in (TODAY, TODAY.replace(year=2029))] == ["strong", "fair"]
    assert [step.code for step in headline.reasons(TODAY.replace(year=2029))] == ["witnesses", "old"]


@pytest.mark.parametrize(
    "version",
    ["5.2", "6", "3.0.0", "3.0.00", "v2.1", "0.165.0", "4.2 LTS", "2024.1", "5.0 community edition", " 5.2 "],
)
def test_a_feature_release_can_change_an_answer(version):
    assert is_feature_release(version)


PATCHES = ["5.2.1", "0.165.3", "3.0.0.1", "1.2.10", "3.0.post1"]
PRE_RELEASES = ["3.0a1", "3.0b2", "3.0.0rc1", "3.0-beta.2", "3.0.dev3", "3.0 alpha", "3.0-preview1", "3.0.0-RC.1"]


@pytest.mark.parametrize("version", [*PATCHES, *PRE_RELEASES, "Fermium", ""])
def test_a_patch_or_a_pre_release_changes_no_answer(version):
    assert not is_feature_release(version)


def release(year: int, month: int = 1, version: str = "2.0") -> FeatureRelease:
    return FeatureRelease(dt.date(year, month, 1), version)


RECHECKS = {
    # name: releases, day, the newest version that makes a recheck due. The evidence is of June 2026.
    "no release": ([], TODAY, None),
    "an older release": ([release(2025)], TODAY, None),
    "a release on the day of the evidence": ([FeatureRelease(FRESH, "2.0")], TODAY, None),
    "a newer release": ([release(2026, 9)], TODAY, "2.0"),
    "a release that is yet to come": ([release(2027)], TODAY, None),
    "the day it comes out": ([release(2027)], dt.date(2027, 1, 1), "2.0"),
    "one that is out and one to come": ([release(2027, version="3.0"), release(2026, 9)], TODAY, "2.0"),
    "two that are out": ([release(2026, 10, "3.0"), release(2026, 9)], TODAY, "3.0"),
    "three, one to come": (
        [release(2027, version="4.0"), release(2026, 10, "3.0"), release(2026, 9)],
        TODAY,
        "2.0",
    ),
}


@pytest.mark.parametrize(("releases", "day", "version"), RECHECKS.values(), ids=RECHECKS)
def test_a_recheck_is_due_once_a_feature_release_is_newer_than_the_evidence(releases, day, version):
    due = judged(says("yes", "a"), releases=releases).recheck(day)
    assert (due.version if due else None) == version


def checked(version: str = "2.0", day: dt.date = TODAY, *, holds: bool = True) -> CheckView:
    return CheckView(day, version, holds)


LATER = TODAY + dt.timedelta(days=1)
CHECKS = {
    # name: the checks of the claim, the version that makes a recheck due. 2.0 and 3.0 are newer than the evidence.
    "no check": ([], "3.0"),
    "with the newest version": ([checked("3.0")], None),
    "with a patch of it": ([checked("3.0.4")], None),
    "with a version before the newest": ([checked("2.0")], "3.0"),
    "with a version older than both": ([checked("1.9", LATER)], "3.0"),
    "with both, the older one last": ([checked("3.0"), checked("2.0", LATER)], None),
    "with a branch, after the releases": ([checked("main")], None),
    "with a branch, between them": ([checked("main", dt.date(2026, 9, 15))], "3.0"),
    "it failed": ([checked("3.0", holds=False)], "3.0"),
    "it failed after it had held": ([checked("3.0"), checked("3.0.1", LATER, holds=False)], "3.0"),
    "it held again after it had failed": ([checked("3.0", holds=False), checked("3.0", LATER)], None),
    "it failed with the older and held with the newer": ([checked("2.0", holds=False), checked("3.0")], None),
}


@pytest.mark.parametrize(("checks", "version"), CHECKS.values(), ids=CHECKS)
def test_a_check_with_the_release_or_a_later_version_clears_a_recheck(checks, version):
    claim = says("yes", "a")
    releases = [release(2026, 9), release(2026, 10, "3.0")]
    due = judged(claim, releases=releases, checks={claim.key: checks}).recheck(TODAY)
    assert (due.version if due else None) == version


def yes(key: str, *sources: str, **fields) -> object:
    return says("yes", *sources, key=key, **fields)


CELLS = {
    # name: claims, ruling, keys of the claims that have to be checked
    "claims of one value": ([yes("a", "x"), yes("b", "y")], None, {"a", "b"}),
    "a weaker reading": ([yes("a", "x", "y"), says("no", "z", key="b")], None, {"a"}),
    "a ruling for the weaker reading": (
        [yes("a", "x", "y"), says("no", "z", key="b")], Decision("no"), {"b"},
    ),
    "a ruling for a value of its own": ([yes("a", "x"), says("no", "z", key="b")], Decision("it depends"), {"a", "b"}),
    "a claim without a value beside one with a value": ([yes("a", "x"), says(None, "y", key="b")], None, {"a"}),
    "claims without a value": ([says(None, "x", key="a"), says(None, "y", key="b")], None, {"a", "b"}),
    "a refuted claim": ([yes("a", "x"), yes("b", "y", verdict=Verdict.WRONG)], None, {"a"}),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "ruling", "keys"), CELLS.values(), ids=CELLS)
def test_a_cell_is_clear_once_all_claims_behind_its_headline_were_checked(claims, ruling, keys):
    def is_due(checked_keys: set[str]) -> bool:
        checks = {key: [checked()] for key in checked_keys}
        return judged(*claims, ruling=ruling, releases=[release(2026, 9)], checks=checks).recheck(TODAY) is not None

    assert not is_due(keys)
    assert all(is_due(keys - {key} | {"another"}) for key in keys)


def test_a_verdict_clears_no_recheck():
    claim = says("yes", "a", verdict=Verdict.HOLDS, verdict_on=TODAY)
    assert judged(claim, releases=[release(2026, 9)]).recheck(TODAY) == release(2026, 9)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("5.2", (5, 2)), ("5.2.0", (5, 2)), ("v3", (3,)), (" 0.170 ", (0, 170)), ("3.1rc1", (3, 1)), ("6.0 LTS", (6,)),
        ("main", ()), ("", ()), ("0.0", ()),
    ],
)  # fmt: skip
def test_the_numbers_of_a_version_are_compared(version, numbers):
    assert version_numbers(version) == numbers


def test_the_last_check_is_that_of_the_latest_day_with_the_newest_version():
    checks = [checked("3.0", FRESH), checked("2.9"), checked("2.10"), checked("1.0")]
    assert last_check(checks) == checked("2.10")
    assert last_check([]) is None


def test_nothing_is_rechecked_without_a_date_to_compare_with():
    assert judged(says("yes", source(dated=None)), releases=[release(2026)]).release is None


@pytest.mark.parametrize(
    ("kind", "published", "read", "speaks_for"),
    [
        ("article", FRESH, TODAY, FRESH),
        ("article", None, TODAY, None),
        ("official-documentation", None, TODAY, TODAY),
        ("official-documentation", FRESH, TODAY, FRESH),
        ("repository", None, TODAY, TODAY),
        ("policy", None, None, None),
        ("release-notes", None, TODAY, None),
    ],
)
def test_a_living_page_speaks_for_the_day_it_was_read(kind, published, read, speaks_for):
    assert evidence_date(kind, published, read) == speaks_for


def test_evidence_is_old_after_as_many_years_as_the_design_says():
    assert YEARS_UNTIL_OLD == 2
