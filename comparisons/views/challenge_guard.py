"""What keeps the form for objections from being flooded, without a cookie, an account or a script.

A form carries a signed mark: what it is about, a random number, and when it was made. It can be sent once, not at once,
and not a day later. How often an address sends, and all addresses together, is counted in the cache for an hour, under
a hash of the address. Without a shared cache each machine counts for itself; what the database holds
(`editing.challenges.receive`) is the limit that no number of processes moves.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.core import signing
from django.http import HttpRequest

from .limits import is_over, sender

#: Seconds that a form has to have been open before it is sent, and after which it has to be opened again.
SOONEST, LATEST = 4, 86_400
#: What may be sent within an hour from one address, and from all together.
FROM_ONE, FROM_ALL = 10, 300
#: The largest request, in bytes: the longest text in its longest encoding, with the other fields.
LARGEST: Final = 40_000
_SALT = "challenge"


class TooSoon(Exception):
    """The form was sent faster than anybody writes."""


class Stale(Exception):
    """The form is no form of ours, is about something else, or was opened too long ago."""


def new_mark(path: str) -> str:
    """The mark of a form for one address."""
    return signing.TimestampSigner(salt=_SALT).sign(f"{path}:{secrets.token_hex(16)}")


def receipt_of(mark: str, path: str) -> str:
    """The random number of a form that may be sent now. Raises TooSoon and Stale."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        about, _colon, receipt = signer.unsign(mark, max_age=LATEST).rpartition(":")
    except signing.BadSignature:
        raise Stale from None
    if about != path:
        raise Stale
    try:
        signer.unsign(mark, max_age=SOONEST)
    except signing.SignatureExpired:
        return receipt
    raise TooSoon


def is_too_much(request: HttpRequest) -> bool:
    """Count one more attempt, and say whether it is one too many."""
    # Both are counted, whether or not the first is enough to refuse.
    return bool(is_over(f"challenges:from:{sender(request)}", FROM_ONE) | is_over("challenges:from-all", FROM_ALL))
