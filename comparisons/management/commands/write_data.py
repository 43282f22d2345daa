"""Write the files of /data/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from comparisons.exchange import data_files
from comparisons.management.base import ContentCommand


class Command(ContentCommand):
    help = "Write all that readers may see as gzipped JSON lines and as SQLite, for /data/. Run it once a day."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        def say(line: str) -> None:
            if verbosity > 1:
                self.stdout.write(f"  {line}")

        try:
            told = data_files.write_all(timezone.localdate(), say)
        except OSError as error:
            raise CommandError(f"Nothing was written. {error}") from error
        if verbosity:
            size = sum(one.size for one in told.files) / 1_000_000
            where = data_files.folder() / told.day.isoformat()
            self.stdout.write(self.style.SUCCESS(f"{len(told.files)} files, {size:.1f} MB: {where}"))
