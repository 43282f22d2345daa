"""How often one address may do what readers without an account may do, counted in the cache for an hour.

Where each process has a cache of its own, each counts for itself.
"""

from __future__ import annotations

import ipaddress

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

#: Seconds for which it is counted.
HOUR = 3_600
_SALT = "limits"


def is_over(name: str, most: int) -> bool:
    """Count one more of something, and say whether it is one too many."""
    cache.add(name, 0, HOUR)
    try:
        return cache.incr(name) > most
    except ValueError:  # its hour ended just now
        return False


def sender(request: HttpRequest) -> str:
    """A hash of the address of a request; of an IPv6 address its network, since a sender has all of that."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return salted_hmac(_SALT, text).hexdigest()
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 6 and mapped is None:
        text = str(ipaddress.ip_network((address, 64), strict=False))
    return salted_hmac(_SALT, str(mapped or text)).hexdigest()
