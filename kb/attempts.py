"""How often somebody may try to log in: after a few failures a growing delay, and never many passwords at once.

Nobody is locked out. An attempt within the delay is refused unread and does not prolong it, and a browser in which an
account has logged in before is counted by itself, so that strangers who guess cannot delay the account's owner.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from comparisons.views.limits import count, counts

from .env import threads

#: Seconds after which the first failure of a series is forgotten, and the others with it.
FORGOTTEN = 24 * 60 * 60


@dataclass(frozen=True)
class Slowdown:
    """How failures slow down what they are counted for: so many are free, each further one doubles the delay."""

    free: int
    longest: int

    def delay(self, failures: int) -> int:
        """The seconds to wait after the last of these failures."""
        return min(2 ** min(failures - self.free, 30), self.longest) if failures >= self.free else 0


#: A browser that an account knows; the account in any other; an address, whatever the account.
SLOWDOWNS = {"browser": Slowdown(3, 60), "account": Slowdown(3, 60), "address": Slowdown(10, 900)}


@dataclass(frozen=True)
class Attempt:
    """One attempt to log in. names: what it is counted for, by the words of SLOWDOWNS."""

    names: dict[str, str]

    @classmethod
    def by(cls, account: str, address: str, browser: str) -> Attempt:
        """An attempt for an account from an address. browser: by what the account knows the browser, if it does."""
        account = unicodedata.normalize("NFKC", account).casefold()
        return cls({"browser": f"{account}\n{browser}"} if browser else {"account": account, "address": address})

    def _key(self, kind: str, what: str) -> str:
        digest = hashlib.blake2b(self.names[kind].encode("utf-8", "replace"), digest_size=16).hexdigest()
        return f"login:{what}:{kind}:{digest}"

    def wait(self) -> int:
        """Seconds until this attempt may be made; 0 if it may be made now."""
        ends = counts().get_many([self._key(kind, "until") for kind in self.names]).values()
        return max(0, math.ceil(max(ends, default=0) - time.time()))

    def begin(self) -> int:
        """Count the attempt as failed, before it is known, so that none run side by side uncounted.

        Returns the seconds until the next one may be made.
        """
        longest = 0
        for kind in self.names:
            delay = SLOWDOWNS[kind].delay(count(self._key(kind, "failures"), FORGOTTEN))
            if delay:
                counts().set(self._key(kind, "until"), time.time() + delay, delay + 60)
            longest = max(longest, delay)
        return longest

    def succeed(self) -> None:
        """Take back that it failed. Failures of the address stay: a guesser may have an account of his own."""
        for kind in self.names:
            if kind == "address":
                with suppress(ValueError):  # it has been forgotten
                    counts().decr(self._key(kind, "failures"))
            else:
                counts().delete(self._key(kind, "failures"))
                counts().delete(self._key(kind, "until"))


class Places:
    """Room for those whose password is being checked, which takes a processor for a third of a second.

    Of the threads of a process strangers may take a quarter, and those in browsers that their account knows another.
    """

    def __init__(self, threads: int):
        self.strangers, self.known = (threading.BoundedSemaphore(max(1, threads // 4)) for _ in range(2))

    @contextmanager
    def taken(self, is_known: bool) -> Iterator[bool]:
        """Whether there is room; if so, it is taken until the end of the block. Nobody waits for it."""
        room = self.known if is_known else self.strangers
        found = room.acquire(blocking=False)
        try:
            yield found
        finally:
            if found:
                room.release()


PLACES = Places(threads())
