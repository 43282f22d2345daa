"""Samples: the same small program in each framework, side by side.

A task is a folder of the fixtures, `samples/<task>/`: what it is about (`task.toml`), its contract (`contract.py`), and
a folder for each framework with real files and `sample.toml`, which says how they are started. Samples are code that an
operator runs: they are read from the folder only, and never from the database.
"""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from .probes import normalized

#: The folder of the samples within a folder of fixtures.
FOLDER = "samples"
#: What a task is about, and what its samples are asked.
ABOUT, CONTRACT = "task.toml", "contract.py"
#: How a sample is started, and what it needs.
DECLARED, REQUIREMENTS = "sample.toml", "requirements.txt"
#: The endings of files that belong to a sample.
ENDINGS = {".py", ".html", ".txt", ".ini", ".toml"}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[A-Za-z0-9,_-]+\])?==[A-Za-z0-9.]+")


class InvalidSample(Exception):
    """A folder that is no task or no sample; the message names it and says why."""


@dataclass(frozen=True)
class SampleFile:
    """A file of a sample. name: its path there. is_made: whether a command made it, so that nobody wrote it."""

    name: str
    text: str
    is_made: bool

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def is_written(self) -> bool:
        """Whether its lines count as work: those of requirements, of how it starts, and what is made do not."""
        return not self.is_made and self.name not in (REQUIREMENTS, DECLARED)


@dataclass(frozen=True)
class ContractStep:
    """A step of a contract. name: of its function. request, expected: what it says about itself."""

    name: str
    request: str
    expected: str


@dataclass(frozen=True)
class Sample:
    """A program that does a task with one framework.

    prepare, start: the commands to be run before it, and the one that runs it. commands: others, by name. requires: its
    packages, each at one version. digest: changes with each of its files and with the contract.
    """

    task: str
    framework: str
    folder: Path
    summary: str
    prepare: tuple[str, ...]
    start: str
    commands: dict[str, str]
    requires: tuple[str, ...]
    files: tuple[SampleFile, ...]
    digest: str

    @property
    def lines(self) -> int:
        """Lines that somebody has to write, blank ones included."""
        return sum(file.lines for file in self.files if file.is_written)

    def version(self, package: str) -> str:
        """The version that it asks for of a package; "" if it does not name it."""
        found = (one.partition("==")[2] for one in self.requires if normalized(one) == normalized(package))
        return next(found, "")


@dataclass(frozen=True)
class SampleTask:
    """What is to be written, the criteria that it shows, what each sample is asked, and the samples by framework.

    article: the slug of the source that the task was taken from; "" if there is none.
    """

    slug: str
    title: str
    lead: str
    order: int
    criteria: tuple[str, ...]
    article: str
    folder: Path
    contract: str
    steps: tuple[ContractStep, ...]
    samples: dict[str, Sample]


def tasks(folder: Path) -> tuple[SampleTask, ...]:
    """The tasks in a folder of fixtures, in order; none if it has none.

    They come with the code, and are read once like it, except in debug mode. Raises InvalidSample, or OSError if a file
    cannot be read.
    """
    return _read(folder) if settings.DEBUG else _read_once(folder)


def _read(folder: Path) -> tuple[SampleTask, ...]:
    found = (read_task(path.parent) for path in (folder / FOLDER).glob(f"*/{ABOUT}"))
    return tuple(sorted(found, key=lambda task: (task.order, task.slug)))


_read_once = functools.cache(_read)


@functools.cache
def written_for(folder: Path) -> frozenset[str]:
    """The slugs of the frameworks that have samples in a folder of fixtures; it is looked through once."""
    return frozenset(path.parent.name for path in (folder / FOLDER).glob(f"*/*/{DECLARED}"))


def read_task(folder: Path) -> SampleTask:
    """The task in a folder. Raises InvalidSample, or OSError if a file cannot be read."""
    about = _toml(folder / ABOUT, texts=("title", "lead"), lists=("criteria",))
    contract = _text(folder / CONTRACT)
    samples = {path.parent.name: read_sample(path.parent, contract) for path in sorted(folder.glob(f"*/{DECLARED}"))}
    return SampleTask(
        _slug(folder),
        about["title"],
        about["lead"],
        int(about.get("order", 0)),
        tuple(about["criteria"]),
        str(about.get("article", "")),
        folder,
        contract,
        tuple(_steps(folder, contract)),
        samples,
    )


def read_sample(folder: Path, contract: str) -> Sample:
    """The sample in a folder. contract: the text of that of its task. Raises InvalidSample, or OSError."""
    where = f"{folder.parent.name}/{folder.name}"
    declared = _toml(folder / DECLARED, texts=("summary", "start"))
    files = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise InvalidSample(f"{where}/{name} is a link; a sample holds its files itself.")
        if path.is_file() and path.suffix in ENDINGS:
            is_made = any(fnmatch(name, pattern) for pattern in declared.get("made", ()))
            files.append(SampleFile(name, _text(path), is_made))
    lines = (line.partition("#")[0].strip() for line in _text(folder / REQUIREMENTS).splitlines())
    requires = tuple(line for line in lines if line)
    if loose := [one for one in requires if not _PINNED.fullmatch(one)]:
        raise InvalidSample(f"{where}: “{loose[0]}” is not pinned; write name==version.")
    digest = sha256(contract.encode())
    for file in files:
        digest.update(f"\0{file.name}\0{file.text}".encode())
    return Sample(
        folder.parent.name,
        _slug(folder),
        folder,
        declared["summary"],
        tuple(declared.get("prepare", ())),
        declared["start"],
        dict(declared.get("commands", {})),
        requires,
        tuple(sorted(files, key=lambda file: (file.name in (REQUIREMENTS, DECLARED), file.name))),
        digest.hexdigest()[:16],
    )


def _steps(folder: Path, contract: str) -> Iterator[ContractStep]:
    """The steps of a contract, read without running it. A docstring says what is asked and, a line apart, expected."""
    try:
        module = ast.parse(contract)
    except SyntaxError as error:
        raise InvalidSample(f"{folder.name}: its contract is no Python: {error}") from error
    for node in module.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.name == "environment":
            continue
        request, _blank, expected = (ast.get_docstring(node) or "").partition("\n\n")
        if not (request and expected):
            raise InvalidSample(f"{folder.name}: {node.name} does not say what it asks and, a line apart, expects.")
        yield ContractStep(node.name, " ".join(request.split()), " ".join(expected.split()))


def _toml(path: Path, texts: tuple[str, ...], lists: tuple[str, ...] = ()) -> dict[str, Any]:
    """A file with these fields. Raises InvalidSample, or OSError."""
    where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        found = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSample(f"{where} is not TOML: {error}") from error
    for name in (*texts, *lists):
        if not found.get(name) or not isinstance(found[name], str if name in texts else list):
            raise InvalidSample(f"{where}: “{name}” is missing, or no {'text' if name in texts else 'list'}.")
    return found


def _text(path: Path) -> str:
    """The text of a file, which ends with the end of a line. Raises InvalidSample if it is not UTF-8, or OSError."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise InvalidSample(f"{path.parent.name}/{path.name} is not UTF-8.") from None
    return text if not text or text.endswith("\n") else f"{text}\n"


def _slug(folder: Path) -> str:
    if not _SLUG.fullmatch(folder.name):
        raise InvalidSample(f"“{folder.name}” cannot be in an address; use lower-case letters, digits and hyphens.")
    return folder.name
