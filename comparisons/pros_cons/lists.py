"""Pros and cons as pages show them: which claims, in which order, each with its citations.

`choices` finds and counts claims; this reads the few that are shown, in one query. The page of pros and cons, the
profile of a framework and the comparisons all use it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property

from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import Polarity, Strength
from comparisons.evidence.citations import CitationView, CitedClaim, cited_claims_with
from comparisons.models import Citation, remembered

from .catalogue import Catalogue
from .index import Index
from .sets import Places, union

#: The sides of an argument.
SIDES = (Polarity.PRO, Polarity.CON)


class About(NamedTuple):
    """The columns of a claim that are shown. points, supported_on: of its summary."""

    id: int
    key: str
    statement: str
    polarity: str
    verdict: str
    framework: int | None
    framework_slug: str | None
    framework_name: str | None
    criterion_slug: str
    criterion_name: str
    points: int | None
    supported_on: date | None


_COLUMNS = (
    *("claim_id", "claim__key", "claim__statement", "claim__polarity", "claim__verdict"),
    *("claim__framework_id", "claim__framework__slug", "claim__framework__name"),
    *("claim__criterion__slug", "claim__criterion__name", "claim__summary__points", "claim__summary__supported_on"),
)


@dataclass
class ProOrCon:
    """A pro or con."""

    about: About
    cited: CitedClaim

    @cached_property
    def tally(self) -> list[list[str | None]]:
        """[stance, ISO date or None] of each independent witness, the oldest first."""
        return self.cited.tally

    @property
    def witnesses(self) -> int:
        return self.cited.witnesses

    @property
    def supporting(self) -> int:
        return self.cited.supporting

    @property
    def disputing(self) -> tuple[CitationView, ...]:
        """The citations that dispute it, one of each article."""
        return tuple({citation.article: citation for citation in self.cited.disputing}.values())

    def strength(self, today: date) -> Strength | None:
        about = self.about
        return None if about.points is None else strength_of(about.points, about.supported_on, today)


class Argued(NamedTuple):
    """The arguments of one polarity. total: how many there are; `items` are those that are shown."""

    polarity: str
    total: int
    items: tuple[ProOrCon, ...]
    href: str = ""


class FrameworkArguments(NamedTuple):
    """What is said for, against and about one framework, or without a slug about none in particular."""

    slug: str
    name: str
    place: int
    sides: tuple[Argued, ...]


def items(claims: Collection[int], index: Index) -> list[ProOrCon]:
    """These published claims in their order, by primary key; one query, none for none or if they are remembered."""
    if not claims:
        return []
    key = (items, tuple(claims), index.catalogue.mark)
    return remembered.made(key, partial(_items, claims, index.catalogue))


def _items(claims: Collection[int], catalogue: Catalogue) -> list[ProOrCon]:
    citations = Citation.objects.filter(claim__in=claims)
    cited = cited_claims_with(citations, catalogue.witnesses, _COLUMNS)
    found = {row[0]: ProOrCon(About(*row), claim) for claim, row in cited}
    return [found[claim] for claim in claims if claim in found]


def grouped(shown: Iterable[ProOrCon], found: Places, index: Index) -> list[FrameworkArguments]:
    """Items by framework in the order of the catalogue, with the number of the claims found on each side."""
    by_framework: dict[int | None, list[ProOrCon]] = {}
    for item in shown:
        by_framework.setdefault(item.about.framework, []).append(item)
    known: list[tuple[int | None, str, str]] = [(one.id, one.slug, one.name) for one in index.catalogue.frameworks]
    groups = []
    for pk, slug, name in [*known, (None, "", "")]:
        if pk in by_framework:
            here = found & index.claim_sets.of("framework", pk)
            sides = [
                Argued(
                    str(side),
                    here.intersection_cardinality(index.claim_sets.of("polarity", side)),
                    tuple(item for item in by_framework[pk] if item.about.polarity == side),
                )
                for side in Polarity
            ]
            groups.append(FrameworkArguments(slug, name, 0, tuple(_in_use(sides))))
    return groups


def _in_use(sides: Sequence[Argued]) -> list[Argued]:
    """The sides that a page shows: pros and cons together, even if one of them is empty, and neutral claims if any."""
    argued = [side for side in sides if side.polarity in SIDES]
    neutral = [side for side in sides if side.polarity not in SIDES and side.total]
    return [*(argued if any(side.total for side in argued) else []), *neutral]


def all_of(slug: str, polarity: str, criteria: Collection[str] = ()) -> str:
    """The address of all pros, or all cons, of a framework, on some criteria or on any."""
    asked = [("framework", slug), *(("criterion", one) for one in criteria), ("polarity", polarity)]
    return f"{reverse('comparisons:claim_list')}?{urlencode(asked)}"


def strongest(
    frameworks: Sequence[tuple[int, str, str]],
    each: int,
    index: Index,
    criteria: Collection[int] | None = None,
    href: Callable[[str, str], str] | None = None,
) -> list[FrameworkArguments]:
    """The strongest claims for and against each framework (primary key, slug, name), at most `each` a side; one query.

    criteria: only those about these. href: leads to all claims of a side, from the slug of a framework and a polarity.
    """
    asked = None if criteria is None else union(index.claim_sets.of("criterion", pk) for pk in criteria)
    found: dict[tuple[int, str], tuple[int, list[int]]] = {}
    for pk, _slug, _name in frameworks:
        here = index.claim_sets.of("framework", pk) if asked is None else index.claim_sets.of("framework", pk) & asked
        for side in SIDES:
            these = here & index.claim_sets.of("polarity", side)
            first = [index.claim_sets.claims[place] for place in index.first(these, each)]
            found[pk, side] = (len(these), first)
    shown = {item.about.id: item for item in items([pk for _total, first in found.values() for pk in first], index)}
    return [
        FrameworkArguments(
            slug,
            name,
            place,
            tuple(
                Argued(
                    str(side),
                    total,
                    tuple(shown[claim] for claim in first if claim in shown),
                    href(slug, side) if href else "",
                )
                for side in SIDES
                for total, first in [found[pk, side]]
            ),
        )
        for place, (pk, slug, name) in enumerate(frameworks, start=1)
    ]
