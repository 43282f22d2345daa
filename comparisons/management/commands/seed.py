"""Load the fixtures, rebuild all derived data, and check the knowledge base."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection

from comparisons.exchange.fixtures import loading
from comparisons.exchange.fixtures.files import models_of, records_in
from comparisons.exchange.fixtures.layout import fixture_files
from comparisons.exchange.fixtures.problems import InvalidFixtures
from comparisons.maintenance import checks, rebuild
from comparisons.management.base import ContentCommand
from comparisons.models import Cell, Framework, subject
from comparisons.models.derived import FOLLOWED, paused


class Command(ContentCommand):
    help = "Load all fixtures in order, all or nothing, with history; then rebuild derived data and check the content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="folder",
            type=Path,
            help="folder of fixtures (default: that of KB_FIXTURES, or fixtures)",
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is content already")

        parser.add_argument(
            "--add-authors",
            action="store_true",
            help="create an account without login for each author who has none; otherwise they are left out",
        )

    def handle(
        self, *, folder: Path | None, if_empty: bool, verbosity: int, add_authors: bool = False, **options: Any
    ) -> None:
        if if_empty and Framework.objects.exists():
            if verbosity:
                self.stdout.write("The knowledge base already has content; nothing was loaded.")
            return
        if folder is None:
            folder = Path(settings.FIXTURE_DIRS[0])
            self.refuse_another_subject(folder)
        start = time.monotonic()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA mmap_size = 0")  # what is mapped of a file counts as memory

        def progress(name: str, done: int, total: int) -> None:
            subject.current()  # once the subject is among what was loaded, messages are in its nouns
            if verbosity:
                self.stdout.write(f"  [{done:2}/{total}] {name}")
                self.stdout.flush()

        try:
            # What is derived is worked out once, from all that was loaded.
            with paused(*(kind for kind in FOLLOWED.values() if not kind.in_transaction)):
                report = loading.load(folder, progress=progress, add_authors=add_authors)
        except (OSError, InvalidFixtures) as error:
            subject.forget()  # what was read of it is undone
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        if report.unknown_authors:
            names = ", ".join(sorted(report.unknown_authors))
            self.stderr.write(f"Authors left out because they have no account here: {names}. See --add-authors.")
        for note in report.notes if verbosity else ():
            self.stdout.write(note)
        # Where nothing was written, it takes less time to see that nothing has to be derived.
        is_right = not (report.created or report.updated) and checks.is_derived_right()
        assessed = Cell.objects.count() if is_right else rebuild.rebuild().cells
        if verbosity:
            self.stdout.write(
                f"{report.created.total()} records created, {report.updated.total()} updated, "
                f"{report.unchanged.total()} unchanged; {assessed} cells assessed; "
                f"{time.monotonic() - start:.1f} s."
            )
        problems = checks.check_content()
        if problems:
            for problem in problems:
                self.stderr.write(str(problem))
            told = f"The knowledge base was loaded. Problems found in it: {len(problems)}; see above."
            if not if_empty:
                raise CommandError(told)
            self.stderr.write(told)  # a site that is started for the first time goes on to start: all is loaded
            return
        if verbosity:
            self.stdout.write(self.style.SUCCESS("Checked: no problems found."))
        self.stdout.flush()

    def refuse_another_subject(self, folder: Path) -> None:
        """Load no files that nobody named into a database that compares other things."""
        stored = list(Framework.objects.order_by("order", "name"))
        try:
            files = [path for path in fixture_files(folder) if Framework in models_of(path, path.name)]
            slugs = {one.values.get("slug") for path in files for one in records_in(path, path.name, [])}
        except (OSError, InvalidFixtures):
            return  # loading says what is the matter
        if stored and not any(one.slug in slugs for one in stored):
            names = ", ".join(one.name for one in stored[:3])
            raise CommandError(
                f"This database compares {names}, of which nothing is in {folder}; nothing was loaded. "
                "Name the folder in KB_FIXTURES, or with --from if you mean this one."
            )
