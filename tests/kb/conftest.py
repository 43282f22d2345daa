"""A site as deployed, and the store of pages."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection

from comparisons.models import derived, remembered, stamps
from kb.ahead import Ahead
from tests.conftest import SECOND_DOMAIN
from tests.serving import Site, postgres_database, served


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """The site as it is deployed, on the database of this run, with the content about task queues."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres_database()) if connection.vendor == "postgresql" else ""
        yield stack.enter_context(served(url, SECOND_DOMAIN))


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep pages, and notice the writes of this thread, until the end of the test.

    Nothing is built ahead: another thread does not see what the transaction of a test has written.
    """
    monkeypatch.setattr(Ahead, "run", lambda _: None)
    settings.KEEP_PAGES = settings.WATCH_WRITES = True
    # The transaction of a test is what other transactions would be: its callbacks renew the stamps.
    monkeypatch.setattr(remembered, "_in_transaction", lambda: False)
    remembered.forget()
    caches["pages"].clear()
    stamps.forget()
    before = list(connection.execute_wrappers)
    stamps.watch_connection(connection)
    derived.refreshing.connect(stamps._on_refresh, dispatch_uid="stamps")
    yield
    derived.refreshing.disconnect(dispatch_uid="stamps")
    connection.execute_wrappers[:] = before
    caches["pages"].clear()
    stamps.forget()
