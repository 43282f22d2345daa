"""Who asks is what trusted proxies say; each request has an id, in the response and in every line that it logs."""

from __future__ import annotations

import re
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import RequestFactory

from comparisons.views.clients import household
from comparisons.views.errors import server_error
from kb import health, slow
from kb.clients import address_behind, networks
from kb.entrance import Entrance, answering

from .test_settings import PRODUCTION, python

pytestmark = pytest.mark.any_database

PROXIES = networks(["127.0.0.1", "10.0.0.0/24", "2001:db8::/64"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 198.51.100.2", "198.51.100.2"),
        ("127.0.0.1", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("127.0.0.1", "127.0.0.1, 198.51.100.1, 10.0.0.9, 2001:db8::1", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1::7]:4711", "2001:db8:1::7"),
        ("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, 10.0.0.9;drop", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4, " * 3 + "10.0.0.1, " * 40 + "10.0.0.1", "10.0.0.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy(peer: str, forwarded: str, client: str) -> None:
    assert address_behind(peer, forwarded, PROXIES) == client


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("", ""),
    ],
)
def test_a_network_of_ipv6_counts_as_one_client(address: str, counted: str) -> None:
    assert household(address) == counted


def test_a_proxy_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        networks(["proxy.example"])


@pytest.mark.parametrize(
    ("peer", "given", "is_kept"),
    [
        ("127.0.0.1", "a-1.B_2", True),
        ("127.0.0.1", "x" * 64, True),
        ("127.0.0.1", "x" * 65, False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "a b", False),
        ("127.0.0.1", "a\nb", False),
        ("127.0.0.1", "a\n", False),
        ("127.0.0.1", "é", False),
        ("203.0.113.5", "a-1.B_2", False),
    ],
)
def test_only_a_trusted_proxy_names_requests(peer: str, given: str, is_kept: bool, settings: Any) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    seen: list[Any] = []

    def application(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("A", "b")])
        seen.append((environ["HTTP_X_REQUEST_ID"], answering().id, environ["REMOTE_ADDR"]))
        return []

    headers: dict[str, str] = {}
    environ = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_REQUEST_ID=given, HTTP_X_FORWARDED_FOR="192.0.2.1")
    copy_context().run(Entrance(application), environ.environ, lambda status, pairs: headers.update(pairs))
    name = headers["X-Request-ID"]
    assert headers["A"] == "b"
    assert seen == [(name, name, "192.0.2.1" if peer == "127.0.0.1" else peer)]
    assert name == given if is_kept else re.fullmatch("[0-9a-f]{16}", name)


#: Asks the site as it is deployed; its log is on standard error.
ASKING = """
import kb.wsgi
from django.test import RequestFactory
for path, host, name in (
    ("/healthz", "localhost", "fine"),
    ("/healthz", "evil.example", "host"),
    ("/healthz", "evil example\\x1b", "rubbish"),
    ("/%00", "localhost", "path"),
    ("/healthz", "evil.example", "not an id"),
):
    request = RequestFactory().get(path, HTTP_HOST=host, HTTP_X_REQUEST_ID=name, REMOTE_ADDR="127.0.0.1")
    kb.wsgi.application(request.environ, lambda *started: None)
"""
LOGGED = (
    r"WARNING host django\.request Refused: .*'evil\.example'.*",
    r"WARNING rubbish django\.request Refused: .*'evil example\\x1b'.*",
    r"WARNING path django\.request Bad Request: /\\x00",
    r"WARNING [0-9a-f]{16} django\.request Refused: .*'evil\.example'.*",
)


def test_a_refusal_is_one_line_that_names_its_request(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    variables = {**PRODUCTION, "ALLOWED_HOSTS": "localhost", "HTTPS": "0", "SITE_URL": "http://localhost"}
    done = python("-c", ASKING, **variables, DATA_DIR=str(tmp_path))
    found = [line.partition(" ")[2] for line in done.stderr.splitlines()]
    assert done.returncode == 0 and len(found) == len(LOGGED), done.stderr
    assert all(re.fullmatch(line, text) for line, text in zip(LOGGED, found, strict=True)), done.stderr


@pytest.mark.parametrize("fails", [False, True])
def test_a_slow_query_is_logged_with_who_asked_and_without_its_values(
    fails: bool, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    def execute(sql: str, params: Any, many: bool, context: Any) -> None:
        if fails:
            raise OperationalError("canceled on user request")

    def ask(limit: int) -> str:
        settings.SLOW_QUERY_MILLISECONDS = limit
        caplog.clear()
        with suppress(OperationalError):
            slow.timed(execute, "SELECT  1\nFROM " + "x" * 400, ("secret",), False, {})
        return caplog.text

    assert ask(limit=60_000) == ""
    logged = ask(limit=0)
    assert re.search(r"Slow query: 0 ms, another package, no request: SELECT 1 FROM x{286} …", logged)
    assert "secret" not in logged


@pytest.mark.django_db
def test_the_function_that_asked_is_one_of_this_project(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.SLOW_QUERY_MILLISECONDS = 0
    with connection.execute_wrapper(slow.timed):
        list(health.problems())
    assert "ms, kb.health.problems, no request: SELECT 1" in caplog.text


def test_the_page_of_an_unexpected_error_names_its_request() -> None:
    page = server_error(RequestFactory().get("/", headers={"x-request-id": "abc-1"})).content.decode()
    assert "abc-1" in page
