"""The clients that people really use read what is taken away here: each does what its own users would do first."""

from __future__ import annotations

import asyncio
import gzip
import importlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pandas
import pytest
import schemathesis
from datasette.app import Datasette
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.utils import timezone
from httpx import WSGITransport
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as profile
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from comparisons.exchange import data_files
from comparisons.models import Claim
from comparisons.search import index
from tests.views.reading import make_world

pytestmark = pytest.mark.any_database

#: Requests that are made up for each operation of the API.
EXAMPLES = 2


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The site as a WSGI application, with a dispute and some claims."""
    settings.ALLOWED_HOSTS = ["*"]  # each client sends its own
    settings.PAGES_PER_MINUTE = 0
    make_world(2)
    index.rebuild()
    # A server closes connections between requests; this one holds the transaction of the test.
    monkeypatch.setattr(connection, "close", lambda: None)
    return get_wsgi_application()


def test_requests_made_up_from_the_description_get_what_it_describes(world: Any) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world)
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @profile(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            # No schema can say which records there are.
            unknown = [schemathesis.checks.positive_data_acceptance]
            case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=unknown)

        holds()


def test_a_client_that_is_generated_from_the_description_reads_records(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = tmp_path / "openapi.json"
    described.write_bytes(Client().get("/api/v1/openapi.json").content)
    names = ConfigFile(project_name_override="kb-client", package_name_override="kb_client", post_hooks=[])
    config = Config.from_sources(
        config_file=names, meta_type=MetaType.NONE, document_source=described, file_encoding="utf-8",
        overwrite=True, output_path=tmp_path / "kb_client",
    )  # fmt: skip
    assert generate(config=config) == []  # no warning, no error
    monkeypatch.syspath_prepend(str(tmp_path))
    made = importlib.import_module("kb_client")
    call = importlib.import_module("kb_client.api.claims.list_claims")
    options = {"transport": WSGITransport(app=world)}
    client = made.Client(base_url="http://kb.example", raise_on_unexpected_status=True, httpx_args=options)
    page = call.sync(client=client, framework=["fw0"], limit=3)
    assert {claim.framework for claim in page.items} == {"fw0"}
    assert "after=" in page.next_
    missing = importlib.import_module("kb_client.api.claims.get_claims").sync("nothing", client=client)
    assert (type(missing).__name__, missing.status) == ("ProblemOut", 404)
    for name in [name for name in sys.modules if name.startswith("kb_client")]:
        del sys.modules[name]


def test_pandas_reads_the_files(world: Any) -> None:
    table = pandas.read_csv(io.BytesIO(Client().get("/pros-cons/?format=csv").content))
    assert list(table.columns[:3]) == ["key", "framework", "criterion"]
    assert len(table) == Claim.objects.published().count()
    whole = json.loads(Client().get("/matrix/?format=json").content)
    matrix = pandas.json_normalize(whole["rows"])
    assert matrix.loc[0, "fw0.value"] == "Full"
    lines = pandas.DataFrame(json.loads(Client().get("/api/v1/cells").content)["items"])
    assert set(lines["framework"]) >= {"fw0", "fw1"}


def test_datasette_opens_the_database_of_everything(world: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA_FILES = tmp_path / "data"
    told = data_files.write_all(timezone.localdate())
    path = tmp_path / "all.sqlite"
    packed = settings.DATA_FILES / told.day.isoformat() / told.files[0].name
    path.write_bytes(gzip.decompress(packed.read_bytes()))

    async def ask() -> tuple[Any, Any]:
        served = Datasette([str(path)])
        await served.invoke_startup()
        page = await served.client.get("/all")
        sql = "select framework, count(*) as n from claims group by framework order by framework"
        rows = await served.client.get("/all.json", params={"sql": sql, "_shape": "array"})
        return page, rows

    page, rows = asyncio.run(ask())
    assert page.status_code == 200
    assert "claims" in page.text
    published = Claim.objects.published().filter(framework__slug="fw0").count()
    assert {one["framework"]: one["n"] for one in rows.json()}["fw0"] == published
