"""How old evidence is, and which releases can have overtaken it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .vocabulary import LIVING_KINDS

#: Evidence older than this many years weighs one step less.
YEARS_UNTIL_OLD = 2

#: What follows the numbers of a version that is no feature release: it comes before one, or repairs one.
_NO_FEATURE = re.compile(r"[-_. ]?(?:a|b|c|rc|alpha|beta|dev|pre|preview|post)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class FeatureRelease:
    """A release that may have changed the answer; patches are left out by `is_feature_release`."""

    released: date
    version: str

    @classmethod
    def of(cls, released: date | None, version: str) -> FeatureRelease | None:
        """A release as it is stored; None without a day."""
        return cls(released, version) if released else None


def evidence_date(
    kind: str, published: date | None, read: date | None, edition_released: date | None = None
) -> date | None:
    """The day that an article speaks for.

    It is the day of publication. An undated living page speaks for the day on which its edition was released, or for
    the day on which it was read if that release is not known.
    """
    return published or ((edition_released or read) if kind in LIVING_KINDS else None)


def is_feature_release(version: str) -> bool:
    """Whether a version is a feature release: no patch (its third or a later number above zero), pre- or post-release.

    A version that does not begin with a number is not one. Source: semantic versioning 2.0 and PEP 440.
    """
    found = re.match(r"[vV]?([0-9]+(?:\.[0-9]+)*)(.*)", version.strip(), re.DOTALL)
    if not found or _NO_FEATURE.match(found[2]):
        return False
    return not any(number.strip("0") for number in found[1].split(".")[2:])


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers at the beginning of a version, without zeros at their end; () for a version without any."""
    found = re.match(r"[vV]?([0-9]{1,9}(?:\.[0-9]{1,9})*)", version.strip())
    numbers = [int(number) for number in found[1].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


class CheckView(NamedTuple):
    """A check as the assessment sees it: when a claim was looked at again, with which version, and whether it held."""

    checked_on: date
    version: str
    holds: bool = True

    def covers(self, release: FeatureRelease) -> bool:
        """Whether it says something about a release: it was made with that version or a later one.

        If either version has no numbers, it was made on the day of the release or later.
        """
        own, other = version_numbers(self.version), version_numbers(release.version)
        return own >= other if own and other else self.checked_on >= release.released


def last_check(checks: Iterable[CheckView]) -> CheckView | None:
    """The check that counts last: of the latest day, and on that day with the newest version; None without any."""
    return max(checks, key=lambda check: (check.checked_on, version_numbers(check.version)), default=None)


def still_holds(checks: Collection[CheckView], release: FeatureRelease) -> bool:
    """Whether a claim was found to hold in a release, and not found to fail on a later day."""
    failed_on = max((check.checked_on for check in checks if not check.holds), default=date.min)
    return any(check.holds and check.checked_on >= failed_on and check.covers(release) for check in checks)


def releases_to_check(
    releases: Iterable[FeatureRelease], newest: date | None, checks: Collection[Collection[CheckView]]
) -> list[FeatureRelease]:
    """The releases that are newer than the evidence and with which not all claims were checked, oldest first.

    newest: the date of the newest evidence; undated evidence has no release to be compared with.
    checks: those of each claim that counts towards the headline.
    """
    newer = sorted(release for release in releases if newest and release.released > newest)
    return [release for release in newer if not checks or not all(still_holds(found, release) for found in checks)]


def newest_out(first: FeatureRelease | None, last: FeatureRelease | None, today: date) -> FeatureRelease | None:
    """The last of these two releases that is out by a day; None if neither is."""
    return next((release for release in (last, first) if release and release.released <= today), None)


@lru_cache(maxsize=256)  # it is asked for every tick of every tally, of few days
def years_before(today: date, years: int) -> date:
    """The same day some years earlier; 28 February stands in for a leap day."""
    year = max(date.min.year, today.year - years)
    try:
        return today.replace(year=year)
    except ValueError:
        return today.replace(year=year, day=28)


def old_before(today: date) -> date:
    """The day before which evidence counts as old on `today`."""
    return years_before(today, YEARS_UNTIL_OLD)


def is_quiet(released: date, today: date) -> bool:
    """Whether the last release came out more than twelve months before `today`."""
    return released < years_before(today, 1)


def is_old(newest: date | None, today: date) -> bool:
    """Whether nothing is newer than two years; undated evidence is old."""
    return newest is None or newest < old_before(today)
