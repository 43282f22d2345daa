"""What readiness says of the cache that processes share."""

from __future__ import annotations

from typing import Any

import pytest

from kb import health


class _Shared:
    """A cache that another process asks between a write and a read of this one."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}
        self.is_asked = False

    def set(self, key: str, value: Any, _seconds: int) -> None:
        self.held[key] = value
        if not self.is_asked:
            self.is_asked = True
            assert list(health.drawbacks()) == []

    def get(self, key: str) -> Any:
        return self.held.get(key)


def test_two_who_ask_at_once_are_both_told_that_the_cache_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "shared_cache", _Shared())
    assert list(health.drawbacks()) == []
