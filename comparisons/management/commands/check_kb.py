"""Check the rules of the knowledge base that span several rows."""

from typing import Any

from django.core.management.base import CommandError

from comparisons.maintenance import checks
from comparisons.management.base import ContentCommand


class Command(ContentCommand):
    help = "Check the whole knowledge base: values, citations, verdicts, rulings, references, stored cells."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        problems = checks.check_all()
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"Problems found: {len(problems)}.")
        if verbosity:
            self.stdout.write(self.style.SUCCESS("No problems found."))
