"""Write a copy of the whole database, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comparisons.maintenance.backups import copying
from comparisons.maintenance.backups.errors import BackupRefused
from comparisons.management.base import whole


class Command(BaseCommand):
    help = (
        "Write a checked copy of the whole database, accounts and history included, while the site runs. "
        "On PostgreSQL pg_dump does it. Copy it to another machine, and restore one now and then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", type=Path, metavar="FILE", help="a file, or a folder for a file named by the time")
        parser.add_argument("--force", action="store_true", help="replace the file if it exists")
        parser.add_argument(
            "--keep", type=whole, default=0, metavar="N", help="in a folder: delete all but the newest N backups"
        )

    def handle(self, *, place: Path, force: bool, keep: int, verbosity: int, **options: Any) -> None:
        try:
            file = copying.backup(place, force=force, keep=keep)
        except (OSError, BackupRefused) as error:
            raise CommandError(f"No backup was made. {error}") from error
        if verbosity:
            self.stdout.write(self.style.SUCCESS(f"{file}: {file.stat().st_size:,} bytes"))
