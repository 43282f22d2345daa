"""What the claims of one cell add up to: readings, agreement, headline, strength, freshness.

A pure function of plain values. Nothing here depends on today's date: an assessment keeps the dates, and
`Headline.strength` and `Assessment.recheck` take a day, so that a stored assessment stays right as time passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from .freshness import FeatureRelease, is_old
from .statements import Decision, Number, Source, Statement, Value
from .strength import CAN_BE_BORNE_OUT, STRONG_FROM, StrengthStep, strength_of
from .vocabulary import Agreement, ClaimKind, RulingState, Stance, Strength

#: A median is as exact as the figures it is taken from, which have four decimals.
_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True)
class Reading:
    """All counted claims of a cell that give one value. `witnesses` and `against` are sorted and distinct.

    All figures of a cell are one reading, whose value is their range.
    without_method: no figure behind it states its method. feeds_score: every figure behind it does.
    """

    value: Value
    witnesses: tuple[str, ...]
    against: tuple[str, ...]
    newest: date | None
    claims: tuple[str, ...]
    borne_out: bool
    all_readings: bool
    without_method: bool
    feeds_score: bool


@dataclass(frozen=True)
class Headline:
    """The value a cell shows, and how strong the evidence for it is.

    For numbers `value` is the range and `middle` the median. `steps` are those that do not depend on today.
    """

    value: Value
    steps: tuple[StrengthStep, ...]
    newest: date | None
    witnesses: int
    middle: Decimal | None = None
    feeds_score: bool = True

    def strength(self, today: date) -> Strength:
        """Strong, fair or thin on that day."""
        return strength_of(sum(step.by for step in self.steps), self.newest, today)

    def reasons(self, today: date) -> tuple[StrengthStep, ...]:
        """All steps behind `strength(today)`, age included."""
        return self.steps + ((StrengthStep("old", -1),) if is_old(self.newest, today) else ())


@dataclass(frozen=True)
class Tick:
    """One independent witness in the tally: its stance towards the leading reading, whatever the editors ruled."""

    stance: Stance
    dated: date | None


@dataclass(frozen=True)
class Assessment:
    """What a cell's claims add up to.

    counts: independent witnesses of each reading, most first. against: witnesses that dispute a reading.
    argued: how many figures and claims without a value count and are disputed by a source.
    tally: one tick per witness, oldest first, undated before all. newest: date of the newest counted evidence.
    release: the first feature release after that evidence; None when there is none or nothing is dated.
    """

    agreement: Agreement
    counts: tuple[int, ...]
    against: int
    argued: int
    readings: tuple[Reading, ...]
    headline: Headline | None
    ruling: RulingState
    tally: tuple[Tick, ...]
    witnesses: int
    claims: int
    newest: date | None
    release: FeatureRelease | None

    def recheck(self, today: date) -> FeatureRelease | None:
        """The first feature release newer than all evidence, if it is out by that day."""
        return self.release if self.release and self.release.released <= today else None


def assess(
    statements: Iterable[Statement], ruling: Decision | None = None, releases: Iterable[FeatureRelease] = ()
) -> Assessment:
    """Say what the claims of one cell add up to; their order never matters.

    No counted claim gives NO_EVIDENCE, counted claims without a value NO_VALUE: silence is not a "no".
    """
    counted = sorted((s for s in statements if s.counts and s.sources), key=lambda s: s.key)
    figures = _figures([s for s in counted if isinstance(s.value, Number)])
    texts = _readings([s for s in counted if isinstance(s.value, str)])
    readings = texts if figures is None else (*texts, figures)
    leading = next((r for r in readings if r.witnesses), None)
    agreement = _agreement(counted, readings, leading)
    newest = _newest(source for s in counted for source in s.sources)
    return Assessment(
        agreement=agreement,
        counts=tuple(sorted((len(r.witnesses) for r in readings if r.witnesses), reverse=True)),
        against=len({w for r in texts for w in r.against}),
        argued=sum(
            not isinstance(s.value, str) and any(c.stance == Stance.DISPUTES for c in s.sources) for s in counted
        ),
        readings=readings,
        headline=_headline(counted, readings, leading, agreement, ruling),
        ruling=RulingState.NONE if ruling is None else RulingState.OPEN if ruling.value is None else RulingState.RULED,
        tally=_tally(counted, leading),
        witnesses=len({source.witness for s in counted for source in s.sources}),
        claims=len(counted),
        newest=newest,
        release=min((r for r in releases if newest and r.released > newest), default=None),
    )


def _readings(statements: Sequence[Statement]) -> tuple[Reading, ...]:
    """Group claims by value, the strongest evidence first; the newest, then the value itself, on a tie."""
    by_value: dict[str, list[Statement]] = {}
    for statement in statements:
        by_value.setdefault(str(statement.value), []).append(statement)
    readings = [_merge(group, value) for value, group in by_value.items()]
    return tuple(sorted(readings, key=_weight))


def _figures(numbers: Sequence[Statement]) -> Reading | None:
    """All figures as one reading; the range covers those that a source supports, or all if none is supported."""
    values = [s.value for s in _supported(numbers) or numbers if isinstance(s.value, Number)]
    if not values:
        return None
    return _merge(
        numbers,
        Number(min(v.low for v in values), max(v.high for v in values), all(v.approximate for v in values)),
    )


def _supported(statements: Iterable[Statement]) -> list[Statement]:
    return [s for s in statements if any(source.stance == Stance.SUPPORTS for source in s.sources)]


def _weight(reading: Reading) -> tuple[Any, ...]:
    """The sort key of a reading: supported ones first, then the strongest, then the newest."""
    points = sum(step.by for step in _steps(reading))
    newest = -reading.newest.toordinal() if reading.newest else 0
    return (not reading.witnesses, -points, -len(reading.witnesses), newest, str(reading.value))


def _merge(statements: Sequence[Statement], value: Value) -> Reading:
    support = [(s, c) for s in statements for c in s.sources if c.stance == Stance.SUPPORTS]
    return Reading(
        value=value,
        witnesses=tuple(sorted({c.witness for _, c in support})),
        against=tuple(sorted({c.witness for s in statements for c in s.sources if c.stance == Stance.DISPUTES})),
        newest=_newest(c for _, c in support),
        claims=tuple(s.key for s in statements),
        borne_out=any(c.bears_out and s.kind in CAN_BE_BORNE_OUT for s, c in support),
        all_readings=bool(support) and all(c.reading for _, c in support),
        without_method=bool(support) and not any(_has_method(s) for s, _ in support),
        feeds_score=all(_has_method(s) for s, _ in support),
    )


def _has_method(statement: Statement) -> bool:
    """Whether it needs no method, not being a figure, or states it."""
    return statement.kind != ClaimKind.FIGURE or statement.states_method


def _agreement(counted: Sequence[Statement], readings: Sequence[Reading], leading: Reading | None) -> Agreement:
    if not counted:
        return Agreement.NO_EVIDENCE
    disputed = any(r.against and isinstance(r.value, str) for r in readings)
    if disputed or sum(bool(r.witnesses) for r in readings) > 1:
        return Agreement.DISPUTED
    if leading is None:
        return Agreement.NO_VALUE
    if len(leading.witnesses) == 1:
        return Agreement.SINGLE_SOURCE
    figures = {s.value.span for s in _supported(counted) if isinstance(s.value, Number)}
    return Agreement.FIGURES if len(figures) > 1 else Agreement.UNANIMOUS


def _headline(
    counted: Sequence[Statement],
    readings: Sequence[Reading],
    leading: Reading | None,
    agreement: Agreement,
    ruling: Decision | None,
) -> Headline | None:
    """The ruling where there is one, else the leading reading; None where nothing gives a value."""
    if ruling is not None and ruling.value is not None:
        value, stands = ruling.value, _ruled(ruling.value, counted, readings)
        unsettled: tuple[StrengthStep, ...] = ()
    elif leading is not None:
        value, stands = leading.value, leading
        unsettled = (StrengthStep("disputed", -1),) if agreement == Agreement.DISPUTED else ()
    else:
        return None
    return Headline(
        value=value,
        steps=(_steps(stands) if stands else (StrengthStep("own-words", 1),)) + unsettled,
        newest=stands.newest if stands else None,
        witnesses=len(stands.witnesses) if stands else 0,
        middle=_middle(value, stands, counted) if isinstance(value, Number) else None,
        feeds_score=stands is None or stands.feeds_score,
    )


def _ruled(value: Value, counted: Sequence[Statement], readings: Sequence[Reading]) -> Reading | None:
    """The reading behind a ruled value; None if no claim gives it.

    A figure rests on the claims that give exactly this figure, or on all figures if it is their whole range.
    """
    if isinstance(value, str):
        return next((r for r in readings if r.value == value), None)
    named = [s for s in counted if isinstance(s.value, Number) and s.value.span == value.span]
    if named:
        return _merge(named, value)
    return next((r for r in readings if isinstance(r.value, Number) and r.value.span == value.span), None)


def _steps(reading: Reading) -> tuple[StrengthStep, ...]:
    """The printed reasons for the strength of a reading, except its age and what the ruling decides."""
    found = len(reading.witnesses)
    steps = [StrengthStep("witnesses", min(found, STRONG_FROM), found)]
    if reading.borne_out:
        steps.append(StrengthStep("borne-out", 1))
    if reading.all_readings:
        steps.append(StrengthStep("readings", -1))
    if reading.without_method:
        steps.append(StrengthStep("no-method", -1))
    return tuple(steps)


def _middle(value: Number, stands: Reading | None, counted: Sequence[Statement]) -> Decimal:
    """The median of the figures behind a value, where a range counts as its middle; without figures its own middle."""
    behind = [s for s in counted if stands and s.key in stands.claims]
    spans = [s.value.span for s in _supported(behind) if isinstance(s.value, Number)] or [value.span]
    return median((low + high) / 2 for low, high in spans).quantize(_DECIMALS)


def _newest(sources: Iterable[Source]) -> date | None:
    return max((s.dated for s in sources if s.dated), default=None)


def _tally(counted: Sequence[Statement], leading: Reading | None) -> tuple[Tick, ...]:
    """One tick per witness: it supports the leading reading, or else disputes it, or else qualifies it."""
    stances: dict[str, set[Stance]] = {}
    dates: dict[str, list[date]] = {}
    for statement in counted:
        rival = leading is not None and statement.value is not None and statement.key not in leading.claims
        for source in statement.sources:
            stance = source.stance
            if rival:
                stance = {Stance.SUPPORTS: Stance.DISPUTES, Stance.DISPUTES: Stance.QUALIFIES}.get(stance, stance)
            stances.setdefault(source.witness, set()).add(stance)
            dates.setdefault(source.witness, []).extend([source.dated] if source.dated else [])
    order = (Stance.SUPPORTS, Stance.DISPUTES, Stance.QUALIFIES)
    ticks = [
        Tick(next(s for s in order if s in found), max(dates[witness], default=None))
        for witness, found in stances.items()
    ]
    return tuple(sorted(ticks, key=lambda t: (t.dated or date.min, order.index(t.stance))))
