"""Import claims with their citations from a file."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comparisons.exchange import claims as importing
from comparisons.exchange.claims.limits import MAX_BYTES
from comparisons.exchange.claims.messages import MOST, lines_of, problem_lines, problem_text

SUFFIXES = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
#: Seconds between two lines of progress.
PACE = 1.0


class Command(BaseCommand):
    help = "Import claims with citations from CSV, YAML or JSON, all or nothing. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=importing.FORMATS, help="needed if the file name does not show it")
        parser.add_argument("--dry-run", action="store_true", help="list what would change, row by row; write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="the author of the claims (default: none)")

    def handle(
        self, *, file: Path, format: str | None, dry_run: bool, by: str | None, verbosity: int, **options: Any
    ) -> None:
        self.start, self.last_progress, self.verbosity = time.monotonic(), 0.0, verbosity
        author = self.author(by)
        try:
            plan = importing.plan(self.source(file, format), progress=self.progress)
        except importing.Unreadable as error:
            unit = "row" if (format or self.format_of(file)) == "csv" else "line"
            raise CommandError(f"Nothing was imported. {file}, {problem_text(error.problem, unit)}") from error
        for line in problem_lines(plan, str(file)):
            self.stderr.write(line)
        for note in plan.notes[:MOST] if verbosity else ():
            self.stdout.write(f"{file}: {note}")
        if dry_run and verbosity:
            for line in lines_of(plan, most=None if verbosity > 1 else MOST):
                self.stdout.write(line)
        summary = ", ".join(f"{count} {kind}" for kind, count in plan.counts.items())
        if not plan.is_sound:
            raise CommandError(f"Nothing was imported: {summary}. Correct the file and try again.")
        if not dry_run:
            self.write(plan, author)
        if verbosity:
            what = "Nothing was written; the import would give" if dry_run else "Imported"
            self.stdout.write(self.style.SUCCESS(f"{what}: {summary}; {time.monotonic() - self.start:.1f} s."))

    def source(self, file: Path, format: str | None) -> importing.ClaimFile:
        content = self.content(file)
        self.say(f"Reading {file.name}")
        return importing.read(content, format or self.format_of(file), file.name)

    def content(self, file: Path) -> bytes:
        """The bytes of a regular file, up to one more than the limit. Raises CommandError if it cannot be read."""
        try:
            if not file.is_file():
                raise CommandError(f"There is no file {file}.")
            with file.open("rb") as opened:
                return opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    def format_of(self, file: Path) -> str:
        try:
            return SUFFIXES[file.suffix.lower()]
        except KeyError:
            raise CommandError(f"The file name {file.name} does not show the format; give --format.") from None

    def author(self, name: str | None) -> Any:
        if name is None:
            return None
        users = get_user_model()
        try:
            return users._default_manager.get_by_natural_key(name)
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None

    def write(self, plan: importing.ImportPlan, author: Any) -> None:
        """Write the plan. Ctrl-C is held back from the commit until all derived data are up to date."""
        interrupts: list[int] = []
        handler = signal.getsignal(signal.SIGINT)

        def progress(what: str, done: int, total: int) -> None:
            self.progress(what, done, total)
            if what == "committing":
                signal.signal(signal.SIGINT, lambda number, frame: interrupts.append(number))
                self.say("Storing, and updating cells, pros and cons and the search")

        try:
            importing.apply(plan, by=author, progress=progress)
        except importing.Outdated as error:
            raise CommandError(
                "Nothing was imported: somebody changed a claim that is in the file. Try again."
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
