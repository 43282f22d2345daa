"""A few of the programs of the fixtures, run for real with packages of the index, and the results that are shipped."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from comparisons.proof import environments, probes, sandbox

FIXTURES = Path(settings.FIXTURE_DIRS[0])
#: Small packages without compiled parts. Each program with what it is told; by the package of its framework.
SMALL: dict[str, dict[str, tuple[str, ...]]] = {
    "bottle": {
        "bottle-error-decorator": (),
        "bottle-streams-generators": (),
        "criteria/license": ("bottle", "MIT"),
        "criteria/type-hints": ("bottle", "Not typed"),
    }
}


def results() -> dict[tuple[str, str], dict[str, str]]:
    """The newest result of each program of a claim that is shipped."""
    loaded = yaml.load((FIXTURES / "proofs.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return {(one["fields"]["claim"][0], one["fields"]["probe"]): one["fields"] for one in loaded}


def test_results_are_those_of_the_programs_as_they_are() -> None:
    programs = {one.key: one for one in (*probes.all_in(FIXTURES).values(), *probes.for_criteria(FIXTURES).values())}
    shipped = results()
    assert {probe for _claim, probe in shipped} == programs.keys(), "a program was not run, or has gone"
    stale = sorted({probe for (_claim, probe), run in shipped.items() if run["digest"] != programs[probe].digest})
    assert stale == [], "a program that was changed is run again: manage.py prove, then export_kb"


def test_programs_hold_with_what_the_index_gives(tmp_path: Path) -> None:
    for package, programs in SMALL.items():
        for key, arguments in programs.items():
            probe = probes.named(FIXTURES, key)
            try:
                made = environments.make(tmp_path, probe.requirements(package, "0.13.4"), sys.executable)
            except environments.NotInstalled as error:
                if os.environ.get("CI") == "true":
                    raise
                pytest.skip(f"no index of packages: {error}")
            ended = sandbox.run(probe.path, made.interpreter, [made.path, *probe.beside], arguments=arguments)
            assert ended.code == 0, f"{key}: {ended.output}"
