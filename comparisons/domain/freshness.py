"""How old evidence is, and which releases can have overtaken it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

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


def old_before(today: date) -> date:
    """The day before which evidence counts as old on `today`; 28 February stands in for a leap day."""
    year = max(date.min.year, today.year - YEARS_UNTIL_OLD)
    try:
        return today.replace(year=year)
    except ValueError:
        return today.replace(year=year, day=28)


def is_old(newest: date | None, today: date) -> bool:
    """Whether nothing is newer than two years; undated evidence is old."""
    return newest is None or newest < old_before(today)
