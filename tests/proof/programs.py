"""Programs as files, and an environment that needs no installation."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from comparisons.proof.environments import Environment
from comparisons.proof.probes import Probe, read

BLOCK = '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["one>=2", "other"]\n# ///\n'


def write(folder: Path, key: str, code: str, block: str = BLOCK) -> Path:
    """Write a program of a claim into a folder of fixtures."""
    path = folder / "probes" / f"{key}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(block + "\n" + code, "utf-8")
    return path


def write_for_criterion(folder: Path, slug: str, code: str, block: str = BLOCK) -> Path:
    """Write a program for a criterion into a folder of fixtures."""
    path = folder / "probes" / "criteria" / f"{slug}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block + "\n" + code, "utf-8")
    return path


def probe(folder: Path, key: str, code: str) -> Probe:
    return read(write(folder, key, code))


def this_environment(*_: object, **_options: object) -> Environment:
    """The environment that the tests run in."""
    return Environment(Path(sys.prefix), platform.python_version(), {"one": "2.0", "other": "1.1"})
