"""What the claims of one cell add up to: readings, agreement, headline, strength, freshness.

A pure function of plain values. Nothing here depends on today's date: an assessment keeps the dates, and
`Headline.strength` and `Assessment.recheck` take a day, so that a stored assessment stays right as time passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .figures import is_unchecked, like_groups, newest_of, readings_of
from .freshness import CheckView, FeatureRelease, is_old, newest_out, releases_to_check
from .readings import FigureOrigin, Reading, by_value, merged, merged_figures, newest, weight
from .statements import Decision, Number, Statement, Value, precision_of
from .strength import StrengthStep, strength_of
from .vocabulary import Agreement, RulingState, Stance, Strength
from .witnesses import Tick, WitnessSides, sides_of, tally

NO_CHECKS: Mapping[str, Collection[CheckView]] = {}


@dataclass(frozen=True)
class Headline:
    """The value a cell shows, and how strong the evidence for it is.

    `steps` are those that do not depend on today. witnesses: how many support the value. claims: the keys of those that
    give it. origin: where a number comes from; None for any other value, and for a ruled number that no claim gives.
    """

    value: Value
    steps: tuple[StrengthStep, ...]
    newest: date | None
    witnesses: int
    claims: tuple[str, ...] = ()
    origin: FigureOrigin | None = None
    feeds_score: bool = True

    def strength(self, today: date) -> Strength:
        """Strong, fair or thin on that day."""
        return strength_of(sum(step.by for step in self.steps), self.newest, today)

    def reasons(self, today: date) -> tuple[StrengthStep, ...]:
        """All steps behind `strength(today)`, age included."""
        return self.steps + ((StrengthStep("old", -1),) if is_old(self.newest, today) else ())


@dataclass(frozen=True)
class Assessment:
    """What a cell's claims add up to.

    counts: independent witnesses of each reading, most first. against: witnesses that dispute a reading. sides: where
    each witness stands, once; `repeated` says how often counts and against name one of them again, so that
    sum(counts) + against + aside - repeated = witnesses. A ruled figure that is no reading is in no count.
    argued: how many figures and claims without a value count and are disputed by a source.
    others: figures that are not in the headline. unchecked: those of them that nobody can check.
    tally: one tick per witness, oldest first, undated before all. newest: date of the newest counted evidence;
    newest_precision: how exactly it is known, "" for a day.
    behind: the keys of the claims behind the headline, or of all that count if none is behind it.
    release, latest: the first and the last feature release after that evidence with which these claims were not all
    checked; None when there is none or nothing is dated.
    """

    agreement: Agreement
    counts: tuple[int, ...]
    against: int
    argued: int
    readings: tuple[Reading, ...]
    headline: Headline | None
    ruling: RulingState
    sides: WitnessSides
    tally: tuple[Tick, ...]
    claims: int
    others: int
    unchecked: int
    newest: date | None
    newest_precision: str
    behind: tuple[str, ...]
    release: FeatureRelease | None
    latest: FeatureRelease | None

    @property
    def witnesses(self) -> int:
        """How many independent witnesses the claims that count have."""
        return self.sides.total

    @property
    def repeated(self) -> int:
        return max(0, sum(self.counts) + self.against + len(self.sides.aside) - self.witnesses)

    def recheck(self, today: date) -> FeatureRelease | None:
        """The newest release that makes a recheck due on that day; None if none is due."""
        return newest_out(self.release, self.latest, today)


def assess(
    statements: Iterable[Statement],
    ruling: Decision | None = None,
    releases: Iterable[FeatureRelease] = (),
    checks: Mapping[str, Collection[CheckView]] = NO_CHECKS,
) -> Assessment:
    """Say what the claims of one cell add up to; their order never matters.

    releases: those that can change the answer. checks: those of each claim, by its key.

    No counted claim gives NO_EVIDENCE, counted claims without a headline NO_VALUE: silence is not a "no".
    """
    counted = sorted((s for s in statements if s.counts and s.sources), key=lambda s: s.key)
    numbers = [s for s in counted if isinstance(s.value, Number)]
    texts = by_value(s for s in counted if isinstance(s.value, str))
    figures, unlike = _figures(numbers)
    own, readings = (*texts, *figures), (*texts, *figures, *unlike)
    leading = next((r for r in own if r.witnesses), None)
    shown = _shown(ruling, leading, counted, readings)
    sides = sides_of(counted, readings, shown)
    evidence = newest(source for s in counted for source in s.sources)
    others = [s for s in numbers if shown is None or s.key not in shown.claims]
    headline = _headline(own, shown, leading, ruling)
    behind = (headline.claims if headline else ()) or tuple(s.key for s in counted)
    to_check = releases_to_check(releases, evidence, [checks.get(key, ()) for key in behind])
    return Assessment(
        agreement=_agreement(counted, readings, leading),
        counts=tuple(sorted((len(r.witnesses) for r in readings if r.witnesses), reverse=True)),
        against=len({w for r in readings for w in r.against}),
        argued=sum(
            not isinstance(s.value, str) and any(c.stance == Stance.DISPUTES for c in s.sources) for s in counted
        ),
        readings=readings,
        headline=headline,
        ruling=RulingState.NONE if ruling is None else RulingState.OPEN if ruling.value is None else RulingState.RULED,
        sides=sides,
        tally=tally(counted, sides, has_readings=bool(readings)),
        claims=len(counted),
        others=len(others),
        unchecked=sum(map(is_unchecked, others)),
        newest=evidence,
        newest_precision=precision_of(evidence, (source for s in counted for source in s.sources)),
        behind=behind,
        release=to_check[0] if to_check else None,
        latest=to_check[-1] if to_check else None,
    )


def _figures(numbers: Sequence[Statement]) -> tuple[list[Reading], list[Reading]]:
    """The readings among the figures under the conditions of the headline, and those that contradict one another under
    other conditions. Figures that nothing contradicts under other conditions are no reading: they stand beside it.
    """
    groups = [
        sorted((merged_figures(part) for part in readings_of(group)), key=weight) for group in like_groups(numbers)
    ]
    return (groups[0] if groups else []), [reading for group in groups[1:] if len(group) > 1 for reading in group]


def _agreement(counted: Sequence[Statement], readings: Sequence[Reading], leading: Reading | None) -> Agreement:
    if not counted:
        return Agreement.NO_EVIDENCE
    if _is_disputed(readings):
        return Agreement.DISPUTED
    if leading is None:
        return Agreement.NO_VALUE
    return Agreement.SINGLE_SOURCE if len(leading.witnesses) == 1 else Agreement.UNANIMOUS


def _is_disputed(readings: Sequence[Reading]) -> bool:
    """Whether several readings are supported, or a source disputes one. Who disputes a figure gives no other."""
    return any(r.against and isinstance(r.value, str) for r in readings) or sum(bool(r.witnesses) for r in readings) > 1


def _shown(
    ruling: Decision | None, leading: Reading | None, counted: Sequence[Statement], readings: Sequence[Reading]
) -> Reading | None:
    """The reading behind the value that is shown: the ruled one, else the leading one; None if no claim gives it."""
    if ruling is None or ruling.value is None:
        return leading
    value = ruling.value
    if isinstance(value, str):
        return next((r for r in readings if r.value == value), None)
    named = [s for s in counted if isinstance(s.value, Number) and s.value.span == value.span]
    return merged(named, value, FigureOrigin.of(newest_of(named))) if named else None


def _headline(
    own: Sequence[Reading], shown: Reading | None, leading: Reading | None, ruling: Decision | None
) -> Headline | None:
    """The ruling where there is one, else the leading reading; None where nothing gives a value."""
    if ruling is not None and ruling.value is not None:
        value = ruling.value
        unsettled: tuple[StrengthStep, ...] = ()
    elif leading is not None:
        value = leading.value
        unsettled = (StrengthStep("disputed", -1),) if _is_disputed(own) else ()
    else:
        return None
    return Headline(
        value=value,
        steps=(shown.steps if shown else (StrengthStep("own-words", 1),)) + unsettled,
        newest=shown.newest if shown else None,
        witnesses=len(shown.witnesses) if shown else 0,
        claims=shown.claims if shown else (),
        origin=shown.origin if shown else None,
        feeds_score=shown is None or shown.feeds_score,
    )
