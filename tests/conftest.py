"""Fixtures that many tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from comparisons.exchange.fixtures import loading
from comparisons.models import Subject, subject
from tests import copies

SECOND_DOMAIN = Path(__file__).parent / "domains" / "task_queues"

# The same examples in every run and on every machine, so that a failure can be repeated.
hypothesis_settings.register_profile("repeatable", deadline=None, max_examples=150, derandomize=True, database=None)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let writes to the test database skip the disk: it need not survive a power cut."""
    options = connection.settings_dict["OPTIONS"]
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    else:
        options["options"] += " -c synchronous_commit=off"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep the groups that a migration makes: a test that commits, or loads content, ends by emptying every table.

    Emptying the tables sends the signal that follows a migration, which makes the groups again.
    """
    with django_db_blocker.unblock():
        groups = {group.name: [row.codename for row in group.permissions.all()] for group in Group.objects.all()}

    def restore(using: str, **_: Any) -> None:
        own = Permission.objects.using(using).filter(content_type__app_label="comparisons")
        for name, codenames in groups.items():
            group, is_new = Group.objects.using(using).get_or_create(name=name)
            if is_new:
                group.permissions.set(own.filter(codename__in=codenames))

    def emptied(style: Any, tables: list[str], **_: Any) -> list[str]:
        """Delete from the few tables that hold rows; to truncate all takes PostgreSQL about four times as long."""
        names = [connection.ops.quote_name(table) for table in tables]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names))
            return [f"DELETE FROM {name}" for name, is_full in zip(names, cursor.fetchone(), strict=True) if is_full]

    config = apps.get_app_config("comparisons")
    post_migrate.connect(restore, sender=config)
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(connection.ops, "sql_flush", emptied)
        yield
    post_migrate.disconnect(restore, sender=config)


@pytest.fixture(autouse=True)
def no_subject_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a process that has just read that there is no subject, so that queries can be counted.

    Writing a subject makes the process read it.
    """
    monkeypatch.setattr(subject, "_kept", (float("inf"), Subject()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs no database: it gives the same result whatever database the other tests run on."""
    for item in items:
        if not item.get_closest_marker("django_db") and "django_db_setup" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.any_database)


@contextmanager
def rows_of_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give all tests of a module the rows that a module's fixture makes in this block, which ends when it does.

    The transaction of each test is then a savepoint. A test with `transaction=True` empties every table, so that it
    cannot stand in such a module.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load the project's own content for the whole module; returns its folder."""
    yield from _loaded(settings.FIXTURE_DIRS[0], django_db_blocker)


@pytest.fixture(scope="module")
def second_domain(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load content about task queues for the whole module, since no code may know web frameworks by name."""
    yield from _loaded(SECOND_DOMAIN, django_db_blocker)


#: Every row of the database as it is when a folder has been loaded, by folder.
_COPIES: dict[Path, copies.Copy] = {}


def _loaded(folder: Path, blocker: DjangoDbBlocker) -> Iterator[Path]:
    with blocker.unblock():
        connection.ensure_connection()
        if folder in _COPIES:
            _COPIES[folder].restore()
        else:
            loading.load(folder)
            _COPIES[folder] = copies.taken()
    yield folder
    with blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
