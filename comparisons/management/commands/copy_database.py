"""Move a site from SQLite to PostgreSQL, or back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from comparisons.maintenance import transfer


class Command(BaseCommand):
    help = (
        "Copy the database of the settings, history and accounts included, into an empty one at another address, "
        "and compare the two. Stop the site first; then let DATABASE_URL name the other."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", required=True, metavar="URL", help="postgres://user:password@host/name or sqlite:////path/to/file"
        )

    def handle(self, *, to: str, verbosity: int, **options: Any) -> None:
        def progress(table: str, rows: int) -> None:
            if rows and verbosity > 1:
                self.stdout.write(f"  {rows} rows of {table}")

        try:
            rows = transfer.copy(to, progress)
        except (transfer.NotCopied, DatabaseError) as error:
            raise CommandError(f"Nothing was copied. {' '.join(str(error).split())}") from error
        if verbosity:
            self.stdout.write(self.style.SUCCESS(f"{rows} rows copied and compared. Now set DATABASE_URL."))
