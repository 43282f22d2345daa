"""How alike two words are, for correcting typing errors."""

from __future__ import annotations

from collections.abc import Collection, Iterable

#: Most letters of a short word, in which one error is taken to be too many to tell what was meant by two.
SHORT = 6


def distance(a: str, b: str, most: int) -> int:
    """How many letters have to be added, removed, changed or swapped with the next one; most + 1 if more than `most`.

    Source: optimal string alignment distance (Damerau 1964).
    """
    if abs(len(a) - len(b)) > most or _letter_difference(a, b) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letter_difference(a: str, b: str) -> int:
    """How many letters only one of the words has: quick to compute, and never more than twice the distance."""
    left = list(b)
    extra = 0
    for letter in a:
        if letter in left:
            left.remove(letter)
        else:
            extra += 1
    return extra + len(left)


def nearest(word: str, vocabulary: Iterable[tuple[str, int]]) -> str:
    """The word of a vocabulary with the fewest differences, the most frequent one of several; "" if none is similar.

    vocabulary: words, each with how often it occurs.
    """
    most = 1 if len(word) <= SHORT else 2
    best = min(((_errors(word, other, most), -count, other) for other, count in vocabulary), default=(most + 1, 0, ""))
    return best[2] if best[0] <= most else ""


def _errors(word: str, other: str, most: int) -> int:
    """The distance of two words; 1 for the same letters in another order, if the first one is the same: "adnim"."""
    if word[:1] == other[:1] and word != other and sorted(word) == sorted(other):
        return 1
    return distance(word, other, most)


def meant_name(word: str, names: Collection[str]) -> str:
    """The name that a short word is a poor spelling of, such as "djoo" of django; "" if it is not clear.

    It is the only name that begins with the same two letters, and at least half of its letters are right.
    """
    begun = {name for name in names if name[:2] == word[:2]}
    if len(word) > SHORT or len(begun) != 1:
        return ""
    (name,) = begun
    most = max(len(word), len(name)) // 2
    return name if distance(word, name, most) <= most else ""
