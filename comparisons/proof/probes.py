"""Probes: small programs that end without an error as long as a claim holds.

A probe is a file of the fixtures: `probes/<key of the claim>.py` proves one claim, `probes/criteria/<criterion>.py` the
claims of every framework under a criterion, and is told which framework and which value. It says what it needs as
inline script metadata (https://packaging.python.org/en/latest/specifications/inline-script-metadata/), so that anybody
can also run it by hand with `uv run`. Probes are code that an operator runs: they are read from the folder only, and
never from the database.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

#: The folder of the probes within a folder of fixtures, and of those for criteria within it.
FOLDER, CRITERIA = "probes", "criteria"
#: The names of probes that are looked for: nothing that could lead out of the folder.
_PLAIN = re.compile(rf"(?:{CRITERIA}/)?[a-z0-9][a-z0-9.-]*")
#: The block of metadata, as the specification finds it.
_BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$\n?")
#: The name of a distribution at the beginning of a requirement.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
#: A requirement that gives a range of versions, and a part of a range of Pythons.
_RANGE = re.compile(r"[<>=!~]")
_COMPARED = {
    **{">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt},
    **{"==": operator.eq, "!=": operator.ne},
}
_CLAUSE = re.compile(r"(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)")


class InvalidProbe(Exception):
    """A file that is no probe; the message names it and says why."""


@dataclass(frozen=True)
class Probe:
    """A program that proves a claim, or those under a criterion.

    key: its path in the folder without the ending, which is the key of the claim, or `criteria/` and the slug of the
    criterion. requires: the packages it needs, as requirements; by_framework: those it needs besides for a framework;
    without: frameworks that it says nothing about.
    python: the versions of Python that it runs on, as a specifier. code: the program without its metadata. beside: what
    programs for criteria share.
    """

    key: str
    path: Path
    requires: tuple[str, ...]
    python: str
    code: str
    digest: str
    by_framework: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    beside: tuple[Path, ...] = ()

    @property
    def is_for_criterion(self) -> bool:
        return self.key.startswith(f"{CRITERIA}/")

    def requirements(self, package: str, version: str, framework: str = "") -> tuple[str, ...]:
        """What its environment holds, sorted: its packages, with the one of the framework at exactly one version.

        A range that it gives for that package stays, so that a version outside of it cannot be installed.
        """
        own, wanted = normalized(package), (*self.requires, *self.by_framework.get(framework, ()))
        extras = sorted({one for name in wanted if normalized(name) == own for one in _extras(name)})
        exactly = f"{own}[{','.join(extras)}]=={version}" if extras else f"{own}=={version}"
        others = (one for one in wanted if normalized(one) != own or _RANGE.search(one))
        return tuple(sorted({exactly, *others}))

    def runs_on(self, python: str) -> bool:
        """Whether it runs on a version of Python, such as 3.13.0; on any where it names none."""
        found = _numbers(python)
        return all(_COMPARED[clause[1]](found, _numbers(clause[2])) for clause in _clauses(self.python) if clause)


def _clauses(specifier: str) -> list[re.Match[str] | None]:
    """The parts of a range of Pythons; None for one that cannot be compared."""
    return [_CLAUSE.fullmatch(clause.strip()) for clause in specifier.split(",") if clause.strip()]


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version that compare it with others: 3.13.0 is 3.13."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def normalized(requirement: str) -> str:
    """The name of the distribution that a requirement is about, in the form in which names are compared (PEP 503)."""
    found = _NAME.match(requirement.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def _extras(requirement: str) -> list[str]:
    """The extras that a requirement asks for: “standard” in “name[standard]>=1”."""
    found = re.search(r"\[([^\]]*)\]", requirement)
    return [one.strip() for one in found[1].split(",")] if found else []


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
    own = metadata.get("tool", {}).get("crosscheck", {})
    by_framework = own.get("packages", {})
    for packages in (requires, *by_framework.values()):
        if not isinstance(packages, list) or not all(isinstance(one, str) and normalized(one) for one in packages):
            raise InvalidProbe(f"{path.name}: “dependencies” or “packages” is not a list of packages.")
        if any("@" in one for one in packages):
            raise InvalidProbe(f"{path.name}: a package is named by an address; name it as the index does.")
    if not isinstance(python, str) or not all(
        _CLAUSE.fullmatch(one.strip()) for one in python.split(",") if one.strip()
    ):
        raise InvalidProbe(f"{path.name}: “requires-python” is not a text such as “>=3.11”.")
    code = (text[: blocks[0].start()] + text[blocks[0].end() :]).strip("\n") + "\n"
    is_for_criterion = path.parent.name == CRITERIA
    beside = tuple(sorted(path.parent.glob("_*.py"))) if is_for_criterion else ()
    return Probe(
        f"{CRITERIA}/{path.stem}" if is_for_criterion else path.stem,
        path,
        tuple(requires),
        python,
        code,
        sha256(b"".join([raw, *(other.read_bytes() for other in beside)])).hexdigest()[:16],
        {framework: tuple(packages) for framework, packages in by_framework.items()},
        tuple(own.get("without", ())),
        beside,
    )


def named(folder: Path, key: str) -> Probe:
    """The probe of a folder of fixtures that has this key. Raises InvalidProbe, or OSError if there is none."""
    if not _PLAIN.fullmatch(key):
        raise InvalidProbe(f"“{key}” names no program.")
    return read(folder / FOLDER / f"{key}.py")


def for_criteria(folder: Path) -> dict[str, Probe]:
    """The probes of a folder of fixtures for criteria, by the slug of the criterion, sorted.

    Raises InvalidProbe for the first file that is none.
    """
    files = sorted((folder / FOLDER / CRITERIA).glob("[!_]*.py"))
    return {path.stem: read(path) for path in files}


def all_in(folder: Path) -> dict[str, Probe]:
    """The probes of a folder of fixtures by the key of their claim, sorted; none if there is no folder of probes.

    Raises InvalidProbe for the first file that is none.
    """
    return {path.stem: read(path) for path in sorted((folder / FOLDER).glob("*.py"))}
