"""Import records of every kind from a folder of CSV files or from a workbook."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from comparisons.exchange import workbooks
from comparisons.exchange.claims import Unreadable
from comparisons.exchange.claims.messages import MOST, problem_text
from comparisons.exchange.workbooks import reference
from comparisons.exchange.workbooks.messages import lines_of, problem_lines
from comparisons.management.importing import ImportingCommand


class Command(ImportingCommand):
    help = (
        "Import frameworks, criteria with levels, articles, and claims with citations from a folder of CSV files, "
        "an .xlsx or a .zip, all or nothing. Nothing is published. docs/import.md lists all fields."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, nargs="?", help="a folder, an .xlsx or a .zip")
        parser.add_argument("--fields", action="store_true", help="print what each field may hold, as Markdown")
        super().add_arguments(parser)

    def handle(
        self,
        *,
        source: Path | None,
        dry_run: bool,
        by: str | None,
        verbosity: int,
        fields: bool = False,
        **options: Any,
    ) -> None:
        if fields:
            self.stdout.write(reference.markdown(), ending="")
            return
        if source is None:
            raise CommandError("Name a folder, an .xlsx or a .zip.")
        self.begin(verbosity)
        author = self.author(by)
        try:
            plan = workbooks.plan(self.read(source), by=author, progress=self.progress)
        except Unreadable as error:
            raise CommandError(f"Nothing was imported. {source}: {problem_text(error.problem, 'row')}") from error
        for line in problem_lines(plan):
            self.stderr.write(line)
        if verbosity:
            for note in plan.notes[:MOST]:
                self.stdout.write(note)
            for line in lines_of(plan, most=None if verbosity > 1 else MOST) if dry_run else ():
                self.stdout.write(line)
        apply = partial(workbooks.apply, plan, by=author)
        self.finish(plan, str(source), apply, author, dry_run=dry_run)

    def read(self, source: Path) -> workbooks.Workbook:
        self.say(f"Reading {source.name}")
        if not source.is_dir():
            content = self.content(source)
            if source.suffix.lower() in (".csv", ".tsv"):
                return workbooks.read_files([(source.name, content)], source.name)
            return workbooks.read_archive(content, source.name)
        try:
            return workbooks.read_folder(source)
        except OSError as error:
            raise CommandError(f"{source} cannot be read: {error.strerror}.") from error
