"""How old evidence is, and when a release makes a recheck due, as tables of cases."""

from __future__ import annotations

import datetime as dt

import pytest

from comparisons.domain.freshness import YEARS_UNTIL_OLD, FeatureRelease, evidence_date, is_feature_release, is_old

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
    # name: releases, day, version that makes a recheck due. The evidence is of June 2026.
    "no release": ([], TODAY, None),
    "an older release": ([release(2025)], TODAY, None),
    "a release on the day of the evidence": ([FeatureRelease(FRESH, "2.0")], TODAY, None),
    "a newer release": ([release(2026, 9)], TODAY, "2.0"),
    "a release that is yet to come": ([release(2027)], TODAY, None),
    "the day it comes out": ([release(2027)], dt.date(2027, 1, 1), "2.0"),
    "one that is out and one to come": ([release(2027, version="3.0"), release(2026, 9)], TODAY, "2.0"),
    "two that are out": ([release(2026, 10, "3.0"), release(2026, 9)], TODAY, "2.0"),
}


@pytest.mark.parametrize(("releases", "day", "version"), RECHECKS.values(), ids=RECHECKS)
def test_a_recheck_is_due_once_a_feature_release_is_newer_than_the_evidence(releases, day, version):
    due = judged(says("yes", "a"), releases=releases).recheck(day)
    assert (due.version if due else None) == version


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
