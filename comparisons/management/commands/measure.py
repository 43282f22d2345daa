"""Measure the samples under load, and load what came out."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from comparisons.exchange.fixtures import loading, writing
from comparisons.exchange.fixtures.problems import InvalidFixtures
from comparisons.maintenance import rebuild
from comparisons.management.base import ContentCommand
from comparisons.models import Framework
from comparisons.models.addresses import present_slugs
from comparisons.models.derived import FOLLOWED, paused
from comparisons.proof import measured_records, measurement, measuring, sandbox
from comparisons.proof.environments import NotInstalled, NoUv, uv
from comparisons.proof.load_plan import load_of
from comparisons.proof.measurement import InvalidMeasurement, Measurement, MeasuringOptions
from comparisons.proof.samples import InvalidSample, SampleTask
from comparisons.proof.samples import tasks as tasks_in


class Command(ContentCommand):
    help = (
        "Put the samples of a task under load on this machine, in interleaved rounds, and keep every round in the "
        "folder “measurements” of the fixtures. It asks on the loopback only. A run may be stopped at any time: what "
        "ended is kept, and the same command goes on. --load makes benchmarks and claims of what was measured. "
        "docs/proof.md says what is measured, and how."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", nargs="?", default="articles-api", help="whose samples (default: %(default)s)")
        parser.add_argument("--framework", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--rounds", type=int, default=10, help="of each server (default: %(default)s)")
        parser.add_argument("--seconds", type=int, default=3, help="of load in a round (default: %(default)s)")
        parser.add_argument("--warm-up", type=int, default=1, help="seconds before it (default: %(default)s)")
        parser.add_argument(
            "--connections", type=int, nargs="+", default=[1, 8, 32], metavar="N", help="at once (default: 1 8 32)"
        )
        parser.add_argument(
            "--generator",
            choices=["wrk", "python"],
            default="wrk" if shutil.which("wrk") else "python",
            help="of load (default: wrk where it is installed; the one in Python is weaker)",
        )
        parser.add_argument(
            "--python",
            default=sys.executable,
            help="the interpreter, by path or version (default: that of this command)",
        )
        parser.add_argument("--name", default="", help="of the measurement (default: own-load and the day)")
        parser.add_argument(
            "--load", action="store_true", help="measure nothing: load what was measured under this name, as drafts"
        )
        parser.add_argument("--publish", action="store_true", help="with --load: publish it, if you stand by it")
        parser.add_argument(
            "--from", dest="folder", type=Path, default=settings.FIXTURE_DIRS[0], help="folder of fixtures"
        )

    def handle(
        self, *, task: str, framework: list[str], name: str, load: bool, publish: bool, folder: Path, verbosity: int,
        **options: Any,
    ) -> None:  # fmt: skip
        if publish and not load:
            raise CommandError("--publish goes with --load: look at what was measured first.")
        try:
            path = measurement.path_of(folder, name or f"own-load-{timezone.localdate()}")
            found = next((one for one in tasks_in(folder) if one.slug == task), None)
            if found is None:
                raise CommandError(f"There is no task {task}.")
            if load:
                self.load(path, found, publish)
            else:
                chosen = _chosen(found, framework)
                values = {key: options[key] for key in ("rounds", "seconds", "warm_up", "generator")}
                asked = MeasuringOptions(task=task, connections=tuple(options["connections"]), **values)
                self.measure(found, chosen, asked, options["python"], path, verbosity)
        except FileNotFoundError as error:
            raise CommandError(f"There is no {error.filename}; measure first.") from error
        except (InvalidSample, InvalidMeasurement, InvalidFixtures, NotInstalled, NoUv, OSError) as error:
            raise CommandError(str(error)) from error

    def measure(
        self, task: SampleTask, chosen: list[str], options: MeasuringOptions, python: str, path: Path, verbosity: int
    ) -> None:
        """Make the rounds that are missing; all if there is no measurement of this name yet."""
        measuring.check_options(options)
        uv()
        asked, old = load_of(task), measurement.read(path) if path.exists() else None
        if old is not None and old.options != options:
            raise InvalidMeasurement(f"{path.name} was begun with other options; take them, or another --name.")
        if not sandbox.has_bubblewrap():
            self.stderr.write(
                "bubblewrap is not there, or the kernel does not allow it: samples run under limits of time, memory "
                "and files, but reach the network and whatever this account can read."
            )
        environments = Path(settings.DATA_DIR) / "environments"
        packages = dict(Framework.objects.values_list("slug", "package_name"))
        packages |= {old: packages[now] for old, now in present_slugs(Framework).items() if now in packages}
        ready = []
        for one in measuring.setups_of(task, chosen, packages, environments, python):
            ready.append(one)
            if one.setup.refused:
                self.stderr.write(f"{one.setup.framework}, {one.setup.server}: left out. {one.setup.refused}")
            elif verbosity:
                self.stdout.write(f"{one.setup.framework}, {one.setup.server}: keeps the contract")
            self.stdout.flush()
        setups = [one.setup for one in ready]
        if not any(not one.refused for one in setups):
            raise InvalidMeasurement("No sample keeps its contract; nothing was measured.")
        if old is None:
            now = timezone.now().isoformat(timespec="seconds")
            old = Measurement(path.stem, now, options, measuring.machine(options, ready[0].plain.python), setups)
            old.installs = list(measuring.installs_of(setups, packages, environments, python))
        elif not old.goes_on_with(setups, ready[0].plain.python):
            raise InvalidMeasurement(f"{path.name} was begun with other samples or packages; take another --name.")
        self.run(old, [one for one in ready if not one.setup.refused], asked, path, verbosity)

    def run(self, run: Measurement, ready: list[Any], asked: Any, path: Path, verbosity: int) -> None:
        """Make the rounds that are missing, and keep each as it ends."""
        measurement.store(run, path)
        total, failed = len(run.measured) * run.options.rounds, 0
        try:
            for row in measuring.rounds(run, ready, asked):
                measurement.store(run, path)
                failed += bool(row["error"])
                if verbosity or row["error"]:
                    said = row["error"] or ", ".join(
                        f"{one['requests'] / one['seconds']:.0f}/s over {one['connections']}" for one in row["levels"]
                    )
                    self.stdout.write(f"[{len(run.rounds)}/{total}] {row['framework']}, {row['server']}: {said}")
                    self.stdout.flush()
        except KeyboardInterrupt:
            told = "Stopped; the rounds so far are kept, and the same command goes on."
            raise CommandError(told, returncode=130) from None
        if verbosity:
            self.stdout.write(f"{len(run.rounds)} rounds are kept in {path}; {failed} of this run failed.")

    def load(self, path: Path, task: SampleTask, publish: bool) -> None:
        """Make an article, benchmarks and claims of a measurement, all or nothing."""
        run = measurement.read(path)
        records = measured_records.records_of(run, task, load_of(task), publish=publish)
        with tempfile.TemporaryDirectory() as name:
            for file, rows in records.items():
                target = Path(name) / f"{file}.yaml"
                target.parent.mkdir(exist_ok=True)
                target.write_text("".join(writing.text_of(model, values) for model, values in rows), "utf-8")
            with paused(*(kind for kind in FOLLOWED.values() if not kind.in_transaction)), transaction.atomic():
                report = loading.load(Path(name))
                measured_records.replace_earlier([one.stem for one in path.parent.glob("*.json")])
        rebuild.rebuild()
        self.stdout.write(
            f"{report.created.total()} records created, {report.updated.total()} updated, "
            f"{report.unchanged.total()} unchanged. Write them to the fixtures with: export_kb FOLDER --force"
        )


def _chosen(task: SampleTask, frameworks: list[str]) -> list[str]:
    """The frameworks that were asked for; all if none are named. Raises CommandError for one without a sample."""
    if missing := sorted(set(frameworks) - task.samples.keys()):
        raise CommandError(f"There is no sample of {', '.join(missing)} for {task.slug}.")
    return frameworks or list(task.samples)
