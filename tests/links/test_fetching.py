"""The fetcher: whom it asks, how long it waits, how much it reads. Only servers on this machine are ever reached."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.links import fetching
from comparisons.links.fetching import Fetcher, Pace, Unanswered, is_public, retry_after, target_of
from tests.sites import CERTIFICATE, Clock, Site, answer, closed_port, moved, silence, site
from tests.test_repository import imports, modules

PUBLIC = "93.184.216.34"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class NoConnection(AssertionError):
    """The fetcher connected where no test wants it to."""


def no_connection(address: str, port: int, _timeout: float) -> Any:
    raise NoConnection(f"{address}:{port}")


def no_resolver(host: str, _timeout: float) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def fetcher(*sites: Site, **options: Any) -> Fetcher:
    """A fetcher that may ask these sites, does not wait, and looks nothing up."""
    clock = Clock()
    options = {"resolve": no_resolver, "allowed": [one.place for one in sites], **options}
    return Fetcher("Crosscheck/1.0 (+https://crosscheck.example/)", Pace(clock, clock.sleep), **options)


def trouble(call: Callable[[], Any]) -> LinkTrouble:
    with pytest.raises(Unanswered) as error:
        call()
    return error.value.trouble


# Whom it asks


@pytest.mark.parametrize(
    "url",
    [
        "",
        "page",
        "//93.184.216.34/",
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
        "gopher://93.184.216.34/",
        "javascript:alert(1)",
        "http:///page",
        "http://user@93.184.216.34/",
        "http://user:secret@93.184.216.34/",
        "http://@93.184.216.34/",
        "http://93.184.216.34\\@127.0.0.1/",
        "http://93.184.216.34:22/",
        "http://93.184.216.34:8080/",
        "http://93.184.216.34:0/",
        "http://93.184.216.34:99999/",
        "http://93.184.216.34:x/",
        "http://[93.184.216.34/",
        "http://[::1%25eth0]/",
        "http://host name/",
        "http://a..b/",
        "http://-a.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 200 + "example/",
        "http://a.example/" + "a" * fetching.LONGEST_ADDRESS,
        "http://a\x00b/",
    ],
)
def test_only_web_addresses_on_web_ports_without_a_user_are_asked(url: str) -> None:
    assert trouble(lambda: fetcher(connect=no_connection).fetch("GET", url)) == "not-allowed"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0X7F.1", "0x"),
        *("0177.0.0.1", "017700000001", "127.0.0.01", "0", "0.0.0.0", "1.2.3.4.5", "99999999999", "10.0.0.1"),  # noqa: S104
        *("172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.0.170", "198.18.0.1"),
        *("224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "１２７.0.0.1", "127。0。0。1"),
        *("[::1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]"),
        *("[64:ff9b::127.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]"),
        *("[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[100::1]", "[2001:db8::1]"),
        *("[::ffff:93.184.216.34]", "[64:ff9b::93.184.216.34]", "[2002:5db8:d822::1]", "[5f00::1]", "[4000::1]"),
    ],
)
def test_no_spelling_of_an_address_that_is_not_public_is_asked(host: str) -> None:
    assert trouble(lambda: fetcher(connect=no_connection).fetch("GET", f"http://{host}/")) == "not-allowed"


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST", "metadata.internal", "bücher.example"])
@pytest.mark.parametrize("found", ["127.0.0.1", "::1", "169.254.169.254", "10.1.2.3", "fe80::1%eth0", "nonsense"])
def test_a_name_of_an_address_that_is_not_public_is_not_asked(name: str, found: str) -> None:
    for addresses in ([found], [PUBLIC, found], [found, PUBLIC]):
        one = fetcher(connect=no_connection, resolve=lambda _host, _timeout, found=addresses: found)
        assert trouble(lambda one=one: one.fetch("GET", f"http://{name}/")) == "not-allowed"


_V4 = st.ip_addresses(v=4)
_PRIVATE = st.one_of(
    *(
        st.ip_addresses(network=network)
        for network in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "192.0.0.0/24", "224.0.0.0/4")
    )
)


def _within(inner: Any) -> list[ipaddress.IPv6Address]:
    """Every IPv6 address that carries this IPv4 one: compatible, mapped, translated, 6to4, Teredo."""
    number = int(inner)
    return [
        ipaddress.IPv6Address(whole)
        for whole in (
            number,
            (0xFFFF << 32) | number,
            (0xFFFF << 48) | number,
            (0x64FF9B << 96) | number,
            (0x64FF9B0001 << 80) | number,
            (0x2002 << 112) | (number << 80) | 1,
            (0x20010000 << 96) | (number ^ 0xFFFFFFFF),
            (0x20010000 << 96) | (number << 64) | 1,
        )
    ]


@given(st.one_of(st.ip_addresses(), _PRIVATE, _V4.map(_within).flatmap(st.sampled_from)))
@example(ipaddress.ip_address("192.0.0.8"))
def test_a_connection_goes_only_to_a_global_address_that_carries_no_other(ip: Any) -> None:
    reached: list[str] = []

    def connect(address: str, _port: int, _timeout: float) -> Any:
        reached.append(address)
        raise ConnectionRefusedError

    one = fetcher(connect=connect, resolve=lambda _host, _timeout: [str(ip)])
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    for url in (f"http://{host}/", "https://name.example/"):
        trouble(lambda url=url: one.fetch("HEAD", url))
    for address in map(ipaddress.ip_address, reached):
        assert address == ip
        assert address.is_global and not (address.is_multicast or address.is_reserved or address.is_link_local)
        if isinstance(address, ipaddress.IPv6Address):
            assert not (address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local)
            assert address not in ipaddress.ip_network("64:ff9b::/96")
        else:
            assert address not in ipaddress.ip_network("192.0.0.0/24")


@given(_PRIVATE)
def test_an_address_that_carries_a_private_one_is_not_public(inner: Any) -> None:
    assert not is_public(str(inner))
    assert not any(is_public(str(outer)) for outer in _within(inner))


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged() -> None:
    """DNS rebinding: a second answer would be the loopback address."""
    answers, reached = [[PUBLIC], ["127.0.0.1"]], []

    def connect(address: str, port: int, _timeout: float) -> Any:
        reached.append((address, port))
        raise ConnectionRefusedError

    one = fetcher(connect=connect, resolve=lambda _host, _timeout: answers.pop(0))
    assert trouble(lambda: one.fetch("GET", "http://rebinding.example/")) == "refused"
    assert reached == [(PUBLIC, 80)]
    assert answers == [["127.0.0.1"]], "and the second was never asked for"


def test_a_name_that_is_rebound_between_redirects_is_judged_anew() -> None:
    answers = [["127.0.0.1"], ["127.0.0.1"]]
    with site({"/page": moved("http://rebinding.example/secret")}) as own:
        allowed = f"rebinding.example:{own.port}"
        one = fetcher(own, allowed=[allowed], resolve=lambda _host, _timeout: answers.pop(0))
        assert trouble(lambda: one.fetch("GET", f"http://{allowed}/page")) == "not-allowed"
        assert own.asked == ["GET /page"]


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1/", "http://localhost.example/", "http://[::1]/", "http://10.0.0.1/", "//169.254.169.254/"),
        *("http://169.254.169.254/latest/meta-data/", "http://2130706433/", "http://0x7f.1/", "ftp://93.184.216.34/"),
        *("file:///etc/passwd", "gopher://93.184.216.34/", "http://93.184.216.34:25/", "https://93.184.216.34:80a/"),
        *("http://user@93.184.216.34/", "http://[", "http://\\127.0.0.1/", "https://"),
    ],
)
def test_a_redirect_is_judged_as_the_address_itself(location: str) -> None:
    with site({"/page": moved(location)}) as own:

        def connect(address: str, port: int, timeout: float) -> Any:
            if port != own.port:
                raise NoConnection(f"{address}:{port}")
            return fetching.connect(address, port, timeout)

        one = fetcher(own, connect=connect, resolve=lambda _host, _timeout: ["127.0.0.1"])
        assert trouble(lambda: one.fetch("GET", own.url())) == "not-allowed"


def test_another_port_of_an_allowed_host_is_not_allowed() -> None:
    with site() as own, site() as other:
        assert trouble(lambda: fetcher(own).fetch("GET", other.url())) == "not-allowed"
        assert trouble(lambda: fetcher(own, ports=[other.port]).fetch("GET", other.url())) == "not-allowed"
        assert other.requests == []


def test_the_next_address_is_tried_where_the_first_takes_no_connection() -> None:
    with site({"/page": answer(200)}) as own:
        place = f"pages.example:{own.port}"
        one = fetcher(allowed=[place], resolve=lambda _host, _timeout: ["::1", "127.0.0.1"])
        assert one.fetch("HEAD", f"http://{place}/page").status == 200


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "no-host"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "name-server"),
        (socket.gaierror(socket.EAI_FAIL, "x"), "name-server"),
        (TimeoutError(), "timeout"),
    ],
)
def test_a_name_that_is_not_found_says_why(error: Exception, expected: str) -> None:
    def resolve(_host: str, _timeout: float) -> list[str]:
        raise error

    assert trouble(lambda: fetcher(resolve=resolve).fetch("GET", "http://name.example/")) == expected


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([ConnectionRefusedError()], "refused"),
        ([ConnectionRefusedError(), ConnectionRefusedError()], "refused"),
        ([ConnectionRefusedError(), OSError()], "unreachable"),
        ([TimeoutError(), ConnectionRefusedError()], "timeout"),
    ],
)
def test_nobody_listens_only_if_that_is_so_at_every_address(errors: list[Exception], expected: str) -> None:
    left = list(errors)

    def connect(_address: str, _port: int, _timeout: float) -> Any:
        raise left.pop(0)

    one = fetcher(connect=connect, resolve=lambda _host, _timeout: [PUBLIC, "1.1.1.1"][: len(errors)])
    assert trouble(lambda: one.fetch("GET", "http://name.example/")) == expected


def test_a_closed_port_refuses() -> None:
    port = closed_port()
    one = fetcher(allowed=[f"127.0.0.1:{port}"])
    assert trouble(lambda: one.fetch("GET", f"http://127.0.0.1:{port}/")) == "refused"


# What it says


def test_a_request_names_us_and_brings_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_name_in_other_letters_is_asked_in_ascii() -> None:
    assert target_of("https://Bücher.Example./ä?b=ü#ö").url == "https://xn--bcher-kva.example/%C3%A4?b=%C3%BC#%C3%B6"


def test_a_line_break_in_an_address_makes_no_header() -> None:
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
def test_only_what_moved_for_good_has_a_new_address(chain: list[int], expected: str) -> None:
    pages = {f"/{n}": moved(f"/{n + 1}", status) for n, status in enumerate(chain)}
    with site({**pages, f"/{len(chain)}": answer(200)}) as own:
        found = fetcher(own).fetch("HEAD", own.url("/0"))
        assert found.status == 200 and found.redirected == bool(chain)
        assert found.moved_to == (own.url(expected) if expected else "")


def test_the_part_of_a_page_is_kept_through_redirects() -> None:
    with site({"/a": moved("/b"), "/b": answer(200)}) as own:
        assert fetcher(own).fetch("HEAD", own.url("/a#part")).moved_to == own.url("/b#part")


def test_a_redirect_goes_five_steps_and_no_further() -> None:
    pages = {f"/{n}": moved(f"/{n + 1}") for n in range(6)}
    with site({**pages, "/6": answer(200)}) as own:
        assert fetcher(own).fetch("GET", own.url("/1")).status == 200
        own.requests.clear()
        assert trouble(lambda: fetcher(own).fetch("GET", own.url("/0"))) == "redirects"
        assert len(own.requests) == 6


def test_a_circle_of_redirects_ends() -> None:
    with site({"/a": moved("/b"), "/b": moved("/a")}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url("/a"))) == "redirects"


def test_a_redirect_to_nowhere_is_the_answer() -> None:
    with site({"/page": answer(301)}) as own:
        assert fetcher(own).fetch("GET", own.url()).status == 301


# How long it waits, and how much it reads


class Drip:
    """A connection on which one byte comes every second, for ever; its clock stands still otherwise."""

    def __init__(self, clock: Clock, start: bytes = b"", each: bytes = b"a"):
        self.clock, self.start, self.each, self.closed, self.timeouts = clock, start, each, False, []

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)

    def sendall(self, data: bytes) -> None:
        pass

    def recv_into(self, buffer: Any) -> int:
        if self.start:
            size = min(len(buffer), len(self.start))
            buffer[:size], self.start = self.start[:size], self.start[size:]
            return size
        self.clock.now += 1
        size = min(len(buffer), len(self.each))
        buffer[:size] = self.each[:size]
        return size

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n"])
def test_a_server_that_drips_has_ten_seconds_in_all(start: bytes) -> None:
    clock = Clock()
    drip = Drip(clock, start)
    one = fetcher(clock=clock, connect=lambda *_: drip, resolve=lambda *_: [PUBLIC])
    assert trouble(lambda: one.fetch("GET", "http://slow.example/", most=1000)) == "timeout"
    assert clock.now == 1000 + fetching.DEADLINE
    assert drip.closed
    assert max(drip.timeouts) <= fetching.DEADLINE and drip.timeouts == sorted(drip.timeouts, reverse=True)


def test_all_redirects_together_have_ten_seconds_without_the_pauses_between_them() -> None:
    clock, pauses = Clock(), Clock()
    each = b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n"
    one = Fetcher(
        "Crosscheck/1.0",
        Pace(pauses, pauses.sleep),
        clock=clock,
        connect=lambda *_: Drip(clock, each=each[:30]),
        resolve=lambda *_: [PUBLIC],
    )
    assert trouble(lambda: one.fetch("GET", "http://slow.example/")) in ("timeout", "broken", "redirects")
    assert clock.now <= 1000 + fetching.DEADLINE


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_is_left_at_the_deadline(scheme: str) -> None:
    with silence() as port:
        one = fetcher(allowed=[f"127.0.0.1:{port}"], deadline=0.2)
        assert trouble(lambda: one.fetch("GET", f"{scheme}://127.0.0.1:{port}/")) == "timeout"


def test_a_handshake_that_drips_is_left_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        record = iter(struct.pack("!BHH", 22, 0x0303, 16000) + b"\x02\x00\x3e\x00" + b"\0" * 16000)
        for byte in record:
            connection.sendall(bytes([byte]))
            try:
                if not connection.recv(65536):
                    return
            except TimeoutError:
                continue

    with site() as own:
        own.serve = drip  # type: ignore[method-assign]
        one = fetcher(own, deadline=0.3)
        assert trouble(lambda: one.fetch("GET", own.url().replace("http", "https"))) == "timeout"


def test_a_resolver_that_never_answers_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    end = threading.Event()
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_args, **_options: end.wait(30) and [])
    one = fetcher(resolve=fetching.look_up, deadline=0.1, connect=no_connection)
    assert trouble(lambda: one.fetch("GET", "http://name.example/")) == "timeout"
    end.set()


def endless(start: bytes, each: bytes) -> Callable[[socket.socket], None]:
    def page(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(each)

    return page


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "each", [b"X-A: " + b"a" * 1000 + b"\r\n", b"X-A: a\r\n" * 10, b"a" * 1000, b" folded\r\n"], ids=len
)
def test_an_endless_head_is_not_read(each: bytes) -> None:
    with site({"/page": endless(OK, each)}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url())) in ("too-large", "broken")


@pytest.mark.parametrize(
    ("head", "each"),
    [
        (OK + b"\r\n", b"a" * 65536),
        (OK + b"Content-Length: 99999999999\r\n\r\n", b"a" * 65536),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4096 + b"\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 100 + b"\r\na\r\n"),
    ],
    ids=["until-the-end", "length", "chunks", "tiny-chunks"],
)
def test_an_endless_body_is_read_to_the_limit(head: bytes, each: bytes) -> None:
    with site({"/page": endless(head, each)}) as own:
        assert len(fetcher(own).fetch("GET", own.url(), most=10**9).body) <= fetching.MOST_BODY
        assert fetcher(own).fetch("GET", own.url()).body == b""


def test_a_compressed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    with site({"/page": answer(200, bomb, Content_Encoding="gzip")}) as own:
        assert fetcher(own).fetch("GET", own.url(), most=fetching.MOST_BODY).body == bomb


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"", "unreachable"),
        (b"\r\n\r\n", "broken"),
        (b"<html>", "broken"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 99 OK\r\n\r\n", "broken"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "broken"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "broken"),
        (b"\x16\x03\x01" * 50, "broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "broken"),
    ],
)
def test_what_is_no_answer_is_broken(said: bytes, expected: str) -> None:
    with site({"/page": said}) as own:
        assert trouble(lambda: fetcher(own).fetch("GET", own.url())) == expected


@given(st.binary(max_size=400))
def test_whatever_a_server_sends_is_an_answer_or_a_trouble(said: bytes) -> None:
    class Once(Drip):
        def recv_into(self, buffer: Any) -> int:
            return super().recv_into(buffer) if self.start else 0

    for start in (said, OK + said, OK + b"Location: " + said, OK.replace(b"200", b"301") + b"Location: " + said):
        one = fetcher(connect=lambda *_, start=start: Once(Clock(), start), resolve=lambda *_: [PUBLIC])
        try:
            assert one.fetch("GET", "http://odd.example/", most=1000).status >= 100
        except Unanswered as error:
            assert error.trouble in LinkTrouble


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_an_address_in_one_form_or_none(host: str, rest: str) -> None:
    try:
        target = target_of(f"https://{host}/{rest}")
    except Unanswered as error:
        assert error.trouble == "not-allowed"
    else:
        assert target_of(target.url) == target
        assert target.url.isascii() and " " not in target.url


# Encryption


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_the_certificate_is_that_of_the_name_though_the_connection_goes_to_an_address() -> None:
    with site({"/page": answer(200)}, tls=True) as own:
        place = f"pages.example:{own.port}"
        one = fetcher(allowed=[place], resolve=lambda *_: ["127.0.0.1"], tls=trusting())
        assert one.fetch("GET", f"https://{place}/page").status == 200
        assert own.names == ["pages.example"]
        assert own.requests[0].headers["host"] == place


def test_a_certificate_of_another_name_or_of_nobody_known_is_refused() -> None:
    with site({"/page": answer(200)}, tls=True) as own:
        place = f"other.example:{own.port}"
        for tls in (trusting(), None):
            one = fetcher(allowed=[place], resolve=lambda *_: ["127.0.0.1"], tls=tls)
            assert trouble(lambda one=one: one.fetch("GET", f"https://{place}/page")) == "certificate"
        assert own.requests == []


def test_a_server_without_encryption_cannot_be_asked_with_it() -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(OK + b"\r\n")

    with site() as own:
        own.serve = plain  # type: ignore[method-assign]
        assert trouble(lambda: fetcher(own).fetch("GET", f"https://{own.place}/")) == "encryption"


# Politeness


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999", 86400),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Fri, 20 Nov 2026 12:01:00 -0000", 60),
        ("Fri, 20 Nov 2020 12:01:00 GMT", 0),
        ("Fri, 20 Nov 9999 12:01:00 GMT", 86400),
        *((text, None) for text in ("", "soon", "-5", "1_0", "١٢", "9" * 30, "1.5", "Fri, 99 Nov 2026 12:00:00 GMT")),
    ],
)
def test_the_time_a_site_asks_for_is_at_most_a_day(text: str, seconds: int | None) -> None:
    assert retry_after(text, NOON) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text())
def test_no_header_makes_us_wait_longer_than_a_day(text: str) -> None:
    found = retry_after(text, NOON)
    assert found is None or timedelta() <= found <= fetching.LONGEST_WAIT


def test_a_host_is_asked_once_a_second_through_redirects_too_and_another_at_once() -> None:
    clock = Clock()
    with site({"/a": moved("/b"), "/b": answer(200)}) as own, site({"/page": answer(200)}) as other:
        places = [own.place, f"other.example:{other.port}"]
        one = Fetcher("C/1", Pace(clock, clock.sleep), allowed=places, resolve=lambda *_: ["127.0.0.1"])
        one.fetch("GET", own.url("/a"))
        assert clock.slept == [fetching.PAUSE]
        one.fetch("GET", f"http://{places[1]}/page")
        assert clock.slept == [fetching.PAUSE]
        one.fetch("GET", own.url("/b"))
        assert clock.slept == [fetching.PAUSE] * 2


def test_nothing_that_answers_requests_can_fetch() -> None:
    """Only the run of the command reaches out, and only the command starts it."""
    using = {
        (file.stem, target.rpartition(".")[2])
        for file in modules()
        for target in imports(file)
        if target.startswith(("comparisons.links.fetching", "comparisons.links.run"))
        or target.split(".")[0] in {"urllib3", "requests", "httpx", "aiohttp", "http.client"}
        or target.startswith("urllib.request")
    }
    assert {stem for stem, _target in using} == {"run", "check_links"}
