"""What each source says in its own place: the voices behind claims, and the sides of a disputed cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from comparisons.domain.assessment import Reading, assess
from comparisons.domain.freshness import evidence_date
from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.statements import Statement, Value
from comparisons.domain.vocabulary import Agreement, RulingState, Stance, Status
from comparisons.models import Cell, Citation, Ruling
from comparisons.models.judgement import CELL_COLUMNS

from .assessing import CITATION_COLUMNS, LINE_COLUMNS, Levels, Pair, Witnesses, statements_of

_VOICE_COLUMNS = (
    *("claim__key", "claim__statement", "stance", "says", "locator", "reading"),
    *("article__slug", "article__title", "article__publisher", "article__published_on", "article__precision"),
    *("article__kind", "article__read_on"),
)


class Voice(NamedTuple):
    """One citation as it is shown: what an article says about a claim, in our words."""

    claim: str
    statement: str
    stance: str
    says: str
    locator: str
    reading: bool
    article: str
    title: str
    publisher: str
    published_on: date | None
    precision: str
    kind: str
    read_on: date | None

    @property
    def read_lately(self) -> date | None:
        """The day a living page was read, if that is the day it speaks for."""
        return None if self.published_on else evidence_date(self.kind, None, self.read_on)

    @property
    def name(self) -> str:
        """Who speaks: the publisher, else the title."""
        return self.publisher or self.title


class Heard(NamedTuple):
    """A claim with those who speak about it."""

    pair: Pair
    statement: Statement
    voices: tuple[Voice, ...]

    @property
    def witnesses(self) -> int:
        return len({source.witness for source in self.statement.sources})

    def that(self, stance: Stance) -> tuple[Voice, ...]:
        """The voices of one stance, the newest first."""
        return tuple(voice for voice in self.voices if voice.stance == stance)

    @property
    def speakers(self) -> list[Voice]:
        """One voice of each publisher, the newest."""
        return list({voice.name: voice for voice in reversed(self.voices)}.values())[::-1]

    @property
    def disputing(self) -> tuple[Voice, ...]:
        return self.that(Stance.DISPUTES)


def hear(citations: QuerySet[Citation], witnesses: Witnesses, levels: Levels | None = None) -> dict[str, Heard]:
    """The published claims behind some citations, by key, each with its voices; one query. levels: takes those met."""
    return {heard.statement.key: heard for _more, heard in hear_with(citations, witnesses, (), levels)}


def hear_with(
    citations: QuerySet[Citation], witnesses: Witnesses, columns: Sequence[str], levels: Levels | None = None
) -> list[tuple[tuple[Any, ...], Heard]]:
    """The published claims behind some citations with further columns of each, and its voices; one query.

    What is not published is left out here and not in the query: SQLite would start from all published claims.
    """
    found = citations.order_by("article__published_on", "pk")
    rows = [
        row[:-1]
        for row in found.values_list(*CITATION_COLUMNS, *_VOICE_COLUMNS, *columns, "claim__status")
        if row[-1] == Status.PUBLISHED
    ]
    ends = len(CITATION_COLUMNS), len(CITATION_COLUMNS) + len(_VOICE_COLUMNS)
    voices: dict[str, list[Voice]] = {}
    more: dict[str, tuple[Any, ...]] = {}
    for row in reversed(rows):
        voice = Voice(*row[ends[0] : ends[1]])
        voices.setdefault(voice.claim, []).append(voice)
        more[voice.claim] = row[ends[1] :]
    known = statements_of((row[: ends[0]] for row in rows), witnesses, levels)
    return [(more[one.key], Heard(pair, one, tuple(voices[one.key]))) for pair, one in known]


class Placed(NamedTuple):
    """A stored cell with its framework and criterion, and why it was ruled on, if it was."""

    cell: CellView
    line: Line
    column: Column
    reason: str | None
    why: str | None
    ruled_on: date | None


def placed(cells: QuerySet[Cell]) -> list[Placed]:
    """Cells in the order of the query, each at its place; one query."""
    ruling = Ruling.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    ruled = {f"ruling_{name}": Subquery(ruling.values(name)[:1]) for name in ("reason", "why", "ruled_on")}
    rows = cells.annotate(**ruled).values_list(
        *CELL_COLUMNS,
        *(f"criterion__{name}" for name in LINE_COLUMNS),
        *(f"framework__{name}" for name in ("pk", "slug", "name", "tagline")),
        *ruled,
    )
    cell, line = len(CELL_COLUMNS), len(CELL_COLUMNS) + len(LINE_COLUMNS)
    found = []
    for row in rows:
        pk, slug, name, tagline, reason, why, ruled_on = row[line:]
        column = Column(pk, slug, name, tagline, place=0)
        found.append(Placed(CellView(*row[:cell]), Line(*row[cell:line]), column, reason, why, ruled_on))
    return found


@dataclass(frozen=True)
class Side:
    """Those who say one thing about a cell.

    value: what they give in words, or, if `against`, what they dispute. witnesses: how many are independent.
    """

    value: str
    voices: tuple[Voice, ...]
    witnesses: int
    against: bool = False


@dataclass(frozen=True)
class Dispute:
    """A disputed cell with its sides, the strongest reading first, and those who qualify `between` them.

    arguing: claims that give no value. left_out: claims that no longer count.
    """

    placed: Placed
    sides: tuple[Side, ...]
    between: tuple[Voice, ...]
    arguing: int
    left_out: int


def disputes(cells: Sequence[Placed]) -> list[Dispute]:
    """The sides of these disputed cells; two queries for any number of them, none for none."""
    if not cells:
        return []
    here = Q()
    for one in cells:
        here |= Q(claim__framework=one.cell.framework_id, claim__criterion=one.cell.criterion_id)
    levels: Levels = {}
    claims = hear(Citation.objects.filter(here), Witnesses(), levels)
    found: dict[Pair, list[Heard]] = {}
    for claim in claims.values():
        found.setdefault(claim.pair, []).append(claim)
    return [_dispute(one, found.get((one.cell.framework_id, one.cell.criterion_id), ()), levels) for one in cells]


def _dispute(one: Placed, claims: Iterable[Heard], levels: Levels) -> Dispute:
    by_key = {claim.statement.key: claim for claim in claims}
    assessment = assess(claim.statement for claim in by_key.values())
    sides: list[Side] = []
    for reading in assessment.readings:
        value = _words(reading.value, one.line, levels)
        if reading.witnesses:
            voices = _voices(reading, by_key, Stance.SUPPORTS)
            sides.append(Side(value, voices, len(reading.witnesses)))
        if reading.against:
            voices = _voices(reading, by_key, Stance.DISPUTES)
            sides.append(Side(value, voices, len(reading.against), against=True))
    counted = {key for reading in assessment.readings for key in reading.claims}
    return Dispute(
        placed=one,
        sides=tuple(sides),
        between=tuple(voice for key in sorted(counted) for voice in by_key[key].that(Stance.QUALIFIES)),
        arguing=assessment.claims - len(counted),
        left_out=sum(not claim.statement.counts for claim in by_key.values()),
    )


def _voices(reading: Reading, claims: dict[str, Heard], stance: Stance) -> tuple[Voice, ...]:
    return tuple(voice for key in reading.claims for voice in claims[key].that(stance))


def _words(value: Value, line: Line, levels: Levels) -> str:
    level = levels.get((line.id, value)) if isinstance(value, str) else None
    return level.label if level else str(value)


def unruled() -> Q:
    """Disputed cells that no ruling settles."""
    return Q(agreement=Agreement.DISPUTED) & ~Q(ruling=RulingState.RULED)


def only_argued() -> Q:
    """Cells whose headline is not disputed, where a figure or a claim without a value is."""
    return Q(argued__gt=0) & ~Q(agreement=Agreement.DISPUTED)
