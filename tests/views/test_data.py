"""Everything as files, and the page that offers them."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.exchange import data_files
from comparisons.exchange.public_kinds import KINDS
from comparisons.models import Claim, Criterion, Framework
from tests.conftest import made_once
from tests.factories import make_article, make_claim, make_criterion, make_framework, unsettled

from .reading import SECRETS, hide_claims, make_world

DAY = dt.date(2026, 11, 29)


pytestmark = pytest.mark.django_db


@made_once
@unsettled()
def world() -> None:
    """With a dispute, drafts and what is hidden."""
    make_world(2)
    hide_claims()
    draft = make_framework("quagga", name="Quagga", is_draft=True)
    make_claim(draft, Criterion.objects.first(), key="of-quagga", statement="Of a quagga.")
    make_claim(Framework.objects.first(), make_criterion("dodo", is_draft=True), key="of-dodo")


@pytest.fixture
def files(world: None, db: None, tmp_path: Path, settings: Any) -> Path:
    """The folder of the files."""
    settings.DATA_FILES = tmp_path / "data"
    return tmp_path / "data"


def texts(told: data_files.DataSet, folder: Path) -> dict[str, bytes]:
    """The bytes of each file as it was before it was compressed."""
    return {one.kind: gzip.decompress((folder / told.day.isoformat() / one.name).read_bytes()) for one in told.files}


def test_every_kind_is_written_as_the_schema_says_and_nothing_unpublished(files: Path) -> None:
    told = data_files.write_all(DAY)
    found = texts(told, files)
    schema = data_files.schema()["$defs"]
    assert set(found) == {"", *KINDS} == {"", *schema}
    types: dict[str, Any] = {"string": str, "integer": int, "boolean": bool, "array": list, "null": type(None)}
    for kind in KINDS:
        lines = [json.loads(line) for line in found[kind].splitlines()]
        assert len(lines) == next(one.records for one in told.files if one.kind == kind)
        for record in lines:
            assert list(record) == schema[kind]["required"]
            for name, value in record.items():
                named = schema[kind]["properties"][name]["type"]
                allowed = [named] if isinstance(named, str) else named
                assert isinstance(value, tuple(types[one] for one in allowed)), (kind, name, value)
    whole = b"".join(found.values()).decode(errors="replace")
    assert not [word for word in (*SECRETS, "quagga", "dodo") if word in whole]
    assert len(found["claims"].splitlines()) == Claim.objects.published().count()


def test_the_database_holds_the_same_records_for_sql(files: Path, tmp_path: Path) -> None:
    found = texts(data_files.write_all(DAY), files)
    path = tmp_path / "all.sqlite"
    path.write_bytes(found[""])
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        about = dict(database.execute("SELECT name, value FROM about"))
        query = "SELECT strength, json_array_length(counts) FROM cells WHERE agreement = 'disputed'"
        disputed = database.execute(query).fetchall()
    database.close()
    assert (about["licence"], about["day"]) == ("CC BY 4.0", "2026-11-29")
    assert disputed
    assert all(readings == 2 for _strength, readings in disputed)


def test_the_same_content_gives_the_same_files_and_only_some_days_are_kept(files: Path) -> None:
    first = data_files.write_all(DAY)
    assert data_files.write_all(DAY) == first
    for days in range(1, 6):
        data_files.write_all(DAY + dt.timedelta(days=days))
    assert [day.day for day in data_files.days()] == [4, 3, 2, 1]
    assert {one.name for one in files.iterdir()} == {"2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"}


def test_a_failure_half_way_leaves_the_files_of_before(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = data_files.write_all(DAY)

    def fail(*_given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(data_files, "_index", fail)
    with pytest.raises(OSError, match="full"):
        data_files.write_all(DAY)
    assert data_files.of_day(DAY) == first
    assert [one.name for one in files.iterdir()] == ["2026-11-29"]


def test_writing_takes_as_many_queries_for_many_records_as_for_few(files: Path) -> None:
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            data_files.write_all(DAY)
        counts.append(len(queries))
        for number in range(20):
            key = f"more{turn}-{number}"
            make_claim(Framework.objects.first(), Criterion.objects.first(), key=key, by=(make_article(),))
    assert counts[0] == counts[1]


def test_files_are_served_whole_with_their_checksum_and_to_other_sites(files: Path) -> None:
    call_command("write_data", verbosity=0)
    day = data_files.days()[0]
    for one in data_files.of_day(day).files:  # type: ignore[union-attr]
        response = Client().get(f"/data/{one.name}")
        body = b"".join(response.streaming_content)
        assert hashlib.sha256(body).hexdigest() == one.sha256
        assert (response["ETag"], response["Content-Length"]) == (f'"{one.sha256}"', str(one.size))
        assert response["Access-Control-Allow-Origin"] == "*"
        again = Client().get(f"/data/{one.name}", headers={"if-none-match": f'"{one.sha256}"'})
        assert again.status_code == 304
        page = Client().get("/data/").content.decode()
        assert one.name in page
        assert one.sha256 in page


@pytest.mark.parametrize(
    "name", ["manifest.json", "crosscheck-2026-11-29.sqlite", "crosscheck-2001-01-01-claims.jsonl.gz", "..", "x.gz"]
)
def test_no_other_file_can_be_asked_for(files: Path, name: str) -> None:
    data_files.write_all(DAY)
    assert Client().get(f"/data/{name}").status_code == 404


def test_the_page_says_so_before_any_file_is_written(files: Path) -> None:
    assert "No files have been written yet" in Client().get("/data/").content.decode()


def test_language_models_are_told_where_everything_is(files: Path) -> None:
    Framework.objects.filter(slug="fw0").update(name="R & [D]")
    response = Client().get("/llms.txt")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert text.startswith("# Crosscheck\n\n> ")
    assert "https://crosscheck.example/data/" in text
    assert "- [R & \\[D\\]](https://crosscheck.example/frameworks/fw0/)" in text
    assert "quagga" not in text.lower()
