"""Assess all cells anew."""

from typing import Any

from django.core.management.base import BaseCommand

from comparisons import cells


class Command(BaseCommand):
    help = "Drop all stored assessments and compute them anew from the claims."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if verbosity > 1 or (verbosity and (done == total or done % 25 == 0)):
                self.stdout.write(f"  {done} of {total} frameworks")

        count = cells.rebuild(progress=progress)
        if verbosity:
            self.stdout.write(f"{count} cells assessed.")
