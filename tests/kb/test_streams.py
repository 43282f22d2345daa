"""A file goes out in one piece, or takes a place but no thread of others while its client reads it."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from kb.gateway import CROWDED
from kb.streams import BUSY, PLACES, WHOLE, Streams
from tests.kb.test_away import until
from tests.serving import Site

pytestmark = pytest.mark.any_database


class FileOf:
    """A response of so many bytes in pieces, as Django's of a file is; with fails, the first cannot be read."""

    streaming, status_code = True, 200

    def __init__(self, size: int, fails: bool = False):
        self.size, self.fails, self.is_closed = size, fails, False

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, self.size, 4096):
            if self.fails:
                raise OSError("the disk does not answer")
            yield b"x" * min(4096, self.size - start)

    def items(self) -> list[tuple[str, str]]:
        return [("Content-Length", str(self.size))]

    def close(self) -> None:
        self.is_closed = True


def asking(response: Callable[[], Any], places: int = 1) -> Callable[[], Any]:
    """A request to a site that gives such responses, and to one that is crowded the reason."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        found = HttpResponse(environ[CROWDED], status=503) if CROWDED in environ else response()
        start_response(f"{found.status_code} Whatever", list(found.items()))
        return found

    streams = Streams(application, places)
    return lambda: streams({}, lambda _status, _headers: None)


def test_a_file_that_is_not_long_is_one_piece_and_closed() -> None:
    file = FileOf(WHOLE)
    assert asking(lambda: file)() == [b"x" * WHOLE]
    assert file.is_closed


def test_a_page_is_passed_on_as_it_is() -> None:
    page = HttpResponse("a page")
    assert asking(lambda: page)() is page


def test_long_files_take_places_and_give_them_back() -> None:
    ask = asking(lambda: FileOf(WHOLE + 1), places=2)
    first, _second = ask(), ask()
    assert ask().content.decode() == BUSY
    assert b"".join(first) == b"x" * (WHOLE + 1)
    first.close()
    assert first.response.is_closed
    _third = ask()
    assert ask().content.decode() == BUSY


def test_a_file_that_breaks_off_at_its_beginning_is_closed() -> None:
    file = FileOf(1, fails=True)
    with pytest.raises(OSError, match="does not answer"):
        asking(lambda: file)()
    assert file.is_closed


@pytest.fixture
def long_file(site: Site) -> Iterator[str]:
    """The address of a file of 20 MB."""
    site.manage("write_data")
    code = """
import os
from comparisons.exchange import data_files
day = data_files.days()[0]
file = max(data_files.of_day(day).files, key=lambda each: each.name.endswith("sqlite.gz"))
os.truncate(data_files.folder() / day.isoformat() / file.name, 20_000_000)
print("/data/" + file.name)
"""
    yield site.run(code).strip()


@pytest.mark.crossing
def test_readers_of_long_files_who_stop_reading_keep_nobody_waiting(site: Site, long_file: str) -> None:
    request = f"GET {long_file} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(300):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
            idle.sendall(request)
        assert {status_of(site, path) for path in ("/comparisons/", long_file) for _ in range(10)} == {200}


@pytest.mark.crossing
def test_who_asks_for_a_long_file_when_all_places_are_taken_is_told_so(site: Site, long_file: str) -> None:
    with ExitStack() as stack:
        for _ in range(3 * PLACES):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
            idle.sendall(f"GET {long_file} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        until(lambda: status_of(site, long_file) == 503)
        assert {status_of(site, "/comparisons/") for _ in range(20)} == {200}
        log = (Path(site.environment["DATA_DIR"]) / "server.log").read_text()
        assert 1 <= log.count("Very many are taking large files") <= 2, "once for each worker"
    until(lambda: status_of(site, long_file) == 200)


def status_of(site: Site, path: str) -> int:
    """The status of a request on a connection of its own, so that any worker may have to answer; read no further."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200 or (answer.headers["retry-after"] and answer.headers["x-content-type-options"])
        return answer.status
    finally:
        connection.close()
