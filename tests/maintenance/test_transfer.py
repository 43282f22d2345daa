"""manage.py copy_database: from SQLite to PostgreSQL, or back, depending on the database of this run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from comparisons.maintenance import rebuild, transfer
from comparisons.models import Claim, Framework
from tests.factories import make_citation, make_claim, make_former, make_proposal, make_release, make_ruling
from tests.serving import postgres_database, sqlite_with_tables

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def connect(self: Any) -> None:
    """What Django does outside tests; inside them it refuses a database that the settings do not name."""
    if self.connection is None:
        with self.wrap_database_errors:
            self.connect()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database of the other kind: without tables on PostgreSQL, with them on SQLite."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connect)
    with ExitStack() as stack:
        is_sqlite = connection.vendor == "sqlite"
        yield stack.enter_context(postgres_database()) if is_sqlite else sqlite_with_tables(tmp_path / "other.sqlite3")
        if transfer.TARGET in connections.settings:
            connections[transfer.TARGET].close()
            del connections[transfer.TARGET], connections.settings[transfer.TARGET]


def rows(alias: str) -> dict[str, set[str]]:
    """Every row of every table, as text; PostgreSQL keeps the names in a document in an order of its own."""

    def text(row: tuple[Any, ...]) -> str:
        return repr([json.dumps(value, sort_keys=True) if isinstance(value, dict) else value for value in row])

    return {
        model._meta.db_table: set(map(text, model._base_manager.using(alias).values_list()))
        for model in transfer.tables()
    }


def test_every_row_arrives_under_its_key_or_none_does(url: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that did not arrive as it was, a whole copy, and a second one; once, since tables take ten seconds."""
    claim = make_claim()
    for number in range(3):
        claim.statement = f"Said in other words, {number}: “ö”."
        claim.save()
    make_citation(claim)
    make_ruling(claim.framework, claim.criterion, is_open=True).accepted.add(claim)
    make_release(claim.framework, "1.2")
    make_former(claim.framework, "formerly")
    author = User.objects.create_user("author", password="a password")
    author.groups.add(*author.groups.model.objects.all())
    make_proposal(claim, author, statement="Proposed.")
    Framework.objects.create(pk=70_000, name="High", slug="high", tagline="High.")
    rebuild.rebuild()

    copy_rows = transfer._copy

    def forgetful(model: Any) -> int:
        count = copy_rows(model)
        if model is Claim:
            Claim.objects.using(transfer.TARGET).update(statement="Something else")
        return count

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_copy", forgetful)
        with pytest.raises(CommandError, match="Rows differ after they were copied, in comparisons_claim"):
            call_command("copy_database", to=url)
    assert not Claim.objects.using(transfer.TARGET).exists()

    call_command("copy_database", to=url)

    found = rows("default")
    assert len(found["comparisons_historicalclaim"]) >= 4 and found["auth_user_groups"]
    assert rows(transfer.TARGET) == found
    assert f"{sum(map(len, found.values()))} rows copied and compared" in capsys.readouterr().out
    # The database goes on where it stopped: with new keys, and a search that finds what is there.
    new = Framework.objects.using(transfer.TARGET).create(name="New", slug="new", tagline="New.")
    assert new.pk > max(Framework.objects.values_list("pk", flat=True))
    with connections[transfer.TARGET].cursor() as cursor:
        in_index = {
            "sqlite": "SELECT count(*) FROM comparisons_searchindex",
            "postgresql": "SELECT count(tsv) FROM comparisons_searchentry",
        }[cursor.db.vendor]
        cursor.execute(in_index)
        assert cursor.fetchone()[0] >= len(found["comparisons_searchentry"]) > 0

    with pytest.raises(CommandError, match="not empty"):
        call_command("copy_database", to=url)
    assert Claim.objects.using(transfer.TARGET).count() == 1


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="no address of a database"):
        call_command("copy_database", to="nonsense")
