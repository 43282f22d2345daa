"""Examine the clock: pages show days, and what is written carries its time."""

from __future__ import annotations

import ctypes
import sys
import time

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from comparisons.models import Claim

from .diagnosis import BAD, LOOK, OK, Diagnoses, Diagnosis

#: Seconds by which two clocks may differ before anybody should care, and before pages show wrong days.
SKEW, WRONG = 5, 300
#: What adjtimex of Linux returns for a clock that no time server keeps right, and bytes that are enough for its answer.
TIME_ERROR, ANSWER = 5, 512


def clock() -> Diagnoses:
    """Whether the clock of this machine agrees with that of the database, with what was written, and with a server."""
    newest = Claim.history.aggregate(at=Max("history_date"))["at"]
    ahead = (newest - timezone.now()).total_seconds() if newest else 0.0
    found = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            skew = abs(float(cursor.fetchone()[0]) - time.time())
        if skew > SKEW:
            remedy = "let both follow a time server"
            found.append((skew, f"differs from the database's by {skew:,.0f} s", remedy))
    if ahead > SKEW:
        remedy = "set the clock; if it was ahead when that was written, nothing is to be done"
        found.append((ahead, f"the newest claim was written {ahead:,.0f} s from now", remedy))
    if kernel_state() == TIME_ERROR:
        remedy = "see that chrony or systemd-timesyncd runs: timedatectl set-ntp true; in a container, on its host"
        found.append((0, f"{_now()}, which no time server keeps right", remedy))
    for seconds, words, remedy in found:
        yield Diagnosis("clock", BAD if seconds > WRONG else LOOK, words, remedy)
    if not found:
        yield Diagnosis("clock", OK, _now())


def kernel_state() -> int | None:
    """What Linux says of its clock, as adjtimex returns it; None where it cannot be asked. Changes nothing."""
    if sys.platform != "linux":
        return None
    try:
        # A structure of zeros asks, and sets nothing.
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(ANSWER)))
    except (OSError, AttributeError):
        return None


def _now() -> str:
    return f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC"
