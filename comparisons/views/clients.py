"""What counts as one client where requests are counted."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

#: The part of an IPv6 address that a provider gives to one customer.
CUSTOMER = 64


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


def household(address: str) -> str:
    """What counts as one client: an IPv4 address, or the network of an IPv6 address that one customer has."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, CUSTOMER), strict=False))
    return str(found) if found else address[:40]
