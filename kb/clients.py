"""Who asks: the address of a client, and the proxies whose word about it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured

from comparisons.views.clients import Address, parsed

Networks = tuple[IPv4Network | IPv6Network, ...]

#: Proxies that may stand one before another. What a client writes before their addresses is not read.
MOST_PROXIES = 8


def networks(names: Iterable[str]) -> Networks:
    """Networks, or single addresses, as they are written. Raises ImproperlyConfigured for anything else."""
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}; write addresses such as 10.0.0.7 or 10.0.0.0/24"
        ) from None


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
