"""What an assessment is made from: statements with their sources, the values they give, and the editors' decision.

Also the rules that judge a single source or statement by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .vocabulary import ArticleKind, ClaimKind, Interest, Stance, Status, Verdict

#: Conditions without which the method of a figure counts as not stated.
METHOD_NEEDS = ("hardware", "payload")
#: Verdicts that keep a claim visible and out of the headline.
NOT_COUNTED = frozenset({Verdict.WRONG, Verdict.OUTDATED})
#: The pages of a project that can bear out a claim about it.
OWN_PAGES = frozenset({ArticleKind.OFFICIAL_DOCUMENTATION, ArticleKind.RELEASE_NOTES})


@dataclass(frozen=True, order=True)
class Number:
    """A figure or a range of figures; `low` equals `high` for a single one. The unit is the criterion's."""

    low: Decimal
    high: Decimal
    approximate: bool = False

    @property
    def span(self) -> tuple[Decimal, Decimal]:
        """Both ends: "about 5" and "5" are the same figure."""
        return self.low, self.high


#: The slug of a level, a short text, or a number.
Value = str | Number


@dataclass(frozen=True)
class Source:
    """One citation as the assessment sees it.

    witness: the publisher of the article at the origin of a chain of rewrites.
    dated: first day of the period in which it was published, or the day a living page was read; None if unknown.
    reading: whether polarity or value is the editors' reading of an unclear passage.
    bears_out: whether it is the project's own documentation or release notes, or a measurement.
    """

    article: str
    witness: str
    stance: Stance
    dated: date | None = None
    reading: bool = False
    bears_out: bool = False


@dataclass(frozen=True)
class Statement:
    """A claim as the assessment sees it; `value` is None if it gives no answer."""

    key: str
    kind: ClaimKind
    sources: tuple[Source, ...]
    value: Value | None = None
    status: Status = Status.PUBLISHED
    verdict: Verdict = Verdict.UNCHECKED
    states_method: bool = True

    @property
    def counts(self) -> bool:
        """Whether it counts towards the headline."""
        return self.status == Status.PUBLISHED and self.verdict not in NOT_COUNTED


@dataclass(frozen=True)
class Decision:
    """An editor's decision on a cell: the value that stands, or None for "open"."""

    value: Value | None


def witness_of(publisher: str, slug: str) -> str:
    """The witness behind an article that rewrites no other: its publisher, or the article if that is not known."""
    return publisher.strip() or slug


def bears_out(kind: str, interest: str) -> bool:
    """Whether an article can bear out a capability or a figure: own documentation, own notes, a measurement."""
    return kind == ArticleKind.MEASUREMENT or (kind in OWN_PAGES and interest == Interest.OWN_PROJECT)


def states_method(conditions: Mapping[str, object]) -> bool:
    """Whether a figure says enough to be repeated. No conditions at all: False."""
    return all(conditions.get(name) for name in METHOD_NEEDS)
