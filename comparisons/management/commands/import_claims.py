"""Import claims with their citations from a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from comparisons.exchange import claims as importing
from comparisons.exchange.claims.messages import MOST, lines_of, problem_lines, problem_text
from comparisons.management.importing import ImportingCommand

SUFFIXES = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}


class Command(ImportingCommand):
    help = "Import claims with citations from CSV, YAML or JSON, all or nothing. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=importing.FORMATS, help="needed if the file name does not show it")
        super().add_arguments(parser)

    def handle(
        self, *, file: Path, format: str | None, dry_run: bool, by: str | None, verbosity: int, **options: Any
    ) -> None:
        self.begin(verbosity)
        author = self.author(by)
        try:
            plan = importing.plan(self.source(file, format), progress=self.progress)
        except importing.Unreadable as error:
            unit = "row" if (format or self.format_of(file)) == "csv" else "line"
            joint = ", " if error.problem.row else ": "
            raise CommandError(f"Nothing was imported. {file}{joint}{problem_text(error.problem, unit)}") from error
        for line in problem_lines(plan, str(file)):
            self.stderr.write(line)
        for note in plan.notes[:MOST] if verbosity else ():
            self.stdout.write(f"{file}: {note}")
        if dry_run and verbosity:
            for line in lines_of(plan, most=None if verbosity > 1 else MOST):
                self.stdout.write(line)
        apply = partial(importing.apply, plan, by=author)
        self.finish(plan, "the file", apply, author, dry_run=dry_run)

    def source(self, file: Path, format: str | None) -> importing.ClaimFile:
        content = self.content(file)
        self.say(f"Reading {file.name}")
        return importing.read(content, format or self.format_of(file), file.name)

    def format_of(self, file: Path) -> str:
        try:
            return SUFFIXES[file.suffix.lower()]
        except KeyError:
            raise CommandError(f"The file name {file.name} does not show the format; give --format.") from None
