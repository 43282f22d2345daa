"""A measurement as it is kept: the machine, the set-ups, and every round, in a file beside the fixtures.

The file is written anew after each round of a set-up, so that a run that is stopped loses none that ended, and the next
one goes on from there. It is content: figures are worked out from it, and anybody can work them out again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

#: The folder of the measurements within a folder of fixtures.
FOLDER = "measurements"
#: What a measurement may be called: it becomes the slug of an article and the beginning of those of its benchmarks.
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 40


class InvalidMeasurement(Exception):
    """A measurement cannot be read, begun or gone on with; the message says why."""


class MeasuringOptions(NamedTuple):
    """How a measurement is made. It goes on only with the same ones.

    seconds, warm_up: of load over each number of connections, and before it. generator: "wrk" or "python".
    """

    task: str
    rounds: int
    seconds: int
    warm_up: int
    connections: tuple[int, ...]
    generator: str


class SetUp(NamedTuple):
    """A sample with a server. digest: of the sample's files. packages: "name version" each. size: in bytes.

    refused: why it is not measured, such as a step of the contract that failed; "" if it is.
    """

    framework: str
    server: str
    roles: tuple[str, ...]
    workers: str
    source: str
    version: str
    digest: str
    packages: tuple[str, ...] = ()
    size: int = 0
    size_compiled: int = 0
    refused: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.framework, self.server

    def packages_have(self, name: str) -> bool:
        """Whether one of its packages has this name and version; a server of the framework itself is none."""
        return name.lower() in (package.lower() for package in self.packages)


class PlainInstall(NamedTuple):
    """The package of a framework by itself, with what it requires. size: in bytes, without and with byte code."""

    framework: str
    package: str
    size: int
    size_compiled: int


@dataclass
class Measurement:
    """Everything that was measured in one run. rounds: one for each set-up and number, in the order they were made."""

    name: str
    begun: str
    options: MeasuringOptions
    machine: dict[str, Any]
    setups: list[SetUp] = field(default_factory=list)
    installs: list[PlainInstall] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def measured(self) -> list[SetUp]:
        """The set-ups that are measured."""
        return [one for one in self.setups if not one.refused]

    def goes_on_with(self, setups: list[SetUp], python: str) -> bool:
        """Whether these are the set-ups that it was begun with, and this the version of Python."""
        own, others = ([one._replace(refused="") for one in rows] for rows in (self.setups, setups))
        return own == others and self.machine.get("python") == python

    def missing(self) -> list[tuple[int, SetUp]]:
        """The rounds that were not made yet."""
        made = {(row["round"], row["framework"], row["server"]) for row in self.rounds}
        numbers = range(1, self.options.rounds + 1)
        return [(number, one) for number in numbers for one in self.measured if (number, *one.key) not in made]

    def of(self, setup: SetUp) -> dict[int, dict[str, Any]]:
        """The rounds of a set-up that ended well, by their numbers."""
        own = (row for row in self.rounds if (row["framework"], row["server"]) == setup.key)
        return {row["round"]: row for row in own if not row["error"]}

    @property
    def frameworks(self) -> set[str]:
        """The slugs of the frameworks that it is about."""
        return {one.framework for one in self.setups} | {one.framework for one in self.installs}

    def called(self, slugs: Mapping[str, str]) -> Measurement:
        """The same measurement with other slugs for frameworks. slugs: by those that it has."""
        if not slugs.keys() & self.frameworks:
            return self
        setups = [one._replace(framework=slugs.get(one.framework, one.framework)) for one in self.setups]
        installs = [one._replace(framework=slugs.get(one.framework, one.framework)) for one in self.installs]
        rows = [{**row, "framework": slugs.get(row["framework"], row["framework"])} for row in self.rounds]
        return replace(self, setups=setups, installs=installs, rounds=rows)

    def about(self, frameworks: Collection[str]) -> Measurement:
        """The same measurement without what is about other frameworks than these."""
        if self.frameworks <= set(frameworks):
            return self
        return replace(
            self,
            setups=[one for one in self.setups if one.framework in frameworks],
            installs=[one for one in self.installs if one.framework in frameworks],
            rounds=[row for row in self.rounds if row["framework"] in frameworks],
        )


def path_of(folder: Path, name: str) -> Path:
    """Where a measurement is kept in a folder of fixtures. Raises InvalidMeasurement for what is no name."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidMeasurement(
            f"“{name}” is no name; use lower-case letters, digits and hyphens, {LONGEST_NAME} at most."
        )
    return folder / FOLDER / f"{name}.json"


def text_of(measurement: Measurement) -> str:
    """A measurement as it stands in its file."""
    values = asdict(measurement)
    values["options"] = measurement.options._asdict()
    for name in ("setups", "installs"):
        values[name] = [row._asdict() for row in getattr(measurement, name)]
    lines = [f" {json.dumps(name)}: {_written(value)}" for name, value in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def store(measurement: Measurement, path: Path) -> None:
    """Write a measurement, at once: whoever reads it sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}")
    new.write_text(text_of(measurement), "utf-8")
    new.replace(path)


def _written(value: Any) -> str:
    """A value as JSON, with a line for each item of a list of records."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)


def read(path: Path) -> Measurement:
    """The measurement in a file. Raises InvalidMeasurement, or OSError if it cannot be read."""
    try:
        values = json.loads(path.read_text("utf-8"))
        values["options"] = MeasuringOptions(**_tuples(values["options"]))
        values["setups"] = [SetUp(**_tuples(row)) for row in values["setups"]]
        values["installs"] = [PlainInstall(**row) for row in values["installs"]]
        found = Measurement(**values)
        for row in found.rounds:
            _check_round(row, found.options.connections)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidMeasurement(f"{path.name} is no measurement: {type(error).__name__}: {error}") from error
    return found


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _check_round(row: dict[str, Any], connections: Iterable[int]) -> None:
    """Raises ValueError or KeyError for a round that figures cannot be worked out from."""
    if not isinstance(row["round"], int) or not isinstance(row["framework"] + row["server"] + row["error"], str):
        raise ValueError("a round does not say what it is of")
    if row["error"]:
        return
    if [level["connections"] for level in row["levels"]] != list(connections):
        raise ValueError(f"round {row['round']} of {row['framework']} has other numbers of connections")
    numbers = [row["memory"], row["compiled"]["seconds"], row["plain"]["seconds"]]
    for level in row["levels"]:
        numbers += [level[name] for name in ("requests", "seconds", "p50", "p99", "processor")]
        numbers += level["errors"].values()
    if not all(isinstance(number, (int, float)) and number >= 0 for number in numbers):
        raise ValueError(f"round {row['round']} of {row['framework']} holds what is no number")
