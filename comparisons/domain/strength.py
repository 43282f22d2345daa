"""How strong evidence is: strong, fair or thin, with the reasons that are printed beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .freshness import is_old
from .vocabulary import ClaimKind, Strength

#: Independent witnesses that make evidence strong, fair and thin.
STRONG_FROM, FAIR_FROM, THIN_FROM = 3, 2, 1
#: Kinds of claim that a project's own pages or a measurement can bear out.
CAN_BE_BORNE_OUT = frozenset({ClaimKind.CAPABILITY, ClaimKind.FIGURE})

_BY_POINTS = {3: Strength.STRONG, 2: Strength.FAIR, 1: Strength.THIN}


@dataclass(frozen=True)
class StrengthStep:
    """One printed reason for a strength: how far it moves, in steps, and the count it speaks of, if any."""

    code: str
    by: int
    count: int | None = None


def strength_of(points: int, newest: date | None, today: date) -> Strength:
    """Strength of evidence: the steps that do not depend on today, less one if it is old, within thin to strong."""
    return _BY_POINTS[max(1, min(3, points - is_old(newest, today)))]


def weakest(strengths: Iterable[Strength]) -> Strength | None:
    """The least of some strengths: what rests on several claims is as strong as the weakest. None without any."""
    found = set(strengths)
    return next((strength for strength in reversed(Strength) if strength in found), None)
