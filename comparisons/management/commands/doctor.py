"""Say how the site is, and what to do where it is not well."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from comparisons.maintenance.doctor.diagnosis import BAD
from comparisons.maintenance.doctor.examination import examine
from comparisons.management.base import ContentCommand


class Command(ContentCommand):
    help = (
        "Examine settings, database, migrations, derived data, static files, cache, kept pages, disk, clock, backups. "
        "Each line is ok, look or bad, with what to do. Changes nothing. The exit code is 1 if something is bad."
    )
    # It tells what the checks find itself, beside everything else.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print a list of objects")
        parser.add_argument("--quick", action="store_true", help="leave out what reads the whole database")

    def handle(self, *, as_json: bool, quick: bool, **options: Any) -> None:
        found = []
        for finding in examine(is_quick=quick):
            found.append(finding)
            if not as_json:
                self.stdout.write(str(finding))
                self.stdout.flush()
        if as_json:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
        if any(finding.state == BAD for finding in found):
            raise SystemExit(1)
