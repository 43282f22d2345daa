"""Two ways to load the content, `seed` and stock `loaddata`, and back out again: always the same rows and cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from comparisons import checks, fixtures
from comparisons.checks import content_models

from ..dumps import content, every_row
from ..worlds import seen

FOLDER = Path(settings.FIXTURE_DIRS[0])


class Loaded(NamedTuple):
    """What was in the database after `seed`; after `loaddata`, which is still there."""

    by_seed: tuple[Any, Any]
    by_loaddata: tuple[Any, Any]


def snapshot() -> tuple[Any, Any]:
    return content(), seen()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    with django_db_blocker.unblock():
        fixtures.load(FOLDER)
        by_seed = snapshot()
        call_command("flush", verbosity=0, interactive=False)
        for path in fixtures.fixture_files(FOLDER):
            call_command("loaddata", path.relative_to(FOLDER).with_suffix("").as_posix(), verbosity=0)
        yield Loaded(by_seed, snapshot())
        call_command("flush", verbosity=0, interactive=False)


@pytest.mark.django_db
def test_loaddata_file_by_file_gives_the_rows_that_seed_gives(loaded):
    assert loaded.by_loaddata[0] == loaded.by_seed[0]


@pytest.mark.django_db
def test_loaddata_file_by_file_gives_the_cells_that_seed_gives(loaded):
    assert loaded.by_loaddata[1] == loaded.by_seed[1]
    assert len(loaded.by_seed[1]) == 557


@pytest.mark.django_db
def test_the_checks_find_nothing_after_loaddata(loaded):
    assert checks.check_all() == []


@pytest.mark.django_db
def test_loaddata_a_second_time_changes_no_row_of_any_table(loaded):
    before = every_row()
    names = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in fixtures.fixture_files(FOLDER)]
    call_command("loaddata", *names, verbosity=0)
    assert every_row() == before


@pytest.mark.django_db
def test_seed_after_loaddata_changes_no_content_and_fills_the_history(loaded):
    report = fixtures.load(FOLDER)
    assert (report.created.total(), report.updated.total()) == (0, 0)
    assert content() == loaded.by_loaddata[0]
    for model in content_models():
        if hasattr(model, "history"):
            assert model.history.filter(history_type="+").count() == model._default_manager.count()


@pytest.mark.django_db
def test_a_dump_of_the_database_says_what_the_fixtures_say(loaded, tmp_path):
    labels = [model._meta.label for model in content_models()]
    options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True, "format": "yaml"}
    call_command("dumpdata", *labels, **options, output=str(tmp_path / "dump.yaml"), verbosity=0)
    files = fixtures.fixture_files(FOLDER)
    assert by_key(tmp_path / "dump.yaml") == {key: row for path in files for key, row in by_key(path).items()}


def by_key(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The records of a fixture by model and natural key, every field given: one left out has its default."""
    found = {}
    for record in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
        model, given = apps.get_model(record["model"]), record["fields"]
        row = {
            f.name: given.get(f.name, None if f.is_relation else f.get_default()) for f in model._meta.concrete_fields
        }
        row.pop("id")
        row = {name: value if model._meta.get_field(name).is_relation else model._meta.get_field(name).to_python(value)
               for name, value in row.items()}  # fmt: skip
        links = [f.name for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created]
        row |= {name: sorted(given.get(name, [])) for name in links}
        key = [
            given[lookup.split("__")[0]] if lookup != "locator" else row["locator"]
            for lookup in model.natural_key_fields
        ]
        found[record["model"], str(key)] = row
    return found
