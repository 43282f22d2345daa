"""Two ways to load content, `seed` and stock `loaddata`: the same rows and cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from comparisons.exchange.fixtures import layout
from comparisons.maintenance import checks
from tests import dumps
from tests.conftest import SECOND_DOMAIN
from tests.worlds import seen

#: The project's own content takes a minute to load in this way; this has a few of everything.
FOLDER = SECOND_DOMAIN


class Loaded(NamedTuple):
    """What was in the database after `seed`; after `loaddata`, which is still there."""

    by_seed: tuple[Any, Any]
    by_loaddata: tuple[Any, Any]


def snapshot() -> tuple[Any, Any]:
    return dumps.content(), seen()


@pytest.fixture(scope="module")
def loaded(second_domain: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    with django_db_blocker.unblock():
        by_seed = snapshot()
        call_command("flush", verbosity=0, interactive=False)
        for path in layout.fixture_files(FOLDER):
            call_command("loaddata", str(path), verbosity=0)
        yield Loaded(by_seed, snapshot())


@pytest.mark.django_db
def test_loaddata_file_by_file_gives_the_rows_that_seed_gives(loaded):
    assert loaded.by_loaddata[0] == loaded.by_seed[0]


@pytest.mark.django_db
def test_loaddata_file_by_file_gives_the_cells_that_seed_gives(loaded):
    assert loaded.by_loaddata[1] == loaded.by_seed[1]
    assert loaded.by_seed[1]


@pytest.mark.django_db
def test_the_checks_find_nothing_after_loaddata(loaded):
    assert checks.check_all() == []
