"""The site behind nginx and Caddy as in docs/deploy/: slow clients hold up no reader, and no page is mixed up."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SECOND_DOMAIN
from tests.kb.test_away import until
from tests.proxies import HOST, caddy, connect, nginx
from tests.serving import Site, served

pytestmark = pytest.mark.any_database

FORM = f"POST /admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: __Host-csrf={'a' * 32}\r\n"
SLOW = {
    "nothing": "",
    "half a head": f"GET / HTTP/1.1\r\nHost: {HOST}\r\n",
    "a request, and kept alive": f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
    "half a body": f"{FORM}Content-Length: 200000\r\n\r\n{'a' * 50_000}",
    "an unread page": f"GET /matrix/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
    "an unread file": f"GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
}


@pytest.fixture(scope="module")
def behind() -> Iterator[Site]:
    settings = {"BEHIND_PROXY": "1", "HTTPS": "1", "SITE_URL": f"https://{HOST}"}
    with served("", SECOND_DOMAIN, ALLOWED_HOSTS=f"{HOST},127.0.0.1", **settings) as site:
        yield site


def get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """A page over https. headers: with underscores for hyphens."""
    with connect(port) as line:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = line
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        found = connection.getresponse()
        return found, found.read()


@pytest.fixture(scope="module", params=[nginx, caddy], ids=lambda proxy: proxy.__name__)
def port(request: Any, behind: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """That of each proxy, for https."""
    start: Callable[[str, Path], Any] = request.param
    with start(f"127.0.0.1:{behind.port}", tmp_path_factory.mktemp("proxy")) as found:
        yield found


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_300_slow_clients_keep_nobody_waiting_behind_a_proxy(port: int, sent: str) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connect(port, receives=2048)).sendall(sent.encode())
        reader = http.client.HTTPConnection(HOST, timeout=10)
        reader.sock = stack.enter_context(connect(port))
        reader.request("GET", "/comparisons/")
        assert reader.getresponse().status == 200


#: What of a request reaches a page: plain, compressed, and the part of a page that its script asks for.
VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"Accept_Encoding": "gzip"},
    {"Accept_Encoding": "br"},
    {"HX_Request": "true"},
    {"HX_Request": "true", "Accept_Encoding": "gzip"},
)


def test_no_reader_gets_what_another_asked_for(behind: Site, port: int) -> None:
    expected = [behind.get("/search/?q=celery", Host=HOST, X_Forwarded_Proto="https", **one).body for one in VARIANTS]
    assert len(set(expected)) == len(VARIANTS)
    for _once_made_and_once_kept in range(2):
        assert [get(port, "/search/?q=celery", **one)[1] for one in VARIANTS] == expected


@pytest.mark.parametrize("path", ["/challenge/cell/celery/licence/", "/admin/login/"])
def test_no_proxy_keeps_a_form(port: int, path: str) -> None:
    """Each has a mark or a token of its own."""
    (first, one), (_second, other) = get(port, path), get(port, path)
    assert first.status == 200 and one != other


def test_a_page_that_was_not_there_is_seen_as_soon_as_it_is(behind: Site, port: int) -> None:
    path = f"/task-queues/new-{port}/"
    assert get(port, path)[0].status == get(port, path)[0].status == 404
    fields = f"slug='new-{port}', name='New {port}', tagline='New', summary='New.'"
    behind.run(f"from comparisons.models import Framework; Framework.objects.create({fields})")
    until(lambda: f"New {port}".encode() in get(port, path)[1])
