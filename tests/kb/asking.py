"""Requests for tests of the store of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client, override_settings

from comparisons.models import drawn, remembered

#: Requests that differ in what may reach a page, and in what must not.
ASKED: list[tuple[str, dict[str, str]]] = [
    ("/search/?q=one", {}),
    ("/search/?q=one", {"HTTP_HX_REQUEST": "true"}),
    ("/search/?q=one", {"HTTP_HX_REQUEST": "1"}),
    ("/search/?q=one", {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}),
    ("/search/?q=on", {}),
    ("/search/?q=one&kind=frameworks", {}),
    ("/search/?kind=frameworks&q=one&utm=x", {}),
    ("/search/?q=one", {"HTTP_HOST": "localhost"}),
    ("/search/?q=one", {"HTTP_HOST": "127.0.0.1", "HTTP_X_FORWARDED_HOST": "evil.example"}),
    ("/search/?q=one", {"wsgi.url_scheme": "https"}),
    ("/search/?q=one", {"HTTP_COOKIE": "session=x; csrf=y; messages=z"}),
    ("/search/?q=one", {"HTTP_ACCEPT_LANGUAGE": "de", "HTTP_AUTHORIZATION": "Basic eDp5"}),
    ("/matrix/?framework=one&criterion=level", {}),
    ("/matrix/?criterion=level&framework=one&framework=one&q=", {}),
    ("/matrix/?criterion=level", {}),
    ("/matrix/", {}),
]


#: Parts of pages that were drawn, and whole ones.
DRAWN: tuple[Any, ...] = (drawn.memory, drawn.pages)


class _Forgetful(Client):
    """A client for which nothing is remembered, and from which nothing is remembered."""

    def request(self, **request: Any) -> Any:
        bring_back = memory_as_it_is()
        remembered.forget()
        for memory in DRAWN:
            memory.forget()
        found = super().request(**request)
        bring_back()
        return found


def memory_as_it_is() -> Callable[[], None]:
    """Note all that is remembered; returns a function by which it is remembered again, and nothing else."""
    rows = {name: getattr(remembered, name).copy() for name in ("_found", "_made", "_by_key")}
    held = remembered._held
    drawings = [(memory, memory._texts.copy(), memory._held) for memory in DRAWN]

    def bring_back() -> None:
        for name, kept in rows.items():
            setattr(remembered, name, kept.copy())
        remembered._held = held
        for memory, texts, size in drawings:
            memory._texts, memory._held = texts.copy(), size

    return bring_back


def without_store() -> Client:
    """A client whose pages are all made anew."""
    client = _Forgetful()
    with override_settings(KEEP_PAGES=False):
        client.get("/healthz")
    return client
