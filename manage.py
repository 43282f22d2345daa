#!/usr/bin/env python
"""Django's command line, for this project."""

import os
import sys
from typing import Any

from django.core.management import ManagementUtility
from django.db import DatabaseError, DataError, IntegrityError, connection

from kb.env import WRONG_SETTINGS, refusing

#: What lists everything that is wrong, the settings among it, instead of refusing to start.
LISTING = ("check", "doctor")


class Commands(ManagementUtility):
    """Django's commands, each of which refuses unsafe settings as the server does."""

    def fetch_command(self, subcommand: str) -> Any:
        if subcommand not in LISTING and "--skip-checks" not in self.argv:
            from comparisons.maintenance.system_checks import refuse_unsafe

            refuse_unsafe()
        if subcommand == "runserver":
            # Asked for here, since that command goes on after a traceback, waiting for a change of the code.
            connection.ensure_connection()
        return super().fetch_command(subcommand)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    try:
        with refusing():
            Commands(sys.argv).execute()
    except SystemExit as ended:
        if sys.argv[1:2] == ["check"] and ended.code == 1 and _is_unsafe():
            sys.exit(WRONG_SETTINGS)
        raise
    except DatabaseError as error:  # it is away, cannot be opened or lacks tables: a traceback says no more
        if "--traceback" in sys.argv or isinstance(error, (DataError, IntegrityError)):
            raise
        from comparisons.maintenance.failures import remedy, words

        advice = remedy(error, "see DATABASE_URL; manage.py doctor says what to do")
        sys.exit(f"The database cannot do this: {words(error).rstrip('.?')}; {advice}.")


def _is_unsafe() -> bool:
    from comparisons.maintenance.system_checks import unsafe_settings

    return bool(unsafe_settings())


if __name__ == "__main__":
    main()
