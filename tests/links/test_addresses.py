"""Only addresses of public hosts are fetched, in whatever notation an address is written."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comparisons.links import addresses, sockets
from comparisons.links.addresses import FetchError, is_public, target_of
from tests.sites import answer, closed_port, moved, site

from .fetchers import PUBLIC, UnexpectedConnection, fetcher, no_connection, trouble


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
        "http://a.example/" + "a" * addresses.MAX_ADDRESS,
        "http://a\x00b/",
    ],
)
def test_only_web_addresses_on_web_ports_without_a_user_are_fetched(url: str) -> None:
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
def test_a_non_public_address_is_not_fetched_in_any_notation(host: str) -> None:
    assert trouble(lambda: fetcher(connect=no_connection).fetch("GET", f"http://{host}/")) == "not-allowed"


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST", "metadata.internal", "bücher.example"])
@pytest.mark.parametrize("found", ["127.0.0.1", "::1", "169.254.169.254", "10.1.2.3", "fe80::1%eth0", "nonsense"])
def test_a_host_with_a_non_public_address_is_not_fetched(name: str, found: str) -> None:
    for answers in ([found], [PUBLIC, found], [found, PUBLIC]):
        one = fetcher(connect=no_connection, resolve=lambda _host, _timeout, found=answers: found)
        assert trouble(lambda one=one: one.fetch("GET", f"http://{name}/")) == "not-allowed"


_V4 = st.ip_addresses(v=4)
_PRIVATE = st.one_of(
    *(
        st.ip_addresses(network=network)
        for network in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "192.0.0.0/24", "224.0.0.0/4")
    )
)


def _within(inner: Any) -> list[ipaddress.IPv6Address]:
    """Every IPv6 address that embeds this IPv4 address: compatible, mapped, translated, 6to4, Teredo."""
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
def test_connections_go_only_to_global_addresses_that_embed_no_other(ip: Any) -> None:
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
def test_an_address_that_embeds_a_private_one_is_not_public(inner: Any) -> None:
    assert not is_public(str(inner))
    assert not any(is_public(str(outer)) for outer in _within(inner))


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_a_host_is_looked_up_once_and_the_connection_goes_to_the_address_that_was_checked() -> None:
    """DNS rebinding: a second answer would be the loopback address."""
    answers, reached = [[PUBLIC], ["127.0.0.1"]], []

    def connect(address: str, port: int, _timeout: float) -> Any:
        reached.append((address, port))
        raise ConnectionRefusedError

    one = fetcher(connect=connect, resolve=lambda _host, _timeout: answers.pop(0))
    assert trouble(lambda: one.fetch("GET", "http://rebinding.example/")) == "refused"
    assert reached == [(PUBLIC, 80)]
    assert answers == [["127.0.0.1"]], "the second lookup never happened"


def test_a_host_is_looked_up_and_checked_again_after_a_redirect() -> None:
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
def test_a_redirect_is_checked_like_the_first_address(location: str) -> None:
    with site({"/page": moved(location)}) as own:

        def connect(address: str, port: int, timeout: float) -> Any:
            if port != own.port:
                raise UnexpectedConnection(f"{address}:{port}")
            return sockets.connect(address, port, timeout)

        one = fetcher(own, connect=connect, resolve=lambda _host, _timeout: ["127.0.0.1"])
        assert trouble(lambda: one.fetch("GET", own.url())) == "not-allowed"


def test_another_port_of_an_allowed_host_is_not_allowed() -> None:
    with site() as own, site() as other:
        assert trouble(lambda: fetcher(own).fetch("GET", other.url())) == "not-allowed"
        assert trouble(lambda: fetcher(own, ports=[other.port]).fetch("GET", other.url())) == "not-allowed"
        assert other.requests == []


def test_the_next_address_is_tried_if_the_first_accepts_no_connection() -> None:
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
def test_a_failed_lookup_says_why(error: Exception, expected: str) -> None:
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
def test_a_host_refuses_only_if_all_its_addresses_do(errors: list[Exception], expected: str) -> None:
    left = list(errors)

    def connect(_address: str, _port: int, _timeout: float) -> Any:
        raise left.pop(0)

    one = fetcher(connect=connect, resolve=lambda _host, _timeout: [PUBLIC, "1.1.1.1"][: len(errors)])
    assert trouble(lambda: one.fetch("GET", "http://name.example/")) == expected


def test_a_closed_port_refuses_the_connection() -> None:
    port = closed_port()
    one = fetcher(allowed=[f"127.0.0.1:{port}"])
    assert trouble(lambda: one.fetch("GET", f"http://127.0.0.1:{port}/")) == "refused"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_one_canonical_form_or_is_refused(host: str, rest: str) -> None:
    try:
        target = target_of(f"https://{host}/{rest}")
    except FetchError as error:
        assert error.trouble == "not-allowed"
    else:
        assert target_of(target.url) == target
        assert target.url.isascii() and " " not in target.url
