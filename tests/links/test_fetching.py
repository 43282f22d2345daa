"""Requests, redirects and encryption of the fetcher. The tests use only servers on this machine."""

from __future__ import annotations

import socket
import ssl

import pytest

from comparisons.links.addresses import target_of
from tests.sites import CERTIFICATE, answer, moved, site
from tests.test_repository import imports, modules

from .fetchers import OK, fetcher, trouble


def test_a_request_says_who_we_are_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://user:secret@127.0.0.1:9/")
    pages = {"/a": answer(302, Location="/b?c=ä d", Set_Cookie="a=b"), "/b?c=%C3%A4%20d": answer(200)}
    with site(pages) as own:
        assert fetcher(own).fetch("GET", own.url("/a#part"), {"If-None-Match": '"x"'}).status == 200
        first, second = own.requests
    assert first.headers == {
        "host": own.place,
        "user-agent": "crosscheck/1.0 (+https://crosscheck.example/)",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
        "if-none-match": '"x"',
    }
    assert second.headers == {name: value for name, value in first.headers.items() if name != "if-none-match"}


def test_an_international_address_is_fetched_in_ascii() -> None:
    assert target_of("https://Bücher.Example./ä?b=ü#ö").url == "https://xn--bcher-kva.example/%C3%A4?b=%C3%BC#%C3%B6"


def test_a_line_break_in_an_address_adds_no_header() -> None:
    with site({"/a": moved("/b\r\n X-Evil: 1"), "/b": answer(200)}) as own:
        fetcher(own).fetch("GET", own.url("/a"))
        assert all("x-evil" not in request.headers for request in own.requests)


# Redirects


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([301], "/1"),
        ([308], "/1"),
        ([302], ""),
        ([307], ""),
        ([301, 308], "/2"),
        ([301, 302, 301], "/1"),
        ([302, 301], ""),
        ([], ""),
    ],
)
def test_only_permanent_redirects_give_a_new_address(chain: list[int], expected: str) -> None:
    pages = {f"/{n}": moved(f"/{n + 1}", status) for n, status in enumerate(chain)}
    with site({**pages, f"/{len(chain)}": answer(200)}) as own:
        found = fetcher(own).fetch("HEAD", own.url("/0"))
        assert found.status == 200 and found.redirected == bool(chain)
        assert found.moved_to == (own.url(expected) if expected else "")


def test_the_fragment_is_kept_through_redirects() -> None:
    with site({"/a": moved("/b"), "/b": answer(200)}) as own:
        assert fetcher(own).fetch("HEAD", own.url("/a#part")).moved_to == own.url("/b#part")


def test_at_most_five_redirects_are_followed() -> None:
    pages = {f"/{n}": moved(f"/{n + 1}") for n in range(6)}
    with site({**pages, "/6": answer(200)}) as own:
        assert fetcher(own).fetch("GET", own.url("/1")).status == 200
        own.requests.clear()
        assert trouble(lambda: fetcher(own).fetch("GET", own.url("/0"))) == "redirects"
        assert len(own.requests) == 6


def test_a_loop_of_redirects_ends() -> None:
    with site({"/a": moved("/b"), "/b": moved("/a")}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url("/a"))) == "redirects"


def test_a_redirect_without_a_location_is_the_response() -> None:
    with site({"/page": answer(301)}) as own:
        assert fetcher(own).fetch("GET", own.url()).status == 301


# Encryption


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_the_certificate_has_to_be_that_of_the_host_name() -> None:
    with site({"/page": answer(200)}, tls=True) as own:
        place = f"pages.example:{own.port}"
        one = fetcher(allowed=[place], resolve=lambda *_: ["127.0.0.1"], tls=trusting())
        assert one.fetch("GET", f"https://{place}/page").status == 200
        assert own.names == ["pages.example"]
        assert own.requests[0].headers["host"] == place


def test_a_certificate_of_another_host_or_an_unknown_issuer_is_refused() -> None:
    with site({"/page": answer(200)}, tls=True) as own:
        place = f"other.example:{own.port}"
        for tls in (trusting(), None):
            one = fetcher(allowed=[place], resolve=lambda *_: ["127.0.0.1"], tls=tls)
            assert trouble(lambda one=one: one.fetch("GET", f"https://{place}/page")) == "certificate"
        assert own.requests == []


def test_a_server_without_encryption_is_an_encryption_trouble() -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(OK + b"\r\n")

    with site() as own:
        own.serve = plain  # type: ignore[method-assign]
        assert trouble(lambda: fetcher(own).fetch("GET", f"https://{own.place}/")) == "encryption"


# Who may fetch


def test_nothing_that_serves_pages_can_fetch() -> None:
    """Only the fetcher opens connections, only runs of commands use the fetcher, and only commands start them.

    `load` is a program of its own, which `measure` starts in the sandbox: it asks the loopback.
    """
    reaching_out = ("comparisons.links.sockets", "comparisons.links.fetching", "comparisons.links.run")
    using = {
        file.stem
        for file in modules()
        for target in imports(file)
        if target.startswith((*reaching_out, "urllib.request", "http.client"))
        or target.split(".")[0] in {"urllib3", "requests", "httpx", "aiohttp"}
    }
    assert using == {"sockets", "fetching", "run", "check_links", "package_index", "releases", "load"}
