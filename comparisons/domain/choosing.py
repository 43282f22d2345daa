"""Which framework fits: must-haves first, then weighted points, with what the sources leave open.

Formula: the weighted sum model. A criterion gives each framework a value from 0 to 1, and points = weight × value, as a
share of 100 for all weights together. Weights count 0, 1, 2 and 4; that of a group is shared equally by its criteria.
The value of a level is that of `scoring`, a need that is met counting 1, in part 1/2, not met 0. The value of a figure
is its ratio to the best one of the benchmark that its row shows, so that no figure leaves its benchmark; if the best
one is zero, that of zero is 1 and of all others 0.
Source: weighted sum model (Fishburn 1967, "Additive Utilities with Incomplete Product Sets").

What is open has several readings: an open dispute its value and 1/2 either way, thin evidence 1/4 either way, and an
answer that nobody gives, or that feeds no score, 0, 1/2 and 1. Such an answer adds no points to the mark. The span of a
framework goes from its least to its most favourable readings. How often each comes first is counted over all
combinations of readings, or over a seeded sample of them where they are many, so that the same question always gets the
same result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import lcm
from typing import NamedTuple

from . import first_places
from .first_places import Range
from .scoring import Need
from .vocabulary import Importance

#: What each weight counts.
WEIGHTS = {Importance.NONE: 0, Importance.SOME: 1, Importance.MUCH: 2, Importance.MOST: 4}
#: Values in units, of which a whole is so many and a quarter of a need a fourth of that.
WHOLE = 400

#: A framework and a criterion, by primary key.
Place = tuple[int, int]


class Answer(NamedTuple):
    """What a framework gets for a criterion, in units of WHOLE.

    mark: what counts. readings: what it might be instead, in order, the mark among them. is_known: False if nobody
    answers, or the answer feeds no score.
    """

    mark: int = 0
    readings: tuple[int, ...] = (0, WHOLE // 2, WHOLE)
    is_known: bool = False

    @property
    def is_open(self) -> bool:
        return len(self.readings) > 1


NOBODY = Answer()


def answer_of(need: Need | None) -> Answer:
    """A need as an answer. One that does not apply to the framework, None, gets nothing, and nothing of it is open."""
    if need is None:
        return Answer(0, (0,), is_known=True)
    if need.mark is None:
        return NOBODY
    quarters = sorted({need.low, need.mark, need.high})
    return Answer(need.mark * WHOLE // 4, tuple(one * WHOLE // 4 for one in quarters), is_known=True)


def answer_of_figure(nearness: Decimal | None, moved: int) -> Answer:
    """A figure as an answer. nearness: its share of the best figure; None without one. moved: quarters either way."""
    if nearness is None:
        return NOBODY
    mark = round(nearness * WHOLE)
    moved = moved * WHOLE // 4
    return Answer(mark, tuple(sorted({max(0, mark - moved), mark, min(WHOLE, mark + moved)})), is_known=True)


def _of_hundred(total: int, weights: int) -> float:
    """A total in points of 100, of which all weights together give 100."""
    return 100 * total / (WHOLE * weights) if weights else 0.0


@dataclass(frozen=True)
class Factor:
    """What a reader gives a weight to: a criterion, or a group with its criteria (primary keys, at least one)."""

    key: str
    weight: Importance
    criteria: tuple[int, ...]


class Placing(NamedTuple):
    """Where a framework stands: points of 100 on the mark, at the least and at the most; its share of first places."""

    framework: int
    points: float
    low: float
    high: float
    first: float


class WeightTurn(NamedTuple):
    """A change of one weight that puts another framework first, and its lead then, in points."""

    factor: str
    weight: Importance
    first: int
    lead: float


class AnswerTurn(NamedTuple):
    """Another reading of one open answer that puts another framework first, and its lead then, in points."""

    framework: int
    criterion: int
    is_more: bool
    first: int
    lead: float


class MustTurn(NamedTuple):
    """A must-have that decides: who comes back without it, and who comes first then if it is another framework."""

    criterion: int
    back: tuple[int, ...]
    first: int | None


@dataclass(frozen=True)
class Weighing:
    """The ranking of some frameworks by some factors.

    frameworks: those that remain, in an order that decides between equals. answers: NOBODY where there is none.
    """

    frameworks: tuple[int, ...]
    factors: tuple[Factor, ...]
    answers: Mapping[Place, Answer] = field(default_factory=dict)

    @cached_property
    def _shares(self) -> int:
        """What every weight is multiplied by, so that its share for each criterion of a group is a whole number."""
        return lcm(*(len(factor.criteria) for factor in self.factors))

    @cached_property
    def weights(self) -> dict[int, int]:
        """The weight of each criterion, as a whole number."""
        return {
            criterion: WEIGHTS[factor.weight] * self._shares // len(factor.criteria)
            for factor in self.factors
            for criterion in factor.criteria
        }

    @property
    def is_weighed(self) -> bool:
        """Whether anything has a weight; without one there is no ranking."""
        return any(self.weights.values())

    def answer(self, framework: int, criterion: int) -> Answer:
        return self.answers.get((framework, criterion), NOBODY)

    def _points(self, total: int) -> float:
        """A total in points of 100."""
        return _of_hundred(total, self._whole)

    @cached_property
    def _whole(self) -> int:
        """All weights together."""
        return sum(self.weights.values())

    def points(self, framework: int, criterion: int) -> float:
        """The points that a criterion adds to the mark of a framework."""
        return self._points(self.weights[criterion] * self.answer(framework, criterion).mark)

    def most(self, factor: Factor) -> float:
        """The points that a factor adds at the most."""
        return self._points(WHOLE * sum(self.weights[criterion] for criterion in factor.criteria))

    def _mark(self, framework: int) -> int:
        return sum(weight * self.answer(framework, criterion).mark for criterion, weight in self.weights.items())

    @cached_property
    def _marks(self) -> dict[int, int]:
        return {framework: self._mark(framework) for framework in self.frameworks}

    @property
    def leader(self) -> int | None:
        """Who is first on the mark; None where nothing has a weight, or nobody remains."""
        return self.ranking[0].framework if self.ranking else None

    def _ends(self, framework: int) -> tuple[int, int]:
        """The least and the most that a framework may come to."""
        found = [(weight, self.answer(framework, criterion).readings) for criterion, weight in self.weights.items()]
        return sum(weight * one[0] for weight, one in found), sum(weight * one[-1] for weight, one in found)

    @cached_property
    def ranking(self) -> list[Placing]:
        """All frameworks, most points first; equals stay in the order given. [] where nothing has a weight."""
        if not self.is_weighed:
            return []
        found = []
        for framework, mark in self._marks.items():
            low, high = map(self._points, self._ends(framework))
            found.append(Placing(framework, self._points(mark), low, high, self.firsts.get(framework, 0.0)))
        return sorted(found, key=lambda one: -one.points)

    @cached_property
    def _ranges(self) -> dict[int, Range]:
        """The totals of the frameworks that come first in some reading."""
        ends = {framework: self._ends(framework) for framework in self.frameworks}
        least = max((low for low, _high in ends.values()), default=0)
        return {
            framework: Range(
                low,
                [
                    tuple(weight * (reading - found.readings[0]) for reading in found.readings)
                    for criterion, weight in self.weights.items()
                    if weight and (found := self.answer(framework, criterion)).is_open
                ],
            )
            for framework, (low, high) in ends.items()
            if high >= least
        }

    @property
    def is_exact(self) -> bool:
        """Whether all combinations of readings are looked at, and not a sample of them."""
        return first_places.is_exact(self._ranges.values())

    @cached_property
    def firsts(self) -> dict[int, float]:
        """How often each framework comes first, from 0 to 1; those that never do are left out. Equals share a place."""
        return first_places.first_places(self._ranges)

    def can_be_told_apart(self, ahead: Placing, behind: Placing) -> bool:
        """Whether the first of two is ahead of the other under every reading: their spans do not meet."""
        return ahead.low > behind.high

    @property
    def rivals(self) -> list[Placing]:
        """Those that the first cannot be told apart from, in order; the second may be while a later one is not."""
        return [one for one in self.ranking[1:] if not self.can_be_told_apart(self.ranking[0], one)]

    def weight_turn(self) -> WeightTurn | None:
        """The smallest change of one weight that puts another framework first on the mark.

        Of changes by as many steps, the one with the largest lead.
        """
        steps = list(Importance)
        turns = [(abs(steps.index(one.weight) - steps.index(was)), one) for was, one in self._weight_turns()]
        best = min(turns, key=lambda one: (one[0], -one[1].lead), default=None)
        return best[1] if best else None

    def _weight_turns(self) -> Iterator[tuple[Importance, WeightTurn]]:
        """The weight that a factor has, and a change of it that turns the order."""
        whole = self._whole
        for factor in self.factors:
            share = self._shares // len(factor.criteria)
            worth = {
                framework: share * sum(self.answer(framework, criterion).mark for criterion in factor.criteria)
                for framework in self.frameworks
            }
            for weight in Importance:
                change = WEIGHTS[weight] - WEIGHTS[factor.weight]
                changed = {framework: mark + change * worth[framework] for framework, mark in self._marks.items()}
                first = max(changed, key=changed.__getitem__, default=None)
                if first is not None and self.leader is not None and changed[first] > changed[self.leader]:
                    lead = changed[first] - changed[self.leader]
                    new_whole = whole + change * self._shares
                    yield factor.weight, WeightTurn(factor.key, weight, first, _of_hundred(lead, new_whole))

    def answer_turns(self) -> list[AnswerTurn]:
        """The open answers of which another reading, alone, puts another framework first; the largest lead first."""
        leader = self.leader
        others = {framework: mark for framework, mark in self._marks.items() if framework != leader}
        if leader is None or not others:
            return []
        second = max(others, key=others.__getitem__)
        turns = []
        for criterion, weight in self.weights.items():
            found = self.answer(leader, criterion)
            fallen = self._marks[leader] - weight * (found.mark - found.readings[0])
            if fallen < others[second]:
                lead = self._points(others[second] - fallen)
                turns.append(AnswerTurn(leader, criterion, is_more=False, first=second, lead=lead))
            for framework, mark in others.items():
                found = self.answer(framework, criterion)
                risen = mark + weight * (found.readings[-1] - found.mark)
                if risen > self._marks[leader]:
                    lead = self._points(risen - self._marks[leader])
                    turns.append(AnswerTurn(framework, criterion, is_more=True, first=framework, lead=lead))
        return sorted(turns, key=lambda one: -one.lead)

    def must_turns(self, failed: Mapping[int, Sequence[int]]) -> list[MustTurn]:
        """What each must-have decides alone; only those without which some framework comes back.

        failed: the criteria of the must-haves that each framework does not meet, for those that are set aside.
        """
        back: dict[int, list[int]] = {}
        for framework, criteria in failed.items():
            if len(criteria) == 1:
                back.setdefault(criteria[0], []).append(framework)
        turns = []
        for criterion, returned in back.items():
            best = max(returned, key=self._mark)
            is_first = self.is_weighed and (self.leader is None or self._mark(best) > self._marks[self.leader])
            turns.append(MustTurn(criterion, tuple(returned), best if is_first else None))
        return sorted(turns, key=lambda one: (one.first is None, -len(one.back)))
