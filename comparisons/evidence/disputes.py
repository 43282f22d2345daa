"""Disputed cells: what each side says, and what the editors decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, TextField, Value

from comparisons.domain.assessment import Reading, assess
from comparisons.domain.matrix import CellView
from comparisons.domain.statements import Number
from comparisons.domain.statements import Value as AnyValue
from comparisons.domain.vocabulary import Agreement, RulingState, Stance
from comparisons.language.values import number
from comparisons.models import Citation, Ruling
from comparisons.models.claims import visible

from .assessing import Levels, Pair, Witnesses
from .cell_reads import PlacedCell
from .citations import CitationView, CitedClaim, cited_claims

#: Statements by which a side is summed up, and claims that are named for each side of a ruling.
MOST_TEXTS, MOST_NAMED = 4, 12
#: What a ruling makes of a side.
ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True)
class Side:
    """Those who say one thing about a cell.

    value: what they answer, in words, or if `against`, the answer that they dispute. witnesses: the names of the
    independent ones. claims: those that give the value, in the order of their keys.
    outcome: ACCEPTED or REJECTED by a ruling; "" where none decides it.
    """

    value: str
    against: bool
    witnesses: tuple[str, ...]
    claims: tuple[CitedClaim, ...]
    outcome: str = ""

    @property
    def citations(self) -> tuple[CitationView, ...]:
        """What each source says, claim by claim, the newest first."""
        stance = Stance.DISPUTES if self.against else Stance.SUPPORTS
        return tuple(citation for claim in self.claims for citation in claim.with_stance(stance))

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The side in short, as (key of a claim, text): what its claims state, or what disputes them."""
        claims = self.claims[:MOST_TEXTS]
        if not self.against:
            return [(claim.statement.key, claim.citations[0].statement) for claim in claims]
        return sorted({(one.claim, one.says) for claim in claims for one in claim.disputing})[:MOST_TEXTS]

    @property
    def claims_left_out(self) -> int:
        """How many claims `texts` leaves out."""
        return max(0, len(self.claims) - MOST_TEXTS)


@dataclass(frozen=True)
class Dispute:
    """A disputed cell with its sides: the accepted one first, then those of the strongest reading.

    qualifying: citations that neither support nor dispute a reading. without_value: how many claims count and give no
    value. other_figures: figures that are compared with none of these. not_counted: how many claims no longer count.
    """

    placed: PlacedCell
    sides: tuple[Side, ...]
    qualifying: tuple[CitationView, ...]
    without_value: int
    other_figures: int
    not_counted: int


def disputes(cells: Sequence[PlacedCell], witnesses: Witnesses | None = None) -> list[Dispute]:
    """These disputed cells with their sides; one query for any number of cells, and one for the witnesses if not given.

    No cells take no query.
    """
    if not cells:
        return []
    here = Q()
    for placed in cells:
        here |= Q(claim__framework=placed.cell.framework_id, claim__criterion=placed.cell.criterion_id)
    levels: Levels = {}
    found: dict[Pair, list[CitedClaim]] = {}
    for claim in cited_claims(Citation.objects.filter(here), witnesses or Witnesses(), levels).values():
        found.setdefault(claim.pair, []).append(claim)
    return [
        _dispute(placed, found.get((placed.cell.framework_id, placed.cell.criterion_id), ()), levels)
        for placed in cells
    ]


def _dispute(placed: PlacedCell, claims: Iterable[CitedClaim], levels: Levels) -> Dispute:
    by_key = {claim.statement.key: claim for claim in claims}
    assessment = assess(claim.statement for claim in by_key.values())
    with_value = sorted({key for reading in assessment.readings for key in reading.claims})
    return Dispute(
        placed=placed,
        sides=tuple(
            sorted(
                (
                    side
                    for reading in assessment.readings
                    for side in _sides(reading, placed.line.id, by_key, levels, placed.cell)
                ),
                key=lambda side: side.outcome != ACCEPTED,
            )
        ),
        qualifying=tuple(citation for key in with_value for citation in by_key[key].with_stance(Stance.QUALIFIES)),
        without_value=sum(claim.statement.counts and claim.statement.value is None for claim in by_key.values()),
        other_figures=assessment.others,
        not_counted=sum(not claim.statement.counts for claim in by_key.values()),
    )


def _sides(
    reading: Reading, criterion: int, by_key: dict[str, CitedClaim], levels: Levels, cell: CellView
) -> list[Side]:
    """Those who support a reading, and those who dispute it. Who disputes a figure only argues: it is no answer."""
    value = _value_words(reading.value, criterion, levels)
    claims = tuple(by_key[key] for key in reading.claims)
    stands = _is_headline(reading.value, cell)
    sides = []
    if reading.witnesses:
        outcome = "" if cell.ruling != RulingState.RULED else ACCEPTED if stands else REJECTED
        sides.append(Side(value, False, reading.witnesses, claims, outcome))
    if reading.against and isinstance(reading.value, str):
        outcome = REJECTED if stands and cell.ruling == RulingState.RULED else ""
        sides.append(Side(value, True, reading.against, claims, outcome))
    return sides


def _is_headline(value: AnyValue, cell: CellView) -> bool:
    """Whether a reading gives the value that a cell shows."""
    if isinstance(value, Number):
        return cell.number is not None and value.span == (cell.number, cell.number_high or cell.number)
    return value in (cell.level_slug, cell.text)


def _value_words(value: AnyValue, criterion: int, levels: Levels) -> str:
    """A value as text: the label of a level, a number or range without its unit, or the text itself."""
    if isinstance(value, Number):
        return " – ".join(dict.fromkeys(number(end) for end in value.span))
    level = levels.get((criterion, value))
    return level.label if level else value


class RulingSide(NamedTuple):
    """Published claims that a ruling names on one side, as (key, statement), at most MOST_NAMED.

    outcome: ACCEPTED or REJECTED; "" while the ruling is open. values: what they answer, in words.
    """

    outcome: str
    values: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]


class RulingView(NamedTuple):
    """A ruling with the sides that it names claims on, the accepted one first."""

    ruling: Ruling
    sides: tuple[RulingSide, ...]


def ruling_views(rulings: Collection[Ruling]) -> list[RulingView]:
    """Rulings with the claims that they name; one query for any number of them, none for none."""
    if not rulings:
        return []
    throughs: dict[str, Any] = {ACCEPTED: Ruling.accepted.through, REJECTED: Ruling.rejected.through}
    accepted, rejected = (
        through.objects.filter(visible("claim__"), ruling__in=[ruling.pk for ruling in rulings])
        .order_by()
        .values_list("ruling_id", Value(side, TextField()), "claim__key", "claim__statement", *_CLAIM_VALUE)
        for side, through in throughs.items()
    )
    named: dict[tuple[int, str], list[tuple[Any, ...]]] = {}
    for pk, side, *claim in sorted(accepted.union(rejected), key=lambda row: row[:3]):
        named.setdefault((pk, side), []).append(tuple(claim))
    return [
        RulingView(
            ruling,
            tuple(
                _ruling_side(ruling, side, named[ruling.pk, side]) for side in throughs if (ruling.pk, side) in named
            ),
        )
        for ruling in rulings
    ]


_CLAIM_VALUE = ("claim__level__label", "claim__number", "claim__number_high", "claim__text")


def _ruling_side(ruling: Ruling, side: str, rows: Sequence[tuple[Any, ...]]) -> RulingSide:
    rows = rows[:MOST_NAMED]
    values = [_own_words(*row[2:]) for row in rows]
    return RulingSide(
        outcome="" if ruling.is_open else side,
        values=tuple(dict.fromkeys(value for value in values if value)),
        claims=tuple((key, statement) for key, statement, *_value in rows),
    )


def _own_words(label: str | None, low: Decimal | None, high: Decimal | None, text: str) -> str:
    """The value of a claim as text, without its unit; "" if it has none."""
    return label or text or " – ".join(number(end) for end in (low, high) if end is not None)


def unruled() -> Q:
    """Disputed cells that no ruling settles."""
    return Q(agreement=Agreement.DISPUTED) & ~Q(ruling=RulingState.RULED)


def only_argued() -> Q:
    """Cells whose headline is not disputed, while a figure or a claim without a value is."""
    return Q(argued__gt=0) & ~Q(agreement=Agreement.DISPUTED)
