"""Measure samples under load: each server in interleaved rounds, in the sandbox, on this machine.

What is asked stays on the loopback of the sandbox, or of this machine where there is no bubblewrap; every round has an
end in time, and whatever it started ends with it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import random
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from . import sandbox
from .environments import Environment, NotInstalled, make, size
from .load_plan import SampleLoad, SampleServer, load_of, servers_of
from .measurement import InvalidMeasurement, Measurement, MeasuringOptions, PlainInstall, SetUp
from .samples import Sample, SampleTask
from .sampling import run_sample

#: The program that measures a sample within the sandbox, and that generates load where wrk is not installed.
DRIVER, GENERATOR = (Path(__file__).with_name(name) for name in ("load.py", "generator.py"))
#: What the driver imports, besides the standard library.
BESIDE = (
    Path(__file__).parents[1] / "__init__.py",
    *(Path(__file__).with_name(name) for name in ("__init__.py", "contract.py", "generator.py")),
)
#: Seconds in which a server has to give its first answer, and that a round may take besides this and its load.
WAIT, BESIDES = 30, 30
#: Most rounds, seconds of load, numbers of connections, and connections.
MOST_ROUNDS, MOST_SECONDS, MOST_LEVELS, MOST_CONNECTIONS = 200, 10, 4, 256
#: Bytes that are kept of what the driver prints.
OUTPUT = 64_000


@dataclass(frozen=True)
class Measurable:
    """A set-up with all that is needed to run it."""

    setup: SetUp
    sample: Sample
    server: SampleServer
    plain: Environment
    compiled: Environment


def check_options(options: MeasuringOptions) -> None:
    """Raises InvalidMeasurement for what is out of bounds."""
    bounds = {
        "--rounds": (options.rounds, 1, MOST_ROUNDS),
        "--seconds": (options.seconds, 1, MOST_SECONDS),
        "--warm-up": (options.warm_up, 1, MOST_SECONDS),
        "The number of --connections": (len(options.connections), 1, MOST_LEVELS),
        **{f"--connections {one}": (one, 1, MOST_CONNECTIONS) for one in options.connections},
    }
    for name, (value, least, most) in bounds.items():
        if not least <= value <= most:
            raise InvalidMeasurement(f"{name} is {value}; it has to be from {least} to {most}.")
    if list(options.connections) != sorted(set(options.connections)):
        raise InvalidMeasurement("--connections are given in rising order, each once.")
    if options.generator == "wrk" and not shutil.which("wrk"):
        raise InvalidMeasurement("wrk is not installed; install it, or take --generator python, which is weaker.")


def setups_of(
    task: SampleTask, chosen: Collection[str], packages: Mapping[str, str], environments: Path, python: str
) -> Iterator[Measurable]:
    """Each sample with each of its servers, its environments made and its contract kept; in order.

    chosen: the frameworks. packages: the name of the package of each. What cannot be installed or does not keep the
    contract of its task with that server is given with the reason. Raises InvalidSample.
    """
    load_of(task)
    found = [(sample, servers_of(sample)) for slug, sample in task.samples.items() if slug in chosen]
    pairs = [(sample, server) for sample, servers in found for server in servers]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        tried = [
            pool.submit(_measurable, task, sample, server, packages.get(sample.framework, ""), environments, python)
            for sample, server in pairs
        ]
        try:
            yield from (one.result() for one in tried)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _measurable(
    task: SampleTask, sample: Sample, server: SampleServer, package: str, environments: Path, python: str
) -> Measurable:
    requires = (*sample.requires, *server.requires)
    setup = SetUp(
        sample.framework, server.name, server.roles, server.workers, server.source, sample.version(package),
        sample.digest,
    )  # fmt: skip
    try:
        plain, compiled = (make(environments, requires, python, compiled=one) for one in (False, True))
    except NotInstalled as error:
        nothing = Environment(environments, "", {})
        return Measurable(setup._replace(refused=_line(str(error))), sample, server, nothing, nothing)
    served = dataclasses.replace(sample, start=server.start, requires=requires)
    result = run_sample(task, served, environments, python)
    failed = next((f"{step.name}: {step.came}" for step in result.steps if not step.passed), "")
    refused = "" if result.is_passing else _line(f"{failed} {result.error}")
    setup = setup._replace(
        server=server.label(plain),
        packages=tuple(f"{name} {version}" for name, version in sorted(plain.versions.items())),
        size=size(plain),
        size_compiled=size(compiled, compiled=True),
        refused=refused,
    )
    return Measurable(setup, sample, server, plain, compiled)


def _line(text: str) -> str:
    """The beginning of a text on one line."""
    return " ".join(text.split())[:400]


def installs_of(
    setups: Collection[SetUp], packages: Mapping[str, str], environments: Path, python: str
) -> Iterator[PlainInstall]:
    """The package of each framework installed by itself, at the version that its sample has. Raises NotInstalled."""
    for framework, version in dict.fromkeys((one.framework, one.version) for one in setups):
        if version:
            wanted = [f"{packages[framework]}=={version}"]
            plain, compiled = (make(environments, wanted, python, compiled=one) for one in (False, True))
            name = f"{packages[framework]} {version}"
            yield PlainInstall(framework, name, size(plain), size(compiled, compiled=True))


def plan_of(one: Measurable, asked: SampleLoad, options: MeasuringOptions) -> dict[str, Any]:
    """What the driver has to know."""
    return {
        "sample": str(one.sample.folder.resolve()),
        "programs": str(one.compiled.path / "bin"),
        "plain_programs": str(one.plain.path / "bin"),
        "prepare": one.sample.prepare,
        "start": one.server.start,
        "first": asked.first,
        "fill": asked.fill,
        "fill_times": asked.fill_times,
        "path": asked.path,
        "connections": options.connections,
        "seconds": options.seconds,
        "warm_up": options.warm_up,
        "wrk": shutil.which("wrk") if options.generator == "wrk" else "",
        "generator": str(GENERATOR),
        "processors": processors(),
        "wait": WAIT,
    }


def processors() -> tuple[int | None, int | None]:
    """The processors on which the server and the generator of load run; None for both where there is one only."""
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (allowed[-1], allowed[0]) if len(allowed) > 1 else (None, None)


def measure_round(one: Measurable, plan: dict[str, Any], number: int) -> dict[str, Any]:
    """Run a round of a set-up. Whatever goes wrong with it is part of the round."""
    seconds = 2 * plan["wait"] + plan["warm_up"] + plan["seconds"] * len(plan["connections"]) + BESIDES
    readable = [one.plain.path, one.compiled.path, one.sample.folder.resolve(), *BESIDE]
    about = {
        "round": number,
        "framework": one.setup.framework,
        "server": one.setup.server,
        "at": timezone.now().isoformat(timespec="seconds"),
        "load_average": round(os.getloadavg()[0], 2),
    }
    ended = sandbox.run(DRIVER, one.plain.interpreter, readable, seconds, [json.dumps(plan)], OUTPUT)
    try:
        return about | _rounded(json.loads(ended.output.strip().rpartition("\n")[2]))
    except (ValueError, TypeError):
        told = f"Stopped after {seconds:g} s." if ended.code is None else ended.output.strip()[-600:]
        return about | {"error": told or f"It ended with {ended.code} and said nothing."}


def _rounded(value: Any) -> Any:
    """Numbers with the digits that mean something: times to the microsecond, all else to a thousandth."""
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return round(value, 6) if isinstance(value, float) else value


def rounds(measurement: Measurement, ready: Collection[Measurable], asked: SampleLoad) -> Iterator[dict[str, Any]]:
    """Run the rounds that are missing and add each to the measurement; ending it early is safe.

    Each round has all set-ups, in an order of its own that the name of the measurement decides, so that what slows the
    machine down for a while slows all of them.
    """
    by_key = {one.setup.key: one for one in ready}
    missing: dict[int, list[SetUp]] = {}
    for number, setup in measurement.missing():
        missing.setdefault(number, []).append(setup)
    for number, setups in missing.items():
        random.Random(f"{measurement.name} {number}").shuffle(setups)  # noqa: S311
        for setup in setups:
            one = by_key[setup.key]
            row = measure_round(one, plan_of(one, asked, measurement.options), number)
            measurement.rounds.append(row)
            yield row


def machine(options: MeasuringOptions, python: str) -> dict[str, Any]:
    """This machine as far as it matters, with the version of Python, the generator of load, and the isolation."""
    model = memory = ""
    with suppress(OSError):
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
        model = found[1] if found else ""
    with suppress(OSError, ValueError):
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.1f} GiB"
    return {
        "processors": os.cpu_count(),
        "model": model,
        "memory": memory,
        "system": f"{platform.system()} {platform.machine()}",
        "python": python,
        "generator": _generator(options.generator),
        "has_own_processors": processors()[0] is not None,
        "is_isolated": sandbox.has_bubblewrap(),
    }


def _generator(name: str) -> str:
    """The generator of load with its version."""
    if name != "wrk":
        return "the Python generator of this project, which is weaker than wrk"
    told = subprocess.run([shutil.which("wrk") or "wrk", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"wrk (?:debian/)?([\d.]+)", told.stdout + told.stderr)
    return f"wrk {found[1]}" if found else "wrk"
