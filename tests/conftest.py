"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from comparisons import fixtures


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The project's own content, in the database for the whole module."""
    yield from _loaded(settings.FIXTURE_DIRS[0], django_db_blocker)


def _loaded(folder: Path, blocker: DjangoDbBlocker) -> Iterator[Path]:
    with blocker.unblock():
        fixtures.load(folder)
    yield folder
    with blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
