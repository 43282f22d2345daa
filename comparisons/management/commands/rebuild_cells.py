"""Rebuild all derived data: cells, summaries of pros and cons, and the search index."""

from typing import Any

from django.core.management.base import BaseCommand

from comparisons.maintenance import rebuild

#: How many of each are done between two lines of progress.
STEP = {"frameworks": 25, "claims": 10_000, "records": 10_000, "comparisons": 25}


class Command(BaseCommand):
    help = "Rebuild all that is derived from the claims: cells, pros and cons, the search index, today's comparisons."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        def progress(what: str, done: int, total: int) -> None:
            if verbosity > 1 or (verbosity and (done == total or done % STEP[what] == 0)):
                self.stdout.write(f"  {done} of {total} {what}")

        rebuilt = rebuild.rebuild(progress=progress)
        if verbosity:
            self.stdout.write(
                f"{rebuilt.cells} cells assessed, {rebuilt.summaries} pros and cons, {rebuilt.entries} search entries, "
                f"{rebuilt.editions} comparisons recorded anew."
            )
