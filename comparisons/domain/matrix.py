"""The matrix: frameworks across, criteria down, one cell where they meet. Plain values, ready to be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from .assessment import Assessment
from .benchmarks import FigureCell, FigureRow
from .freshness import FeatureRelease, is_old, newest_out
from .statements import Number
from .strength import StrengthStep, strength_of
from .vocabulary import Agreement, Direction, Meaning, RulingState, Silence, Strength


class CellView(NamedTuple):
    """A cell as it is stored and shown; the fields are those of the model Cell and of its level.

    tally: [stance, ISO date or None] of each witness. steps: [code, by, count] of each reason for the strength.
    sum(counts) + against + aside - repeated = witnesses, as in Assessment. caveat: what limits a partial value.
    points and supported_on are None without a headline; benchmark_…, variant and figure_… (day, precision, version)
    belong to its figure. others: further figures; unchecked: of them, those nobody can check.
    """

    framework_id: int
    criterion_id: int
    agreement: str
    counts: Sequence[int]
    against: int
    argued: int
    ruling: str
    level_slug: str | None
    level_label: str | None
    meaning: str | None
    level_place: int | None
    number: Decimal | None
    number_high: Decimal | None
    approximate: bool
    text: str
    benchmark_id: int | None
    benchmark_slug: str | None
    benchmark_title: str | None
    variant: str
    figure_on: date | None
    figure_version: str
    others: int
    unchecked: int
    points: int | None
    supported_on: date | None
    newest_on: date | None
    release_on: date | None
    release_version: str
    latest_on: date | None
    latest_version: str
    tally: Sequence[Sequence[str | None]]
    steps: Sequence[Sequence[str | int | None]]
    witnesses: int
    aside: int
    repeated: int
    claims: int
    value_key: str
    caveat: str = ""
    figure_precision: str = ""
    newest_precision: str = ""

    @property
    def has_value(self) -> bool:
        return self.points is not None

    @property
    def supporting(self) -> int:
        """How many witnesses support the headline; 0 without one, and for a ruling in the editors' own words."""
        return next((int(step[2] or 0) for step in self.steps if step[0] == "witnesses"), 0)

    @property
    def is_disputed(self) -> bool:
        return self.agreement == Agreement.DISPUTED

    @property
    def is_open(self) -> bool:
        """Disputed and not settled by a ruling."""
        return self.is_disputed and self.ruling != RulingState.RULED

    def strength(self, today: date) -> Strength | None:
        return None if self.points is None else strength_of(self.points, self.supported_on, today)

    def needs_recheck(self, today: date) -> bool:
        return self.release_on is not None and self.release_on <= today

    def recheck(self, today: date) -> FeatureRelease | None:
        """The newest feature release that makes a recheck due on that day; None if none is due."""
        first = FeatureRelease.of(self.release_on, self.release_version)
        return newest_out(first, FeatureRelease.of(self.latest_on, self.latest_version), today)

    def reasons(self, today: date) -> list[StrengthStep]:
        """All steps behind the strength on that day, age included; [] without a value."""
        if not self.has_value:
            return []
        steps = [StrengthStep(*step) for step in self.steps]  # type: ignore[arg-type]
        return steps + ([StrengthStep("old", -1)] if is_old(self.supported_on, today) else [])

    @property
    def silence(self) -> Silence | None:
        """Which silence the cell is to be called in words, if any."""
        if not self.claims:
            return Silence.NOBODY
        return {Meaning.NO: Silence.NO, Meaning.NOT_APPLICABLE: Silence.NOT_APPLICABLE}.get(self.meaning)  # type: ignore[call-overload, no-any-return]


class LevelView(NamedTuple):
    """A level as a cell shows it; `place` counts from 1, the most favourable first."""

    slug: str
    label: str
    meaning: str
    place: int


def cell_fields(assessment: Assessment, levels: Mapping[str, LevelView]) -> dict[str, object]:
    """An assessment as the fields of a CellView, ids apart. levels: those of the criterion, by slug."""
    headline = assessment.headline
    value = headline.value if headline else None
    number = value if isinstance(value, Number) else None
    level = levels.get(value) if isinstance(value, str) else None
    origin = headline.origin if headline else None
    benchmark = origin.benchmark if origin else None
    release, latest = assessment.release, assessment.latest
    return {
        "agreement": assessment.agreement.value,
        "counts": list(assessment.counts),
        "against": assessment.against,
        "argued": assessment.argued,
        "ruling": assessment.ruling.value,
        "level_slug": level.slug if level else None,
        "level_label": level.label if level else None,
        "meaning": level.meaning if level else None,
        "level_place": level.place if level else None,
        "number": number.low if number else None,
        "number_high": number.high if number and number.high != number.low else None,
        "approximate": bool(number and number.approximate),
        "text": value if isinstance(value, str) and level is None else "",
        "benchmark_id": benchmark.id if benchmark else None,
        "benchmark_slug": benchmark.slug if benchmark else None,
        "benchmark_title": benchmark.title if benchmark else None,
        "variant": origin.variant if origin else "",
        "figure_on": origin.dated if origin else None,
        "figure_precision": origin.precision if origin else "",
        "figure_version": origin.version if origin else "",
        "others": assessment.others,
        "unchecked": assessment.unchecked,
        "points": sum(step.by for step in headline.steps) if headline else None,
        "supported_on": headline.newest if headline else None,
        "newest_on": assessment.newest,
        "newest_precision": assessment.newest_precision,
        "release_on": release.released if release else None,
        "release_version": release.version if release else "",
        "latest_on": latest.released if latest else None,
        "latest_version": latest.version if latest else "",
        "tally": [[t.stance.value, t.dated.isoformat() if t.dated else None] for t in assessment.tally],
        "steps": [[s.code, s.by, s.count] for s in headline.steps] if headline else [],
        "witnesses": assessment.witnesses,
        "aside": len(assessment.sides.aside),
        "repeated": assessment.repeated,
        "claims": assessment.claims,
        "value_key": f"{number.low.normalize()}:{number.high.normalize()}" if number else str(value or ""),
    }


class Column(NamedTuple):
    """A framework at its place, counted from 1; `source` is the article through which it is seen, if any."""

    id: int
    slug: str
    name: str
    tagline: str
    place: int
    source: str = ""


class Line(NamedTuple):
    """A criterion as the head of a row.

    is_count: a newer number replaces an older one. is_need: some of its levels say that a need is met, or not.
    """

    id: int
    slug: str
    name: str
    question: str
    definition: str
    value_type: str
    unit: str
    direction: str
    group_slug: str
    group_name: str
    is_use_case: bool
    is_count: bool = False
    is_need: bool = True

    @property
    def is_scale(self) -> bool:
        """Whether its levels say how much, rather than whether a need is met."""
        return self.direction != Direction.NONE and not self.is_use_case


@dataclass(frozen=True)
class MatrixRow:
    """One criterion with its cell in every column; None where there is no claim.

    figures: the benchmark that the row shows, if it is a row of figures and all sources are taken into account.
    """

    criterion: Line
    cells: tuple[CellView | None, ...]
    figures: FigureRow | None = None

    def figure_at(self, place: int) -> FigureCell | None:
        """The figure in a column, counted from 0; None if the row shows no benchmark."""
        return self.figures.cells[place] if self.figures and self.figures.benchmark else None

    @property
    def values(self) -> set[str]:
        return {cell.value_key for cell in self.cells if cell and cell.has_value}

    def differs(self, sides: int = 1) -> bool:
        """At least two columns have values, and not the same one.

        sides: number of columns of each framework; above one, the sides of one framework are compared.
        """
        if sides == 1:
            return len(self.values) > 1
        return any(
            len({cell.value_key for cell in self.cells[start : start + sides] if cell and cell.has_value}) > 1
            for start in range(0, len(self.cells), sides)
        )

    @property
    def is_disputed(self) -> bool:
        return any(cell.is_disputed for cell in self.cells if cell)

    def needs_recheck(self, today: date) -> bool:
        return any(cell.needs_recheck(today) for cell in self.cells if cell)


@dataclass(frozen=True)
class RowGroup:
    """The rows under one heading, in their order. first: the place of the first among all rows shown, from 1."""

    slug: str
    name: str
    rows: tuple[MatrixRow, ...]
    first: int = 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def disputed(self) -> int:
        """How many of its rows are disputed."""
        return sum(row.is_disputed for row in self.rows)


@dataclass(frozen=True)
class Matrix:
    """In `rows[i].cells[j]`, `columns[j]` is judged on the criterion of row i."""

    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def groups(self) -> list[RowGroup]:
        names: dict[str, str] = {}
        rows: dict[str, list[MatrixRow]] = {}
        for row in self.rows:
            names[row.criterion.group_slug] = row.criterion.group_name
            rows.setdefault(row.criterion.group_slug, []).append(row)
        firsts = accumulate((len(found) for found in rows.values()), initial=1)
        return [
            RowGroup(slug, names[slug], tuple(rows[slug]), first) for slug, first in zip(rows, firsts, strict=False)
        ]

    @property
    def by_column(self) -> list[tuple[Column, list[tuple[MatrixRow, CellView | None, FigureCell | None]]]]:
        """The matrix transposed: each column with its cells, their rows and figures."""
        return [
            (column, [(row, row.cells[at], row.figure_at(at)) for row in self.rows])
            for at, column in enumerate(self.columns)
        ]

    @property
    def frameworks(self) -> list[tuple[Column, int]]:
        """Each framework once, with the number of its columns."""
        spans: dict[int, tuple[Column, int]] = {}
        for column in self.columns:
            spans[column.id] = (column, spans.get(column.id, (column, 0))[1] + 1)
        return list(spans.values())

    def tallies(self, today: date) -> dict[str, int]:
        """How many cells are strong, fair, thin or empty, and how many of all are disputed and due for a recheck.

        A cell without a headline is empty, and may yet be disputed.
        """
        found = dict.fromkeys([*Strength, "disputed", "recheck", "empty"], 0)
        for row in self.rows:
            for cell in row.cells:
                strength = cell.strength(today) if cell else None
                found[strength or "empty"] += 1
                if cell:
                    found["disputed"] += cell.is_disputed
                    found["recheck"] += cell.needs_recheck(today)
        return found


def build_matrix(columns: Sequence[Column], lines: Sequence[Line], cells: Iterable[CellView]) -> Matrix:
    """Lay cells out, criteria by frameworks; cells of other frameworks or criteria are left out."""
    at = {(cell.criterion_id, cell.framework_id): cell for cell in cells}
    return Matrix(
        tuple(columns), tuple(MatrixRow(line, tuple(at.get((line.id, c.id)) for c in columns)) for line in lines)
    )


def with_figures(matrix: Matrix, figures: Mapping[int, FigureRow]) -> Matrix:
    """A matrix whose rows of figures show a benchmark. figures: rows by the primary key of their criterion."""
    rows = tuple(replace(row, figures=figures.get(row.criterion.id)) for row in matrix.rows)
    return Matrix(matrix.columns, rows)


def beside(sides: Sequence[tuple[str, Matrix]]) -> Matrix:
    """Matrices of the same frameworks and criteria side against side; each comes with the name of its source."""
    first = sides[0][1]
    columns = tuple(
        column._replace(source=source)
        for at in range(len(first.columns))
        for source, column in ((source, matrix.columns[at]) for source, matrix in sides)
    )
    rows = tuple(
        MatrixRow(
            row.criterion, tuple(matrix.rows[i].cells[at] for at in range(len(first.columns)) for _, matrix in sides)
        )
        for i, row in enumerate(first.rows)
    )
    return Matrix(columns, rows)


def is_hollow(dated: str | None, today: date) -> bool:
    """Whether a tick is drawn hollow: undated, or older than two years."""
    return is_old(date.fromisoformat(dated) if dated else None, today)
