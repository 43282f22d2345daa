"""What came out when samples were run: `results.json` beside each task, which is content as the samples are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from .samples import Sample, SampleTask

NAME = "results.json"


class StepOutcome(NamedTuple):
    """What came of a step of a contract. came: what was answered, in a few words."""

    name: str
    passed: bool
    came: str


@dataclass(frozen=True)
class SampleResult:
    """A run of a sample.

    digest: of the sample and its contract as they were then. packages: what was installed, "name version" each.
    error: why it could not be asked or, if a step failed, the end of what it printed.
    """

    framework: str
    digest: str
    ran_on: date
    python: str
    packages: tuple[str, ...]
    steps: tuple[StepOutcome, ...]
    error: str
    is_isolated: bool

    @property
    def passed(self) -> int:
        """How many steps were answered as agreed."""
        return sum(step.passed for step in self.steps)

    @property
    def is_passing(self) -> bool:
        return bool(self.steps) and self.passed == len(self.steps)

    def is_of(self, sample: Sample) -> bool:
        """Whether the sample and its contract are as they were when it was run."""
        return self.digest == sample.digest


def results_of(task: SampleTask) -> dict[str, SampleResult]:
    """The stored results of a task by framework; none if there is no file of them, or one that is damaged."""
    try:
        rows = json.loads((task.folder / NAME).read_text("utf-8"))
        return {row["framework"]: _result(row) for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _result(row: dict[str, Any]) -> SampleResult:
    steps = tuple(StepOutcome(**step) for step in row["steps"])
    day = date.fromisoformat(row["ran_on"])
    return SampleResult(**{**row, "ran_on": day, "packages": tuple(row["packages"]), "steps": steps})


def store_result(task: SampleTask, result: SampleResult) -> None:
    """Put a result in the place of the last one of its framework; those of samples that are gone are dropped."""
    kept = {slug: one for slug, one in results_of(task).items() if slug in task.samples} | {result.framework: result}
    rows = [
        asdict(one) | {"ran_on": one.ran_on.isoformat(), "steps": [step._asdict() for step in one.steps]}
        for _slug, one in sorted(kept.items())
    ]
    new = task.folder / f".{NAME}"
    new.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    new.replace(task.folder / NAME)  # at once, so that one that is stopped leaves the results of the others
