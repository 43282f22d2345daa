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


class Checker:
    """Runs the command with a clock of its own, fake name lookups, and only the sites that a test allows."""

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
def checker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Checker:
    checker = Checker(settings)
    monkeypatch.setattr(command.timezone, "now", lambda: checker.now)
    monkeypatch.setattr(link_checks, "Pace", lambda: pace.Pace(checker.clock, checker.clock.sleep))

    def look_up(host: str, _timeout: float) -> list[str]:
        if host.startswith("gone"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return ["127.0.0.1"]

    monkeypatch.setattr(link_checks, "Fetcher", lambda *a, **o: fetching.Fetcher(*a, resolve=look_up, **o))
    return checker


@pytest.fixture
def own(checker: Checker) -> Iterator[Site]:
    with site({"/page": answer(200)}) as running:
        checker.allow(running.place)
        yield running


def health(slug: str) -> str:
    return Article.objects.get(slug=slug).link_health
