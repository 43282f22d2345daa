"""Write the whole knowledge base as fixtures."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from comparisons.exchange.fixtures import writing as exporting
from comparisons.management.base import ContentCommand


class Command(ContentCommand):
    help = "Write all content as fixtures that `seed` loads, completely or not at all. History is not included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="must not exist yet, or be empty")
        parser.add_argument("--force", action="store_true", help="replace existing fixtures")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the folder differs from what would be written"
        )

    def handle(self, *, folder: Path, force: bool, check: bool, verbosity: int, **options: Any) -> None:
        if check:
            self.check_folder(folder, verbosity)
            return

        def progress(name: str, count: int) -> None:
            if verbosity:
                self.stdout.write(f"  {name}: {count}")
                self.stdout.flush()

        try:
            report = exporting.export(folder, force=force, progress=progress)
        except (OSError, exporting.NotWritten) as error:
            raise CommandError(f"Nothing was written. {error}") from error
        if verbosity:
            total = report.records.total()
            self.stdout.write(self.style.SUCCESS(f"{total} records in {len(report.files)} files: {folder}"))

    def check_folder(self, folder: Path, verbosity: int) -> None:
        """Compare the folder byte by byte with what would be written. Raises CommandError if it differs."""
        different = exporting.differences(folder)
        for name in different:
            self.stderr.write(name)
        if different:
            raise CommandError(f"{len(different)} files differ from the knowledge base; see above.")
        if verbosity:
            self.stdout.write(self.style.SUCCESS("The folder agrees with the knowledge base."))
