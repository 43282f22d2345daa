"""Copies of all rows of the test database, which take a moment to bring back where making them takes long."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction


class Copy(Protocol):
    """What was in the database when the copy was taken."""

    def restore(self) -> None:
        """Make the database what it was; whatever else it holds is lost."""


def taken() -> Copy:
    """A copy of the database as it is. There must be no transaction."""
    return SqliteCopy() if connection.vendor == "sqlite" else PostgresCopy()


class SqliteCopy:
    """The whole file, in memory."""

    def __init__(self) -> None:
        self.kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self.kept)

    def restore(self) -> None:
        connection.ensure_connection()
        self.kept.backup(connection.connection)


class PostgresCopy:
    """The rows of each table, as COPY writes them; keys are checked at the commit, so that their order is free."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, bytes]] = []
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.django_table_names(only_existing=True)):
                # What a database computes from other columns can be read but not written.
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                    " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    [table],
                )
                columns = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
                place = f"{connection.ops.quote_name(table)} ({columns})"
                with cursor.copy(f"COPY {place} TO STDOUT (FORMAT binary)") as out:
                    self.rows.append((place, b"".join(out)))

    def restore(self) -> None:
        tables = ", ".join(place.partition(" (")[0] for place, _rows in self.rows)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables}")
            for place, rows in self.rows:
                with cursor.copy(f"COPY {place} FROM STDIN (FORMAT binary)") as into:
                    into.write(rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(statement)
