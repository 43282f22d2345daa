"""Rebuild all derived data: cells, summaries of pros and cons, and the search index."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from comparisons.maintenance import rebuild
from comparisons.maintenance.recent import catch_up
from comparisons.management.base import ContentCommand, whole

#: How many of each are done between two lines of progress.
STEP = {"frameworks": 25, "claims": 10_000, "records": 10_000, "comparisons": 25}


class Command(ContentCommand):
    help = "Rebuild all that is derived from the claims: cells, pros and cons, the search index, today's comparisons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recent",
            type=whole,
            metavar="MINUTES",
            help="only what follows from the writes in these minutes before the last one; for a start after a kill",
        )

    def handle(self, *, verbosity: int, recent: int | None = None, **options: Any) -> None:
        if recent is not None:
            written = catch_up(recent)
            if verbosity:
                self.stdout.write(f"Brought up to date with {written} rows that were written last.")
            return

        def progress(what: str, done: int, total: int) -> None:
            if verbosity > 1 or (verbosity and (done == total or done % STEP[what] == 0)):
                self.stdout.write(f"  {done} of {total} {_(what)}")

        rebuilt = rebuild.rebuild(progress=progress)
        if verbosity:
            self.stdout.write(
                f"{rebuilt.cells} cells assessed, {rebuilt.summaries} pros and cons, {rebuilt.entries} search entries, "
                f"{rebuilt.editions} comparisons recorded anew."
            )
