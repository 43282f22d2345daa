"""What is answered without Django is what Django answered, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test import RequestFactory

from comparisons.models import stamps
from kb import pages
from kb.front import Application, Front
from kb.store import PageStore
from tests import factories as make
from tests.evidence.writes import changed
from tests.kb.asking import ASKED


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let requests go on using the connection of the test, as its own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(application: Application, path: str, **headers: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """The status, headers and body that a WSGI application answers."""
    started: list[Any] = []
    environ = {**RequestFactory().get(path).environ, "HTTP_HOST": "localhost", **headers}
    body = b"".join(application(environ, lambda *given: started.append(given)))
    return started[0][0], sorted(started[0][1]), body


@pytest.mark.django_db
def test_what_is_repeated_without_django_is_what_django_answered(
    store: None, one_connection: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_claim(one := make.make_framework("one"), make.make_criterion("level"), text="So")
    django = WSGIHandler()
    passed: list[str] = []
    front = Front(lambda environ, start: (passed.append(environ["PATH_INFO"]), django(environ, start))[1])
    for path, headers in [*ASKED, *ASKED, *reversed(ASKED)]:
        for more in ({}, {"HTTP_ACCEPT_ENCODING": "br"}):
            assert ask(front, path, **headers, **more) == ask(django, path, **headers, **more), (path, headers)
    assert len(passed) <= 2 * len(ASKED)
    _, headers, _ = ask(front, "/matrix/")
    tag = dict(headers)["ETag"]
    passed.clear()
    for given in (tag, f"W/{tag}"):
        unchanged = ask(front, "/matrix/", HTTP_IF_NONE_MATCH=given)
        assert unchanged == ask(django, "/matrix/", HTTP_IF_NONE_MATCH=given) and unchanged[0].startswith("304")
    assert passed == []
    assert ask(front, "/matrix/", HTTP_IF_NONE_MATCH='"other"') == ask(django, "/matrix/")
    assert ask(front, "/matrix/", HTTP_HOST="evil.example")[0].startswith("400")
    assert ask(front, "/matrix/", REQUEST_METHOD="POST")[0].startswith("403")
    assert ask(front, "/matrix/", REQUEST_METHOD="TRACE")[0].startswith("405")
    with django_capture_on_commit_callbacks(execute=True):
        changed(one, name="Renamed")
    assert b"Renamed" in ask(front, "/matrix/")[2]
    monkeypatch.setattr(stamps, "current", lambda: (_ for _ in ()).throw(OperationalError))
    assert ask(front, "/matrix/")[0].startswith("200")  # made anew


@pytest.mark.django_db
def test_what_is_repeated_without_django_is_made_anew_once_it_is_too_old(
    store: None, one_connection: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write past Django, which no stamp tells of, shows by then."""
    passed: list[str] = []
    django = WSGIHandler()
    front = Front(lambda environ, start: (passed.append(environ["PATH_INFO"]), django(environ, start))[1])
    for _ in range(2):
        assert ask(front, "/about/method/")[0].startswith("200")
    assert passed == ["/about/method/"]
    later = pages.time.time() + pages.LIFETIME
    monkeypatch.setattr(pages.time, "time", lambda: later)
    built: list[str] = []
    build = PageStore.build
    monkeypatch.setattr(PageStore, "build", lambda self, *given: (built.append("a page"), build(self, *given))[1])
    assert ask(front, "/about/method/")[0].startswith("200")
    assert built == ["a page"]
