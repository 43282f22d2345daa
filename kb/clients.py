"""Who asks: the address of a client, and the proxies whose word about it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.core.exceptions import ImproperlyConfigured

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

#: Proxies that may stand one before another. What a client writes before their addresses is not read.
MOST_PROXIES = 8
#: The part of an IPv6 address that a provider gives to one customer.
CUSTOMER = 64


def networks(names: Iterable[str]) -> Networks:
    """Networks, or single addresses, as they are written. Raises ImproperlyConfigured for anything else."""
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}; write addresses such as 10.0.0.7 or 10.0.0.0/24"
        ) from None


def parsed(text: str) -> Address | None:
    """An address as a proxy may write it, with a port or in brackets; None if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address: Address | None, proxies: Networks) -> bool:
    """Whether an address is that of one of the proxies."""
    return address is not None and any(address in network for network in proxies)


def address_behind(peer: str, forwarded: str, proxies: Networks) -> str:
    """The address of the client: the last one that none of the proxies has.

    peer: who is connected. forwarded: X-Forwarded-For, to which each proxy adds the address of who is connected to it;
    whatever stands before the first address of a stranger, that stranger may have written.
    """
    found = peer
    hops = [peer, *reversed(forwarded.rsplit(",", MOST_PROXIES)[-MOST_PROXIES:])]
    for hop in hops:
        address = parsed(hop)
        if address is None:
            break
        found = str(address)
        if not is_trusted(address, proxies):
            break
    return found


def household(address: str) -> str:
    """What counts as one client: an IPv4 address, or the network of an IPv6 address that one customer has."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, CUSTOMER), strict=False))
    return str(found) if found else address[:40]
