"""What a merge or a split would do, and why it cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comparisons.editing import proposals
from comparisons.models import Level, Ruling

#: Most records of one kind that a plan names one by one.
NAMED = 10


class Refused(Exception):
    """Nothing was changed. reasons: sentences that say what prevents it and how to mend that."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


class Batch(NamedTuple):
    """Rows of one kind that move: their number, and the names of the first of them."""

    label: str
    number: int
    names: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        return self.number - len(self.names)


class Offer(NamedTuple):
    """A field that is empty in the record that stays and filled in the duplicate."""

    name: str
    label: str
    value: str


class LevelChoice(NamedTuple):
    """A level that is deleted: how often it is used, and the level that seems to mean the same."""

    level: Level
    used: int
    proposed: Level | None


class RulingChoice(NamedTuple):
    """The rulings that both criteria have on one framework; only one of them can stand."""

    duplicate: Ruling
    kept: Ruling


@dataclass
class MergePlan:
    """What a merge or a split would do, counted from the rows as they are now."""

    refusals: list[str] = field(default_factory=list)
    moves: list[Batch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    levels: list[LevelChoice] = field(default_factory=list)
    rulings: list[RulingChoice] = field(default_factory=list)

    def add_moves(self, label: Any, rows: Any, name: Callable[[Any], str] = str) -> None:
        """Count rows that move, if there are any; at most two queries."""
        if number := rows.count():
            self.moves.append(Batch(str(label), number, tuple(name(row) for row in rows[:NAMED])))

    def tell_waiting(self, duplicate: Any) -> None:
        """Note that a change of the record that is deleted waits, if one does; one query."""
        if (proposal := proposals.waiting(duplicate)) is not None:
            self.notes.append(
                _(
                    "A change of “%(duplicate)s” by %(by)s waits and is closed: its text can be read among the "
                    "proposals then, but not be approved. Decide it first, or write into the other record what it says."
                )
                % {"duplicate": duplicate, "by": proposal.changed_by or _("somebody")}
            )

    def check(self) -> None:
        """Raise Refused if anything prevents it."""
        if self.refusals:
            raise Refused(self.refusals)


def check_different(duplicate: Any, kept: Any) -> None:
    """Raise Refused if both are one record."""
    if duplicate.pk == kept.pk:
        raise Refused([into_itself()])


def into_itself() -> str:
    """Why a record cannot be merged into itself."""
    return _("A record cannot be merged into itself.")


def same_place(number: int, addition: str) -> str:
    """What happens to citations whose place is taken. addition: what is added to their locator."""
    return _(
        "Citations at the same place of the same article as another of their claim: %(count)d. Both stay, and to the "
        "place of the one that moves “%(mark)s” is added; only what is the same word for word is kept once."
    ) % {"count": number, "mark": addition}


def kept_as_it_is(labels: Iterable[str]) -> str:
    """What happens to fields that both records fill in differently."""
    return _(
        "Where the two differ, the record that stays keeps what it has; the other text can be read in the history: "
        "%(fields)s."
    ) % {"fields": ", ".join(labels)}
