"""How often each of several comes first, where each has a least total and gains that are open.

All combinations of gains are looked at, or, where they are many, a seeded sample of them, so that the same question
always gets the same result.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from math import prod
from typing import NamedTuple

#: Most combinations that are all looked at; of more, so many are drawn.
EXACT, DRAWN = 729, 1000
#: How `struct` names whole numbers of so many bytes.
_NAMES = {2: "H", 4: "I", 8: "Q"}


class Range(NamedTuple):
    """What a total may be: the least, and for each open answer the gains between which it lies open, 0 first."""

    least: int
    gains: Sequence[tuple[int, ...]]

    @property
    def greatest(self) -> int:
        return self.least + sum(found[-1] for found in self.gains)


def is_exact(ranges: Iterable[Range]) -> bool:
    """Whether all combinations of gains are looked at, and not a sample of them."""
    return prod(len(found) for one in ranges for found in one.gains) <= EXACT


def first_places(ranges: Mapping[int, Range]) -> dict[int, float]:
    """How often each comes first, from 0 to 1; those that never do are left out. Equals share a place."""
    if not ranges:
        return {}
    combined = _all_totals(ranges.values()) if is_exact(ranges.values()) else _drawn_totals(ranges.values())
    order, count = list(ranges), len(combined)
    shares = dict.fromkeys(order, 0.0)
    for totals in combined:
        best = max(totals)
        if (level := totals.count(best)) == 1:
            shares[order[totals.index(best)]] += 1
        else:
            for key, total in zip(order, totals, strict=True):
                shares[key] += (total == best) / level
    return {key: share / count for key, share in shares.items() if share}


def _all_totals(ranges: Iterable[Range]) -> list[tuple[int, ...]]:
    """The totals under every combination of gains."""
    return list(product(*([one.least + sum(gains) for gains in product(*one.gains)] for one in ranges)))


def _drawn_totals(ranges: Iterable[Range]) -> list[tuple[int, ...]]:
    """The totals under DRAWN combinations, each gain of an open answer being as likely as another.

    All totals of one range are the digits of one number, each `width` bytes long, so that they are added in one step.
    """
    ranges = list(ranges)
    chance = random.Random(len(ranges))  # noqa: S311 (no secret: the same question gets the same result)
    needed = max(one.greatest for one in ranges).bit_length() // 8 + 1
    width = next((width for width in _NAMES if width >= needed), needed)
    each = []
    for one in ranges:
        total = one.least * int.from_bytes(DRAWN * (1).to_bytes(width, "little"), "little")
        for gains in one.gains:
            drawn = chance.randbytes(DRAWN)
            for place, gain in enumerate(gains[1:], start=1):
                digits = bytearray(DRAWN * width)
                digits[::width] = drawn.translate(_ones(place, len(gains)))
                total += gain * int.from_bytes(digits, "little")
        each.append(_digits(total.to_bytes(DRAWN * width, "little"), width))
    return list(zip(*each, strict=True))


@cache
def _ones(place: int, gains: int) -> bytes:
    """For each random byte 1 if it stands for the gain at this place of so many, else 0."""
    return bytes(byte * gains // 256 == place for byte in range(256))


def _digits(packed: bytes, width: int) -> Sequence[int]:
    """Whole numbers of so many bytes each."""
    if width in _NAMES:
        return struct.unpack(f"<{DRAWN}{_NAMES[width]}", packed)
    return [int.from_bytes(packed[at : at + width], "little") for at in range(0, len(packed), width)]
