"""One server, one browser and two windows for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.serving import PATIENCE, Site, find_chromium, served, skip_unless_ci

from .paths import CHOICE, RECORD, WITHDRAWN

# The time-out of every `expect`; that of all other actions is set by Window.
expect.set_options(timeout=PATIENCE * 1000)

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves, so that nothing but the server of the tests can be reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
#: Writes each violation of the Content-Security-Policy to the console, with its place.
REPORT = """addEventListener("securitypolicyviolation", (event) => console.error(
  `CSP report: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""
#: Adds a withdrawn claim: its address answers 410, and no page links to it.
WITHDRAW = f"""
import datetime as dt
from comparisons.models import Claim, Criterion, Framework
now = dt.datetime.now(dt.UTC)
Claim.objects.create(key="{WITHDRAWN}", framework=Framework.objects.get(slug="flask"),
    criterion=Criterion.objects.get(slug="middleware"), kind="capability", polarity="neutral",
    statement="Not so.", status="withdrawn", published_at=now, withdrawn_at=now, withdrawal_reason="A mistake.")
"""
#: Keeps a decision record under an address that is known beforehand.
DECIDE = f"""
import datetime as dt
from django.http import QueryDict
from comparisons.filters import ChooseForm
from comparisons.models import DecisionRecord
from comparisons.views.decision_state import state_of
day = dt.datetime.now(dt.UTC).date()
query = ChooseForm.read(QueryDict("{CHOICE.partition("?")[2]}"))
state = state_of(query, day, "A partner API", "It has an admin.")
DecisionRecord.objects.get_or_create(key="{RECORD}", defaults={{"day": day, "state": state}})
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site as deployed, with the project's content and the two records above: one server for all tests here."""
    with served() as site:
        site.run(WITHDRAW)
        site.run(DECIDE)
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        skip_unless_ci("no Chromium; name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Window:
    """A page of the browser. complaints: console messages, errors and requests to other hosts since it was opened."""

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        own_status = message.location.get("url") == self.page.url and "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not own_status:
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Any) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.complaints.append(f"request to {request.url}")

    def open(self, path: str) -> int:
        """Open an address of the site; returns the status of the response."""
        self.complaints.clear()
        response = self.page.goto(self.site.address + path, wait_until="load")
        assert response is not None
        return response.status


def _context(browser: Browser, **options: Any) -> BrowserContext:
    return browser.new_context(reduced_motion="reduce", **options)


@pytest.fixture(scope="session")
def windows(browser: Browser, site: Site) -> Iterator[dict[str, Window]]:
    """Four windows: "desktop", "phone", "narrow" (320 px), and "zoomed", which is 1280 px at 200 %."""
    contexts = {
        "desktop": _context(browser, viewport=DESKTOP),
        "phone": _context(browser, viewport=PHONE),
        "narrow": _context(browser, viewport={"width": 320, "height": 640}),
        "zoomed": _context(browser, viewport={"width": 640, "height": 450}, device_scale_factor=2),
    }
    for context in contexts.values():
        context.add_init_script(REPORT)
    yield {name: Window(context.new_page(), site) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="session")
def scriptless(browser: Browser, site: Site) -> Iterator[Window]:
    """A window with JavaScript switched off."""
    context = _context(browser, viewport=DESKTOP, java_script_enabled=False)
    yield Window(context.new_page(), site)
    context.close()
