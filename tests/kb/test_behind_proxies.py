"""The site behind nginx and Caddy as in docs/deploy/: whatever 300 clients do slowly, a reader is answered."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SECOND_DOMAIN
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
