"""The outermost part of the site: gives each request its id, and finds out whose it is.

It stands before `kb.front`, which answers without Django, so it is no middleware.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings

from comparisons.views.clients import parsed

from .clients import address_behind, is_trusted
from .gateway import Application, Environ, Headers, StartResponse

logger = logging.getLogger(__name__)

#: An id that a proxy may give to a request: it gets into logs and a header.
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Answering(NamedTuple):
    """The request that a thread is answering: its id, and its method and path, without what was asked for."""

    id: str = "-"
    what: str = "no request"


_NOTHING = Answering()
_answering: ContextVar[Answering] = ContextVar("answering", default=_NOTHING)


def answering() -> Answering:
    """The request that this thread is answering; one with the id "-" outside of requests."""
    return _answering.get()


class Entrance:
    """A WSGI application before all others.

    Each request gets an id, which every line that is logged for it names, and its response in X-Request-ID. That of one
    of the TRUSTED_PROXIES is kept. REMOTE_ADDR becomes the address of the client, as these proxies say.
    """

    def __init__(self, application: Application):
        self.application = application
        self.has_warned = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        given = ""
        if settings.TRUSTED_PROXIES:
            peer, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
            if is_trusted(parsed(peer), settings.TRUSTED_PROXIES):
                environ["REMOTE_ADDR"] = address_behind(peer, forwarded, settings.TRUSTED_PROXIES)
                given = environ.get("HTTP_X_REQUEST_ID", "")
            elif forwarded and not self.has_warned:
                self.has_warned = True
                logger.warning("%s sends X-Forwarded-For and is none of the TRUSTED_PROXIES: not believed", peer)
        name = given if _ID.fullmatch(given) else secrets.token_hex(8)
        environ["HTTP_X_REQUEST_ID"] = name
        _answering.set(Answering(name, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"))

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, [*headers, ("X-Request-ID", name)], *rest)

        return self.application(environ, start)
