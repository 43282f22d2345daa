"""Put a backup in place of the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comparisons.maintenance.backups import copying
from comparisons.maintenance.backups.errors import BackupRefused


class Command(BaseCommand):
    help = (
        "Make the database what it was when a backup was made. Stop the site first. The present database is kept, and "
        "the place is told. A backup of an older release needs `migrate` afterwards; one of a newer release is refused."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="written by `manage.py backup`")

    def handle(self, *, file: Path, verbosity: int, **options: Any) -> None:
        try:
            beside = copying.restore(file)
        except (OSError, BackupRefused) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        if verbosity:
            self.stdout.write(self.style.SUCCESS(f"Restored {file}. What was there before: {beside}"))
            self.stdout.write("Now run: manage.py migrate, manage.py doctor; then start the site.")
