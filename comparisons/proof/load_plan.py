"""What is asked of the samples of a task under load, and the servers that they are measured with.

Both stand beside the samples: `[load]` in the task's `task.toml`, and `[[servers]]` in `sample.toml`. As with all that
is run, they are read from the folder of fixtures only.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import Any

from .environments import Environment
from .probes import normalized
from .samples import ABOUT, DECLARED, InvalidSample, Sample, SampleTask

#: Why a sample is measured with a server: the documentation of its framework recommends it, or others share it.
RECOMMENDED, COMMON = "recommended", "common"
ROLES = (RECOMMENDED, COMMON)
#: What is measured, by the names that `[load.criteria]` gives to the criteria that the figures answer.
QUANTITIES = ("throughput", "latency", "cpu", "memory", "start", "size")


@dataclass(frozen=True)
class SampleLoad:
    """What the samples of a task are asked under load.

    first: the path that is asked until it answers. fill, fill_times: what is posted there before the load, and how
    often. path: what is asked again and again. work: what a sample does then, in words. criteria: the slug of the
    criterion that each quantity answers.
    """

    first: str
    fill: str
    fill_times: int
    path: str
    work: str
    criteria: dict[str, str]


@dataclass(frozen=True)
class SampleServer:
    """A server that a sample is measured with.

    requires: what it needs besides the sample's packages, each at one version. workers: its processes and threads, in
    words. source: where the framework recommends it; "" if it is there to be common to several frameworks only.
    """

    name: str
    roles: tuple[str, ...]
    requires: tuple[str, ...]
    start: str
    workers: str
    source: str

    def label(self, made: Environment) -> str:
        """Its name, with its version if it is a package of that name."""
        found = (version for name, version in made.versions.items() if normalized(name) == normalized(self.name))
        return f"{self.name} {version}" if (version := next(found, "")) else self.name


def load_of(task: SampleTask) -> SampleLoad:
    """What the samples of a task are asked under load. Raises InvalidSample, also if nothing is."""
    about = tomllib.loads((task.folder / ABOUT).read_text("utf-8")).get("load")
    where = f"{task.slug}/{ABOUT}"
    if not isinstance(about, dict):
        raise InvalidSample(f"{where} says nothing about load; give it a section [load], as docs/proof.md says.")
    for name in ("first", "path"):
        if not str(about.get(name, "")).startswith("/"):
            raise InvalidSample(f"{where}: “{name}” of [load] is a path that begins with a slash.")
    criteria = about.get("criteria")
    if not isinstance(criteria, dict) or not criteria or criteria.keys() - set(QUANTITIES):
        raise InvalidSample(f"{where}: [load.criteria] names the criteria of {', '.join(QUANTITIES)}, or some of them.")
    fill, times = str(about.get("fill", "")), about.get("fill_times", 0)
    try:
        json.loads(fill or "{}")
    except ValueError:
        raise InvalidSample(f"{where}: “fill” of [load] is not JSON.") from None
    if not isinstance(times, int) or not 0 <= times <= 1_000:
        raise InvalidSample(f"{where}: “fill_times” of [load] is a whole number up to 1,000.")
    work = str(about.get("work", "")).strip()
    if not work:
        raise InvalidSample(f"{where}: “work” of [load] says in words what a sample does when it is asked.")
    slugs = {name: str(slug) for name, slug in criteria.items()}
    return SampleLoad(about["first"], fill, times, about["path"], work, slugs)


def servers_of(sample: Sample) -> tuple[SampleServer, ...]:
    """The servers that a sample is measured with, in its order. Raises InvalidSample, also if there are none."""
    where = f"{sample.task}/{sample.framework}/{DECLARED}"
    (text,) = (file.text for file in sample.files if file.name == DECLARED)
    found = tomllib.loads(text).get("servers", [])
    servers = tuple(_server(row, where) for row in found) if isinstance(found, list) else ()
    if not servers:
        raise InvalidSample(f"{where} names no server to be measured with; docs/proof.md says how.")
    if len({server.name for server in servers}) < len(servers):
        raise InvalidSample(f"{where} names a server twice.")
    if not any(RECOMMENDED in server.roles for server in servers):
        raise InvalidSample(f"{where}: no server has the role “{RECOMMENDED}”.")
    return servers


def _server(row: Any, where: str) -> SampleServer:
    for name in ("name", "start", "workers"):
        if not isinstance(row, dict) or not isinstance(row.get(name), str) or not row[name]:
            raise InvalidSample(f"{where}: “{name}” of [[servers]] is missing, or no text.")
    roles, requires = tuple(row.get("roles", ())), tuple(row.get("requires", ()))
    if not roles or set(roles) - set(ROLES):
        raise InvalidSample(f"{where}: “roles” of {row['name']} are {' or '.join(ROLES)}, or both.")
    if loose := [one for one in requires if "==" not in str(one)]:
        raise InvalidSample(f"{where}: “{loose[0]}” is not pinned; write name==version.")
    return SampleServer(row["name"], roles, requires, row["start"], row["workers"], str(row.get("source", "")))
