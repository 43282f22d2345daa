"""What the commands that import files have in common: the author, progress, and a Ctrl-C that does no harm."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from comparisons.exchange.claims import Outdated
from comparisons.exchange.claims.import_plan import Progress
from comparisons.exchange.claims.limits import MAX_BYTES
from comparisons.management.base import ContentCommand

#: Seconds between two lines of progress.
PACE = 1.0


class ImportingCommand(ContentCommand):
    """Imports files, all or nothing."""

    verbosity, start, last_progress = 1, 0.0, 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what would change, row by row; write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="the author of what is written (default: none)")

    def begin(self, verbosity: int) -> None:
        self.start, self.last_progress, self.verbosity = time.monotonic(), 0.0, verbosity

    def content(self, file: Path) -> bytes:
        """The bytes of a regular file, up to one more than the limit. Raises CommandError if it cannot be read."""
        try:
            if not file.is_file():
                raise CommandError(f"There is no file {file}.")
            with file.open("rb") as opened:
                return opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    def author(self, name: str | None) -> Any:
        if name is None:
            return None
        users = get_user_model()
        try:
            return users._default_manager.get_by_natural_key(name)
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None

    def finish(self, plan: Any, file: str, apply: Callable[..., None], author: Any, *, dry_run: bool) -> None:
        """Carry a plan out, unless this is a trial, and say what was done.

        file: what has to be corrected if the plan is not sound; that raises CommandError.
        """
        if not plan.is_sound:
            refused = plan.counts["refused"]
            told = f": {refused} refused" if refused else ""
            raise CommandError(f"Nothing was imported{told}. Correct {file} and try again.")
        summary = ", ".join(f"{count} {kind}" for kind, count in plan.counts.items())
        if not dry_run:
            self.write(lambda progress: apply(progress=progress), author)
        if self.verbosity:
            what = "Nothing was written; the import would give" if dry_run else "Imported"
            self.stdout.write(self.style.SUCCESS(f"{what}: {summary}; {time.monotonic() - self.start:.1f} s."))

    def write(self, apply: Callable[[Progress], None], author: Any) -> None:
        """Carry an import out. Ctrl-C is held back from the commit until all derived data are up to date."""
        interrupts: list[int] = []
        handler = signal.getsignal(signal.SIGINT)

        def progress(what: str, done: int, total: int) -> None:
            self.progress(what, done, total)
            if what == "committing":
                signal.signal(signal.SIGINT, lambda number, frame: interrupts.append(number))
                self.say("Storing, and updating cells, pros and cons and the search")

        try:
            apply(progress)
        except Outdated as error:
            raise CommandError(
                "Nothing was imported: somebody changed a record that is in the file. Try again."
            ) from error
        except PermissionDenied as error:
            raise CommandError(f"Nothing was imported: {author} may not add and change claims.") from error
        finally:
            signal.signal(signal.SIGINT, handler)
        if interrupts:
            raise KeyboardInterrupt

    def progress(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != "committing" and (done == total or now - self.last_progress >= PACE):
            self.last_progress = now
            self.say(f"{done} of {total} claims {what}")

    def say(self, text: str) -> None:
        if self.verbosity:
            self.stdout.write(f"  {text}")
            self.stdout.flush()
