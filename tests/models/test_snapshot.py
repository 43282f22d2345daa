"""A long read sees one state, and blocks no writer."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from comparisons.models import Framework
from comparisons.models.snapshot import snapshot
from tests.editing.test_concurrency import at_once
from tests.factories import make_framework

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_others_write_meanwhile_is_stored_and_not_seen():
    make_framework("one")
    with snapshot():
        before = Framework.objects.count()
        (written,) = at_once(lambda: make_framework("two"))
        assert (before, Framework.objects.count()) == (1, 1)
    assert isinstance(written, Framework)
    assert Framework.objects.count() == 2


def test_writes_after_it_are_as_before():
    mode = getattr(connection, "transaction_mode", None)
    with snapshot():
        pass
    assert getattr(connection, "transaction_mode", None) == mode
    make_framework()


def test_an_error_inside_leaves_the_connection_as_it_was():
    mode = getattr(connection, "transaction_mode", None)
    with pytest.raises(DatabaseError), snapshot():
        raise DatabaseError
    assert getattr(connection, "transaction_mode", None) == mode
    assert not connection.in_atomic_block


def test_inside_a_transaction_it_is_that_one_which_counts():
    with transaction.atomic(), snapshot():
        make_framework()
    assert Framework.objects.count() == 1
