"""Begin a knowledge base of another subject."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comparisons.exchange import starting


class Command(BaseCommand):
    help = (
        "Write a small, commented knowledge base of another subject into a new folder, ready to edit and to load. "
        "What is not given is asked for. docs/own-subject.md goes on from there."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a new folder, or an empty one")
        parser.add_argument("--compare", metavar="NAMES", help="what is compared, such as “Firefox, Chromium”")
        parser.add_argument("--noun", help="what one of them is called, such as “browser”")
        parser.add_argument("--noun-plural", help="the same in the plural (default: with an s)")
        parser.add_argument("--name", default="Crosscheck", help="of the site (default: %(default)s)")
        parser.add_argument("--title", help="of the front page (default: made of the plural)")
        parser.add_argument(
            "--tables", action="store_true", help="write CSV for a spreadsheet, instead of YAML with comments"
        )
        parser.add_argument("--releases", action="store_true", help="they come out in versions")

    def handle(
        self,
        *,
        folder: Path,
        compare: str | None,
        noun: str | None,
        noun_plural: str | None,
        name: str,
        title: str | None,
        releases: bool,
        tables: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        one = self.asked("noun", noun, "What is one of the things called that you compare, such as “browser”? ")
        several = noun_plural or (f"{one}s" if noun else self.several_of(one))
        names = self.asked("compare", compare, f"Which {several}, with commas between them? ").split(",")
        plan = starting.Plan(
            one,
            several,
            [found for text in names if (found := text.strip())],
            name,
            title or f"{several[:1].upper()}{several[1:]}, compared by what the sources say",
            releases,
            tables,
        )
        try:
            written = starting.write(folder, plan, timezone.localdate())
        except (starting.CannotStart, OSError) as error:
            raise CommandError(str(error)) from error
        if verbosity:
            for path in written:
                self.stdout.write(f"  {folder / path}")
            self.stdout.write(self.style.SUCCESS(f"Written. Look at it with  make run KB={folder}"))

    def several_of(self, one: str) -> str:
        """The plural that whoever runs the command gives, or the regular one."""
        try:
            return input(f"What are several of them called? (Return: {one}s) ").strip() or f"{one}s"
        except EOFError:
            return f"{one}s"

    def asked(self, option: str, given: str | None, question: str) -> str:
        """What was given, or what whoever runs the command answers."""
        try:
            found = input(question).strip() if given is None else given.strip()
        except EOFError:
            found = ""
        if not found:
            raise CommandError(f"Give --{option}; nothing was written.")
        return found
