"""What pages show of samples: how they did, their files, what it takes to write them, and the claims that they show."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.utils.safestring import SafeString

from comparisons.domain.matrix import Column
from comparisons.domain.vocabulary import ClaimKind
from comparisons.language.markdown import highlighted
from comparisons.models import Claim, Framework, reads, remembered, subject

from .results import SampleResult, results_of
from .samples import ABOUT, CONTRACT, DECLARED, Sample, SampleFile, SampleTask, tasks, written_for

#: The port that commands for readers name.
PORT = "8000"
#: Seconds for which a process goes on using what it found of whether there are samples, where nothing is remembered.
KEPT_FOR = 1


class _Kept(NamedTuple):
    """Whether there are samples, as it was found last. until: how long that may be used, by the monotonic clock."""

    found: bool
    until: float
    is_away: bool = False


_kept: _Kept | None = None


@dataclass
class TreeNode:
    """A folder of a tree of files, or a file; then `file` is given."""

    name: str
    file: ShownFile | None = None
    inside: list[TreeNode] = field(default_factory=list)


@dataclass(frozen=True)
class ShownFile:
    """A file as a page shows it. anchor: its id on the page."""

    file: SampleFile
    anchor: str

    @property
    def code(self) -> SafeString:
        return highlighted(self.file.text, PurePosixPath(self.file.name).suffix)


@dataclass(frozen=True)
class ShownSample:
    """A sample in the column of its framework. result: of the sample as it is; None if it was not run since."""

    column: Column
    sample: Sample
    result: SampleResult | None
    version: str

    @property
    def state(self) -> str:
        if self.result is None:
            return "unrun"
        return "passing" if self.result.is_passing else "failing"

    @cached_property
    def files(self) -> list[ShownFile]:
        """Its files in the order of the tree: those of folders first. How it starts is told in another place."""
        files = [file for file in self.sample.files if file.name != DECLARED]
        return [
            ShownFile(file, f"{self.column.slug}-{re.sub(r'[^a-z0-9]+', '-', file.name.lower())}")
            for file in sorted(files, key=lambda one: ("/" not in one.name, one.name == "requirements.txt"))
        ]

    @property
    def read(self) -> list[ShownFile]:
        """The files whose text is shown: those that somebody wrote, and that are not empty."""
        return [shown for shown in self.files if shown.file.text and not shown.file.is_made]

    @property
    def tree(self) -> list[TreeNode]:
        root = TreeNode("")
        folders = {"": root}
        for shown in self.files:
            *above, name = shown.file.name.split("/")
            for depth in range(len(above)):
                path = "/".join(above[: depth + 1])
                if path not in folders:
                    folders[path] = TreeNode(f"{above[depth]}/")
                    folders["/".join(above[:depth])].inside.append(folders[path])
            folders["/".join(above)].inside.append(TreeNode(name, shown))
        return root.inside

    @property
    def commands(self) -> list[str]:
        """What a reader types in the folder of the sample to see it run."""
        own = [*self.sample.prepare, self.sample.start]
        return [
            "uv venv",
            "uv pip install -r requirements.txt",
            *(f"uv run {one.replace('$PORT', PORT)}" for one in own),
            *(f"uv run {one}  # in another shell" for one in self.sample.commands.values()),
        ]

    def came(self, step: str) -> tuple[bool, str] | None:
        """Whether a step of the contract passed and what came; None if it was not asked."""
        steps = self.result.steps if self.result else ()
        return next(((one.passed, one.came) for one in steps if one.name == step), None)


@dataclass(frozen=True)
class ShownTask:
    """A task with the samples of the frameworks that readers see, in the order of these."""

    task: SampleTask
    samples: list[ShownSample]

    @property
    def passing(self) -> int:
        return sum(one.state == "passing" for one in self.samples)

    def of(self, slug: str) -> ShownSample | None:
        return next((one for one in self.samples if one.column.slug == slug), None)


def has_samples() -> bool:
    """Whether readers find any sample; those of a folder may be of frameworks that the database does not have.

    Every page asks for it. No query where the folder has none, or while it is remembered: until frameworks are written
    to, so that no page is kept that lacks what the last write brought.
    """
    global _kept
    slugs = written_for(Path(settings.FIXTURE_DIRS[0]))
    if not slugs:
        return False
    reads.note({Framework._meta.db_table})
    is_away = _kept is not None and _kept.is_away
    if _kept is not None and time.monotonic() < _kept.until and (is_away or not remembered.is_watching()):
        return _kept.found
    try:
        found = remembered.of(_any_published, slugs)
        _kept = _Kept(found, time.monotonic() + KEPT_FOR)
    except DatabaseError:  # the page that says so is made without it
        found = _kept is not None and _kept.found
        _kept = _Kept(found, time.monotonic() + subject.AWAY, is_away=True)
    return found


def _any_published(slugs: frozenset[str]) -> bool:
    return Framework.objects.published().filter(slug__in=slugs).exists()


def shown_tasks(folder: Path, columns: Iterable[Column]) -> list[ShownTask]:
    """The tasks in a folder of fixtures with their samples in these columns; one query."""
    named = dict(Framework.objects.published().values_list("slug", "package_name"))
    columns = list(columns)
    return [ShownTask(task, _samples(task, columns, named)) for task in tasks(folder)]


def _samples(task: SampleTask, columns: list[Column], named: dict[str, str]) -> list[ShownSample]:
    results, found = results_of(task), []
    for column in columns:
        if (sample := task.samples.get(column.slug)) is not None:
            result = results.get(column.slug)
            is_known = result is not None and result.is_of(sample)
            version = sample.version(named.get(column.slug, ""))
            found.append(ShownSample(column, sample, result if is_known else None, version))
    return found


def showing(folder: Path, framework: str, criterion: str) -> list[ShownTask]:
    """The tasks whose samples in a framework pass and show what claims under a criterion say; no query."""
    found = []
    for task in tasks(folder):
        sample = task.samples.get(framework)
        if criterion not in task.criteria or sample is None:
            continue
        result = results_of(task).get(framework)
        if result is not None and result.is_of(sample) and result.is_passing:
            column = Column(0, framework, framework, "", 0)
            found.append(ShownTask(task, [ShownSample(column, sample, result, "")]))
    return found


def claims_shown(task: SampleTask, frameworks: Collection[str]) -> dict[str, int]:
    """How many capability claims the samples of a task show, by framework; one query."""
    found = Claim.objects.published().filter(
        criterion__slug__in=task.criteria, framework__slug__in=frameworks, kind=ClaimKind.CAPABILITY
    )
    return dict(found.order_by().values_list("framework__slug").annotate(n=Count("pk")))


def zipped(task: SampleTask, samples: Collection[Sample], folder: str) -> bytes:
    """Samples as a zip file, which is always the same for the same files. folder: what it unpacks into.

    One sample unpacks into its files; several into a folder each, beside the contract.
    """
    files = {f"{ABOUT}": (task.folder / ABOUT).read_text("utf-8"), CONTRACT: task.contract}
    for sample in samples:
        place = "" if len(samples) == 1 else f"{sample.framework}/"
        files |= {f"{place}{file.name}": file.text for file in sample.files}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            if len(samples) == 1 and name in (ABOUT, CONTRACT):
                continue
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", (2000, 1, 1, 0, 0, 0)), text)
    return made.getvalue()
