"""The stamps of tables, by which kept pages notice writes."""

from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.models import stamps


@pytest.mark.django_db(transaction=True)
def test_stamps_that_were_replaced_are_dated_by_when_they_were_last_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by when somebody noticed: on a site that nobody asked for an hour, that may be an hour after the commit."""
    now: Any = 1000.0
    monkeypatch.setattr(stamps, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(stamps, "_read_until", (0.0, -1))
    stamps.forget()
    before = stamps.current().now
    now = 1005.0
    stamps.current()
    now = 1010.0
    stamps.renew({"comparisons_framework"})
    now = 4600.0
    found = stamps.current()
    assert found.now != before == found.before
    assert found.since == 1005.0
    monkeypatch.undo()
    stamps.forget()


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('UPDATE "comparisons_claim" SET statement = %s', ["claim"]),
        ("/* by hand */ -- twice\n update comparisons_claim set statement = 1", ["claim"]),
        ("UPDATE ONLY public.comparisons_claim SET statement = 1", ["claim"]),
        ('INSERT OR IGNORE INTO "comparisons_claim" VALUES (1)', ["claim"]),
        ('INSERT INTO "comparisons_claim" SELECT * FROM comparisons_article', ["claim"]),
        ("MERGE INTO comparisons_claim USING comparisons_article ON true", ["claim"]),
        ("TRUNCATE TABLE comparisons_claim", ["claim"]),
        (
            "WITH gone AS (DELETE FROM comparisons_claim RETURNING id) INSERT INTO comparisons_note SELECT 1",
            ["claim", "note"],
        ),
        ("WITH one AS (SELECT 1 FROM comparisons_claim) SELECT * FROM one", []),
        ("SELECT * FROM comparisons_claim FOR UPDATE", []),
        ("UPDATE auth_user SET last_login = 1", []),
        ("INSERT INTO comparisons_pagestamp VALUES (1)", []),
    ],
)
def test_each_way_of_writing_to_a_table_is_known(sql: str, tables: list[str]) -> None:
    assert stamps.written(sql) == [f"comparisons_{table}" for table in tables]
