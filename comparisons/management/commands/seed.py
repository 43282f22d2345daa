"""Load the fixtures, rebuild all derived data, and check the knowledge base."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comparisons.exchange.fixtures import loading
from comparisons.exchange.fixtures.problems import InvalidFixtures
from comparisons.maintenance import checks, rebuild
from comparisons.models import Framework
from comparisons.models.derived import FOLLOWED, paused


class Command(BaseCommand):
    help = "Load all fixtures in order, all or nothing, with history; then rebuild derived data and check all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="folder",
            type=Path,
            default=settings.FIXTURE_DIRS[0],
            help="folder of fixtures (default: fixtures)",
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there are frameworks already")

        parser.add_argument(
            "--add-authors",
            action="store_true",
            help="create an account without login for each author who has none; otherwise they are left out",
        )

    def handle(
        self, *, folder: Path, if_empty: bool, verbosity: int, add_authors: bool = False, **options: Any
    ) -> None:
        if if_empty and Framework.objects.exists():
            if verbosity:
                self.stdout.write("The knowledge base already has content; nothing was loaded.")
            return
        start = time.monotonic()

        def progress(name: str, done: int, total: int) -> None:
            if verbosity:
                self.stdout.write(f"  [{done:2}/{total}] {name}")
                self.stdout.flush()

        try:
            # What is derived is worked out once, from all that was loaded.
            with paused(*(kind for kind in FOLLOWED.values() if not kind.in_transaction)):
                report = loading.load(folder, progress=progress, add_authors=add_authors)
        except (OSError, InvalidFixtures) as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        if report.unknown_authors:
            names = ", ".join(sorted(report.unknown_authors))
            self.stderr.write(f"Authors left out because they have no account here: {names}. See --add-authors.")
        assessed = rebuild.rebuild().cells
        if verbosity:
            self.stdout.write(
                f"{report.created.total()} records created, {report.updated.total()} updated, "
                f"{report.unchanged.total()} unchanged; {assessed} cells assessed; "
                f"{time.monotonic() - start:.1f} s."
            )
        problems = checks.check_all()
        if problems:
            for problem in problems:
                self.stderr.write(str(problem))
            raise CommandError(f"The knowledge base was loaded and has {len(problems)} problems; see above.")
        if verbosity:
            self.stdout.write(self.style.SUCCESS("Checked: no problems found."))
        self.stdout.flush()
