"""A comparison as readers saw it on a day, in values that no later change of names, rules or claims can alter.

Everything here is written to JSON and read back from it. What depends on the day of reading is kept as dates: when
evidence became old, and which releases made a recheck due from when on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .benchmarks import FigureCell
from .freshness import YEARS_UNTIL_OLD, is_old
from .matrix import CellView, Column, Line, Matrix, MatrixRow
from .statements import Number
from .strength import strength_of
from .vocabulary import Agreement, Precision, RulingState


@dataclass(frozen=True)
class PastCell:
    """A cell as it was.

    value: a level or a text; "" for a figure and without an answer. meaning, place: those of the level. low, high: the
    figure, `high` being "" for a single number. note: what the figure belongs to: a benchmark, a version or a day.
    is_absent: the row showed a benchmark that this framework is not in. of_best: the ratio to the best of the row.
    weaker: [ISO date, strength] from when on the evidence counts as old, if that makes it weaker. releases: [ISO date,
    version] of those that made a recheck due. tally: as in CellView. reason, why: of the ruling.
    """

    value: str = ""
    meaning: str = ""
    place: int = 0
    low: str = ""
    high: str = ""
    about: bool = False
    note: str = ""
    is_absent: bool = False
    of_best: str = ""
    left_out: str = ""
    agreement: str = ""
    counts: Sequence[int] = ()
    ruling: str = ""
    reason: str = ""
    why: str = ""
    strength: str = ""
    weaker: Sequence[str] = ()
    releases: Sequence[Sequence[str]] = ()
    tally: Sequence[Sequence[str | None]] = ()
    witnesses: int = 0
    supporting: int = 0
    claims: int = 0
    others: int = 0
    unchecked: int = 0

    @property
    def has_value(self) -> bool:
        return bool(self.value or self.low)

    @property
    def number(self) -> Number | None:
        """The figure; None if the answer is no figure."""
        return Number(Decimal(self.low), Decimal(self.high or self.low), self.about) if self.low else None

    @property
    def ratio(self) -> Decimal:
        """The ratio to the best figure of its row, if `of_best` holds one."""
        return Decimal(self.of_best)

    @property
    def is_disputed(self) -> bool:
        return self.agreement == Agreement.DISPUTED

    @property
    def ages(self) -> bool:
        """Whether it may say something else on a later day."""
        return bool(self.weaker or self.releases)

    def strength_on(self, day: date) -> str:
        """How strong the evidence was on a day; "" without an answer."""
        return self.weaker[1] if self.weaker and self.weaker[0] <= day.isoformat() else self.strength

    def recheck_on(self, day: date) -> str:
        """The newest version that made a recheck due by a day; "" if none did."""
        return next((version for released, version in reversed(self.releases) if released <= day.isoformat()), "")


@dataclass(frozen=True)
class PastRow:
    """A criterion with its cells, one for each column; None where nobody had covered it. test: its benchmark."""

    id: int
    slug: str
    name: str
    question: str
    group: str
    unit: str
    direction: str
    is_scale: bool
    test: str
    cells: tuple[PastCell | None, ...]


@dataclass(frozen=True)
class PastColumn:
    id: int
    slug: str
    name: str
    tagline: str


#: The kind of a part of a verdict that is the headline of a framework.
HEADLINE = "headline"
_ALL = slice(None)


@dataclass(frozen=True)
class PastParagraph:
    """A part of the verdict. claims: (key, statement) of what it rests on.

    kind: "" for a paragraph, HEADLINE, or a word of LineKind. framework: the name of the one it is about, else "".
    """

    text: str
    kind: str = ""
    framework: str = ""
    claims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PastComparison:
    """A comparison as it was."""

    title: str
    introduction: str
    verdict: tuple[PastParagraph, ...]
    columns: tuple[PastColumn, ...]
    rows: tuple[PastRow, ...]

    @property
    def said(self) -> list[tuple[str, str, list[tuple[str, list[PastParagraph]]]]]:
        """The verdict as (framework, its headline, parts by kind); the framework is "" for what is about none."""
        found: dict[str, tuple[str, dict[str, list[PastParagraph]]]] = {}
        for part in self.verdict:
            headline, kinds = found.get(part.framework, ("", {}))
            if part.kind == HEADLINE:
                headline = part.text
            else:
                kinds.setdefault(part.kind, []).append(part)
            found[part.framework] = (headline, kinds)
        return [(name, headline, list(kinds.items())) for name, (headline, kinds) in found.items()]

    @property
    def groups(self) -> list[tuple[str, list[PastRow]]]:
        """The rows under their headings, in their order."""
        found: dict[str, list[PastRow]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return list(found.items())

    def as_json(self) -> dict[str, Any]:
        """The values for JSON; what a cell does not have is left out."""
        # dataclasses.asdict copies every value deeply: with 20,000 rows it took ten times as long.
        rows = [{**vars(row), "cells": [cell and _kept(cell) for cell in row.cells]} for row in self.rows]
        parts = {"verdict": self.verdict, "columns": self.columns}
        return {**vars(self), **{name: [_plain(vars(one)) for one in own] for name, own in parts.items()}, "rows": rows}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], columns: slice = _ALL) -> PastComparison:
        """What as_json wrote, or these columns of it. Fields that it did not know yet have their defaults."""
        shown = [
            PastRow(
                **{**row, "cells": tuple(cell if cell is None else PastCell(**cell) for cell in row["cells"][columns])}
            )
            for row in stored["rows"]
        ]
        verdict = [
            PastParagraph(**{**one, "claims": tuple((key, text) for key, text in one["claims"])})
            for one in stored["verdict"]
        ]
        names = tuple(PastColumn(**column) for column in stored["columns"][columns])
        return cls(stored["title"], stored["introduction"], tuple(verdict), names, tuple(shown))


def _kept(cell: PastCell) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(cell).items() if value}


def _plain(value: Any) -> Any:
    """A value as JSON gives it back: with lists for tuples."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


#: The reason and the text of a ruling, by framework and criterion.
RulingTexts = Mapping[tuple[int, int], tuple[str, str]]


def past_comparison(
    title: str,
    introduction: str,
    verdict: Sequence[PastParagraph],
    matrix: Matrix,
    rulings: RulingTexts,
) -> PastComparison:
    """A comparison with its matrix, to be kept."""
    columns = tuple(PastColumn(one.id, one.slug, one.name, one.tagline) for one in matrix.columns)
    rows = tuple(_row(row, matrix.columns, rulings) for row in matrix.rows)
    return PastComparison(title, introduction, tuple(verdict), columns, rows)


def _row(row: MatrixRow, columns: Sequence[Column], rulings: RulingTexts) -> PastRow:
    line = row.criterion
    test = row.figures.benchmark.title if row.figures and row.figures.benchmark else ""
    cells = tuple(
        None if cell is None else _cell(cell, row.figure_at(at), line, rulings.get((column.id, line.id)))
        for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True))
    )
    return PastRow(
        id=line.id,
        slug=line.slug,
        name=line.name,
        question=line.question,
        group=line.group_name,
        unit=line.unit,
        direction=line.direction,
        is_scale=line.is_scale,
        test=test,
        cells=cells,
    )


def _cell(cell: CellView, figure: FigureCell | None, line: Line, ruling: tuple[str, str] | None) -> PastCell:
    """A cell as its matrix shows it. figure: None unless its row shows a benchmark."""
    common: dict[str, Any] = {
        "agreement": cell.agreement,
        "counts": list(cell.counts),
        "ruling": cell.ruling if cell.ruling != RulingState.NONE else "",
        "reason": ruling[0] if ruling else "",
        "why": ruling[1] if ruling else "",
        "releases": _releases(cell),
        "tally": [list(tick) for tick in cell.tally],
        "witnesses": cell.witnesses,
        "supporting": cell.supporting,
        "claims": cell.claims,
        "others": cell.others,
        "unchecked": cell.unchecked,
    }
    if figure is not None:
        common |= {"others": figure.elsewhere.figures, "unchecked": figure.elsewhere.unchecked}
        if figure.figure is None:
            return PastCell(is_absent=True, **common)
        ratio = "" if figure.of_best is None else str(round(figure.of_best, 4))
        common |= {"of_best": ratio, "left_out": figure.left_out}
        return PastCell(**_number(figure.figure.value), note=figure.figure.variant, **common)
    if cell.points is None:
        return PastCell(**common)
    common |= _strength(cell)
    if cell.number is None:
        value = cell.level_label if cell.level_label is not None else cell.text
        return PastCell(value=value, meaning=cell.meaning or "", place=cell.level_place or 0, **common)
    number = Number(cell.number, cell.number if cell.number_high is None else cell.number_high, cell.approximate)
    dated = cell.figure_version or _day(cell)
    named = ", ".join(filter(None, (cell.benchmark_title, cell.variant)))
    return PastCell(**_number(number), note=dated if line.is_count else named, **common)


def _day(cell: CellView) -> str:
    """The day of a figure as exactly as it is known: “2026-11-29”, “2026-11” or “2026”; "" if it is not known."""
    length = {Precision.YEAR.value: 4, Precision.MONTH.value: 7}.get(cell.figure_precision, 10)
    return cell.figure_on.isoformat()[:length] if cell.figure_on else ""


def _number(value: Number) -> dict[str, Any]:
    low, high = (f"{end.normalize():f}" for end in value.span)
    return {"low": low, "high": "" if low == high else high, "about": value.approximate}


def _releases(cell: CellView) -> list[list[str]]:
    """The releases of a cell in order: the first that makes a recheck due, and the newest."""
    found = {
        (released.isoformat(), version)
        for released, version in ((cell.release_on, cell.release_version), (cell.latest_on, cell.latest_version))
        if released
    }
    return [list(pair) for pair in sorted(found)]


def _strength(cell: CellView) -> dict[str, Any]:
    """How strong the evidence is while it is not old, and the day from which on it counts as old, if that matters.

    Neither depends on the day on which a comparison is written down.
    """
    if cell.points is None:
        return {}
    if cell.supported_on is None:
        return {"strength": strength_of(cell.points, None, date.max).value}
    fresh = strength_of(cell.points, cell.supported_on, cell.supported_on)
    year = cell.supported_on.year + YEARS_UNTIL_OLD
    if year >= date.max.year:
        return {"strength": fresh.value}
    turn = date(year, cell.supported_on.month, min(cell.supported_on.day, 28))
    while not is_old(cell.supported_on, turn):
        turn += timedelta(days=1)
    old = strength_of(cell.points, cell.supported_on, turn)
    return {"strength": fresh.value, "weaker": [turn.isoformat(), old.value] if old != fresh else []}
