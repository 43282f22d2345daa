"""Correct typing errors: a word that no record holds becomes the most similar one that some do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from comparisons.models import SearchName, SearchWord

from . import spelling, terms
from .engine import KnownWords
from .fillers import FILLERS
from .lists import vocabulary

#: Most words that a misspelt word is compared with, and most misspelt words of a search that are corrected.
MOST_COMPARED, MOST_MISSPELT = 2000, 3
#: Fewest letters of a word that is corrected: shorter ones are as near to many words.
SHORTEST = 4


@dataclass(frozen=True)
class Correction:
    """A search whose misspelt words were replaced.

    text: the whole corrected search. words: each misspelt word as it was typed, with what took its place.
    """

    text: str
    words: tuple[tuple[str, str], ...]


def unknown_words(words: Collection[str], known: KnownWords, beginning: str = "") -> set[str]:
    """Those words that neither a record, a list nor ordinary questions hold, and that begin no known word."""
    ordinary = FILLERS.union(vocabulary())
    return {
        word
        for word in words
        if len(word) >= SHORTEST
        and word.isalpha()
        and word not in ordinary
        and not known.stems.get(terms.stem(word))
        and not (word == beginning and known.completions(beginning))
    }


def corrected(text: str, misspelt: Collection[str], using: str) -> Correction | None:
    """A search with each of these words replaced by the most similar known one; None if none has one.

    One query; two if a short word is like no known one, which may be a name all the same.
    """
    if not 0 < len(misspelt) <= MOST_MISSPELT:
        return None
    near = Q()
    for word in misspelt:
        near |= Q(initial__in=set(word[:2]), length__range=(len(word) - 2, len(word) + 2))
    rows = SearchWord.objects.using(using).filter(near, count__gt=0).order_by("-count", "word")
    known = list(rows.values_list("word", "count")[:MOST_COMPARED])
    known += [(word, 1) for word in vocabulary() if word not in FILLERS]
    meant = {word: other for word in sorted(misspelt) if (other := spelling.nearest(word, known))}
    if short := {word for word in misspelt if word not in meant and len(word) <= spelling.SHORT}:
        names = _names_that_begin_like(short, using)
        meant |= {word: name for word in short if (name := spelling.meant_name(word, names))}
    if not meant:
        return None
    return _replaced(text, meant)


def _names_that_begin_like(words: Collection[str], using: str) -> set[str]:
    """The names of frameworks, of one word each, whose first two letters are those of one of these words; one query."""
    rows = SearchName.objects.using(using).filter(
        kind=SearchName.FRAMEWORK, standing=SearchName.OWN, head__in={word[:2] for word in words}
    )
    return {name for name in rows.values_list("phrase", flat=True) if " " not in name}


def _replaced(text: str, meant: Mapping[str, str]) -> Correction:
    pieces: list[str] = []
    words: list[tuple[str, str]] = []
    at = 0
    for word in terms.scan(text):
        if word.text in meant:
            pieces += [text[at : word.start], meant[word.text]]
            words.append((text[word.start : word.end], meant[word.text]))
            at = word.end
    return Correction("".join([*pieces, text[at:]]), tuple(dict.fromkeys(words)))


def beginning_of(wanted: Sequence[terms.SearchTerm]) -> str:
    """The unfinished word of a search; "" if there is none."""
    return next((term.beginning for term in wanted if term.beginning), "")
