"""Probes: small programs that end without an error as long as a claim holds.

A probe is a file of the fixtures, `probes/<key of the claim>.py`. It says what it needs as inline script metadata
(https://packaging.python.org/en/latest/specifications/inline-script-metadata/), so that anybody can also run it by hand
with `uv run`. Probes are code that an operator runs: they are read from the folder only, and never from the database.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

#: The folder of the probes within a folder of fixtures.
FOLDER = "probes"
#: The block of metadata, as the specification finds it.
_BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$\n?")
#: The name of a distribution at the beginning of a requirement.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class InvalidProbe(Exception):
    """A file that is no probe; the message names it and says why."""


@dataclass(frozen=True)
class Probe:
    """A program that proves a claim.

    key: of the claim. requires: the packages it needs, as requirements. python: the versions of Python that it runs on,
    as a specifier. code: the program without its metadata.
    """

    key: str
    path: Path
    requires: tuple[str, ...]
    python: str
    code: str
    digest: str

    def requirements(self, package: str, version: str) -> tuple[str, ...]:
        """What its environment holds, sorted: its packages, with the one of the framework at exactly one version."""
        others = (one for one in self.requires if normalized(one) != normalized(package))
        return tuple(sorted({f"{normalized(package)}=={version}", *others}))


def normalized(requirement: str) -> str:
    """The name of the distribution that a requirement is about, in the form in which names are compared (PEP 503)."""
    found = _NAME.match(requirement.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def read(path: Path) -> Probe:
    """The probe in a file. Raises InvalidProbe, or OSError if the file cannot be read."""
    raw = path.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise InvalidProbe(f"{path.name} is not UTF-8.") from None
    blocks = list(_BLOCK.finditer(text))
    if len(blocks) != 1:
        raise InvalidProbe(f"{path.name} has {len(blocks)} blocks “# /// script”; write exactly one.")
    lines = blocks[0]["content"].splitlines()
    try:
        metadata = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))
    except tomllib.TOMLDecodeError as error:
        raise InvalidProbe(f"{path.name}: its block “# /// script” is not TOML: {error}") from error
    requires, python = metadata.get("dependencies", []), metadata.get("requires-python", "")
    if not isinstance(requires, list) or not all(isinstance(one, str) and normalized(one) for one in requires):
        raise InvalidProbe(f"{path.name}: “dependencies” is not a list of packages.")
    if any("@" in one for one in requires):
        raise InvalidProbe(f"{path.name}: a package is named by an address; name it as the index does.")
    if not isinstance(python, str):
        raise InvalidProbe(f"{path.name}: “requires-python” is not a text such as “>=3.11”.")
    code = (text[: blocks[0].start()] + text[blocks[0].end() :]).strip("\n") + "\n"
    return Probe(path.stem, path, tuple(requires), python, code, sha256(raw).hexdigest()[:16])


def all_in(folder: Path) -> dict[str, Probe]:
    """The probes of a folder of fixtures by the key of their claim, sorted; none if there is no folder of probes.

    Raises InvalidProbe for the first file that is none.
    """
    return {path.stem: read(path) for path in sorted((folder / FOLDER).glob("*.py"))}
