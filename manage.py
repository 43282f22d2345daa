#!/usr/bin/env python
"""Django's command line, for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from kb.env import refusing

    try:
        with refusing():
            execute_from_command_line(sys.argv)
    except OperationalError as error:  # it is away, cannot be opened or lacks tables: a traceback says no more
        if "--traceback" in sys.argv:
            raise
        words = " ".join(str(error).split())
        sys.exit(f"The database does not do it: {words}. See DATABASE_URL; manage.py doctor says what to do.")


if __name__ == "__main__":
    main()
