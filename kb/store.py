"""The store of finished pages: what a reader gets depends on path, declared parameters, content and day, so it is kept.

A view says with `kept` (comparisons/views/kept.py) what of a request reaches its pages. A page is kept with the stamps
of the tables that it was read from (comparisons/models/stamps.py) and shown while these are the same. So a write ends
all pages that show its tables, and no others. Each process has a store in memory; with CACHE_URL all share another one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from comparisons.models import reads, stamps, subject
from comparisons.models.reads import Tables
from comparisons.models.stamps import Stamps
from comparisons.views.kept import Kept

from .ahead import PAUSE, Ahead
from .build import build_id
from .caches import SharedCache
from .front import Repeatable
from .pages import LIFETIME, Asked, Page

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Pages share so many places by their hash. Who asks for ever new pages makes others be forgotten, and fills nothing.
PLACES = 8_192
#: A longer body is not kept, in bytes before it is compressed.
LONGEST = 2_000_000
#: Seconds that a page may take to be built until another request tries too; that one waits for another to build it.
BUILDING, WAIT = 10, 1.0
#: Seconds for which readers get the last edition of a page while one of them builds the present one. They begin when
#: that edition was last seen to be current, not when its end was noticed, which may be an hour after the commit.
LAST = 0.9
#: Seconds between two looks whether a page is there.
LOOK = 0.01
#: Conditions about the page that a client has; they say nothing about the one that is to be kept.
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


@lru_cache(maxsize=4096)
def _kept_at(path: str, urls: str, _word: str) -> Kept | None:
    kept: Kept | None = getattr(resolve(path, urls).func, "kept", None)
    return kept


def kept_at(path: str) -> Kept | None:
    """What is declared of the view at a path; None if its pages are not kept, or there is none."""
    try:
        # Long paths, which name nothing, shall not fill the memory.
        return (_kept_at if len(path) <= 200 else _kept_at.__wrapped__)(
            path, settings.ROOT_URLCONF, subject.nouns().address
        )
    except Resolver404:
        return None


class PageStore:
    """Middleware that answers from the store, and fills it. Compression stands outside it, everything else inside."""

    def __init__(self, get_response: GetResponse):
        if settings.DEBUG or not settings.KEEP_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.prefix = f"page:{build_id()}:" if self.shared else "page:"
        self.ahead = Ahead(self.build_ahead, lambda: self.locks.add("building-ahead", 1, PAUSE))

    @property
    def near(self) -> BaseCache:
        """The store of this process."""
        return caches["pages"]

    @property
    def shared(self) -> BaseCache | None:
        """The store of all processes, if there is one."""
        cache = caches["default"]
        return cache if isinstance(cache, SharedCache) else None

    @property
    def locks(self) -> BaseCache:
        """Where the processes that share pages agree on who builds one."""
        return self.shared or self.near

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = kept_at(request.path_info) if request.method in ("GET", "HEAD") else None
        if kept is None:
            return self.get_response(request)
        request.get_host()  # raises DisallowedHost, as the middleware inside would
        asked = Asked.by(request, kept)
        try:
            now = stamps.current()
        except DatabaseError:
            return self.get_response(request)
        self.ahead.count(asked, now)
        found = self.page(request, asked, now)
        if not isinstance(found, Page):
            return found
        if unchanged := found.unchanged(request):
            return unchanged
        found = self.encoded(found, request)
        response: Any = found.response(request)
        response.repeatable = Repeatable(found, partial(self.ahead.count, asked))
        return response

    def page(self, request: HttpRequest, asked: Asked, now: Stamps) -> Page | HttpResponse:
        """The page: one that is kept, or built by this or another request; a response that is not to be kept."""
        digest = asked.digest
        page = self.find(digest, now)
        if page is not None and page.is_of(digest, now.now):
            return page
        lock = f"building:{digest}"
        if self.locks.add(lock, 1, BUILDING):
            try:
                # Another may have been ready between the two.
                again = self.find(digest, now)
                is_there = again is not None and again.is_of(digest, now.now)
                return again if again is not None and is_there else self.build(request, asked, now)
            finally:
                self.locks.delete(lock)
        if page is not None and page.is_of(digest, now.before) and time.monotonic() < now.since + LAST:
            return page
        until = time.monotonic() + WAIT
        while time.monotonic() < until and self.locks.get(lock):
            time.sleep(LOOK)
        now = stamps.current()
        page = self.find(digest, now)
        return page if page is not None and page.is_of(digest, now.now) else self.build(request, asked, now)

    def _place(self, digest: str) -> str:
        return f"{self.prefix}{int(digest[:8], 16) % PLACES}"

    def find(self, digest: str, now: Stamps) -> Page | None:
        """What is kept in the place of a page: the page as it is now if anywhere, else an older or another one."""
        place = self._place(digest)
        near: Page | None = self.near.get(place)
        if self.shared is None or (near is not None and near.is_of(digest, now.now)):
            return near
        shared: Page | None = self.shared.get(place)
        if shared is not None and shared.is_of(digest, now.now):
            self.near.set(place, shared, LIFETIME)
            return shared
        return near

    def keep(self, page: Page) -> None:
        """Keep a page in its place."""
        for cache in filter(None, (self.near, self.shared)):
            cache.set(self._place(page.digest), page, LIFETIME)

    def encoded(self, page: Page, request: HttpRequest) -> Page:
        """The page with its body in the encoding of this client, which is kept with it."""
        encoding = page.encoding(request)
        if not encoding or encoding in page.bodies:
            return page
        page = page.encoded(encoding)
        self.keep(page)
        return page

    def build(self, request: HttpRequest, asked: Asked, now: Stamps) -> Page | HttpResponse:
        """Build a page and keep it; the response as it is if it is not to be kept."""
        day = timezone.localdate()
        conditions = {name: request.META.pop(name) for name in _CONDITIONS if name in request.META}
        method, request.method = request.method, "GET"
        try:
            with reads.reading() as tables:
                response = self.get_response(request)
        finally:
            request.method = method
            request.META.update(conditions)
        if not may_be_kept(response, kept_at(asked.path) or Kept(), tables):
            return response
        page = Page.of(response, asked.digest, day, now.of(tables.names))
        encoding = page.encoding(request)
        page = page.encoded(encoding) if encoding else page
        self.keep(page)
        return page

    def build_ahead(self, asked: Asked) -> None:
        """Build a page unless it is there. Outside a request: raises DatabaseError."""
        self.page(asked.request(), asked, stamps.current())


def may_be_kept(response: HttpResponse, kept: Kept, tables: Tables) -> bool:
    """Whether a response is the same for every reader who asks for the same page."""
    control, vary = response.get("Cache-Control", ""), response.get("Vary", "")
    names = {name.strip().lower() for name in vary.split(",")} - {"", "accept-encoding"}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "no-store" not in control
        and "private" not in control
        and names <= kept.vary
        and len(response.content) <= LONGEST
        and not tables.others
    )
