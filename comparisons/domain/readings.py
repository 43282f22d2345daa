"""Readings: the claims of a cell that give one value, with their witnesses and the reasons for their strength."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .figures import newest_of
from .statements import BenchmarkView, Source, Statement, Value
from .strength import CAN_BE_BORNE_OUT, STRONG_FROM, StrengthStep
from .vocabulary import ClaimKind, Precision, Stance


class FigureOrigin(NamedTuple):
    """Where a figure comes from.

    benchmark: None if it stands alone. dated: the day on which it was taken, if known. precision: how exactly that is
    known; "" for a day.
    """

    benchmark: BenchmarkView | None
    variant: str
    version: str
    dated: date | None
    precision: str = ""

    @classmethod
    def of(cls, figure: Statement) -> FigureOrigin:
        taken = figure.benchmark or figure
        precision = "" if taken.precision == Precision.DAY else taken.precision
        return cls(figure.benchmark, figure.variant, figure.version, taken.dated, precision)


@dataclass(frozen=True)
class Reading:
    """All counted claims of a cell that give one value. `witnesses` and `against` are sorted and distinct.

    Figures are one reading if they were taken under like conditions and bear one another out; the newest of them
    gives the value, and `origin` says where it comes from. origin is None for any other value.
    without_method: no figure behind it states its method. unchecked: no claim behind it can be checked.
    feeds_score: every figure behind it states its method and can be checked.
    """

    value: Value
    witnesses: tuple[str, ...]
    against: tuple[str, ...]
    newest: date | None
    claims: tuple[str, ...]
    borne_out: bool
    all_readings: bool
    without_method: bool
    unchecked: bool
    feeds_score: bool
    origin: FigureOrigin | None = None

    @property
    def steps(self) -> tuple[StrengthStep, ...]:
        """The printed reasons for its strength, except its age and what a ruling decides."""
        found = len(self.witnesses)
        steps = [StrengthStep("witnesses", min(found, STRONG_FROM), found)]
        if self.borne_out:
            steps.append(StrengthStep("borne-out", 1))
        if self.all_readings:
            steps.append(StrengthStep("readings", -1))
        if self.without_method:
            steps.append(StrengthStep("no-method", -1))
        if self.unchecked:
            steps.append(StrengthStep("cannot-be-checked", -1))
        return tuple(steps)


def merged_figures(figures: Sequence[Statement]) -> Reading:
    """Figures that bear one another out, at least one, as one reading: the newest gives the value."""
    newest = newest_of(figures)
    return merged(figures, newest.value or "", FigureOrigin.of(newest))


def merged(statements: Sequence[Statement], value: Value, origin: FigureOrigin | None = None) -> Reading:
    """Claims that give one value, as one reading. origin: where it comes from if it is a figure."""
    support = [(s, c) for s in statements for c in s.sources if c.stance == Stance.SUPPORTS]
    return Reading(
        value=value,
        witnesses=tuple(sorted({c.witness for _, c in support})),
        against=tuple(sorted({c.witness for s in statements for c in s.sources if c.stance == Stance.DISPUTES})),
        newest=newest(c for _, c in support),
        claims=tuple(sorted(s.key for s in statements)),
        borne_out=any(c.bears_out and s.kind in CAN_BE_BORNE_OUT and s.can_be_checked for s, c in support),
        all_readings=bool(support) and all(c.reading for _, c in support),
        without_method=bool(support) and not any(s.has_method for s, _ in support),
        unchecked=bool(support) and not any(s.can_be_checked for s, _ in support),
        feeds_score=all(s.has_method and (s.can_be_checked or s.kind != ClaimKind.FIGURE) for s, _ in support),
        origin=origin,
    )


def by_value(statements: Iterable[Statement]) -> list[Reading]:
    """Claims grouped by the level or the text that they give, in the order of their weight."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(str(statement.value), []).append(statement)
    return sorted((merged(group, value) for value, group in groups.items()), key=weight)


def weight(reading: Reading) -> tuple[Any, ...]:
    """The sort key of a reading: supported ones first, then the strongest, then the newest, then by value."""
    points = sum(step.by for step in reading.steps)
    newest = -reading.newest.toordinal() if reading.newest else 0
    return (not reading.witnesses, -points, -len(reading.witnesses), newest, str(reading.value))


def newest(sources: Iterable[Source]) -> date | None:
    """The newest day of some sources; None if none is dated."""
    return max((s.dated for s in sources if s.dated), default=None)
