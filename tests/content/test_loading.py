"""Two ways to load the content, `seed` and stock `loaddata`: the same rows and cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from comparisons.exchange.fixtures import layout
from comparisons.maintenance import checks
from tests import dumps
from tests.worlds import seen

FOLDER = Path(settings.FIXTURE_DIRS[0])


class Loaded(NamedTuple):
    """What was in the database after `seed`; after `loaddata`, which is still there."""

    by_seed: tuple[Any, Any]
    by_loaddata: tuple[Any, Any]


def snapshot() -> tuple[Any, Any]:
    return dumps.content(), seen()


@pytest.fixture(scope="module")
def loaded(content: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    with django_db_blocker.unblock():
        by_seed = snapshot()
        call_command("flush", verbosity=0, interactive=False)
        for path in layout.fixture_files(FOLDER):
            call_command("loaddata", path.relative_to(FOLDER).with_suffix("").as_posix(), verbosity=0)
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
