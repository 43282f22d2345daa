"""Stock `loaddata` and `dumpdata` on a few of everything: again, after one another, and back out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command

from comparisons.exchange.fixtures import layout, loading
from comparisons.maintenance.checks import content_models
from comparisons.models import Publisher
from comparisons.models.names import holds_name
from tests.conftest import SECOND_DOMAIN
from tests.dumps import content, every_row


@pytest.fixture
def small(db: None) -> Path:
    """A folder with a few of everything, loaded file by file by `loaddata`."""
    for path in layout.fixture_files(SECOND_DOMAIN):
        call_command("loaddata", str(path), verbosity=0)
    return SECOND_DOMAIN


def test_loaddata_a_second_time_changes_no_row_of_any_table(small):
    before = every_row()
    call_command("loaddata", *map(str, layout.fixture_files(small)), verbosity=0)
    assert every_row() == before


def test_seed_after_loaddata_changes_no_content_and_fills_the_history(small):
    before = content()
    report = loading.load(small)
    assert (report.created.total(), report.updated.total()) == (0, 0)
    assert content() == before
    for model in content_models():
        if hasattr(model, "history"):
            assert model.history.filter(history_type="+").count() == model._default_manager.count()


def test_a_dump_of_the_database_says_what_the_fixtures_say(small, tmp_path):
    labels = [model._meta.label for model in content_models()]
    options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True, "format": "yaml"}
    call_command("dumpdata", *labels, **options, output=str(tmp_path / "dump.yaml"), verbosity=0)
    files = layout.fixture_files(small)
    dumped = by_key(tmp_path / "dump.yaml")
    # Articles say all there is to say of these publishers, so no file has records of them.
    named = [key for key in dumped if key[0] == "comparisons.publisher"]
    assert {dumped.pop(key)["name"] for key in named} == set(Publisher.objects.values_list("name", flat=True))
    assert dumped == {key: row for path in files for key, row in by_key(path).items()}


def by_key(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The records of a fixture by model and natural key, every field given: one left out has its default."""
    found = {}
    for record in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
        model, given = apps.get_model(record["model"]), record["fields"]
        row = {
            f.name: given.get(f.name, None if f.is_relation else f.get_default())
            for f in model._meta.concrete_fields
            if f.name not in model.derived_fields
        }
        row.pop("id")
        row = {name: value if model._meta.get_field(name).is_relation else model._meta.get_field(name).to_python(value)
               for name, value in row.items()}  # fmt: skip
        for name, value in row.items():
            if holds_name(model._meta.get_field(name)) and isinstance(value, list):
                (row[name],) = value
        links = [f.name for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created]
        row |= {name: sorted(given.get(name, [])) for name in links}
        key = [
            given.get(lookup.split("__")[0]) if lookup != "locator" else row["locator"]
            for lookup in model.natural_key_fields
        ]
        found[record["model"], str(key)] = row
    return found
