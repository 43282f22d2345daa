"""Rebuild the search index and the names that a search knows."""

from typing import Any

from comparisons.management.base import ContentCommand
from comparisons.search import index as search_index
from comparisons.search import names as search_names


class Command(ContentCommand):
    help = "Rebuild the search index from all records, count its words again, and store all names."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if verbosity > 1 or (verbosity and total > 10_000):
                self.stdout.write(f"  {done} of {total} records")

        search_names.rebuild()
        count = search_index.rebuild(progress=progress)
        if verbosity:
            self.stdout.write(f"{count} records can be found.")
