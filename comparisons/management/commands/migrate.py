"""Django's `migrate`, which on PostgreSQL lets nobody queue for long behind it, and takes as long as it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DatabaseError, OperationalError, connections

from comparisons.management.base import whole

#: Seconds for which a statement waits for a lock at most, how often a migration is tried, and the pause in between.
WAIT, TRIES, PAUSE = 2, 20, 3
#: PostgreSQL's code for a lock that was not to be had in time.
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    """Whoever asks for a table that a statement waits to alter has to wait behind it, be it only to read.

    So a statement that does not get its lock within WAIT seconds is given up, and with it what its migration has done,
    and the migration begins anew a little later. Those that were applied before stay.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-wait",
            type=whole,
            default=WAIT,
            metavar="SECONDS",
            help=f"PostgreSQL: how long to wait for a table in use before trying again later ({WAIT})",
        )

    def handle(self, *args: Any, lock_wait: int = WAIT, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for tried in range(1, TRIES + 1):
            try:
                with _limits(connection, lock_wait):
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                    raise
            if tried < TRIES:
                self.stderr.write(f"A table is in use; trying again in {PAUSE} s ({tried} of {TRIES}).")
                time.sleep(PAUSE)
        raise CommandError(
            f"A table was in use each time, for longer than {lock_wait} s. The last migration was not applied, and "
            "nothing is half done. See who holds it (pg_stat_activity, pg_locks), or give a larger --lock-wait."
        )


@contextmanager
def _limits(connection: Any, lock_wait: int) -> Iterator[None]:
    """Let statements wait so long for a lock, and take as long as they need once they have it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{int(lock_wait)}s'")
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # without a connection there is nothing to reset
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")
