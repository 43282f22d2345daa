"""Decide which addresses may be fetched: only web addresses of public hosts.

An address may come from anybody, and so may the address that it redirects to. Each is checked before it is fetched.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from comparisons.domain.vocabulary import LinkTrouble

#: Most characters of an address.
MAX_ADDRESS = 2_000
#: Schemes that may be fetched, each with its default port.
SCHEMES = {"http": 80, "https": 443}

_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SAFE = "/%:@!$&'()*+,;=~-._?"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Networks that hold no public site. Python's `is_global` is not enough: its answers differ between releases.
#: Source: IANA's registries of special-purpose addresses; in doubt, a network is listed.
NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Networks that embed an IPv4 address: compatible, mapped, translated (NAT64, twice), Teredo, 6to4.
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("100::/64", "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
#: The only part of IPv6 whose addresses have been assigned to sites.
ASSIGNED = ipaddress.IPv6Network("2000::/3")


class FetchError(Exception):
    """An address could not be fetched, or may not be; `trouble` says why."""

    def __init__(self, trouble: LinkTrouble):
        self.trouble = trouble
        super().__init__(trouble.value)


@dataclass(frozen=True)
class Target:
    """The parts of an address in canonical form, in which it is both checked and fetched. path: includes the query."""

    scheme: str
    host: str
    port: int
    path: str
    fragment: str = ""

    @property
    def host_and_port(self) -> str:
        """Host and port, in the form in which settings list them."""
        return f"{self._host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host, and port unless it is the default of the scheme."""
        port = "" if self.port == SCHEMES[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self._host}{port}"

    @property
    def url(self) -> str:
        """The whole address, with its fragment."""
        return self.origin + self.path + (f"#{self.fragment}" if self.fragment else "")

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def target_of(url: str) -> Target:
    """The parts of an address. Raises FetchError if it is malformed, too long, names a user or is no web address."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or "@" in parts.netloc or len(url) > MAX_ADDRESS:
            raise ValueError
        port = SCHEMES[parts.scheme] if parts.port is None else parts.port
        path = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" if parts.query else "")
        return Target(parts.scheme, _canonical(parts.hostname or ""), port, path, quote(parts.fragment, _SAFE))
    except ValueError:
        raise FetchError(LinkTrouble.NOT_ALLOWED) from None


def _canonical(host: str) -> str:
    """The canonical form of a host. Raises ValueError if it is malformed or an IP address in an unusual notation."""
    if ":" in host:
        if "%" in host:
            raise ValueError
        return str(ipaddress.IPv6Address(host))
    if len(host) > 253:
        raise ValueError
    host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):  # such as 2130706433, 0x7f.1 or 127.1
        return str(ipaddress.IPv4Address(host))
    return host


def is_public(address: str) -> bool:
    """Whether an IP address is one that a public site may have.

    An IPv6 address that embeds an IPv4 address never counts as public: no source is cited by such an address.
    """
    try:
        ip: IPAddress = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in ASSIGNED)
