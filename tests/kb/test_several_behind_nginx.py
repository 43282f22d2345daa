"""nginx as in docs/deploy/ before two machines: it keeps no page for long, and passes on what these answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.kb.test_behind_proxies import get
from tests.proxies import nginx


class Machine(BaseHTTPRequestHandler):
    """Stands in for the site: a page says which edition it is, and takes a while to make."""

    status, edition = 200, "first"

    def do_GET(self) -> None:
        time.sleep(0.2)
        body = Machine.edition.encode()
        self.send_response(Machine.status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=0" if Machine.status == 200 else "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(Machine, "status", 200)
    monkeypatch.setattr(Machine, "edition", "first")
    with ExitStack() as stack:
        servers = [stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Machine)) for _ in range(2)]
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        one, other = (f"127.0.0.1:{server.server_port}" for server in servers)
        line = "max_fails=2 fail_timeout=5s;"
        changes = {f"server {one} {line}": f"server {one} {line} server {other} {line}"}
        yield stack.enter_context(nginx(one, tmp_path, changes))


def test_a_page_of_before_a_write_is_given_to_nobody_while_the_next_is_made(port: int) -> None:
    assert get(port, "/page/")[1] == b"first"
    Machine.edition = "second"
    time.sleep(2.1)  # nginx counts whole seconds, and may give it for one second more
    with ThreadPoolExecutor(4) as readers:
        assert {body for _, body in readers.map(lambda _: get(port, "/page/"), range(4))} == {b"second"}


def test_while_no_machine_can_make_pages_readers_get_what_these_say(port: int) -> None:
    Machine.status, Machine.edition = 503, "Back in a moment"
    answers = [get(port, "/page/") for _ in range(6)]
    assert {(answer.status, body) for answer, body in answers} == {(503, b"Back in a moment")}
    Machine.status = 200
    assert get(port, "/page/")[0].status == 200
