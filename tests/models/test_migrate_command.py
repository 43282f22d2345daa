"""`migrate` on PostgreSQL: it lets nobody queue behind it, and no limit of pages ends it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as of_django
from django.db import connection, transaction

from comparisons.management.commands import migrate
from comparisons.models import Claim

pytestmark = [
    pytest.mark.crossing,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock for everything"),
]


@pytest.fixture
def reader() -> Iterator[psycopg.Connection]:
    """Somebody who reads the claims in a transaction that does not end."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**parameters) as other:
        other.execute("LOCK TABLE comparisons_claim IN ACCESS SHARE MODE")
        yield other


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The limits of a statement, at each try of a migration that alters the claims."""
    found: list[str] = []

    def handle(*_arguments: Any, **_options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            found.append(cursor.fetchone()[0])
            cursor.execute(f"LOCK TABLE {Claim._meta.db_table} IN ACCESS EXCLUSIVE MODE")

    monkeypatch.setattr(of_django.Command, "handle", handle)
    return found


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        return list(cursor.fetchone())


def test_a_table_in_use_is_tried_again_later(
    reader: psycopg.Connection, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: reader.rollback())
    told, before = StringIO(), limits()
    call_command("migrate", lock_wait=1, stderr=told)
    assert tried == ["0", "0"]
    assert "A table is in use" in told.getvalue()
    assert limits() == before


def test_a_table_that_stays_in_use_is_said_to_be(
    reader: psycopg.Connection, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 1)
    with pytest.raises(CommandError, match="A table was in use each time, for longer than 1 s"):
        call_command("migrate", lock_wait=1)
