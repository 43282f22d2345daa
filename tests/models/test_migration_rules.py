"""No migration keeps readers or editors of a large table waiting for long: docs/deployment.md."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, Migration, RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.any_database

#: The models whose rows grow with the claims.
LARGE = {
    *("article", "cell", "citation", "claim", "claimsummary", "linkcheck", "searchentry", "searchword"),
    *("historicalarticle", "historicalcitation", "historicalclaim"),
}
LOADER = MigrationLoader(None)
MIGRATIONS = {name: one for (app, name), one in LOADER.disk_migrations.items() if app == "comparisons"}
#: The last migration that was written before these rules.
BEFORE = "0039_publishers"


def problems(migration: Migration) -> list[str]:
    """What in a migration makes others wait for more than one reading of a large table."""
    found, readings = [], []
    state = LOADER.project_state(("comparisons", migration.name), at_end=False)
    for operation in migration.operations:
        model = getattr(operation, "model_name_lower", "")
        if isinstance(operation, (RunPython, RunSQL)):
            found += [f"fills {name}" for name in _filled(operation) if migration.atomic]
        elif model in LARGE:
            old = state.models["comparisons", model].fields.get(getattr(operation, "name", ""))
            if isinstance(operation, AlterField) and _rewrites(old, operation.field):
                found.append(f"rewrites {model}")
            if _reads(operation, old):
                readings.append(f"reads {model}")
        operation.state_forwards("comparisons", state)
    return found + (readings if len(readings) > 1 or (readings and found) else [])


def _filled(operation: Any) -> list[str]:
    """The large models that the code of an operation names."""
    code = inspect.getsource(operation.code) if isinstance(operation, RunPython) else str(operation.sql)
    return sorted(name for name in LARGE if re.search(rf"(['\"]|comparisons_){name}\b", code, re.IGNORECASE))


def _rewrites(old: Any, new: Any) -> bool:
    """Whether every row is written again: another type, or a shorter text."""
    kinds = [field.get_internal_type() for field in (old, new)]
    return kinds[0] != kinds[1] or (getattr(new, "max_length", None) or 0) < (getattr(old, "max_length", None) or 0)


def _reads(operation: Any, old: Any) -> bool:
    """Whether all rows are read while others wait: for an index, a check, or a column that is to be filled."""
    if isinstance(operation, (AddIndex, AddConstraint)):
        return True
    if not isinstance(operation, (AddField, AlterField)):
        return False
    new = operation.field
    is_new_index = (new.db_index or new.unique) and not (old is not None and (old.db_index or old.unique))
    return is_new_index or (old is not None and old.null and not new.null)


@pytest.mark.parametrize("name", sorted(name for name in MIGRATIONS if name > BEFORE) or ["none yet"])
def test_a_migration_makes_nobody_wait_for_long(name: str) -> None:
    """One reading of a large table to a migration, and no row of one rewritten; rows are filled by a command."""
    assert name == "none yet" or problems(MIGRATIONS[name]) == [], "see “Migrations without a standstill”"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("0037_forms_of_names_and_keys", "reads claim"),
        ("0037_forms_of_names_and_keys", "reads article"),
        ("0039_publishers", "rewrites article"),
        ("0039_publishers", "fills article"),
    ],
)
def test_the_rules_find_what_made_readers_wait(name: str, problem: str) -> None:
    assert problem in problems(MIGRATIONS[name])


@pytest.mark.parametrize("name", ["0036_subject_facts_and_conditions", "0038_team"])
def test_the_rules_let_pass_what_made_nobody_wait(name: str) -> None:
    assert problems(MIGRATIONS[name]) == []
