"""Which frameworks answer most alike, and what sets them apart.

Formula: of the questions that both answer by one of the same levels, the share that they answer by the same one.
Source: simple matching coefficient (Sokal and Michener 1958, "A statistical method for evaluating systematic
relationships"), over the questions that both answer (Gower 1971, "A general coefficient of similarity and some of its
properties"). Texts and figures are left out: two of them are seldom the same, and that says little.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from .vocabulary import Meaning

#: Fewer questions that both answer are too few to call two frameworks alike.
FEWEST: Final = 10
#: Neighbours that are named, and questions that set each of them apart.
NEIGHBOURS, APART = 3, 4
#: Where a meaning stands between not met and met. One that is neither is half a step from all others.
STEPS: Final = {Meaning.YES: 2, Meaning.PARTIAL: 1, Meaning.NO: 0}


class Neighbour(NamedTuple):
    """Another framework: of the questions that both answer (`both`), how many they answer alike.

    place: of the framework in lists. ties: how many others are exactly as near.
    """

    slug: str
    name: str
    place: int
    alike: int
    both: int
    ties: int = 0

    @property
    def share(self) -> float:
        """The share of answers that are alike, from 0 to 1."""
        return self.alike / self.both if self.both else 0.0


class Neighbours(NamedTuple):
    """The nearest frameworks, nearest first. too_few: how many others share answers, but too few to say."""

    nearest: tuple[Neighbour, ...]
    too_few: int


def neighbours(others: Iterable[Neighbour], most: int = NEIGHBOURS, fewest: int = FEWEST) -> Neighbours:
    """The nearest of some frameworks, in any order, by their share of answers alike.

    Those with one share stand in the order of their number of shared answers, then of their places. A framework with
    no shared answer at all is left out, and is not among those with too few.
    """
    shared = [one for one in others if one.both]
    enough = [one for one in shared if one.both >= fewest]
    enough.sort(key=lambda one: (-one.share, -one.both, one.place, one.slug))
    as_near = [sum(other.share == one.share for other in enough) - 1 for one in enough[:most]]
    nearest = tuple(one._replace(ties=ties) for one, ties in zip(enough[:most], as_near, strict=True))
    return Neighbours(nearest, len(shared) - len(enough))


def distance(one: str, other: str) -> int:
    """How far two meanings are apart, from 0 to 2: met and not met 2, either and partly 1, anything and neither 1."""
    if one == other:
        return 0
    steps = [STEPS.get(Meaning(meaning)) for meaning in (one, other)]
    return 1 if None in steps else abs(steps[0] - steps[1])  # type: ignore[operator]


class SetApart(NamedTuple):
    """A question that two frameworks answer by different levels: its slug and name, the labels and meanings of both.

    firm: the points of the evidence for both.
    """

    slug: str
    name: str
    own: str
    other: str
    own_meaning: str
    other_meaning: str
    firm: int


def farthest(differences: Iterable[SetApart], most: int = APART) -> list[SetApart]:
    """What sets two frameworks apart most: the farthest answers, of these the firmest; else in the order given."""
    return sorted(differences, key=lambda one: (-distance(one.own_meaning, one.other_meaning), -one.firm))[:most]
