"""The files of fixtures: their names, their words, their quotes. No database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import models

from comparisons.exchange.fixtures import layout
from comparisons.models import Check, Run
from tests.conftest import SECOND_DOMAIN

FOLDERS = [Path(settings.FIXTURE_DIRS[0]), SECOND_DOMAIN]
FILES = [path for folder in FOLDERS for path in layout.fixture_files(folder)]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")


def records(path: Path) -> list[tuple[type[models.Model], dict[str, Any]]]:
    loaded = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return [(apps.get_model(record["model"]), record["fields"]) for record in loaded]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_has_its_place_in_the_order(folder):
    found = {path for path in folder.rglob("*") if path.is_file() and path.name != "README.md"}
    fixtures = {path for path in found if not layout.is_program(path, folder)}
    assert fixtures == set(layout.fixture_files(folder))


def test_the_order_is_the_one_that_is_documented():
    text = (FOLDERS[0] / "README.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `([a-z_]+)(?:\.yaml|/\*\.yaml)` \|", text, re.MULTILINE)) == layout.ORDER


@each_file
def test_text_is_in_quotes_where_yaml_would_read_something_else(path):
    for model, fields in records(path):
        for name, value in fields.items():
            field = model._meta.get_field(name)
            if isinstance(field, (models.CharField, models.TextField)):
                assert isinstance(value, str), f"{name}: {value!r}"


@each_file
def test_a_version_that_reads_as_a_number_is_in_quotes(path):
    for line in path.read_text("utf-8").splitlines():
        found = re.match(r"\s+(version_number|since_version|until_version|edition|versions): (.*)", line)
        assert not found or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", found[2]), line


@each_file
def test_no_sentence_of_a_source_is_quoted(path):
    assert not any(fields.get("quote") for _model, fields in records(path))


@each_file
def test_no_record_holds_what_is_derived_or_operational(path):
    held = {"id", "version", "link_health", "link_checked_at", "author_id"}
    # A check and a run have the version of a release, and no counter.
    stated = {Check: {"version"}, Run: {"version"}}
    assert not any((held - stated.get(model, set())) & fields.keys() for model, fields in records(path))


@each_file
def test_a_file_says_in_its_first_line_what_it_holds(path):
    assert path.read_text("utf-8").startswith("# ")


@each_file
def test_a_file_is_plain_text_that_a_review_can_show(path):
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\n") and "\r" not in text and "\t" not in text


@each_file
def test_a_citation_stands_with_its_claim(path):
    claim = None
    for model, fields in records(path):
        if model._meta.model_name == "claim":
            claim = fields["key"]
        elif model._meta.model_name == "citation":
            assert fields["claim"] == [claim]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_file_of_claims_is_about_one_framework(folder):
    for path in (folder / "claims").glob("*.yaml"):
        about = {tuple(f.get("framework") or ["general"]) for m, f in records(path) if m._meta.model_name == "claim"}
        assert about == {(path.stem,)}
