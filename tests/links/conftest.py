"""Runs of `check_links` against small sites on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from comparisons.links import fetching, pace
from comparisons.links import run as link_checks
from comparisons.management.commands import check_links as command
from comparisons.models import Article
from tests.sites import Clock, Site, answer, site

DAY = timedelta(days=1)


class World:
    """A run as it would be, but for the time, the names and the places that it may ask."""

    def __init__(self, settings: Any):
        self.settings, self.clock = settings, Clock()
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.errors = ""

    def run(self, *arguments: str, **options: Any) -> str:
        out, err = StringIO(), StringIO()
        try:
            call_command("check_links", *arguments, stdout=out, stderr=err, **options)
        finally:
            self.errors = err.getvalue()
        return out.getvalue()

    def allow(self, *places: str) -> None:
        self.settings.LINK_CHECK_ALLOWED = [*self.settings.LINK_CHECK_ALLOWED, *places]


@pytest.fixture
def world(settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(settings)
    monkeypatch.setattr(command.timezone, "now", lambda: world.now)
    monkeypatch.setattr(link_checks, "Pace", lambda: pace.Pace(world.clock, world.clock.sleep))

    def look_up(host: str, _timeout: float) -> list[str]:
        if host.startswith("gone"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return ["127.0.0.1"]

    monkeypatch.setattr(link_checks, "Fetcher", lambda *a, **o: fetching.Fetcher(*a, resolve=look_up, **o))
    return world


@pytest.fixture
def own(world: World) -> Iterator[Site]:
    with site({"/page": answer(200)}) as running:
        world.allow(running.place)
        yield running


def health(slug: str) -> str:
    return Article.objects.get(slug=slug).link_health
