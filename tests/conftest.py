"""Fixtures that many tests share."""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection, transaction
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

import comparisons.admin.urls  # noqa: F401 - tests look at what is registered there
from comparisons.exchange.fixtures import loading
from comparisons.models import Subject, subject
from comparisons.proof import shown_samples
from tests import copies, serving
from tests.kept import MIGRATED, kept

SECOND_DOMAIN = Path(__file__).parent / "domains" / "task_queues"
BROWSERS = Path(__file__).parent / "domains" / "browsers"

# The same examples in every run and on every machine, so that a failure can be repeated.
hypothesis_settings.register_profile("repeatable", deadline=None, max_examples=60, derandomize=True, database=None)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let writes to the test database skip the disk, since it need not survive a power cut, and begin with the tables
    that an earlier run has made, if there is one.
    """
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        with django_db_blocker.unblock():
            shutil.copyfile(kept(MIGRATED, _migrate), connection.settings_dict["TEST"]["NAME"])
    else:
        options["options"] += " -c synchronous_commit=off"


def _migrate(path: Path) -> None:
    """Make a database file with all tables."""
    connection.settings_dict["NAME"] = str(path)
    call_command("migrate", verbosity=0)
    connection.close()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite, take the file that is there; `django_db_setup` deletes it at the end."""
    return connection.vendor == "sqlite"


#: Tables whose rows Django and the migrations make. To make them anew after each test that commits took longer than
#: most such tests, since every model has four permissions.
MADE = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a test that commits, or loads content, end by emptying the tables that hold rows, apart from MADE."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            serving.keep_migrated(connection)
        made = _rows_made()

    def emptied(style: Any, tables: list[str], **_: Any) -> list[str]:
        """Delete from the few tables that hold rows; to truncate all takes PostgreSQL about four times as long."""
        names = [connection.ops.quote_name(table) for table in tables if table not in MADE]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names))
            return [f"DELETE FROM {name}" for name, is_full in zip(names, cursor.fetchone(), strict=True) if is_full]

    def made_again(*_: Any) -> None:
        """Stand in for the signal that makes those rows: put them back if a test has changed them."""
        if _rows_made() != made:
            with transaction.atomic(), connection.cursor() as cursor, connection.constraint_checks_disabled():
                for table in reversed(MADE):
                    cursor.execute(f"DELETE FROM {table}")
                for table in MADE:
                    if made[table]:
                        places = ", ".join(["%s"] * len(made[table][0]))
                        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", made[table])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", emptied)
        patch.setattr(flush, "emit_post_migrate_signal", made_again)
        yield
    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{ending}").unlink(missing_ok=True)


def _rows_made() -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        found = {}
        for table in MADE:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


@pytest.fixture(autouse=True)
def no_subject_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a process that has just read that there is no subject, so that queries can be counted, and
    that there are samples if there is a folder of them.

    Writing a subject makes the process read it, once: a slow test makes no query more than a quick one.
    """
    monkeypatch.setattr(subject, "KEPT_FOR", float("inf"))
    monkeypatch.setattr(subject, "_kept", (float("inf"), Subject()))
    monkeypatch.setattr(shown_samples, "_kept", shown_samples._Kept(True, float("inf"), is_away=True))


def pytest_collection_finish() -> None:
    """Leave out of each garbage collection what was imported: it stays to the end, and is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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


def made_once(make: Callable[[], Any]) -> Any:
    """Make a function a fixture whose rows all tests of a module share: for whole modules, see `rows_of_module`.

    What it returns is shared too, so no test may change it without saving.
    """

    @pytest.fixture(scope="module")
    def fixture(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
        with rows_of_module(django_db_blocker):
            yield make()

    return fixture


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load the project's own content for the whole module; returns its folder."""
    yield from _loaded(settings.FIXTURE_DIRS[0], django_db_blocker)


@pytest.fixture(scope="module")
def second_domain(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load content about task queues for the whole module, since no code may know web frameworks by name."""
    yield from _loaded(SECOND_DOMAIN, django_db_blocker)


@pytest.fixture(scope="module")
def browsers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load content about browsers for the whole module: a subject without releases, with words of its own."""
    yield from _loaded(BROWSERS, django_db_blocker)


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
