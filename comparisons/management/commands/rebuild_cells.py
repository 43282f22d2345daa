"""Assess all cells, and all pros and cons, anew."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from comparisons import cells, summaries


class Command(BaseCommand):
    help = "Compute all stored assessments, of cells and of pros and cons, anew from the claims."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        def progress(what: str, every: int) -> Callable[[int, int], None]:
            def tell(done: int, total: int) -> None:
                if verbosity > 1 or (verbosity and (done == total or done % every == 0)):
                    self.stdout.write(f"  {done} of {total} {what}")

            return tell

        count = cells.rebuild(progress=progress("frameworks", 25))
        shown = summaries.rebuild(progress=progress("claims", 25 * cells.BATCH))
        if verbosity:
            self.stdout.write(f"{count} cells assessed, {shown} pros and cons.")
