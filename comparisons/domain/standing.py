"""How one claim stands by itself, assessed as if its cell asked whether the claim is true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from .assessment import Assessment, assess
from .statements import Decision, Statement
from .strength import StrengthStep
from .vocabulary import Agreement, Strength, Verdict


@dataclass(frozen=True)
class Standing:
    """How far the sources of one claim bear it out. tally: [stance, ISO date or None] of each independent witness."""

    assessment: Assessment

    @property
    def tally(self) -> list[list[str | None]]:
        return [[t.stance.value, t.dated.isoformat() if t.dated else None] for t in self.assessment.tally]

    @property
    def witnesses(self) -> int:
        return self.assessment.witnesses

    @property
    def supporting(self) -> int:
        """How many of them support it."""
        return self.assessment.headline.witnesses if self.assessment.headline else 0

    @property
    def is_disputed(self) -> bool:
        return self.assessment.agreement == Agreement.DISPUTED

    @property
    def newest(self) -> date | None:
        return self.assessment.newest

    @property
    def newest_precision(self) -> str:
        """How exactly that day is known."""
        return self.assessment.newest_precision

    @property
    def points(self) -> int | None:
        """The strength before age; None where no source supports it."""
        headline = self.assessment.headline
        return sum(step.by for step in headline.steps) if headline else None

    @property
    def supported_on(self) -> date | None:
        """The newest evidence for it."""
        return self.assessment.headline.newest if self.assessment.headline else None

    def strength(self, today: date) -> Strength | None:
        return self.assessment.headline.strength(today) if self.assessment.headline else None

    def reasons(self, today: date) -> tuple[StrengthStep, ...]:
        return self.assessment.headline.reasons(today) if self.assessment.headline else ()


def standing(statement: Statement, *, settled: bool = False) -> Standing:
    """How a claim stands by itself. settled: a ruling has decided its cell.

    Of its verdict only that it cannot be checked weighs here, since then no number of sources makes it strong.
    """
    verdict = Verdict.UNCHECKED if statement.can_be_checked else statement.verdict
    alone = replace(statement, value="so", verdict=verdict)
    return Standing(assess([alone], Decision("so") if settled and statement.sources else None))
