"""How often each of several comes first, where each has a least total and gains that are open.

All combinations of gains are looked at, or, where they are many, a seeded sample of them, so that the same question
always gets the same result.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count, product
from math import gcd, prod
from typing import NamedTuple

#: Most combinations that are all looked at; of more, so many are drawn.
EXACT, DRAWN = 729, 1000
#: How `struct` names whole numbers of so many bytes.
_NAMES = {1: "B", 2: "H", 4: "I", 8: "Q"}


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
    order = list(ranges)
    shares = dict.fromkeys(order, 0.0)
    for totals in combined:
        best = max(totals)
        if (level := totals.count(best)) == 1:
            shares[order[totals.index(best)]] += 1
        else:
            for key, total in zip(order, totals, strict=True):
                shares[key] += (total == best) / level
    return {key: share / len(combined) for key, share in shares.items() if share}


def _all_totals(ranges: Iterable[Range]) -> list[tuple[int, ...]]:
    """The totals under every combination of gains."""
    return list(product(*([one.least + sum(gains) for gains in product(*one.gains)] for one in ranges)))


def _drawn_totals(ranges: Iterable[Range]) -> list[tuple[int, ...]]:
    """The totals under DRAWN combinations, each gain of an open answer being as likely as another.

    All totals of one range are the digits of one number, each `width` bytes long, so that they are added in one step.
    """
    ranges = _in_units(list(ranges))
    needed = max(one.greatest for one in ranges).bit_length() // 8 + 1
    width = next((width for width in _NAMES if width >= needed), needed)
    each, open_answers = [], count()
    for one in ranges:
        total = one.least * int.from_bytes(DRAWN * (1).to_bytes(width, "little"), "little")
        for gains in one.gains:
            drawn = _drawn(next(open_answers))
            digits = bytearray(DRAWN * width)
            for place in range((max(gains).bit_length() + 7) // 8):
                digits[place::width] = drawn.translate(_bytes_of(gains, place))
            total += int.from_bytes(digits, "little")
        each.append(_digits(total.to_bytes(DRAWN * width, "little"), width))
    return list(zip(*each, strict=True))


@lru_cache(maxsize=4_000)
def _drawn(number: int) -> bytes:
    """A random byte for each combination, the same ones whenever the open answer of this number is drawn."""
    return random.Random(number).randbytes(DRAWN)  # noqa: S311 (no secret: the same question gets the same result)


def _in_units(ranges: Sequence[Range]) -> list[Range]:
    """The ranges from the lowest on, in the largest unit that divides all of them: numbers as small as can be.

    Totals are only compared, so their order is all that counts.
    """
    lowest = min(one.least for one in ranges)
    gains = (gain for one in ranges for found in one.gains for gain in found)
    unit = gcd(*(one.least - lowest for one in ranges), *gains) or 1
    return [
        Range((one.least - lowest) // unit, [tuple(gain // unit for gain in found) for found in one.gains])
        for one in ranges
    ]


@lru_cache(maxsize=1_000)
def _bytes_of(gains: Sequence[int], place: int) -> bytes:
    """For each random byte the byte at this place, the lowest first, of the gain that it stands for."""
    return bytes(gains[byte * len(gains) // 256] >> 8 * place & 255 for byte in range(256))


def _digits(packed: bytes, width: int) -> Sequence[int]:
    """Whole numbers of so many bytes each."""
    if width in _NAMES:
        return struct.unpack(f"<{DRAWN}{_NAMES[width]}", packed)
    return [int.from_bytes(packed[at : at + width], "little") for at in range(0, len(packed), width)]
