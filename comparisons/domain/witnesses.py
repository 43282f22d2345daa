"""Where each independent witness of a cell stands: one rule, so that tallies, sides, reasons and lists agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .readings import Reading
from .statements import Statement
from .vocabulary import Stance


@dataclass(frozen=True)
class WitnessSides:
    """The witnesses of a cell by where they stand. Each witness stands in exactly one place, so the places add up.

    headline: support the value that is shown. others: support another reading, in the order of the readings; whoever
    supports several stands with the first of them. against: dispute a reading and support none. aside: qualify, or
    speak only of what is no reading, such as figures of another benchmark.
    """

    headline: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    against: tuple[str, ...]
    aside: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.headline) + sum(map(len, self.others)) + len(self.against) + len(self.aside)

    def stance(self, witness: str) -> Stance:
        """How a witness stands towards the value that is shown: support for another value is a vote against it."""
        if witness in self.headline:
            return Stance.SUPPORTS
        return Stance.QUALIFIES if witness in self.aside else Stance.DISPUTES


@dataclass(frozen=True)
class Tick:
    """One independent witness in the tally: its stance towards the value that is shown."""

    stance: Stance
    dated: date | None


def sides_of(counted: Iterable[Statement], readings: Sequence[Reading], shown: Reading | None) -> WitnessSides:
    """Sort the witnesses of the claims that count. shown: the reading behind the headline; None if there is none."""
    headline = shown.witnesses if shown else ()
    placed = set(headline)
    others = []
    for reading in readings:
        if shown is None or reading.claims != shown.claims:
            others.append(tuple(name for name in reading.witnesses if name not in placed))
            placed.update(reading.witnesses)
    against = {name for reading in readings for name in reading.against} - placed
    everybody = {source.witness for statement in counted for source in statement.sources}
    return WitnessSides(headline, tuple(others), tuple(sorted(against)), tuple(sorted(everybody - placed - against)))


def tally(counted: Sequence[Statement], sides: WitnessSides, *, has_readings: bool) -> tuple[Tick, ...]:
    """One tick per witness, oldest first, undated before all.

    Where claims give no reading there is nothing to stand towards: each witness keeps the stance it has, support before
    dispute before a limit.
    """
    order = (Stance.SUPPORTS, Stance.DISPUTES, Stance.QUALIFIES)
    stances: dict[str, set[Stance]] = {}
    dates: dict[str, list[date]] = {}
    for statement in counted:
        for source in statement.sources:
            stances.setdefault(source.witness, set()).add(source.stance)
            dates.setdefault(source.witness, []).extend([source.dated] if source.dated else [])
    ticks = [
        Tick(
            sides.stance(witness) if has_readings else next(s for s in order if s in own),
            max(dates[witness], default=None),
        )
        for witness, own in stances.items()
    ]
    return tuple(sorted(ticks, key=lambda tick: (tick.dated or date.min, order.index(tick.stance))))
