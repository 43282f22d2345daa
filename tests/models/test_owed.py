"""A write is saved even if what is derived from it cannot be refreshed just then."""

from typing import Any

import pytest
from django.db import OperationalError, transaction

from comparisons.models import Framework, derived
from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_a_refresh_that_fails_after_the_commit_is_owed_and_raises_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refreshed: list[Any] = []
    tried: list[Any] = []
    is_locked = True

    def refresh(keys: derived.Keys, _using: str) -> None:
        tried.append(keys)
        if is_locked:
            raise OperationalError("database is locked")
        refreshed.append(set(keys["framework"]))

    kind = derived.Derived("one", {Framework: derived.Reach("framework")}, refresh)
    monkeypatch.setattr(derived, "FOLLOWED", {"one": kind})
    monkeypatch.setattr(derived, "_OWED", {})
    again: list[Any] = []
    monkeypatch.setattr(derived, "later", lambda *due: again.append(due))
    with transaction.atomic():
        first = make.make_framework("one")
        first.save()
    assert len(tried) == 1, "each attempt may wait for a lock"
    assert Framework.objects.get() == first, "no editor is told that it is not saved"
    assert "Derived data is behind" in caplog.text
    other = make.make_framework("other")
    is_locked = False
    work, *arguments = again[-1]
    work(*arguments)
    assert refreshed == [{first.pk, other.pk}]
