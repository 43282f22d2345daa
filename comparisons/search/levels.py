"""The answer that a search asks for: "built in" of "frameworks with built in orm"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from comparisons.models import Level, remembered
from comparisons.models.aliases import split_aliases
from comparisons.models.prepared import ByKeys

from . import terms
from .names import MOST_WORDS, words_of

#: Criteria whose levels are remembered.
MOST_REMEMBERED = 1_000


class AskedLevel(NamedTuple):
    """A level of the criterion that a search names first."""

    pk: int
    label: str


def asked_level(
    ways: Iterable[Sequence[tuple[int, str]]], taken: Collection[int], criterion: int, using: str
) -> tuple[AskedLevel | None, frozenset[int]]:
    """The level of a criterion that the most words of a search name, and the places of these words.

    One query, none if they are remembered. ways: the words of the search with their places. taken: the places of the
    criterion's own name. A level is named by all words of its label or of an alias as they are written, but for an "s"
    at the end: "support" asks for no answer in particular where "supported" is one.
    """
    read = partial(_read_levels, using)
    levels = remembered.each(("levels", using), [criterion], read, MOST_REMEMBERED)[criterion]
    found: dict[int, frozenset[int]] = {}
    for places, key in _runs(ways):
        if places & set(taken):
            continue
        for level, keys in levels:
            if key in keys and len(places) > len(found.get(level.pk, ())):
                found[level.pk] = places
    if not found:
        return None, frozenset()
    best = max((level for level, _keys in levels), key=lambda level: len(found.get(level.pk, ())))
    return best, found[best.pk]


def _read_levels(using: str, criteria: Sequence[int]) -> dict[int, list[tuple[AskedLevel, frozenset[str]]]]:
    found: dict[int, list[tuple[AskedLevel, frozenset[str]]]] = {pk: [] for pk in criteria}
    for criterion, pk, label, aliases in _LEVELS(criteria, using=using):
        found[criterion].append((AskedLevel(pk, label), _keys(label, aliases)))
    return found


_LEVELS = ByKeys(
    lambda pks: (
        Level.objects.filter(criterion__in=pks)
        .order_by("criterion", "order", "pk")
        .values_list("criterion", "pk", "label", "aliases")
    )
)


def _runs(ways: Iterable[Sequence[tuple[int, str]]]) -> Iterator[tuple[frozenset[int], str]]:
    """Every run of words: their places and their key."""
    for way in ways:
        for start in range(len(way)):
            for end in range(start + 1, min(len(way), start + MOST_WORDS) + 1):
                yield frozenset(place for place, _ in way[start:end]), _key(word for _, word in way[start:end])


@lru_cache(maxsize=1024)
def _keys(label: str, aliases: str) -> frozenset[str]:
    """The keys of the names of a level, with and without words that say nothing by themselves."""
    names = (label, *split_aliases(aliases))
    return frozenset(
        _key(words) for name in names for words in (words_of(name), [word.text for word in terms.scan(name)])
    )


def _key(words: Iterable[str]) -> str:
    """The letters of words as one word, so that "built-in" and "builtin" are the same."""
    return "".join(words).removesuffix("s")
