"""The site as deployed, on the database of this run: health, headers, static files, refusals."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress

import pytest

from kb.edge import MAX_BODY
from tests.serving import ROOT, Site

pytestmark = pytest.mark.crossing

#: The headers that every response must carry, and how their values begin.
HEADERS = {
    "content-security-policy": "default-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def test_health_and_readiness_answer(site: Site) -> None:
    assert site.get("/healthz").text == "ok\n"
    assert site.get("/readyz").text == "ready\n"
    assert "no-store" in site.get("/readyz").headers["cache-control"]


def test_seeded_content_is_served(site: Site) -> None:
    assert "Celery" in site.get("/task-queues/celery/").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/comparisons/", 200),
        ("/matrix/?only=nonsense", 400),
        ("/no-such-page/", 404),
        ("/comparisons", 301),
        ("/admin/", 302),
        ("/healthz", 200),
        ("/static/css/components.css", 200),
        ("/static/no-such-file.css", 404),
        ("/%00", 400),
        ("/?q=" + "x" * 9000, 414),
        ("/favicon.ico", 302),
    ],
)
def test_every_kind_of_response_carries_the_headers(site: Site, path: str, status: int) -> None:
    answer = site.get(path)
    assert answer.status == status
    assert {name for name, start in HEADERS.items() if not answer.headers.get(name, "").startswith(start)} == set()
    assert answer.headers["server"] == "granian"
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert status < 400 or answer.headers["cache-control"] == "no-store"
    assert len(answer.raw_headers) == len(answer.headers), "a header is sent twice"


def test_static_files_are_hashed_compressed_and_kept_for_years(site: Site) -> None:
    path = re.search(r'href="(/static/css/components\.[0-9a-f]{12}\.css)"', site.get("/comparisons/").text)
    assert path
    plain = site.get(path[1])
    assert plain.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert "access-control-allow-origin" not in plain.headers
    zipped = site.get(path[1], Accept_Encoding="gzip")
    assert zipped.headers["content-encoding"] == "gzip" and gzip.decompress(zipped.body) == plain.body
    smallest = site.get(path[1], Accept_Encoding="gzip, br")
    assert smallest.headers["content-encoding"] == "br" and len(smallest.body) < len(zipped.body) < len(plain.body)


def test_unknown_host_is_refused(site: Site) -> None:
    answer = site.get("/", Host="elsewhere.example")
    assert answer.status == 400 and HEADERS.keys() <= answer.headers.keys()


def test_trace_is_refused(site: Site) -> None:
    answer = site.get("/", method="TRACE")
    assert answer.status == 405 and HEADERS.keys() <= answer.headers.keys()


def test_large_body_is_refused_before_it_is_read(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        head = f"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n"
        line.sendall(head.encode() + b"x")
        assert b" 413 " in line.recv(100)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nCookie: csrf="
        + b"a" * 32
        + b"\r\n\r\na=",
        b"GET /matrix/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
        b"GET /matrix/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=[
        *("nothing", "half a head", "a request, and kept alive", "half a body", "a body that nobody reads"),
        *("an unread page", "an unread file"),
    ],
)
def test_300_slow_clients_keep_no_reader_waiting(site: Site, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            idle = stack.enter_context(socket.socket())
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            # Packets as between machines: of the large ones within this one, the kernel holds megabytes for a client.
            idle.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
            idle.connect(("127.0.0.1", site.port))
            idle.sendall(sent)
        reader = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        stack.callback(reader.close)
        reader.request("GET", "/comparisons/")
        assert reader.getresponse().status == 200


def test_a_request_that_is_to_be_read_is_answered_before_its_body_comes(site: Site) -> None:
    """Nobody reads it, so that it changes nothing, and what is sent after it is the next request."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        said = http.client.HTTPResponse(line)
        said.begin()
        assert (said.status, said.read()) == (200, b"ok\n")
        with suppress(ConnectionError):
            line.sendall(b"x=1&y=234GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(100)[:12] in (b"", b"HTTP/1.1 200")


def test_large_head_is_refused(site: Site) -> None:
    assert site.get("/healthz", X_Padding="x" * 100_000).status == 431


def test_https_is_enforced_with_production_settings() -> None:
    """http redirects to https; over https every response carries HSTS for a year, refusals included."""
    code = """
import django; django.setup()
from django.test import Client
from tests.kb.test_serving import HEADERS
client = Client(headers={"host": "crosscheck.example.org"})
moved = client.get("/comparisons/")
assert (moved.status_code, moved["Location"]) == (301, "https://crosscheck.example.org/comparisons/"), moved
assert all(name in moved.headers for name in HEADERS), moved.headers
assert client.get("/healthz").status_code == 200
for path, status in (("/healthz", 200), ("/%00", 400)):
    answer = client.get(path, headers={"x-forwarded-proto": "https"})
    assert answer.status_code == status, answer
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
"""
    from .test_settings import PRODUCTION, python

    done = python("-c", code, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_an_unavailable_database_gives_a_503_that_says_when_to_retry() -> None:
    """The process is alive but not ready, and readers get a 503, whichever layer finds the database missing."""
    code = """
import django; django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"}, raise_request_exception=False)
assert client.get("/healthz").status_code == 200
from tests.kb.test_serving import HEADERS
ready = client.get("/readyz")
assert (ready.status_code, ready["Retry-After"]) == (503, "10"), ready
assert ready.content.startswith(b"not ready\\nThe database does not answer."), ready.content
assert all(name in ready.headers for name in HEADERS), ready.headers
page = client.get("/comparisons/")
assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store"), page
login = client.get("/admin/", headers={"cookie": "session=abcdefghijklmnopqrstuvwxyz123456"})
assert (login.status_code, login["Retry-After"]) == (503, "30"), login
"""
    from .test_settings import PRODUCTION, python

    variables = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}
    with_static = {**PRODUCTION, **variables, "DEBUG": "1", "SITE_URL": "http://localhost"}
    done = python("-c", code, **with_static)
    assert done.returncode == 0, done.stderr


def test_error_page_needs_nothing_that_may_be_broken() -> None:
    """The page for a 500 is made without database, static manifest and context processors."""
    code = """
import django; django.setup()
from django.conf import settings
from django.test import RequestFactory
settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = ["no.such.processor"]
from kb.errors import server_error
answer = server_error(RequestFactory().get("/"))
assert answer.status_code == 500 and b"<h1" in answer.content, answer.content
"""
    from .test_settings import PRODUCTION, python

    done = python("-c", code, **{**PRODUCTION, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"})
    assert done.returncode == 0, done.stderr


def test_a_log_line_stays_one_line() -> None:
    code = """
import logging.config
import django; django.setup()
logging.getLogger("test").warning("first %s", "\\nsecond \\x1b[31m\\u2028third")
"""
    from .test_settings import PRODUCTION, python

    done = python("-c", code, **PRODUCTION)
    assert len(done.stderr.splitlines()) == 1
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING - test first \\x0asecond", done.stderr)


def test_make_help_lists_the_targets() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "serve", "test", "bench", "lint", "format", "clean"):
        assert re.search(rf"^{target} ", done.stdout, re.MULTILINE)
    assert sys.version_info >= (3, 11)
