"""Where the words of a search stand in a text: to mark them, and to show the passage around the first."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from .terms import MAX_WORD, joined_up, runs, stem

#: Characters that are shown of a longer text.
PASSAGE = 200


class _Part(NamedTuple):
    """A text without spaces. stems: of its words. keys: these, and those of words joined to one.

    words: each after a space.
    """

    stems: tuple[str, ...]
    keys: tuple[str, ...]
    words: str


class TextWords(NamedTuple):
    """What tells whether a text matches a search. keys: as of its parts; words: each after a space."""

    keys: frozenset[str]
    words: str

    @classmethod
    def of(cls, text: str) -> TextWords:
        """The words of a text."""
        parts = [_part(part) for part in text.split(" ")]
        return cls(frozenset(key for part in parts for key in part.keys), "".join(part.words for part in parts))

    def match(self, stems: Set[str], beginning: str = "") -> bool:
        """Whether `marked` marks anything in the text."""
        return not stems.isdisjoint(self.keys) or bool(beginning and f" {beginning}" in self.words)


def marked(text: str, stems: Set[str], beginning: str = "") -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it matches the search. Joined, the pieces are the text."""
    at = 0
    for start, end in _places(text, stems, beginning):
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def passage(text: str, stems: Set[str], beginning: str = "") -> str:
    """About PASSAGE characters around the first word that matches the search; "" if there is none."""
    at, _end = next(_places(text, stems, beginning), (-1, -1))
    if at < 0:
        return ""
    start = text.rfind(" ", 0, max(0, at - PASSAGE // 3)) + 1 if at > PASSAGE // 3 else 0
    return ("… " if start else "") + beginning_of(text[start:])


def beginning_of(text: str) -> str:
    """The first PASSAGE characters of a text, cut between words."""
    if len(text) <= PASSAGE:
        return text
    return text[:PASSAGE].rsplit(" ", 1)[0] + " …"


def stems_in(text: str) -> set[str]:
    """The stems of all words of a text."""
    return set().union(*[_part(part).stems for part in text.split(" ")])


def _places(text: str, stems: Set[str], beginning: str) -> Iterator[tuple[int, int]]:
    """Where words of a text match the search: from, to. No word goes on beyond a space."""
    at, begun = 0, f" {beginning}"
    for part in text.split(" "):
        cut = _part(part)
        if not stems.isdisjoint(cut.keys) or (beginning and begun in cut.words):
            for start, end in _places_in(part, stems, beginning):
                yield at + start, at + end
        at += len(part) + 1


def _places_in(text: str, stems: Set[str], beginning: str) -> Iterator[tuple[int, int]]:
    """The same of one part of a text. Pairs of characters that overlap are one place."""
    for run in runs(text):
        if (joined := joined_up(run)) and stem(joined) in stems:
            yield run[0].start, run[-1].end
            continue
        place: tuple[int, int] | None = None
        for word in run:
            if stem(word.text) in stems or (beginning and word.text.startswith(beginning)):
                if place and word.start < place[1]:
                    place = place[0], word.end
                    continue
                if place:
                    yield place
                place = word.start, word.end
        if place:
            yield place


def _part(text: str) -> _Part:
    # The same few thousand parts stand in all texts; long ones, such as addresses, in few.
    return _remembered_part(text) if len(text) <= MAX_WORD else _remembered_part.__wrapped__(text)


@lru_cache(maxsize=8192)
def _remembered_part(text: str) -> _Part:
    found = list(runs(text))
    words = [word.text for run in found for word in run]
    stems = tuple(map(stem, words))
    joined = tuple(stem(one) for run in found if (one := joined_up(run)))
    return _Part(stems, stems + joined, "".join(f" {word}" for word in words))
