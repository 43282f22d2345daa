"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from comparisons.exchange.fixtures import loading

SECOND_DOMAIN = Path(__file__).parent / "domains" / "task_queues"

# The same examples in every run and on every machine: a test that fails, fails again.
hypothesis_settings.register_profile("repeatable", deadline=None, max_examples=150, derandomize=True, database=None)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The database of the tests need not outlive a power cut."""
    options = connection.settings_dict["OPTIONS"]
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    else:
        options["options"] += " -c synchronous_commit=off"


#: What another database or another Django may do otherwise: locks, constraints, counts, search, every page once.
CROSSING = (
    *(f"editing/merging/test_{name}.py" for name in ("articles", "claims", "criteria", "merges", "races", "renaming")),
    "editing/merging/test_splitting.py",
    *("editing/test_concurrency.py", "models/test_constraints.py", "models/test_models.py", "pros_cons/test_index.py"),
    *("search/test_find.py", "views/test_every_address.py", "views/test_search.py"),
    *("admin/work/test_conflicts.py", "admin/test_races.py", "admin/test_rights.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test without a database says the same whatever database the others run on; some cross."""
    for item in items:
        if item.path.as_posix().endswith(CROSSING):
            item.add_marker(pytest.mark.crossing)
        if not item.get_closest_marker("django_db") and "django_db_setup" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.any_database)


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The project's own content, in the database for the whole module."""
    yield from _loaded(settings.FIXTURE_DIRS[0], django_db_blocker)


@pytest.fixture(scope="module")
def second_domain(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Another domain, of task queues, in the database for the whole module: nothing knows web frameworks by name."""
    yield from _loaded(SECOND_DOMAIN, django_db_blocker)


def _loaded(folder: Path, blocker: DjangoDbBlocker) -> Iterator[Path]:
    with blocker.unblock():
        loading.load(folder)
    yield folder
    with blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
