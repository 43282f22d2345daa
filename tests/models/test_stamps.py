"""The stamps of tables, by which kept pages notice writes."""

from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.models import stamps


@pytest.mark.django_db(transaction=True)
def test_stamps_that_were_replaced_are_dated_by_when_they_were_last_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by when somebody noticed: on a site that nobody asked for an hour, that may be an hour after the commit."""
    now: Any = 1000.0
    monkeypatch.setattr(stamps, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(stamps, "_read_until", (0.0, -1))
    stamps.forget()
    before = stamps.current().now
    now = 1005.0
    stamps.current()
    now = 1010.0
    stamps.renew({"comparisons_framework"})
    now = 4600.0
    found = stamps.current()
    assert found.now != before == found.before
    assert found.since == 1005.0
    monkeypatch.undo()
    stamps.forget()
