"""What attempts to reach an address say about it: a pure function of the answer and of earlier failures.

An answer is clear or unclear. It is unclear if we are not allowed to look (401, 403, 405, 429), if the failure may pass
(a timeout, a name server that does not answer, an error of the server), or if the fault may be ours (a certificate). An
unclear answer never makes an address dead. An address is dead once it has failed on several days without a success
between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .vocabulary import LinkHealth, LinkTrouble

#: Different days on which an address has to fail, with no success between them, before it is called dead.
DAYS_UNTIL_DEAD = 3

#: Statuses that say the page is there. 416: it is, but shorter than the range that was requested.
ANSWERED_STATUSES = frozenset({*range(200, 300), 304, 416})
#: Statuses that say the page is not there.
FAILED_STATUSES = frozenset({404, 410})
#: Failures that say as much without an answer: the name does not exist, or nothing listens there.
FAILED_TROUBLES = frozenset({LinkTrouble.NO_HOST, LinkTrouble.REFUSED})


class Outcome(StrEnum):
    """What one attempt says about an address."""

    ANSWERED = "answered"
    UNCLEAR = "unclear"
    FAILED = "failed"


@dataclass(frozen=True)
class Failures:
    """The failures of an address since it last answered.

    days: different days with a failure; first and last: of these days, None without one.
    """

    days: int = 0
    first: date | None = None
    last: date | None = None


def outcome(status: int | None, trouble: LinkTrouble | None = None) -> Outcome:
    """What one attempt says. trouble: why there was no answer, or why it does not count; the status is then ignored."""
    if trouble is not None or status is None:
        return Outcome.FAILED if trouble in FAILED_TROUBLES else Outcome.UNCLEAR
    if status in ANSWERED_STATUSES:
        return Outcome.ANSWERED
    return Outcome.FAILED if status in FAILED_STATUSES else Outcome.UNCLEAR


def judge(found: Outcome, before: Failures, today: date) -> tuple[LinkHealth, Failures]:
    """The health of an address after an attempt, and its failures from now on.

    A second failure on the same day does not count again. A success clears all failures; an unclear outcome keeps them.
    """
    if found is Outcome.ANSWERED:
        return LinkHealth.OK, Failures()
    if found is Outcome.UNCLEAR:
        return LinkHealth.UNKNOWN, before
    if before.last is None or before.last < today:
        before = Failures(before.days + 1, before.first or today, today)
    return (LinkHealth.DEAD if before.days >= DAYS_UNTIL_DEAD else LinkHealth.UNKNOWN), before
