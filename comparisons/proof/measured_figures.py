"""The figures of a measurement: medians of its rounds with their intervals, and ratios to the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from comparisons.domain.measuring import Measured, measured, ratios

from .load_plan import RECOMMENDED
from .measurement import Measurement, SetUp

#: The largest share of requests that may have failed for a figure to be compared.
MOST_ERRORS = 0.01


@dataclass(frozen=True)
class MeasuredQuantity:
    """One benchmark of a measurement.

    slug: what it adds to the name of the measurement. kind: one of `load_plan.QUANTITIES`. of: its value in a round.
    """

    slug: str
    kind: str
    title: str
    unit: str
    statistic: str
    connections: int | None
    of: Callable[[Mapping[str, Any]], float]


@dataclass(frozen=True)
class MeasuredFigure:
    """A quantity of a set-up.

    ratio: to the baseline in the same rounds; None for the baseline itself, or without one. errors, requests: over all
    rounds and numbers of connections that the quantity is of. left_out: why it is not compared; "" if it is.
    """

    setup: SetUp
    found: Measured
    ratio: Measured | None
    errors: int
    requests: int
    left_out: str


def _level(row: Mapping[str, Any], connections: int) -> Mapping[str, Any]:
    return next(level for level in row["levels"] if level["connections"] == connections)


def _good(level: Mapping[str, Any]) -> int:
    """Answers that were not errors."""
    return level["requests"] - level["errors"]["status"]


def _throughput(connections: int) -> Callable[[Mapping[str, Any]], float]:
    return lambda row: _good(_level(row, connections)) / _level(row, connections)["seconds"]


def _percentile(connections: int, name: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda row: _level(row, connections)[name]


def _processor(row: Mapping[str, Any]) -> float:
    """Processor time for a request, in ms, over all loads of a round: a single one may take few ticks of the clock."""
    asked = sum(level["requests"] for level in row["levels"])
    return 1_000 * sum(level["processor"] for level in row["levels"]) / asked


def quantities(connections: tuple[int, ...]) -> list[MeasuredQuantity]:
    """What is measured, in the order in which it is shown."""
    found = []
    for many in connections:
        over = f"{many} connection{'s' if many > 1 else ''}"
        found += [
            MeasuredQuantity(
                f"throughput-{'single' if many == 1 else many}", "throughput",
                f"Throughput of the samples over {over}", "requests/s", "median",
                many, _throughput(many),
            ),
            MeasuredQuantity(
                f"p50-{many}", "latency", f"Median latency of the samples over {over}", "ms", "median", many,
                _percentile(many, "p50"),
            ),
            MeasuredQuantity(
                f"p99-{many}", "latency", f"99th percentile of the latency of the samples over {over}", "ms", "p99",
                many, _percentile(many, "p99"),
            ),
        ]  # fmt: skip
    return [
        *found,
        MeasuredQuantity("cpu", "cpu", "Processor time for a request to the samples", "ms", "median", None, _processor),
        MeasuredQuantity(
            "memory", "memory", "Memory of the samples and their servers after load", "MiB", "median", None,
            lambda row: row["memory"],
        ),
        MeasuredQuantity(
            "start-cached", "start", "From start to the first answer of the samples, byte code cached", "ms", "median",
            None, lambda row: 1_000 * row["compiled"]["seconds"],
        ),
        MeasuredQuantity(
            "start-uncached", "start", "From start to the first answer of the samples, packages without byte code",
            "ms", "median", None, lambda row: 1_000 * row["plain"]["seconds"],
        ),
    ]  # fmt: skip


def baseline_of(measurement: Measurement, order: list[str]) -> SetUp | None:
    """The set-up that others are compared with: the first framework in this order, with its recommended server.

    None if none of the order was measured with it: others may be called by another name now, or be drafts.
    """
    recommended = [
        one
        for one in measurement.measured
        if RECOMMENDED in one.roles and one.framework in order and measurement.of(one)
    ]
    return min(recommended, key=lambda one: order.index(one.framework), default=None)


def figures(measurement: Measurement, quantity: MeasuredQuantity, baseline: SetUp | None) -> list[MeasuredFigure]:
    """The figures of a quantity, one for each set-up that gave any round."""
    base = _values(measurement, quantity, baseline) if baseline else {}
    found = []
    for setup in measurement.measured:
        values = _values(measurement, quantity, setup)
        if not values:
            continue
        levels = [
            level
            for row in measurement.of(setup).values()
            for level in row["levels"]
            if quantity.connections in (None, level["connections"])
        ]
        to_base = ratios(values, base) if setup != baseline else []
        errors, requests = (sum(counts) for counts in zip(*(_counted(level) for level in levels), strict=True))
        found.append(
            MeasuredFigure(
                setup, measured(list(values.values())), measured(to_base) if to_base else None, errors, requests,
                _left_out(len(values), measurement.options.rounds, errors, requests),
            )
        )  # fmt: skip
    return found


def _values(measurement: Measurement, quantity: MeasuredQuantity, setup: SetUp) -> dict[int, float]:
    return {number: quantity.of(row) for number, row in measurement.of(setup).items()}


def _counted(level: Mapping[str, Any]) -> tuple[int, int]:
    """Errors and requests of a load; what never was answered is no request of those that were counted."""
    return sum(level["errors"].values()), level["requests"]


def _left_out(ended: int, rounds: int, errors: int, requests: int) -> str:
    """Why a figure is not compared; "" if it is."""
    if ended < rounds:
        return f"Only {ended} of {rounds} rounds ended."
    if errors > MOST_ERRORS * requests:
        return f"{errors:,} of {requests:,} requests failed."
    return ""
