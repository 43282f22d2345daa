"""Run samples: each is started and asked what the contract of its task says, within the sandbox of the probes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.utils import timezone

from . import probes, sandbox
from .environments import Environment, NotInstalled, make
from .results import SampleResult, StepOutcome
from .samples import CONTRACT, Sample, SampleTask

#: The program that starts a sample and asks it, within the sandbox.
DRIVER = Path(__file__).with_name("contract.py")
#: Seconds that a sample may take with its whole contract, and those in which it has to accept connections.
TIME, START = 180, 60
#: Bytes that are kept of what the driver prints, which is one line for all steps.
OUTPUT = 64_000

SampleJob = tuple[SampleTask, Sample]


def plan_of(task: SampleTask, sample: Sample, environment: Environment, wait: float) -> dict[str, object]:
    """What the driver has to know."""
    return {
        "contract": str((task.folder / CONTRACT).resolve()),
        "sample": str(sample.folder.resolve()),
        "programs": str(environment.path / "bin"),
        "prepare": sample.prepare,
        "start": sample.start,
        "commands": sample.commands,
        "wait": wait,
    }


def run_samples(
    chosen: Iterable[SampleJob], environments: Path, *, python: str = sys.executable, workers: int = 1
) -> Iterator[tuple[SampleTask, SampleResult]]:
    """Run samples, several at a time, and give what came of each, in their order. Nothing is stored."""
    with ThreadPoolExecutor(workers) as pool:
        running = [(task, pool.submit(run_sample, task, sample, environments, python)) for task, sample in chosen]
        try:
            for task, future in running:
                yield task, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run_sample(
    task: SampleTask,
    sample: Sample,
    environments: Path,
    python: str = sys.executable,
    seconds: float = TIME,
    wait: float = START,
) -> SampleResult:
    """Start a sample and ask it what its contract says. Whatever goes wrong with it is part of the result.

    wait: seconds in which it has to accept connections.
    """
    try:
        own = make(environments, sample.requires, python)
        asking = make(environments, probes.read(task.folder / CONTRACT).requires, python)
    except (NotInstalled, probes.InvalidProbe) as error:
        return _result(sample, None, [], str(error))
    readable = [own.path, asking.path, task.folder.resolve()]
    plan = json.dumps(plan_of(task, sample, own, wait))
    ended = sandbox.run(DRIVER, asking.interpreter, readable, seconds, [plan], OUTPUT)
    try:
        found = json.loads(ended.output.strip().rpartition("\n")[2])
        return _result(sample, own, [StepOutcome(**step) for step in found["steps"]], str(found["error"]))
    except (ValueError, TypeError, KeyError):
        told = f"Stopped after {seconds:g} s." if ended.code is None else ended.output.strip()[-1_000:]
        return _result(sample, own, [], told)


def _result(sample: Sample, made: Environment | None, steps: list[StepOutcome], error: str) -> SampleResult:
    packages = tuple(f"{name} {version}" for name, version in sorted(made.versions.items())) if made else ()
    return SampleResult(
        framework=sample.framework,
        digest=sample.digest,
        ran_on=timezone.localdate(),
        python=made.python if made else "",
        packages=packages,
        steps=tuple(steps),
        error=error,
        is_isolated=sandbox.has_bubblewrap(),
    )
