"""Run the programs that prove claims."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ProofOutcome
from comparisons.language import labels
from comparisons.management.base import ContentCommand
from comparisons.models import Framework
from comparisons.proof import probes, proving, sandbox
from comparisons.proof.environments import NoUv, uv


class Command(ContentCommand):
    help = (
        "Run the programs in the folder “probes” of the fixtures, each of which ends without an error as long as its "
        "claim holds. A claim that holds counts as checked; one that fails is left to the editors. A run may be "
        "stopped at any time: the next one leaves out what ran today. docs/proof.md says what a program can reach."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--framework", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--claim", nargs="+", action="extend", default=[], metavar="KEY", help="only these")
        parser.add_argument("--criterion", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--version", default="", dest="about", help="the version to run them with")
        parser.add_argument(
            "--newest", action="store_true", help="with the newest release, instead of the version of the last run"
        )
        parser.add_argument("--again", action="store_true", help="also what ran today already")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="so many at a time")
        parser.add_argument("--seconds", type=float, default=sandbox.TIME, help="time for each (default: %(default)s)")
        parser.add_argument(
            "--python",
            default=sys.executable,
            help="the interpreter, by path or version (default: that of this command)",
        )
        parser.add_argument("--list", action="store_true", dest="is_dry", help="say what would be run; run nothing")
        parser.add_argument(
            "--from", dest="folder", type=Path, default=settings.FIXTURE_DIRS[0], help="folder of fixtures"
        )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Leave `--version` to the versions of frameworks; Django's own is printed by `manage.py version`."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def handle(
        self, *, framework: list[str], claim: list[str], criterion: list[str], about: str, newest: bool, again: bool,
        is_dry: bool, jobs: int, seconds: float, python: str, folder: Path, verbosity: int, **options: Any
    ) -> None:  # fmt: skip
        if missing := sorted(set(framework) - set(Framework.objects.values_list("slug", flat=True))):
            raise CommandError(_("There is no framework %s.") % ", ".join(missing))
        if jobs < 1 or seconds <= 0:
            raise CommandError("--jobs is a whole number from 1 up, and --seconds is above 0.")
        try:
            chosen = proving.jobs(
                probes.all_in(folder), probes.for_criteria(folder), frameworks=framework, claims=claim,
                criteria=criterion, version=about, newest=newest, again=again,
            )  # fmt: skip
            uv()
        except (probes.InvalidProbe, proving.NothingToRun, NoUv, OSError) as error:
            raise CommandError(str(error)) from error
        if is_dry:
            for job in chosen:
                self.stdout.write(f"{told(job)}  {job.package} {job.version}")
            return
        if not sandbox.has_bubblewrap():
            self.stderr.write(
                "bubblewrap is not there, or the kernel does not allow it: programs run under limits of time, memory "
                "and files, but reach the network and whatever this account can read."
            )
        counts = dict.fromkeys(ProofOutcome, 0)
        try:
            folder = Path(settings.DATA_DIR) / "environments"
            found = proving.run_all(chosen, folder, python=python, workers=jobs, seconds=seconds)
            for number, finding in enumerate(found, start=1):
                proving.store(finding)
                counts[finding.outcome] += 1
                if verbosity > 1 or finding.outcome != ProofOutcome.HOLDS:
                    last = finding.output.strip().rpartition("\n")[2][:160]
                    self.stdout.write(f"  {told(finding.job)}: {finding.outcome.value}. {last}")
                if verbosity and number % 20 == 0:
                    self.stdout.write(f"[{number}/{len(chosen)}]")
                    self.stdout.flush()
        except KeyboardInterrupt:
            raise CommandError("Stopped; the results so far are stored.", returncode=130) from None
        if verbosity:
            outcomes = ", ".join(f"{count} {labels.label(kind)}" for kind, count in counts.items())
            self.stdout.write(f"{len(chosen)} programs were run: {outcomes}.")


def told(job: proving.Job) -> str:
    """The name of a program and what it is told."""
    return " ".join([job.probe.key, *job.arguments])
