"""Work that failed is tried again in a while."""

import threading

import pytest

from comparisons.models import late


def test_work_is_done_once_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "PAUSE", 0.05)
    monkeypatch.setattr(late.connections, "close_all", lambda: done.set())
    done, found = threading.Event(), []

    def work(name: str) -> None:
        found.append((name, threading.current_thread() is threading.main_thread()))

    late.later(work, "one")
    late.later(work, "one")
    assert done.wait(30)
    assert found == [("one", False)]
    assert not late._waiting
