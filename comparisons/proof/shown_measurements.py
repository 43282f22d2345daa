"""A benchmark of our own as readers see its rounds: how far they are apart, and ratios within them to the baseline."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from comparisons.domain.benchmarks import Relation, relation
from comparisons.domain.matrix import Column
from comparisons.domain.measuring import Measured, differs_from_baseline
from comparisons.models import Framework
from comparisons.models.addresses import present_slugs

from .measured_figures import MeasuredFigure, MeasuredQuantity, baseline_of, figures, quantities
from .measurement import FOLDER, InvalidMeasurement, Measurement, read


class RoundsRow(NamedTuple):
    """A set-up in all rounds of a measurement.

    least, median, most: of its rounds. ratio, low, high: to the baseline in the same rounds, and its interval; None for
    the baseline itself. word: what that says.
    """

    column: Column
    figure: MeasuredFigure
    least: Decimal
    median: Decimal
    most: Decimal
    ratio: Decimal | None
    low: Decimal | None
    high: Decimal | None
    word: Relation | None


class Rounds(NamedTuple):
    """The rounds behind a benchmark. baseline: what ratios are to. run: all that readers may see of the measurement."""

    rows: list[RoundsRow]
    baseline: RoundsRow | None
    made: int
    generator: str
    command: str
    run: Measurement


def rounds_of(folder: Path, benchmark: str, columns: Sequence[Column]) -> Rounds | None:
    """The rounds behind a benchmark, the smallest ratio first; None if it was not measured here.

    folder: of fixtures. benchmark: its slug, which begins with the name of its measurement. columns: all frameworks.
    One query if one of them is called by another name in the file, or is not among the columns.
    """
    for path in sorted((folder / FOLDER).glob("*.json")):
        name, _separator, quantity = benchmark.partition(f"{path.stem}-")
        if name == "" and quantity:
            return _shown(path, quantity, columns)
    return None


def _shown(path: Path, slug: str, columns: Sequence[Column]) -> Rounds | None:
    try:
        run = _read(path, path.stat().st_mtime_ns)
    except (OSError, InvalidMeasurement):
        return None  # what was published of it stands in the knowledge base
    quantity = next((one for one in quantities(run.options.connections) if one.slug == slug), None)
    if quantity is None:
        return None
    by_slug = {column.slug: column for column in columns}
    if any(one.framework not in by_slug for one in run.setups):
        run = run.called(present_slugs(Framework))
    run = run.about(by_slug)
    base = baseline_of(run, list(by_slug))
    rows = [_row(run, quantity, one, by_slug[one.setup.framework]) for one in figures(run, quantity, base)]
    rows.sort(key=lambda row: (row.ratio if row.ratio is not None else Decimal(1), row.column.place))
    first = next((row for row in rows if base is not None and row.figure.setup == base), None)
    return Rounds(rows, first, run.options.rounds, str(run.machine["generator"]), _command(run), run)


@functools.lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Measurement:
    """The measurement in a file, read once for each change of it."""
    return read(path)


def _row(run: Measurement, quantity: MeasuredQuantity, one: MeasuredFigure, column: Column) -> RoundsRow:
    values = [quantity.of(row) for row in run.of(one.setup).values()]
    ratio, low, high = (_exact(end) for end in one.ratio[:3]) if one.ratio else (None, None, None)
    return RoundsRow(
        column,
        one,
        _exact(min(values)),
        _exact(one.found.value),
        _exact(max(values)),
        ratio,
        low,
        high,
        _word(one.ratio),
    )


def _word(ratio: Measured | None) -> Relation | None:
    if ratio is None:
        return None
    return relation(_exact(ratio.value)) if differs_from_baseline(ratio) else Relation.UNCLEAR


def _exact(value: float) -> Decimal:
    """A number with the digits that mean something."""
    return Decimal(f"{value:.4g}")


def _command(run: Measurement) -> str:
    """The command that measures the same again, under a name of its day."""
    options = run.options
    words = ["manage.py", "measure", options.task, "--rounds", options.rounds, "--seconds", options.seconds]
    words += ["--warm-up", options.warm_up, "--connections", *options.connections, "--generator", options.generator]
    return shlex.join(map(str, words))
