"""Run the samples."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from comparisons.management.base import ContentCommand
from comparisons.proof import sampling, sandbox
from comparisons.proof.environments import NoUv, uv
from comparisons.proof.results import SampleResult, results_of, store_result
from comparisons.proof.samples import InvalidSample, SampleTask
from comparisons.proof.samples import tasks as tasks_in


class Command(ContentCommand):
    help = (
        "Start each sample in the folder “samples” of the fixtures and ask it what the contract of its task says. What "
        "came out is written beside the samples, as content. A run may be stopped at any time: with --changed the next "
        "one leaves out what passed. docs/proof.md says what a sample can reach."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tasks", nargs="*", metavar="TASK", help="only these")
        parser.add_argument("--framework", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--changed", action="store_true", help="leave out what passed as it is now")
        parser.add_argument("--check", action="store_true", help="write nothing")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="so many at a time")
        parser.add_argument(
            "--python",
            default=sys.executable,
            help="the interpreter, by path or version (default: that of this command)",
        )
        parser.add_argument(
            "--from", dest="folder", type=Path, default=settings.FIXTURE_DIRS[0], help="folder of fixtures"
        )

    def handle(
        self, *, tasks: list[str], framework: list[str], changed: bool, check: bool, jobs: int, python: str,
        folder: Path, verbosity: int, **options: Any
    ) -> None:  # fmt: skip
        if jobs < 1:
            raise CommandError("--jobs is a whole number from 1 up.")
        try:
            chosen = _chosen(tasks_in(folder), tasks, framework, changed)
            uv()
        except (InvalidSample, NoUv, OSError) as error:
            raise CommandError(str(error)) from error
        if not sandbox.has_bubblewrap():
            self.stderr.write(
                "bubblewrap is not there, or the kernel does not allow it: samples run under limits of time, memory "
                "and files, but reach the network and whatever this account can read."
            )
        failed, environments = 0, Path(settings.DATA_DIR) / "environments"
        try:
            for task, result in sampling.run_samples(chosen, environments, python=python, workers=jobs):
                if not check:
                    store_result(task, result)
                failed += not result.is_passing
                self._tell(task, result, verbosity)
        except KeyboardInterrupt:
            raise CommandError("Stopped; the results so far are stored.", returncode=130) from None
        if failed:
            raise CommandError(f"{failed} of {len(chosen)} samples fail.")
        if verbosity:
            self.stdout.write(f"{len(chosen)} samples were run; all pass.")

    def _tell(self, task: SampleTask, result: SampleResult, verbosity: int) -> None:
        """Say what came of a sample and, if it fails, why."""
        if verbosity or not result.is_passing:
            self.stdout.write(f"{task.slug}/{result.framework}: {result.passed} of {len(task.steps)}")
        if not result.is_passing:
            for step in result.steps:
                if not step.passed:
                    self.stdout.write(f"  {step.name}: {step.came}")
            self.stdout.write(f"  {result.error}")
        self.stdout.flush()


def _chosen(
    found: tuple[SampleTask, ...], names: list[str], frameworks: list[str], changed: bool
) -> list[sampling.SampleJob]:
    """The samples that were asked for; all if no names are given. Raises CommandError for a name that nothing has."""
    if missing := sorted(set(names) - {task.slug for task in found}):
        raise CommandError(f"There is no task {', '.join(missing)}.")
    if missing := sorted(set(frameworks) - {slug for task in found for slug in task.samples}):
        raise CommandError(f"There is no sample of {', '.join(missing)}.")
    chosen: list[sampling.SampleJob] = []
    for task in found:
        results = results_of(task) if changed else {}
        for slug, sample in task.samples.items():
            is_named = (not names or task.slug in names) and (not frameworks or slug in frameworks)
            last = results.get(slug)
            if is_named and not (last is not None and last.is_passing and last.is_of(sample)):
                chosen.append((task, sample))
    return chosen
