"""What an assessment is made from: statements with their sources, the values they give, and the editors' decision.

Also the rules that judge a single source or statement by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .vocabulary import ArticleKind, ClaimKind, Direction, Interest, Likeness, Precision, Stance, Status, Verdict

#: Conditions without which the method of a figure counts as not stated.
METHOD_NEEDS = ("hardware", "payload")
#: Verdicts that keep a claim visible and out of the headline.
NOT_COUNTED = frozenset({Verdict.WRONG, Verdict.OUTDATED})
#: Verdicts whose claims are listed below all others: those that do not count, and those that nobody can check.
RANKED_LAST = NOT_COUNTED | {Verdict.CANNOT_BE_CHECKED}
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


class BenchmarkView(NamedTuple):
    """A benchmark as rows and cells name it.

    criterion_id: what it measured. dated: the day it was measured, or else the day of its article; None if unknown.
    precision: how exactly that is known, as in Source.
    width: number of frameworks with a published figure in it. replaced: another benchmark of its source replaces it.
    """

    id: int
    slug: str
    title: str
    criterion_id: int
    unit: str
    statistic: str
    states_method: bool
    like_for_like: str
    dated: date | None
    width: int
    replaced: bool = False
    precision: str = ""

    @property
    def takes_ratios(self) -> bool:
        """Whether its figures are compared: not if the frameworks did different work."""
        return self.like_for_like != Likeness.NONE


class Scale(NamedTuple):
    """How the numbers of a criterion are read.

    direction: which end is better. is_count: whether a newer number replaces an older one.
    """

    direction: str = Direction.NONE.value
    is_count: bool = False


#: The scale of what is no number.
NO_SCALE = Scale()


@dataclass(frozen=True)
class Source:
    """One citation as the assessment sees it.

    witness: the publisher of the article at the origin of a chain of rewrites.
    dated: first day of the period in which it was published, or the day a living page was read; None if unknown.
    precision: a Precision that says how exactly that is known; "" for a day too.
    reading: whether polarity or value is the editors' reading of an unclear passage.
    bears_out: whether it is the project's own documentation or release notes, or a measurement.
    """

    article: str
    witness: str
    stance: Stance
    dated: date | None = None
    reading: bool = False
    bears_out: bool = False
    precision: str = ""


def precision_of(day: date | None, sources: Iterable[Source]) -> str:
    """How exactly a day of some of these sources is known: as by the source that knows it best; "" for a day."""
    found = {source.precision for source in sources if source.dated == day}
    if not found or found & {"", Precision.DAY}:
        return ""
    return Precision.MONTH if Precision.MONTH in found else Precision.YEAR


@dataclass(frozen=True)
class Statement:
    """A claim as the assessment sees it; `value` is None if it gives no answer.

    states_method: whether a figure that stands alone says enough to be repeated; in a benchmark, the benchmark says so.
    benchmark and variant: the test that gave a figure; None and "" if it stands alone. conditions: of a figure that
    stands alone, in the order of CONDITIONS. interval: what the source states for the figure. left_out: why it is shown
    and not compared. version: the version that it speaks of.
    scale: that of its criterion, the same for all claims of a cell.
    """

    key: str
    kind: ClaimKind
    sources: tuple[Source, ...]
    value: Value | None = None
    status: Status = Status.PUBLISHED
    verdict: Verdict = Verdict.UNCHECKED
    verdict_on: date | None = None
    states_method: bool = True
    benchmark: BenchmarkView | None = None
    variant: str = ""
    conditions: tuple[str, ...] = ()
    interval: Number | None = None
    left_out: str = ""
    version: str = ""
    scale: Scale = NO_SCALE

    @property
    def counts(self) -> bool:
        """Whether it counts towards the headline."""
        return self.status == Status.PUBLISHED and self.verdict not in NOT_COUNTED

    def seen_on(self, day: date) -> Statement:
        """The same statement without a verdict that was given later than that day."""
        if self.verdict_on is None or self.verdict_on <= day:
            return self
        return replace(self, verdict=Verdict.UNCHECKED, verdict_on=None)

    @property
    def has_method(self) -> bool:
        """Whether its method is stated, or needs not be because it is no figure."""
        if self.benchmark is not None:
            return self.benchmark.states_method
        return self.kind != ClaimKind.FIGURE or self.states_method

    @property
    def can_be_checked(self) -> bool:
        return self.verdict != Verdict.CANNOT_BE_CHECKED

    @property
    def is_supported(self) -> bool:
        return any(source.stance == Stance.SUPPORTS for source in self.sources)

    @property
    def dated(self) -> date | None:
        """The newest day of the sources that support it."""
        return max((s.dated for s in self.sources if s.stance == Stance.SUPPORTS and s.dated), default=None)

    @property
    def precision(self) -> str:
        """How exactly that day is known."""
        return precision_of(self.dated, (s for s in self.sources if s.stance == Stance.SUPPORTS))


@dataclass(frozen=True)
class Decision:
    """An editor's decision on a cell: the value that stands, or None for "open"."""

    value: Value | None


def witness_of(publisher: str | None, slug: str) -> str:
    """The witness behind an article that rewrites no other: its publisher, or the article if that is not known."""
    return (publisher or "").strip() or slug


def bears_out(kind: str, interest: str) -> bool:
    """Whether an article can bear out a capability or a figure: own documentation, own notes, a measurement."""
    return kind == ArticleKind.MEASUREMENT or (kind in OWN_PAGES and interest == Interest.OWN_PROJECT)


def stance_of(stance: str, article_kind: str, claim_kind: str) -> Stance:
    """The stance of a source towards a claim, as it weighs.

    A measurement of the editors' own never disputes a recommendation: what to take something for is not measured.
    """
    if article_kind == ArticleKind.MEASUREMENT and claim_kind == ClaimKind.RECOMMENDATION:
        return Stance.QUALIFIES if stance == Stance.DISPUTES else Stance(stance)
    return Stance(stance)


def states_method(conditions: Mapping[str, object], needs: Iterable[str] = METHOD_NEEDS) -> bool:
    """Whether a figure says enough to be repeated: all that is needed. Without any conditions: False."""
    return all(conditions.get(name) for name in needs)
