"""Words for figures of a measurement, as they stand in its records."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from django.utils.text import get_text_list

from .measurement import Measurement, SetUp


def digits_of(value: float) -> int:
    """Decimal places that leave a figure three digits that mean something, and none above a hundred."""
    return 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3


def grouped(number: str) -> str:
    """A number as it is written, with thousands set off."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}"


def server_of(setup: SetUp) -> str:
    """The server of a set-up in a sentence."""
    return setup.server if setup.packages_have(setup.server) else "its own server"


def over(count: int, noun: str) -> str:
    """How many of something: "1 connection", "8 connections"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(items: Iterable[object]) -> str:
    """Items in a row, with "and" before the last."""
    return get_text_list([str(item) for item in items], "and")


def busy(run: Measurement) -> str:
    """How busy the machine was: the load average before each round, to which the rounds before it added."""
    loads, processors = [row["load_average"] for row in run.rounds], run.machine["processors"]
    told = f"its load average was {min(loads)} to {max(loads)} on {over(processors, 'processor')}"
    if median(loads) <= processors:
        return f"The machine did little else: {told}."
    return f"The machine was shared with other work, so that absolute figures are too low: {told}."
