"""Whether redirects led to another page than the cited one: to the front page of a site, or to a login page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: The path of a front page: nothing, or a language, or an index.
_FRONT = re.compile(r"/?([a-z]{2}([-_][a-z]{2,4})?/?)?((index|default|home)(\.[a-z]{2,5})?/?)?", re.IGNORECASE)
_LOGIN = re.compile(r"(log|sign)[-_]?(in|on)|sso|wp-login", re.IGNORECASE)
#: Hosts that only ask who somebody is.
_LOGIN_HOST = re.compile(r"(login|signin|sso|auth|accounts)\.", re.IGNORECASE)


def is_elsewhere(cited: str, landed: str) -> bool:
    """Whether the address where redirects ended is a front page or a login page, and the cited one is none."""
    return (is_front_page(landed) and not is_front_page(cited)) or (_asks_who(landed) and not _asks_who(cited))


def is_front_page(url: str) -> bool:
    """Whether an address is that of a whole site. One with a query names something on it."""
    parts = urlsplit(url)
    return not parts.query and _FRONT.fullmatch(parts.path) is not None


def _asks_who(url: str) -> bool:
    parts = urlsplit(url)
    segments = (segment.partition(".")[0] for segment in parts.path.split("/"))
    return _LOGIN_HOST.match(parts.netloc) is not None or any(map(_LOGIN.fullmatch, segments))
